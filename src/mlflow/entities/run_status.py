"""How a run stands: it goes from RUNNING or SCHEDULED to one of three ends."""

from typing import ClassVar

from mlflow.exceptions import MlflowException


class RunStatus:
    """The statuses, as the numbers of the wire protocol."""

    RUNNING: ClassVar[int] = 1
    SCHEDULED: ClassVar[int] = 2
    FINISHED: ClassVar[int] = 3
    FAILED: ClassVar[int] = 4
    KILLED: ClassVar[int] = 5

    _NAMES: ClassVar[dict[int, str]] = {
        1: "RUNNING",
        2: "SCHEDULED",
        3: "FINISHED",
        4: "FAILED",
        5: "KILLED",
    }

    @staticmethod
    def from_string(status_str: str) -> int:
        """Return the status with this name.

        Raises:
            MlflowException: No status has this name.
        """
        for status, name in RunStatus._NAMES.items():
            if name == status_str:
                return status
        raise MlflowException.invalid_parameter_value(
            f"{status_str!r} is no run status; choose one of "
            f"{', '.join(RunStatus._NAMES.values())}."
        )

    @staticmethod
    def to_string(status: int) -> str:
        """Return the name of a status.

        Raises:
            MlflowException: No status has this number.
        """
        if status not in RunStatus._NAMES:
            raise MlflowException.invalid_parameter_value(
                f"{status!r} is no run status; choose one of {list(RunStatus._NAMES)}."
            )
        return RunStatus._NAMES[status]

    @staticmethod
    def is_terminated(status: int) -> bool:
        """Return whether a run with this status has ended."""
        return status in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED)

    @staticmethod
    def all_status() -> list[int]:
        """Return every status."""
        return list(RunStatus._NAMES)
