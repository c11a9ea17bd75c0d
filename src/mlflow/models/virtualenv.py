"""Environments of models, made by uv and kept by what is in them.

An environment is complete or not there: it is made beside its place and moved to it. Its place
follows from the versions asked for and from the code of this installation, which takes the place of
mlflow in it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from mlflow._core.variables import snapshot
from mlflow.environment_variables import MLFLOW_ENV_ROOT
from mlflow.exceptions import MlflowException
from mlflow.models.needs import UPSTREAMS, Needs, parsed_lines, read_needs
from mlflow.models.own_wheel import own_digest, own_wheel
from mlflow.models.uv_program import find_uv

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_logger: Final = logging.getLogger(__name__)
LOCAL: Final = "local"
MANAGERS: Final = ("virtualenv", "uv")
# Whatever asks for upstream's distributions, of the model or of what it needs, gets none of them.
OVERRIDES: Final = "".join(f"{name} ; sys_platform == 'never'\n" for name in UPSTREAMS)
# What the server needs to read requests; models count on mlflow to bring them.
SERVING_LINES: Final = ("numpy", "pandas")
_READABLE_BY_OWNER: Final = 0o700


def check_manager(env_manager: str) -> str:
    """Return the name of an environment manager.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is none, or one that is not built.
    """
    if env_manager in (LOCAL, *MANAGERS):
        return env_manager
    if env_manager == "conda":
        raise MlflowException.invalid_parameter_value(
            "Environments are made with uv here, not with conda. `--env-manager uv` reads the same"
            " model, its conda.yaml too where it has nothing else."
        )
    raise MlflowException.invalid_parameter_value(
        f"Invalid value for `env_manager`: {env_manager!r}. It must be one of {[LOCAL, *MANAGERS]}."
    )


def model_environment(folder: Path, extra_lines: Iterable[str] = ()) -> Path:
    """Return the Python of an environment in which a model runs; it is made where there is none.

    Args:
        folder: The model's folder.
        extra_lines: Requirements that take the place of the model's own.

    Raises:
        MlflowException: a line is no requirement, or the environment cannot be made.
    """
    needs, override = read_needs(folder), parsed_lines(extra_lines)
    root = Path(MLFLOW_ENV_ROOT.get()).expanduser()
    root.mkdir(mode=_READABLE_BY_OWNER, parents=True, exist_ok=True)
    root.chmod(_READABLE_BY_OWNER)
    place = root / f"headrace-{_key(needs, override)}"
    if not place.is_dir():
        with _turn(root):
            if not place.is_dir():
                _make_at(place, needs, override)
    return python_of(place)


@contextmanager
def _turn(root: Path) -> Iterator[None]:
    """Let processes that want an environment at once wait for one of them to make it."""
    descriptor = os.open(root, os.O_RDONLY) if sys.platform != "win32" else -1
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _make_at(place: Path, needs: Needs, override: Sequence[str]) -> None:
    work = Path(tempfile.mkdtemp(prefix="making-", dir=place.parent))
    try:
        _make(needs, override, work)
        _move(work / "env", place)
    finally:
        shutil.rmtree(work)


def python_of(environment: Path) -> Path:
    """Return the interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run_python(
    python: Path, arguments: Sequence[str], *, variables: Mapping[str, str] | None = None
) -> None:
    """Run Python in an environment, isolated from this process's paths.

    Args:
        python: The interpreter.
        arguments: Passed one by one: no shell sees them.
        variables: More of its environment.

    Raises:
        MlflowException: it failed; it said why itself.
    """
    command = [str(python), "-I", *arguments]
    done = subprocess.run(  # noqa: S603 - a list of words; no shell
        command, env={**snapshot(("",)), **(variables or {})}, check=False
    )
    if done.returncode != 0:
        raise MlflowException(f"The model's process failed ({done.returncode}): see above")


def become_python(python: Path, arguments: Sequence[str]) -> NoReturn:
    """Go on as Python in an environment: signals reach it, and nothing is left behind.

    Args:
        python: The interpreter.
        arguments: Passed one by one: no shell sees them.
    """
    command = [str(python), "-I", *arguments]
    if os.name == "nt":  # whose exec starts a process beside this one
        done = subprocess.run(command, check=False)  # noqa: S603 - a list of words; no shell
        raise SystemExit(done.returncode)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606 - a list of words; no shell


def _key(needs: Needs, override: Sequence[str]) -> str:
    wheels = [hashlib.sha256(path.read_bytes()).hexdigest() for path in needs.wheels]
    parts = [_python_request(needs.python), needs.lines, needs.constraints, wheels, override]
    text = json.dumps([*parts, own_digest(), platform.machine(), sys.platform])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _python_request(version: str) -> str:
    """Return what to ask uv for: this interpreter where it is of the model's minor version."""
    minor = ".".join(version.split(".")[:2])
    here = ".".join(platform.python_version_tuple()[:2])
    return sys.executable if minor in ("", here) else minor


def _make(needs: Needs, override: Sequence[str], work: Path) -> None:
    uv = find_uv()
    environment = work / "env"
    wheel = own_wheel(work)
    files = {
        "requirements.txt": "\n".join((*needs.lines, *SERVING_LINES)),
        "constraints.txt": "\n".join(needs.constraints),
        "overrides.txt": OVERRIDES,
        "again.txt": "\n".join(override),
    }
    for name, text in files.items():
        (work / name).write_text(text + "\n", "utf-8")
    _logger.info("Making the model's environment; it is kept for the next time")
    request = _python_request(needs.python)
    _run([uv, "venv", "--quiet", "--relocatable", "--python", request, str(environment)])
    install = [uv, "pip", "install", "--quiet", "--python", str(python_of(environment))]
    overrides = ["--override", str(work / "overrides.txt")]
    _run(
        [
            *install,
            *overrides,
            *("--constraint", str(work / "constraints.txt")),
            *("--requirement", str(work / "requirements.txt")),
            str(wheel),
            *map(str, needs.wheels),
        ]
    )
    if override:
        _run([*install, *overrides, "--requirement", str(work / "again.txt")])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603 - a list of words; no shell
        command, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise MlflowException(
            f"The model's environment cannot be made: {Path(command[0]).name} {command[1]} said:\n"
            f"{done.stderr[-4000:]}"
        )


def _move(made: Path, place: Path) -> None:
    try:
        made.rename(place)
    except OSError:
        if not place.is_dir():  # somebody else was faster where it is
            raise
