"""How a logged model stands: being written, ready to load, or failed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from typing_extensions import Self


class LoggedModelStatus(str, Enum):
    """The statuses of a logged model; numbered in this order on the wire."""

    UNSPECIFIED = "UNSPECIFIED"
    PENDING = "PENDING"
    READY = "READY"
    FAILED = "FAILED"

    def __str__(self) -> str:
        return self.value

    @staticmethod
    def is_finalized(status: LoggedModelStatus) -> bool:
        """Return whether a model with this status changes no more."""
        return status in (LoggedModelStatus.READY, LoggedModelStatus.FAILED)

    def to_int(self) -> int:
        """Return the status's number on the wire."""
        return list(LoggedModelStatus).index(self)

    @classmethod
    def from_int(cls, status_int: int) -> Self:
        """Return the status with this number.

        Raises:
            MlflowException: No status has this number.
        """
        members = list(cls)
        if not isinstance(status_int, int) or not 0 <= status_int < len(members):
            raise MlflowException.invalid_parameter_value(
                f"{status_int!r} is no status of a logged model; "
                f"the numbers are 0 to {len(members) - 1}."
            )
        return members[status_int]

    def to_proto(self) -> int:
        """Return the status's number on the wire."""
        return self.to_int()

    @classmethod
    def from_proto(cls, proto: int) -> Self:
        """Return the status with this number on the wire."""
        return cls.from_int(proto)
