"""What kind of program started a run."""

from typing import ClassVar

from mlflow.exceptions import MlflowException


class SourceType:
    """The kinds of source, as the numbers of the wire protocol."""

    NOTEBOOK: ClassVar[int] = 1
    JOB: ClassVar[int] = 2
    PROJECT: ClassVar[int] = 3
    LOCAL: ClassVar[int] = 4
    UNKNOWN: ClassVar[int] = 5

    SOURCETYPE_TO_STRING: ClassVar[dict[int, str]] = {
        1: "NOTEBOOK",
        2: "JOB",
        3: "PROJECT",
        4: "LOCAL",
        5: "UNKNOWN",
    }

    @staticmethod
    def from_string(status_str: str) -> int:
        """Return the source type with this name.

        Raises:
            MlflowException: No source type has this name.
        """
        for source_type, name in SourceType.SOURCETYPE_TO_STRING.items():
            if name == status_str:
                return source_type
        raise MlflowException.invalid_parameter_value(
            f"{status_str!r} is no source type; choose one of "
            f"{', '.join(SourceType.SOURCETYPE_TO_STRING.values())}."
        )

    @staticmethod
    def to_string(status: int) -> str:
        """Return the name of a source type.

        Raises:
            MlflowException: No source type has this number.
        """
        if status not in SourceType.SOURCETYPE_TO_STRING:
            raise MlflowException.invalid_parameter_value(
                f"{status!r} is no source type; choose one of "
                f"{list(SourceType.SOURCETYPE_TO_STRING)}."
            )
        return SourceType.SOURCETYPE_TO_STRING[status]
