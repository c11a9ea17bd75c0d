"""The MLmodel file: which flavors a folder holds, and everything that is known about the model."""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.clock import now_ms
from mlflow._core.ids import new_uuid
from mlflow._core.uri import is_local_uri
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.models import yamlfile
from mlflow.models.example import SERVING_FILE, read_example
from mlflow.models.info import ModelInfo
from mlflow.models.location import MLMODEL_FILE, fetch_model
from mlflow.models.log import log_model, register_logged
from mlflow.models.resources import written
from mlflow.models.signature import ModelSignature
from mlflow.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.entities.logged_model import LoggedModel
    from mlflow.types.schema import ParamSchema, Schema

_logger = logging.getLogger(__name__)
MLMODEL_FILE_NAME: Final = MLMODEL_FILE  # the name that third-party flavors import
_DERIVED: Final = ("is_signature_from_type_hint", "type_hint_from_example")


class Model:
    """What MLmodel says, as an object."""

    def __init__(
        self,
        artifact_path: str | None = None,
        run_id: str | None = None,
        utc_time_created: str | None = None,
        flavors: dict[str, Any] | None = None,
        signature: ModelSignature | None = None,
        saved_input_example_info: dict[str, Any] | None = None,
        model_uuid: str | Callable[[], str] | None = new_uuid,
        mlflow_version: str | None = VERSION,
        metadata: dict[str, Any] | None = None,
        model_size_bytes: int | None = None,
        resources: Any = None,
        env_vars: list[str] | None = None,
        auth_policy: Any = None,
        model_id: str | None = None,
        prompts: list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Keep the parts.

        Args:
            artifact_path: Where the model was logged to.
            run_id: The run that logged it.
            utc_time_created: When, as text; now by default.
            flavors: For each flavor, its settings.
            signature: The model's signature.
            saved_input_example_info: How the folder's input example is stored.
            model_uuid: An id, or what makes one.
            mlflow_version: The interface's version.
            metadata: What the user says about the model.
            model_size_bytes: The size of its files.
            resources: What it needs to be served.
            env_vars: Names of the environment variables that it reads.
            auth_policy: Who may use the resources.
            model_id: The logged model's id.
            prompts: URIs of the prompts that it uses.
            **kwargs: Further keys, kept as they are.
        """
        self.run_id = run_id
        self.artifact_path = artifact_path
        self.utc_time_created = str(utc_time_created or _utc_now())
        self.flavors: dict[str, Any] = {} if flavors is None else flavors
        self.signature = signature
        self.saved_input_example_info = saved_input_example_info
        self.model_uuid = model_uuid() if callable(model_uuid) else model_uuid
        self.mlflow_version = mlflow_version
        self.metadata = metadata
        self.prompts = prompts
        self.model_size_bytes = model_size_bytes
        self.resources = written(resources) if isinstance(resources, (list, str)) else resources
        self.env_vars = env_vars
        self.auth_policy = auth_policy
        self.model_id = model_id
        self.__dict__.update(kwargs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # compared by value, mutable

    def add_flavor(self, name: str, **params: Any) -> Model:
        """Add a flavor, or replace its settings; return the model.

        Args:
            name: The flavor's name.
            **params: Its settings.
        """
        self.flavors[name] = params
        return self

    def get_input_schema(self) -> Schema | None:
        """Return the schema of the inputs, or None."""
        return self.signature.inputs if self.signature is not None else None

    def get_output_schema(self) -> Schema | None:
        """Return the schema of the outputs, or None."""
        return self.signature.outputs if self.signature is not None else None

    def get_params_schema(self) -> ParamSchema | None:
        """Return the schema of the parameters, or None."""
        return self.signature.params if self.signature is not None else None

    def load_input_example(self, path: str | None = None) -> Any:
        """Return the input example, without its parameters; None if there is none.

        Args:
            path: The model's folder or URI; by default the URI that it was logged under.
        """
        return self._example(path)[0]

    def load_input_example_params(self, path: str) -> dict[str, Any] | None:
        """Return the parameters of the input example, or None.

        Args:
            path: The model's folder or URI.
        """
        return self._example(path)[1]

    def _example(self, path: str | None) -> tuple[Any, dict[str, Any] | None]:
        if self.saved_input_example_info is None:
            return None, None
        folder = fetch_model(path or self._uri()).path
        return read_example(folder, self.saved_input_example_info)

    def get_serving_input(self, path: str) -> str | None:
        """Return the body of the scoring request that is the model's example, or None.

        Args:
            path: The model's folder or URI.
        """
        if self.saved_input_example_info is None:
            return None
        name = str(self.saved_input_example_info.get("serving_input_path", SERVING_FILE))
        return (fetch_model(path).path / name).read_text("utf-8")

    def _uri(self) -> str:
        if self.model_id is not None:
            return f"models:/{self.model_id}"
        return f"runs:/{self.run_id}/{self.artifact_path}"

    def get_tags_dict(self) -> dict[str, Any]:
        """Return the part that a run's tag holds: no settings that belong to the folder."""
        tags = {
            key: value
            for key, value in self.to_dict().items()
            if key in ("run_id", "artifact_path", "utc_time_created", "model_uuid", "flavors")
        }
        function = tags["flavors"].get("python_function")
        if function is not None:
            kept = {key: value for key, value in function.items() if key != "config"}
            tags["flavors"] = {**tags["flavors"], "python_function": kept}
        return tags

    def to_dict(self) -> dict[str, Any]:
        """Return the parts as they are written to MLmodel."""
        written = {
            key: value
            for key, value in self.__dict__.items()
            if value is not None or key in ("model_uuid", "prompts", "model_id")
        }
        if self.signature is not None:
            written["signature"] = self.signature.to_dict()
            written["is_signature_from_type_hint"] = self.signature._from_type_hint  # noqa: SLF001
            written["type_hint_from_example"] = self.signature._type_hint_from_example  # noqa: SLF001
        for part in ("resources", "auth_policy"):
            if hasattr(written.get(part), "to_dict"):
                written[part] = written[part].to_dict()
        return written

    def to_yaml(self, stream: Any = None) -> str:
        """Return MLmodel's text, or write it to a stream."""
        return yamlfile.dump(self.to_dict(), stream)

    def to_json(self) -> str:
        """Return the parts as JSON text."""
        return json.dumps(self.to_dict())

    __str__ = to_yaml

    def save(self, path: Any) -> None:
        """Write MLmodel.

        Args:
            path: The file.
        """
        Path(path).write_text(self.to_yaml(), "utf-8")

    @classmethod
    def load(cls, path: Any) -> Model:
        """Read MLmodel.

        Args:
            path: The file, the model's folder, or its URI.

        Raises:
            MlflowException: RESOURCE_DOES_NOT_EXIST where there is none.
        """
        file = Path(path) if is_local_uri(str(path)) and str(path) else None
        if file is None or not file.is_file():
            file = fetch_model(path).path / MLMODEL_FILE if str(path) else Path(MLMODEL_FILE)
        try:
            text = file.read_text("utf-8")
        except OSError as error:
            raise MlflowException(
                f'Could not find an "MLmodel" configuration file at "{file}"',
                RESOURCE_DOES_NOT_EXIST,
            ) from error
        content = yamlfile.parse(text, str(file))
        if not isinstance(content, dict):
            raise MlflowException(f'"{file}" is no MLmodel file: it holds no mapping')
        return cls.from_dict(content)

    @classmethod
    def from_dict(cls, model_dict: dict[str, Any]) -> Model:
        """Make the model from what ``to_dict`` returns; unknown keys are kept."""
        parts = {key: value for key, value in model_dict.items() if key not in _DERIVED}
        if isinstance(parts.get("signature"), dict):
            signature = ModelSignature.from_dict(parts["signature"])
            signature._from_type_hint = bool(model_dict.get(_DERIVED[0]))  # noqa: SLF001
            signature._type_hint_from_example = bool(model_dict.get(_DERIVED[1]))  # noqa: SLF001
            parts["signature"] = signature
        parts.setdefault("model_uuid", None)
        parts.setdefault("mlflow_version", None)
        return cls(**parts)

    def get_model_info(self, logged_model: LoggedModel | None = None) -> ModelInfo:
        """Return what ``log_model`` returns.

        Args:
            logged_model: The logged model, where there is one.
        """
        return ModelInfo(
            artifact_path=self.artifact_path,
            flavors=self.flavors,
            model_uri=logged_model.model_uri if logged_model is not None else self._uri(),
            model_uuid=self.model_uuid,
            run_id=self.run_id,
            saved_input_example_info=self.saved_input_example_info,
            signature=self.signature,
            utc_time_created=self.utc_time_created,
            mlflow_version=self.mlflow_version,
            metadata=self.metadata,
            prompts=self.prompts,
            env_vars=self.env_vars,
            logged_model=logged_model,
        )

    @classmethod
    def log(
        cls,
        artifact_path: str | None,
        flavor: Any,
        registered_model_name: str | None = None,
        await_registration_for: int | None = 300,
        metadata: dict[str, Any] | None = None,
        run_id: str | None = None,
        resources: Any = None,
        auth_policy: Any = None,
        prompts: Any = None,
        name: str | None = None,
        model_type: str | None = None,
        params: dict[str, Any] | None = None,
        tags: dict[str, Any] | None = None,
        step: int = 0,
        model_id: str | None = None,
        **kwargs: Any,
    ) -> ModelInfo:
        """Log a model: make a logged model, save the flavor into it, mark it ready.

        Args:
            artifact_path: The older way to give the name.
            flavor: A module with ``save_model(path=, mlflow_model=, **kwargs)``.
            registered_model_name: Register it under this name.
            await_registration_for: Seconds to wait for the registration.
            metadata: What the user says about the model.
            run_id: The run that produced it; by default the active one, if there is one.
            resources: What it needs to be served.
            auth_policy: Who may use the resources.
            prompts: URIs of prompts that it uses.
            name: The model's name.
            model_type: A free text.
            params: Parameters of the model, as text.
            tags: Tags of the model.
            step: The step of the run at which it was logged.
            model_id: Log into this logged model instead of a new one.
            **kwargs: Passed to ``flavor.save_model``.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE for a bad name. Whatever saving raises marks
                the logged model FAILED and is raised.
        """

        def save(path: str, artifact_location: str, run: str | None, new_id: str) -> Model:
            model = cls(
                artifact_path=artifact_location,
                run_id=run,
                metadata=metadata,
                resources=resources,
                auth_policy=auth_policy,
                prompts=[str(prompt) for prompt in prompts] if prompts else None,
                model_uuid=new_id,
                model_id=new_id,
            )
            flavor.save_model(path=path, mlflow_model=model, **kwargs)
            return model

        model, logged_model = log_model(
            save,
            name=name,
            artifact_path=artifact_path,
            run_id=run_id,
            model_type=model_type,
            params=params,
            tags=tags,
            step=step,
            model_id=model_id,
        )
        info = model.get_model_info(logged_model)
        if registered_model_name is None:
            return info
        number = register_logged(logged_model, registered_model_name, await_registration_for)
        return replace(info, registered_model_version=number)


def _utc_now() -> str:
    moment = dt.datetime.fromtimestamp(now_ms() / 1000, tz=dt.timezone.utc)
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def get_model_info(model_uri: str) -> ModelInfo:
    """Return what MLmodel says about a model.

    Args:
        model_uri: The model's folder or URI.
    """
    return Model.load(model_uri).get_model_info()
