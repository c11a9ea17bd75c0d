"""What is installed and set up: the report of ``mlflow doctor`` and ``mlflow.doctor()``."""

from __future__ import annotations

import platform
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from mlflow._compat.conflict import describe_mix
from mlflow._core.guard import contained
from mlflow._core.uri import is_database_uri, mask_password
from mlflow._core.variables import snapshot
from mlflow.exceptions import MlflowException
from mlflow.tracking.stores import _get_store, get_registry_uri, get_tracking_uri
from mlflow.version import HEADRACE_VERSION, VERSION

_MASK: Final = "***"
_SECRET: Final = re.compile(
    r"PASSW|SECRET|TOKEN|KEY|CREDENTIAL|PASSPHRASE|AUTH|CERT", re.IGNORECASE
)
_OUR_DISTRIBUTION: Final = "headrace"
_ABSENT: Final = "not installed"
_DEVELOPMENT: Final = '"dev"'
_OUR_NAMES: Final = frozenset({"headrace", "mlflow"})
_PACKAGE_FILES: Final = re.compile(r"^mlflow/(?!\.)", re.MULTILINE)


def doctor(mask_envs: bool = False) -> None:
    """Print what is installed and set up, for reports of problems.

    Args:
        mask_envs: Whether the values of all environment variables are hidden. Those of secrets,
            and passwords in URIs, always are.
    """
    sys.stdout.write(report(mask_envs=mask_envs) + "\n")


def report(*, mask_envs: bool = False) -> str:
    """Return what ``doctor`` prints.

    Args:
        mask_envs: Whether the values of all environment variables are hidden.
    """
    tracking_uri = get_tracking_uri()
    lines = [
        f"System information: {platform.system()} {platform.release()} {platform.machine()}",
        f"Python version: {platform.python_version()}",
        f"MLflow version: {VERSION} (interface level)",
        f"Headrace version: {HEADRACE_VERSION}",
        f"MLflow module location: {Path(__file__).parent.parent / '__init__.py'}",
        f"Tracking URI: {mask_password(tracking_uri)}",
        f"Registry URI: {mask_password(get_registry_uri())}",
        f"Tracking store: {_store_status(tracking_uri)}",
    ]
    lines.append("MLflow environment variables:")
    lines += [f"  {name}: {value}" for name, value in _variables(mask_envs=mask_envs)] or ["  none"]
    lines.append("Dependencies:")
    lines += [f"  {name}: {version}" for name, version in _dependencies()]
    problems = _problems()
    lines += [f"PROBLEM: {problem}" for problem in problems] or ["No problem found."]
    return "\n".join(lines)


def _variables(*, mask_envs: bool) -> list[tuple[str, str]]:
    found = snapshot(("MLFLOW_", "_MLFLOW_", "HEADRACE_"))
    return [
        (name, _MASK if mask_envs or _SECRET.search(name) else mask_password(found[name]))
        for name in sorted(found)
    ]


def _store_status(uri: str) -> str:
    """Return whether the store behind a URI can be used; a missing one is not made."""
    path = _database_file(uri)
    if path is not None and not path.exists():
        return f"not there yet; the first run makes {path}"
    status = "cannot be opened (see the log)"
    with contained("Opening the tracking store"):
        try:
            _get_store(uri)
            status = "ok"
        except MlflowException as error:
            status = str(error)
    return status


def _database_file(uri: str) -> Path | None:
    """Return the file of an SQLite URI, the folder of a plain path, None for a server."""
    if is_database_uri(uri):
        path = uri.partition(":///")[2].partition("?")[0]
        return Path(path) if uri.startswith("sqlite") and path else None
    return Path(uri) if "://" not in uri else None


def _dependencies() -> list[tuple[str, str]]:
    """Return what is needed and what of the extras is there, with versions."""
    try:
        wanted = distribution(_OUR_DISTRIBUTION).requires or []
    except PackageNotFoundError:
        return []
    found = {}
    for requirement in map(Requirement, wanted):
        extra = str(requirement.marker or "")
        version = _version(requirement.name)
        if requirement.name == _OUR_DISTRIBUTION or _DEVELOPMENT in extra:
            continue
        if version != _ABSENT or "extra" not in extra:
            found[requirement.name] = version
    return sorted(found.items(), key=lambda pair: pair[0].lower())


def _version(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return _ABSENT


def foreign_owners() -> list[str]:
    """Return the other distributions whose files lie in our package directory."""
    return sorted(
        f"{found.name} {found.version}"
        for found in distributions()
        if found.name.lower() not in _OUR_NAMES and _owns_package_files(found)
    )


def _owns_package_files(found: Distribution) -> bool:
    return bool(_PACKAGE_FILES.search(found.read_text("RECORD") or ""))


def _problems() -> list[str]:
    problems = []
    mix = describe_mix()
    if mix:
        problems.append(mix)
    owners = foreign_owners()
    if owners:
        problems.append(
            f"Files in the folder of the package mlflow belong to {', '.join(owners)}."
            " Uninstall what should not be there, then reinstall: pip install --force-reinstall"
            " headrace"
        )
    if _version("mlflow") != VERSION:
        problems.append(
            f"The metadata of the distribution mlflow say {_version('mlflow')}, not {VERSION}:"
            " programs that ask for mlflow will not find it. Reinstall: pip install"
            " --force-reinstall headrace"
        )
    return problems
