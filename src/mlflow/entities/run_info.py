"""What identifies a run and says where it stands."""

from __future__ import annotations

from mlflow.entities._entity import ByValue, ReadOnly
from mlflow.exceptions import MlflowException

_SEARCHABLE = (
    "artifact_uri",
    "end_time",
    "run_id",
    "run_name",
    "start_time",
    "status",
    "user_id",
)


class RunInfo(ByValue):
    """The attributes of a run: ids, status, times, owner and place of its artifacts."""

    __slots__ = (
        "_artifact_uri",
        "_end_time",
        "_experiment_id",
        "_lifecycle_stage",
        "_run_id",
        "_run_name",
        "_start_time",
        "_status",
        "_user_id",
    )

    def __init__(
        self,
        run_id: str,
        experiment_id: str,
        user_id: str,
        status: str,
        start_time: int,
        end_time: int | None,
        lifecycle_stage: str,
        artifact_uri: str | None = None,
        run_name: str | None = None,
    ) -> None:
        if experiment_id is None or user_id is None or status is None or start_time is None:
            raise MlflowException.invalid_parameter_value(
                "A run needs experiment_id, user_id, status and start_time; none may be None."
            )
        self._run_id = run_id
        self._experiment_id = experiment_id
        self._user_id = user_id
        self._status = status
        self._start_time = start_time
        self._end_time = end_time
        self._lifecycle_stage = lifecycle_stage
        self._artifact_uri = artifact_uri
        self._run_name = run_name

    run_id = ReadOnly[str]("_run_id", "The run's id.")
    experiment_id = ReadOnly[str]("_experiment_id", "The experiment that it belongs to.")
    user_id = ReadOnly[str]("_user_id", "The user who started it.")
    status = ReadOnly[str]("_status", "The name of a RunStatus.")
    start_time = ReadOnly[int]("_start_time", "Milliseconds since 1970, UTC.")
    end_time = ReadOnly["int | None"]("_end_time", "Milliseconds since 1970, UTC.")
    lifecycle_stage = ReadOnly[str]("_lifecycle_stage", "active or deleted.")
    artifact_uri = ReadOnly["str | None"]("_artifact_uri", "The root URI of its artifacts.")
    run_name = ReadOnly["str | None"]("_run_name", "The run's name.")

    @classmethod
    def get_searchable_attributes(cls) -> list[str]:
        """Return the attributes that a search filter may name."""
        return list(_SEARCHABLE)

    @classmethod
    def get_orderable_attributes(cls) -> list[str]:
        """Return the attributes that a search may order by."""
        return list(_SEARCHABLE)
