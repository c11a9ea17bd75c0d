"""What a model needs to run: requirements.txt, conda.yaml and python_env.yaml."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from mlflow.exceptions import MlflowException
from mlflow.models import yamlfile
from mlflow.models.locking import lock
from mlflow.version import VERSION

CONDA_FILE: Final = "conda.yaml"
PYTHON_ENV_FILE: Final = "python_env.yaml"
REQUIREMENTS_FILE: Final = "requirements.txt"
CONSTRAINTS_FILE: Final = "constraints.txt"
ENV: Final = {"conda": CONDA_FILE, "virtualenv": PYTHON_ENV_FILE}
MLFLOW_LINE: Final = f"mlflow=={VERSION}"
_NAMED: Final = re.compile(r"\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:[\[(<>=!~;@]|$)")
_FOLD: Final = re.compile(r"\n[ \t]+")  # a header's line that goes on in the next
OURS: Final = frozenset({"mlflow", "mlflow-skinny", "mlflow-tracing", "headrace"})


def metadata_values(distribution: str, field: str) -> list[str]:
    """Return the values of a field in the metadata of an installed distribution.

    The header is searched, not parsed as the e-mail that it is: a model asks a dozen times, and
    parsing took a third of the time of logging a small one.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    found = metadata.distribution(distribution)
    text = found.read_text("METADATA") or found.read_text("PKG-INFO") or ""
    header = _FOLD.sub(" ", text.partition("\n\n")[0])
    return re.findall(rf"^{field}:[ \t]*(.*?)[ \t]*$", header, re.MULTILINE | re.IGNORECASE)


def installed_version(distribution: str) -> str | None:
    """Return the installed version of a distribution, without its local part; None if absent."""
    try:
        versions = metadata_values(distribution, "Version")
    except metadata.PackageNotFoundError:
        return None
    return versions[0].partition("+")[0] if versions else None


def pinned(distribution: str) -> str:
    """Return a requirement for the installed version, or the bare name if it is not installed."""
    version = installed_version(distribution)
    return distribution if version is None else f"{distribution}=={version}"


