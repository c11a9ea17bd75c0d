"""What differs between what a model needs and what is installed here."""

from __future__ import annotations

import logging

from mlflow.models.environment import OURS, installed_version, requirement_name

_logger = logging.getLogger(__name__)


def mismatches(model_requirements: list[str]) -> list[str]:
    """Return a line for each requirement that the installed distributions do not meet.

    Args:
        model_requirements: Lines of requirements.txt; those that name no distribution are skipped.
    """
    found = []
    for line in model_requirements:
        name = requirement_name(line)
        if name is None or name in OURS:
            continue
        version = installed_version(name)
        if version is None or not _is_met(line, version):
            found.append(f"{name} (current: {version or 'uninstalled'}, required: {line})")
    return found


def _is_met(line: str, version: str) -> bool:
    _, _, pinned = line.partition("==")
    if pinned.strip() == version:
        return True  # the common line needs no parser, which costs 30 ms to import
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - as above

    try:
        wanted = Requirement(line)
    except InvalidRequirement:
        return True
    if wanted.marker is not None and not wanted.marker.evaluate():
        return True
    return wanted.specifier.contains(version, prereleases=True)


def warn_dependency_requirement_mismatches(model_requirements: list[str]) -> None:
    """Log one warning that names what is installed here in another version than a model needs.

    Args:
        model_requirements: Lines of requirements.txt.
    """
    found = mismatches(model_requirements)
    if found:
        _logger.warning(
            "Detected one or more mismatches between the model's dependencies and the current"
            " Python environment:\n - %s\nmlflow.pyfunc.get_model_dependencies(model_uri) gives the"
            " file to install from.",
            "\n - ".join(found),
        )
