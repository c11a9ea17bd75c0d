"""Enumerations whose members are plain numbers on the wire, each with a name."""

from typing import ClassVar

from mlflow.exceptions import MlflowException


class Numbered:
    """Numbers and their names."""

    _NAMES: ClassVar[dict[int, str]] = {}

    @classmethod
    def from_string(cls, state_str: str) -> int:
        """Return the number of a name.

        Raises:
            MlflowException: nothing has this name.
        """
        for number, name in cls._NAMES.items():
            if name == state_str:
                return number
        raise cls._unknown(state_str)

    @classmethod
    def to_string(cls, state: int) -> str:
        """Return the name of a number.

        Raises:
            MlflowException: nothing has this number.
        """
        if state not in cls._NAMES:
            raise cls._unknown(state)
        return cls._NAMES[state]

    @classmethod
    def _unknown(cls, value: object) -> MlflowException:
        listed = ", ".join(f"{name} ({number})" for number, name in cls._NAMES.items())
        return MlflowException.invalid_parameter_value(
            f"{value!r} is no {cls.__name__}; choose one of {listed}."
        )