@dataclass(frozen=True)
class Environment:
    """What a model needs: pip requirements, constraints, and a conda environment around them."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    conda: dict[str, Any] | None = None

    def lines(self) -> list[str]:
        """Return the lines of requirements.txt."""
        extra = [f"-c {CONSTRAINTS_FILE}"] if self.constraints else []
        return [*self.requirements, *extra]

    def conda_env(self) -> dict[str, Any]:
        """Return the conda environment."""
        return conda_with_pip(self.conda, self.lines())

    def save(self, folder: Path) -> None:
        """Write the files."""
        yamlfile.save(folder / CONDA_FILE, self.conda_env())
        python_env = {
            "python": platform.python_version(),
            "build_dependencies": [pinned(tool) for tool in ("pip", "setuptools", "wheel")],
            "dependencies": [f"-r {REQUIREMENTS_FILE}"],
        }
        yamlfile.save(folder / PYTHON_ENV_FILE, python_env, sort_keys=False)
        (folder / REQUIREMENTS_FILE).write_text("\n".join(self.lines()), "utf-8")
        if self.constraints:
            (folder / CONSTRAINTS_FILE).write_text("\n".join(self.constraints), "utf-8")


def conda_with_pip(conda: dict[str, Any] | None, lines: list[str]) -> dict[str, Any]:
    """Return a conda environment whose pip section holds the given lines.

    Args:
        conda: The environment to put them into; None makes one for this interpreter.
        lines: The lines of requirements.txt.
    """
    if conda is None:
        pip = installed_version("pip")
        conda = {
            "name": "mlflow-env",
            "channels": ["conda-forge"],
            "dependencies": [
                f"python={platform.python_version()}",
                "pip" if pip is None else f"pip<={pip}",
            ],
        }
    others = [item for item in conda.get("dependencies", []) if not _is_pip_section(item)]
    return {**conda, "dependencies": [*others, {"pip": lines}]}


def _is_pip_section(item: object) -> bool:
    return isinstance(item, dict) and "pip" in item


def make_environment(
    *,
    inferred: tuple[str, ...] | None,
    conda_env: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
) -> Environment:
    """Return a model's environment from what the user gave, or from what was inferred.

    Args:
        inferred: The requirements that the model itself shows; None where the user gave all.
        conda_env: A dictionary or the path of a YAML file.
        pip_requirements: Requirement strings, or the path of a requirements file.
        extra_pip_requirements: The same, added to those inferred.
    """
    if conda_env is not None:
        return _from_conda(conda_env)
    if pip_requirements is not None:
        lines, constraints = read_requirements(pip_requirements)
        return _perhaps_locked(_with_mlflow(lines), constraints)
    lines, constraints = read_requirements(extra_pip_requirements or [])
    named = {name for line in lines if (name := requirement_name(line))}
    kept = [line for line in inferred or () if requirement_name(line) not in named]
    return _perhaps_locked(_with_mlflow([*kept, *lines]), constraints)


def _perhaps_locked(lines: list[str], constraints: list[str]) -> Environment:
    found = lock(lines, constraints)
    if found is None:
        return Environment(tuple(lines), tuple(constraints))
    return Environment(found)


def check_arguments(conda_env: Any, pip_requirements: Any, extra_pip_requirements: Any) -> None:
    """Refuse arguments that contradict one another.

    Raises:
        ValueError: more than one of the three is given.
    """
    given = [conda_env, pip_requirements, extra_pip_requirements]
    if sum(argument is not None for argument in given) > 1:
        raise ValueError(
            "Only one of `conda_env`, `pip_requirements`, and `extra_pip_requirements` can be"
            " specified"
        )


def _from_conda(conda_env: Any) -> Environment:
    if isinstance(conda_env, (str, Path)):
        conda_env = yamlfile.load(Path(conda_env))
    if not isinstance(conda_env, dict):
        raise MlflowException.invalid_parameter_value(
            "Expected type of `conda_env` to be a dict or the path of a YAML file, got"
            f" {type(conda_env).__name__}"
        )
    sections = [item["pip"] for item in conda_env.get("dependencies", []) if _is_pip_section(item)]
    lines = [line for section in sections for line in section]
    requirements, constraints = read_requirements(lines)
    return Environment(tuple(_with_mlflow(requirements)), tuple(constraints), conda_env)


def canonical(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(line: str) -> str | None:
    """Return the canonical name in a requirement line; None for options, paths and URLs.

    The parser of ``packaging`` would cost 30 ms at the first model of every process.
    """
    match = _NAMED.match(line)
    return canonical(match[1]) if match else None


def _with_mlflow(lines: list[str]) -> list[str]:
    if any(requirement_name(line) in OURS for line in lines):
        return lines
    return [MLFLOW_LINE, *lines]


def read_requirements(given: Any) -> tuple[list[str], list[str]]:
    """Return the requirement lines and the constraint lines of what the user gave.

    Args:
        given: Requirement strings, of which ``-r FILE`` and ``-c FILE`` are read in; or the path
            of a requirements file.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(given, (str, Path)):
        return _read_lines(_file_lines(Path(given)), Path(given).parent)
    if not hasattr(given, "__iter__") or isinstance(given, dict):
        raise TypeError(
            "`pip_requirements` must be either a string path to a pip requirements file or an"
            f" iterable of pip requirement strings, but got `{type(given)}`"
        )
    return _read_lines([str(line) for line in given], Path())


def _file_lines(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise MlflowException.invalid_parameter_value(
            f"The requirements file {path} cannot be read: {error.strerror}"
        ) from error
    return text.replace("\\\n", "").splitlines()


def _read_lines(lines: list[str], folder: Path) -> tuple[list[str], list[str]]:
    requirements: list[str] = []
    constraints: list[str] = []
    for raw in lines:
        line = raw.strip() if raw.lstrip().startswith("#") else raw.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        option, _, target = line.partition(" ")
        option, _, inline = option.partition("=") if option.startswith("--") else (option, "", "")
        path = folder / (target.strip() or inline)
        if option in ("-r", "--requirement"):
            nested, limits = _read_lines(_file_lines(path), path.parent)
            requirements += nested
            constraints += limits
        elif option in ("-c", "--constraint"):
            constraints += _read_lines(_file_lines(path), path.parent)[0]
        else:
            requirements.append(line)
    return requirements, constraints
