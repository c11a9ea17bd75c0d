"""The folder that runs, logged models and traces belong to."""

from __future__ import annotations

from typing import Any, ClassVar

from mlflow.entities._entity import Entity, ReadOnly
from mlflow.entities.experiment_tag import ExperimentTag

_DEFAULT_WORKSPACE = "default"


class Experiment(Entity):
    """An experiment: its name is unique among those that exist, deleted ones included."""

    DEFAULT_EXPERIMENT_NAME: ClassVar[str] = "Default"

    __slots__ = (
        "_artifact_location",
        "_creation_time",
        "_effective_trace_archival_retention",
        "_experiment_id",
        "_last_update_time",
        "_lifecycle_stage",
        "_name",
        "_tags",
        "_trace_location",
        "_workspace",
    )

    def __init__(
        self,
        experiment_id: str,
        name: str,
        artifact_location: str,
        lifecycle_stage: str,
        tags: list[ExperimentTag] | None = None,
        creation_time: int | None = None,
        last_update_time: int | None = None,
        workspace: str | None = None,
        trace_location: object = None,
        effective_trace_archival_retention: str | None = None,
    ) -> None:
        self._experiment_id = experiment_id
        self._name = name
        self._artifact_location = artifact_location
        self._lifecycle_stage = lifecycle_stage
        self._tags = {tag.key: tag.value for tag in tags or ()}
        self._creation_time = creation_time
        self._last_update_time = last_update_time
        self._workspace = workspace or _DEFAULT_WORKSPACE
        self._trace_location = trace_location
        self._effective_trace_archival_retention = effective_trace_archival_retention

    experiment_id = ReadOnly[str]("_experiment_id", "The id, as text.")
    name = ReadOnly[str]("_name", "The name.")
    artifact_location = ReadOnly[str]("_artifact_location", "The root URI of its artifacts.")
    lifecycle_stage = ReadOnly[str]("_lifecycle_stage", "active or deleted.")
    tags = ReadOnly["dict[str, str]"]("_tags", "The tags by key.")
    creation_time = ReadOnly["int | None"]("_creation_time", "Milliseconds since 1970, UTC.")
    last_update_time = ReadOnly["int | None"]("_last_update_time", "Milliseconds since 1970, UTC.")
    workspace = ReadOnly[str]("_workspace", "The workspace that it belongs to.")
    trace_location = ReadOnly[Any]("_trace_location", "Where its traces are kept, if elsewhere.")
    effective_trace_archival_retention = ReadOnly["str | None"](
        "_effective_trace_archival_retention", "How long traces stay before they are archived."
    )

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Experiment:
        """Make the experiment from what ``to_dictionary`` returns."""
        tags = the_dict.get("tags")
        if isinstance(tags, dict):
            tags = [ExperimentTag(key, value) for key, value in tags.items()]
        return cls(**{**the_dict, "tags": tags})
