"""Projects of uv: what their lock says that a model needs, and their files beside the model.

A project is the folder that the caller names, or the working directory. What its lock cannot tell,
because uv is missing or refuses, is inferred from the model as always.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow.environment_variables import MLFLOW_LOG_UV_FILES, MLFLOW_UV_AUTO_DETECT
from mlflow.exceptions import MlflowException
from mlflow.models.environment import canonical, pinned, requirement_name
from mlflow.models.requirements import infer_requirements
from mlflow.models.uv_program import find_uv

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

_logger: Final = logging.getLogger(__name__)
LOCK_FILE: Final = "uv.lock"
PROJECT_FILE: Final = "pyproject.toml"
PYTHON_FILE: Final = ".python-version"
_DEVELOPMENT: Final = "dev"  # the group that uv takes unasked
# Of the machine that exports: they are nowhere else.
_LOCAL: Final = ("-e ", "./", "../", "/", "file:")
# An index besides the one that installers ask anyway.
_REGISTRY: Final = re.compile(r'\bsource = \{ registry = "((?!https://pypi\.org/)https?://[^"]+)"')
_EXPORT: Final = (
    *("export", "--quiet", "--frozen", "--no-hashes", "--no-header", "--no-annotate"),
    "--no-emit-project",
)


@dataclass(frozen=True)
class UvChoice:
    """What the user says about the project of a model.

    Attributes:
        path: The project's folder; the working directory by default, if it is one.
        groups: Groups of dependencies that the model needs besides.
        extras: Extras of the project that it needs.
        keeps_files: Whether the project's files go with the model.
    """

    path: str | os.PathLike[str] | None = None
    groups: Sequence[str] = ()
    extras: Sequence[str] = ()
    keeps_files: bool = False

    def folder(self) -> Path | None:
        """Return the project's folder; None where there is none."""
        if self.path is None and not MLFLOW_UV_AUTO_DETECT.get():
            return None
        folder = Path(self.path) if self.path is not None else Path.cwd()
        is_project = (folder / LOCK_FILE).is_file() and (folder / PROJECT_FILE).is_file()
        return folder.absolute() if is_project else None

    def lines(self) -> list[str] | None:
        """Return the requirements that the lock pins; None, with a warning, where it cannot."""
        folder = self.folder()
        if folder is None:
            if self.path is not None or self.groups or self.extras:
                _logger.warning(
                    "There is no project of uv (%s and %s) in %s: uv_groups and uv_extras do"
                    " nothing, and the requirements are inferred.",
                    *(LOCK_FILE, PROJECT_FILE, self.path or "the working directory"),
                )
            return None
        wanted = [] if _DEVELOPMENT in self.groups else ["--no-dev"]
        wanted += [word for name in self.groups for word in ("--group", name)]
        wanted += [word for name in self.extras for word in ("--extra", name)]
        stats = [(folder / name).stat() for name in (LOCK_FILE, PROJECT_FILE)]
        stamp = tuple((about.st_mtime_ns, about.st_size) for about in stats)
        try:
            text = _exported(folder, tuple(wanted), stamp)
        except MlflowException as error:
            _logger.warning(
                "The lock of %s cannot be exported; the requirements are inferred instead: %s",
                *(folder, error.message),
            )
            return None
        return [*_indexes(folder), *_kept(text.splitlines())]


@lru_cache(maxsize=16)
def _exported(folder: Path, words: tuple[str, ...], stamp: object) -> str:
    """Return what uv exports; once for each state of the project, not for each model."""
    del stamp
    done = subprocess.run(  # noqa: S603 - a list of words; no shell
        [find_uv("uv is not installed"), *_EXPORT, *words, "--project", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MlflowException(done.stderr.strip()[-1000:])
    return done.stdout


def _kept(lines: list[str]) -> list[str]:
    """Return the requirements in an export, without the packages of this machine."""
    lines = [line for raw in lines if (line := raw.strip()) and not line.startswith("#")]
    local = [line for line in lines if line.startswith(_LOCAL) or "@ file:" in line]
    if local:
        _logger.warning(
            "Packages of this machine are left out of the model's requirements; code_paths brings"
            " their code: %s",
            ", ".join(local),
        )
    return [line for line in lines if line not in local]


def _indexes(folder: Path) -> list[str]:
    """Return options for the indexes that a lock names besides PyPI, without who may read them."""
    found = set(_REGISTRY.findall((folder / LOCK_FILE).read_text("utf-8")))
    urls = {re.sub(r"//[^/@]*@", "//", url) for url in found}
    return [f"--extra-index-url {url}" for url in sorted(urls)]


def _written(line: str) -> str:
    """Return a requirement with its marker as the other lines of models have theirs."""
    name, _, marker = line.partition(" ; ")
    return "; ".join((name, marker.replace("'", '"'))) if marker else line


def needed(modules: Iterable[str], distributions: Iterable[str], uv: UvChoice) -> tuple[str, ...]:
    """Return a model's requirements: those of the project's lock, else those that it shows.

    Args:
        modules: The modules that the model's file names.
        distributions: What the flavor needs to load it; pinned as here where the lock has it not.
        uv: The project.
    """
    lines = uv.lines()
    if lines is None:
        return infer_requirements(modules, distributions)
    named = {requirement_name(line) for line in lines}
    more = [pinned(name) for name in distributions if canonical(name) not in named]
    return tuple(sorted([*map(_written, lines), *more]))


def copy_uv_project_files(
    dest_dir: str | os.PathLike[str], source_dir: str | os.PathLike[str]
) -> bool:
    """Copy the lock and the files beside it that say what it is about; return whether it did.

    Args:
        dest_dir: The model's folder.
        source_dir: The project's folder.
    """
    source = UvChoice(source_dir).folder()
    if source is None or not MLFLOW_LOG_UV_FILES.get():
        return False
    try:
        for name in (LOCK_FILE, PROJECT_FILE, PYTHON_FILE):
            if name != PYTHON_FILE or (source / name).is_file():
                shutil.copyfile(source / name, Path(dest_dir) / name)
    except OSError as error:
        _logger.warning("The files of the project of uv cannot be copied: %s", error)
        return False
    return True
