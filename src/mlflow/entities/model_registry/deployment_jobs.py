"""Deployment jobs of registered models, which no open server has: values for old programs."""

from typing import ClassVar

from mlflow.entities._entity import ByValue, ReadOnly
from mlflow.entities.model_registry._numbered import Numbered


class RegisteredModelDeploymentJobState(Numbered):
    """Whether a model has a job, as the numbers of the wire protocol."""

    NOT_SET_UP: ClassVar[int] = 1
    CONNECTED: ClassVar[int] = 2
    NOT_FOUND: ClassVar[int] = 3
    REQUIRED_PARAMETERS_CHANGED: ClassVar[int] = 4

    _NAMES: ClassVar[dict[int, str]] = {
        0: "DEPLOYMENT_JOB_CONNECTION_STATE_UNSPECIFIED",
        1: "NOT_SET_UP",
        2: "CONNECTED",
        3: "NOT_FOUND",
        4: "REQUIRED_PARAMETERS_CHANGED",
    }

    @staticmethod
    def all_states() -> list[int]:
        """Return every state."""
        return list(RegisteredModelDeploymentJobState._NAMES)


class ModelVersionDeploymentJobState(ByValue):
    """How the job of one version stands."""

    __slots__ = ("_current_task_name", "_job_id", "_job_state", "_run_id", "_run_state")

    def __init__(
        self, job_id: str, run_id: str, job_state: str, run_state: str, current_task_name: str
    ) -> None:
        self._job_id = job_id
        self._run_id = run_id
        self._job_state = job_state
        self._run_state = run_state
        self._current_task_name = current_task_name

    job_id = ReadOnly[str]("_job_id", "The job.")
    run_id = ReadOnly[str]("_run_id", "Its run.")
    job_state = ReadOnly[str]("_job_state", "How the job stands.")
    run_state = ReadOnly[str]("_run_state", "How the run stands.")
    current_task_name = ReadOnly[str]("_current_task_name", "What it does.")
