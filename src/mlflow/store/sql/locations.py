"""Where artifacts lie: below the store's root a location is kept relative, so a store can move."""

import os
import re
from typing import Final

from mlflow._core.uri import is_local_uri, join_uri, scheme_of

_DRIVE: Final = re.compile(r"^[A-Za-z]:[\\/]")
_ROOT_ITSELF: Final = "."


def absolute(location: str) -> str:
    """Return a location that does not depend on the working directory."""
    if scheme_of(location) or not is_local_uri(location) or _DRIVE.match(location):
        return location
    return os.path.abspath(os.path.expanduser(location))  # noqa: PTH100, PTH111 - keeps the text


def to_kept(location: str, root: str) -> str:
    """Return what is kept of an absolute location: its part below the root, or all of it."""
    base = root.rstrip("/")
    if location == base:
        return _ROOT_ITSELF
    return location[len(base) + 1 :] if location.startswith(f"{base}/") else location


def experiment_location(kept: str | None, experiment_id: int, root: str) -> str:
    """Return where an experiment's artifacts lie.

    Args:
        kept: What ``to_kept`` returned; None for the place that the root and the id give.
        experiment_id: The experiment.
        root: The store's root for artifacts.
    """
    if kept is None:
        return join_uri(root, str(experiment_id))
    return below(kept, root)


def below(kept: str, base: str) -> str:
    """Return the location that was kept relative to a base, or is absolute already."""
    if kept == _ROOT_ITSELF:
        return base
    if kept.startswith("/") or scheme_of(kept) or _DRIVE.match(kept):
        return kept
    return join_uri(base, kept)
