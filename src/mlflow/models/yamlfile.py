"""YAML files: one way to write them, one way to read them, the fast one where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

import yaml

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from pathlib import Path

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def dump(value: Any, stream: TextIO | None = None, *, sort_keys: bool = True) -> str:
    """Return a value as YAML text, or write it to a stream."""
    text = yaml.dump(
        value,
        stream,
        Dumper=_Dumper,
        default_flow_style=False,
        allow_unicode=True,
        sort_keys=sort_keys,
    )
    return text or ""


def parse(text: str, where: str) -> Any:
    """Return the value that YAML text holds; never an object of Python's.

    Args:
        text: The text.
        where: What to call it in an error.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where the text is no YAML of plain values.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - one of the two safe loaders
    except yaml.YAMLError as error:
        raise MlflowException.invalid_parameter_value(
            f'"{where}" is not a YAML file of plain values: {error}'
        ) from error


def save(path: Path, value: Any, *, sort_keys: bool = True) -> None:
    """Write a value to a YAML file."""
    path.write_text(dump(value, sort_keys=sort_keys), "utf-8")


def load(path: Path) -> Any:
    """Return the value that a YAML file holds."""
    return parse(path.read_text("utf-8"), str(path))
