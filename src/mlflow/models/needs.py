"""What a model's files say of the environment it needs, checked line by line.

The files come from whoever wrote the model. Nothing is started before every line was parsed; what
is installed is written to a file of parsed requirements, and never becomes part of a command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from packaging.requirements import InvalidRequirement, Requirement

from mlflow.exceptions import MlflowException
from mlflow.models import yamlfile
from mlflow.models.environment import (
    CONDA_FILE,
    PYTHON_ENV_FILE,
    REQUIREMENTS_FILE,
    canonical,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

UPSTREAMS: Final = ("mlflow", "mlflow-skinny", "mlflow-tracing")
_PROVIDED: Final = (*UPSTREAMS, "headrace")
_PYTHON: Final = re.compile(r"\d+\.\d+(\.\d+)?")
_URL_OPTION: Final = re.compile(
    r"(?:--index-url|--extra-index-url|--find-links|-i|-f)[ =](?:https?|file)://[^\s'\"`$;|&<>\\]+"
)
_WHEEL: Final = re.compile(r"[\w./+!-]+\.whl")
_CONDA_PYTHON: Final = re.compile(r"python\s*={1,2}\s*([\d.]+)")


@dataclass(frozen=True)
class Needs:
    """What a model needs.

    Attributes:
        python: The version of Python, "" for whichever runs.
        lines: Requirements and options as a requirements file holds them, without mlflow.
        constraints: Of what is installed, the same way.
        wheels: Wheels that the model brings, below its folder.
    """

    python: str
    lines: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    wheels: tuple[Path, ...] = ()


def read_needs(folder: Path) -> Needs:
    """Return what the model in a folder needs.

    Args:
        folder: The model's folder.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE naming a line that is no requirement.
    """
    python, given = _declared(folder)
    requirements: list[str] = []
    constraints: list[str] = []
    _expand(folder, given, requirements, {"-c": constraints, "-r": requirements})
    wheels = [
        _inside(folder, line)
        for line in requirements
        if _WHEEL.fullmatch(line) and wheel_name(line) not in _PROVIDED
    ]
    others = [line for line in requirements if not _WHEEL.fullmatch(line)]
    return Needs(
        python, tuple(parsed_lines(others)), tuple(parsed_lines(constraints)), tuple(wheels)
    )


def wheel_name(path: str) -> str:
    """Return the canonical name of the distribution in a wheel, by the wheel's file name."""
    return canonical(path.rpartition("/")[2].partition("-")[0])


def _expand(
    folder: Path, lines: Iterable[str], into: list[str], named: dict[str, list[str]]
) -> None:
    """Collect lines, and those of the files that they name by an option.

    Args:
        folder: Where the files are.
        lines: The lines.
        into: Where they go.
        named: By option, where the lines of a file go; a file names no file of its own kind.
    """
    for raw in lines:
        line = re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip()
        option, _, name = line.partition(" ")
        if option in named and "/" not in name and "\\" not in name:
            inner = _inside(folder, name.strip()).read_text("utf-8").splitlines()
            others = {other: target for other, target in named.items() if other < option}
            _expand(folder, inner, named[option], others)
        elif line:
            into.append(line)


def parsed_lines(lines: Iterable[str]) -> list[str]:
    """Return requirement lines that were parsed, without those that Headrace provides.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE naming a line that is no requirement.
    """
    return [found for line in lines if (found := parsed_line(line)) is not None]


def parsed_line(line: str) -> str | None:
    """Return a line of a requirements file as it was understood, None for mlflow itself.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is neither a requirement nor an option
            that says where packages are.
    """
    if _URL_OPTION.fullmatch(line):
        return line
    try:
        requirement = Requirement(line)
    except InvalidRequirement as error:
        raise MlflowException.invalid_parameter_value(
            f"The model's requirements have a line that is no requirement: {line!r}. Nothing was"
            " installed."
        ) from error
    return None if canonical(requirement.name) in _PROVIDED else str(requirement)


def _declared(folder: Path) -> tuple[str, list[str]]:
    """Return the Python version and the requirement lines of python_env.yaml or conda.yaml."""
    if (folder / PYTHON_ENV_FILE).is_file():
        env = _mapping(folder / PYTHON_ENV_FILE)
        parsed_lines(map(str, env.get("build_dependencies") or []))
        return _python(env.get("python")), [str(line) for line in env.get("dependencies") or []]
    if (folder / CONDA_FILE).is_file():
        dependencies = _mapping(folder / CONDA_FILE).get("dependencies") or []
        versions = [found for one in dependencies if (found := _CONDA_PYTHON.match(str(one)))]
        pips = [one["pip"] for one in dependencies if isinstance(one, dict) and "pip" in one]
        lines = [str(line) for section in pips for line in section]
        return _python(versions[0][1] if versions else None), lines
    return "", [f"-r {REQUIREMENTS_FILE}"] if (folder / REQUIREMENTS_FILE).is_file() else []


def _mapping(path: Path) -> dict[str, Any]:
    found = yamlfile.load(path)
    if not isinstance(found, dict):
        raise MlflowException.invalid_parameter_value(f"{path.name} of the model is no mapping")
    return found


def _python(version: object) -> str:
    text = "" if version is None else str(version)
    if text and not _PYTHON.fullmatch(text):
        raise MlflowException.invalid_parameter_value(
            f"The model names a Python version that is none: {text!r}"
        )
    return text


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise MlflowException.invalid_parameter_value(
            f"The model's requirements name a file that it does not bring: {name!r}"
        )
    return path
