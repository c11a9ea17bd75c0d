"""Typed variables of the environment, and the only place that reads or writes ``os.environ``."""

import os
from collections.abc import Mapping
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class EnvironmentVariable(Generic[T]):
    """One variable: its name, the default and how its text becomes a value."""

    def __init__(self, name: str, default: T, doc: str = "") -> None:
        self.name: Final = name
        self.default: Final[T] = default
        self.__doc__ = doc

    def _convert(self, text: str) -> T:
        raise NotImplementedError

    @property
    def defined(self) -> bool:
        """Whether the environment holds the variable."""
        return self.name in os.environ

    def is_set(self) -> bool:
        """Return whether the environment holds the variable."""
        return self.name in os.environ

    def get_raw(self) -> str | None:
        """Return the text in the environment, None when there is none."""
        return os.environ.get(self.name)

    def get(self) -> T:
        """Return the value in the environment, or the default.

        Raises:
            ValueError: the text is no value of this variable's type.
        """
        text = os.environ.get(self.name)
        if text is None:
            return self.default
        try:
            return self._convert(text)
        except ValueError as error:
            raise ValueError(f"Failed to convert {text!r} for {self.name}: {error}") from None

    def set(self, value: T) -> None:
        """Put a value into this process's environment."""
        os.environ[self.name] = str(value)

    def unset(self) -> None:
        """Remove the variable from this process's environment."""
        os.environ.pop(self.name, None)

    def __str__(self) -> str:
        return f"{self.name} (default: {self.default})"

    def __repr__(self) -> str:
        return repr(self.name)


class Text(EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        return text  # type: ignore[return-value]  # T is str or str | None in every row


class Integer(EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        return int(text)  # type: ignore[return-value]  # T is int or int | None in every row


class Number(EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        return float(text)  # type: ignore[return-value]  # T is float or float | None in every row


class Switch(EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        lowered = text.lower()
        if lowered not in ("true", "false", "1", "0"):
            raise ValueError(
                f"value must be one of ['true', 'false', '1', '0'] (case-insensitive), got {text!r}"
            )
        return lowered in ("true", "1")  # type: ignore[return-value]  # T is bool or bool | None


class Names(EnvironmentVariable[T]):
    """A comma-separated list; empty entries are dropped."""

    def _convert(self, text: str) -> T:
        return [part.strip() for part in text.split(",") if part.strip()]  # type: ignore[return-value]  # T is a list


def snapshot(prefixes: tuple[str, ...]) -> dict[str, str]:
    """Return the variables of this process whose names begin with one of the prefixes."""
    return {name: text for name, text in os.environ.items() if name.startswith(prefixes)}


def load_missing(variables: Mapping[str, str]) -> None:
    """Put variables into this process's environment, but for those that it has already."""
    for name, text in variables.items():
        os.environ.setdefault(name, text)


def put(variables: Mapping[str, str]) -> None:
    """Put variables into this process's environment."""
    os.environ.update(variables)


def read(name: str) -> str | None:
    """Return a variable of another program (a scheduler's, a shell's), None when not set."""
    return os.environ.get(name)
