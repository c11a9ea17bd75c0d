"""Whether a version of a registered model can be used."""

from typing import ClassVar, Final

from mlflow.entities.model_registry._numbered import Numbered

PENDING_REGISTRATION: Final = "PENDING_REGISTRATION"
FAILED_REGISTRATION: Final = "FAILED_REGISTRATION"
READY: Final = "READY"


class ModelVersionStatus(Numbered):
    """The statuses of a version, as the numbers of the wire protocol."""

    PENDING_REGISTRATION: ClassVar[int] = 1
    FAILED_REGISTRATION: ClassVar[int] = 2
    READY: ClassVar[int] = 3

    _NAMES: ClassVar[dict[int, str]] = {
        1: "PENDING_REGISTRATION",
        2: "FAILED_REGISTRATION",
        3: "READY",
    }

    @staticmethod
    def all_status() -> list[int]:
        """Return every status."""
        return list(ModelVersionStatus._NAMES)
