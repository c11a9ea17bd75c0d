"""What logging a model returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.entities.logged_model import LoggedModel
    from mlflow.models.signature import ModelSignature


@dataclass(frozen=True)
class ModelInfo:
    """A model's identity, place and description.

    Attributes:
        artifact_path: Where its files are.
        flavors: For each flavor, its settings.
        model_uri: The URI that loads it.
        model_uuid: Its id.
        run_id: The run that logged it.
        saved_input_example_info: How its input example is stored.
        signature: Its signature.
        utc_time_created: When it was made.
        mlflow_version: The interface's version.
        metadata: What the user says about it.
        prompts: URIs of the prompts that it uses.
        registered_model_version: The version that it was registered as.
        env_vars: Names of the environment variables that it reads.
        logged_model: The logged model, where there is one.
    """

    artifact_path: str | None
    flavors: dict[str, Any]
    model_uri: str
    model_uuid: str | None
    run_id: str | None
    saved_input_example_info: dict[str, Any] | None
    signature: ModelSignature | None
    utc_time_created: str
    mlflow_version: str | None
    metadata: dict[str, Any] | None = None
    prompts: list[str] | None = None
    registered_model_version: int | None = None
    env_vars: list[str] | None = None
    logged_model: LoggedModel | None = field(default=None, repr=False)

    @property
    def signature_dict(self) -> dict[str, Any] | None:
        """The signature as a dictionary of JSON texts."""
        return self.signature.to_dict() if self.signature is not None else None

    @property
    def model_id(self) -> str | None:
        """The logged model's id."""
        return self.logged_model.model_id if self.logged_model is not None else None

    @property
    def name(self) -> str | None:
        """The logged model's name."""
        return self.logged_model.name if self.logged_model is not None else None

    @property
    def creation_timestamp(self) -> int | None:
        """When the logged model was made, in milliseconds since 1970."""
        return self.logged_model.creation_timestamp if self.logged_model is not None else None

    @property
    def params(self) -> dict[str, str] | None:
        """The logged model's parameters."""
        return self.logged_model.params if self.logged_model is not None else None

    @property
    def tags(self) -> dict[str, str] | None:
        """The logged model's tags."""
        return self.logged_model.tags if self.logged_model is not None else None

    @property
    def metrics(self) -> Any:
        """What the logged model was measured at."""
        return self.logged_model.metrics if self.logged_model is not None else None
