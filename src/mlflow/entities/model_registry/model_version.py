"""A version of a registered model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow.entities._entity import ByValue, ReadOnly
from mlflow.entities.model_registry.model_version_status import READY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlflow.entities._entity import KeyValue
    from mlflow.entities.logged_model_parameter import LoggedModelParameter
    from mlflow.entities.metric import Metric
    from mlflow.entities.model_registry.deployment_jobs import ModelVersionDeploymentJobState
    from mlflow.entities.model_registry.model_version_tag import ModelVersionTag

WORKSPACE = "default"


class ModelVersion(ByValue):
    """A version of a registered model: what it was made of, where it stands, who names it."""

    __slots__ = (
        "_aliases",
        "_creation_timestamp",
        "_current_stage",
        "_deployment_job_state",
        "_description",
        "_last_updated_timestamp",
        "_metrics",
        "_model_id",
        "_name",
        "_params",
        "_run_id",
        "_run_link",
        "_source",
        "_status",
        "_status_message",
        "_tags",
        "_user_id",
        "_version",
        "_workspace",
    )

    def __init__(
        self,
        name: str,
        version: str | int,
        creation_timestamp: int,
        last_updated_timestamp: int | None = None,
        description: str | None = None,
        user_id: str | None = None,
        current_stage: str | None = None,
        source: str | None = None,
        run_id: str | None = None,
        status: str = READY,
        status_message: str | None = None,
        tags: list[ModelVersionTag] | None = None,
        run_link: str | None = None,
        aliases: list[str] | None = None,
        model_id: str | None = None,
        params: list[LoggedModelParameter] | None = None,
        metrics: list[Metric] | None = None,
        deployment_job_state: ModelVersionDeploymentJobState | None = None,
        workspace: str | None = None,
    ) -> None:
        self._name = name
        self._version = version
        self._creation_timestamp = creation_timestamp
        self._last_updated_timestamp = last_updated_timestamp
        self._description = description
        self._user_id = user_id
        self._current_stage = current_stage
        self._source = source
        self._run_id = run_id
        self._status = status
        self._status_message = status_message
        self._tags = by_key(tags)
        self._run_link = run_link
        self._aliases = aliases or []
        self._model_id = model_id
        self._params = params
        self._metrics = metrics
        self._deployment_job_state = deployment_job_state
        self._workspace = workspace or WORKSPACE

    name = ReadOnly[str]("_name", "The registered model.")
    version = ReadOnly["str | int"]("_version", "The number, as text behind a server.")
    creation_timestamp = ReadOnly[int]("_creation_timestamp", "Milliseconds since 1970, UTC.")
    last_updated_timestamp = ReadOnly["int | None"](
        "_last_updated_timestamp", "Milliseconds since 1970, UTC."
    )
    description = ReadOnly["str | None"]("_description", "A free text.")
    user_id = ReadOnly["str | None"]("_user_id", "Who made it, where that is known.")
    current_stage = ReadOnly["str | None"]("_current_stage", "The stage that it is in.")
    source = ReadOnly["str | None"]("_source", "Where it came from.")
    run_id = ReadOnly["str | None"]("_run_id", "The run that produced it.")
    status = ReadOnly[str]("_status", "Whether it can be used.")
    status_message = ReadOnly["str | None"]("_status_message", "Why it has this status.")
    tags = ReadOnly["dict[str, str]"]("_tags", "The tags by key.")
    run_link = ReadOnly["str | None"]("_run_link", "A link to a run of another server.")
    aliases = ReadOnly["list[str]"]("_aliases", "The aliases that name it.")
    model_id = ReadOnly["str | None"]("_model_id", "The logged model, where the registry says it.")
    params = ReadOnly["list[LoggedModelParameter] | None"]("_params", "Params of that model.")
    metrics = ReadOnly["list[Metric] | None"]("_metrics", "Metrics of that model.")
    deployment_job_state = ReadOnly["ModelVersionDeploymentJobState | None"](
        "_deployment_job_state", "How its deployment job stands."
    )
    workspace = ReadOnly[str]("_workspace", "Always the default one.")


def by_key(items: Iterable[KeyValue] | None) -> dict[str, str]:
    """Return tags as a dictionary."""
    return {item.key: item.value for item in items or ()}
