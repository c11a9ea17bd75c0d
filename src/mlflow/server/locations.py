"""Which locations of artifacts the server opens, and which a caller may name for an experiment.

The server opens what came through it (``mlflow-artifacts:``), what lies below its default artifact
root, and what its operator lists in a variable. Any other location is text that it keeps for
clients and never opens.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mlflow._core.paths import relative_path
from mlflow._core.plugins import find_plugins
from mlflow._core.uri import is_local_uri, mask_password, scheme_of
from mlflow.environment_variables import (
    HEADRACE_SERVED_ARTIFACT_LOCATIONS,
    MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES,
    MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH,
)
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.local_artifact_repo import artifact_directory
from mlflow.store.sql.connect import default_artifact_root
from mlflow.store.sql.locations import absolute

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from mlflow.server.settings import ServerSettings

PROXIED: Final = "mlflow-artifacts"
_DEFAULT_DESTINATION: Final = "./mlartifacts"
# Clients reach these with their own rights; the server keeps the text.
_OPAQUE: Final = frozenset(
    {"s3", "r2", "b2", "gs", "wasb", "wasbs", "abfs", "abfss", "dbfs", PROXIED}
)
_HOST_ADDRESSED: Final = frozenset({"http", "https", "ftp", "sftp", "hdfs", "viewfs"})
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f\\]")
_GROUP: Final = "mlflow.artifact_repository"


def destination_of(settings: ServerSettings) -> str:
    """Return where the artifacts lie that come through the server.

    What the settings say; but a database in a file whose local users keep artifacts beside it is
    served with these, unless ``./mlartifacts`` is there.

    Raises:
        MlflowException: the server cannot keep artifacts there.
    """
    given = settings.artifacts_destination
    if given == _DEFAULT_DESTINATION and not Path(given).is_dir():
        beside = default_artifact_root(settings.backend_store_uri)
        if beside is not None and Path(beside).is_dir():
            return beside
    if scheme_of(given) in _HOST_ADDRESSED | {PROXIED}:
        raise MlflowException.invalid_parameter_value(
            f"The server cannot keep artifacts at {mask_password(given)!r}: give a directory or a"
            " bucket, such as 's3://bucket/path'."
        )
    return absolute(given)


def opened_roots(settings: ServerSettings) -> tuple[str, ...]:
    """Return the locations below which the server opens artifacts that do not come through it."""
    roots = [settings.artifact_root, default_artifact_root(settings.backend_store_uri) or ""]
    roots += HEADRACE_SERVED_ARTIFACT_LOCATIONS.get()
    roots = [absolute(root) for root in roots if root]
    served = [root for root in roots if scheme_of(root) not in _HOST_ADDRESSED | {PROXIED}]
    return tuple(dict.fromkeys(root.rstrip("/") or "/" for root in served))


def path_below(location: str, root: str) -> str | None:
    """Return the path of a location below a root ("" for the root), None when it lies elsewhere.

    Args:
        location: The location.
        root: One that the server issued or was told.

    Raises:
        MlflowException: the location leaves its own root.
    """
    if is_local_uri(root):
        if not is_local_uri(location):
            return None
        base, place = (
            Path(os.path.normpath(artifact_directory(one))).as_posix() for one in (root, location)
        )
    else:
        base, place = root, location.rstrip("/")
    if place == base:
        return ""
    start = base.rstrip("/") + "/"
    return relative_path(place[len(start) :]) if place.startswith(start) else None


def proxied_path(location: str) -> str | None:
    """Return the path of a location that comes through this server, None for any other.

    Raises:
        MlflowException: it names another server, or leaves the root.
    """
    if scheme_of(location) != PROXIED:
        return None
    split = urlsplit(location)
    if split.netloc or split.query or split.fragment or not split.path.startswith("/"):
        raise MlflowException.invalid_parameter_value(
            f"{mask_password(location)!r} lies on another server; read it from there."
        )
    return relative_path(split.path.lstrip("/"))


def check_location(uri: str | None, settings: ServerSettings) -> None:
    """Refuse a location that a caller may not name for a new experiment.

    Args:
        uri: What the caller named; nothing is refused when nothing is named.
        settings: What the server was told.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE, saying why.
    """
    if not uri:
        return
    scheme = check_uri(uri, "artifact_location")
    if scheme == "runs":
        raise _refused(f"Artifact location cannot be a runs:/ URI. Given: '{uri}'")
    if scheme in _HOST_ADDRESSED or is_elsewhere(uri):
        return  # the operator allows it
    if scheme != PROXIED and any(
        path_below(uri, root) is not None for root in opened_roots(settings)
    ):
        return
    if scheme in ("", "file"):
        raise _refused(
            f"'artifact_location' cannot be {uri!r}: it is a place on the server's own file system,"
            " which callers may not choose. Leave it out, name one below the server's"
            " --default-artifact-root, or have it listed in"
            f" {HEADRACE_SERVED_ARTIFACT_LOCATIONS.name} on the server."
        )
    if scheme == PROXIED and not settings.serve_artifacts:
        raise _refused(
            f"'artifact_location' cannot be {uri!r}: no artifacts go through this server, which"
            " runs with --no-serve-artifacts."
        )
    check_scheme(scheme, "artifact_location", uri)


def check_uri(uri: str, what: str) -> str:
    """Refuse a location that could be read as another one, or that makes the server connect.

    Args:
        uri: What a caller named.
        what: The field that it stands in.

    Returns:
        Its scheme.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE, saying why.
    """
    _check_text(uri, what)
    scheme = scheme_of(uri)
    if scheme == "runs":
        return scheme
    split = _split(uri, what)
    if scheme in _HOST_ADDRESSED or (scheme == PROXIED and split.netloc):
        if scheme not in MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES.get():
            raise _host_addressed(scheme, what)
        return scheme
    relative_path(split.path.lstrip("/") if scheme else uri.lstrip("/"))
    return scheme


def is_elsewhere(uri: str) -> bool:
    """Return whether a location comes through another server of artifacts."""
    return scheme_of(uri) == PROXIED and bool(urlsplit(uri).netloc)


def check_scheme(scheme: str, what: str, uri: str) -> None:
    """Refuse a scheme that names no kind of storage.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE, saying which there are.
    """
    if scheme not in _OPAQUE and all(point.name != scheme for point in find_plugins(_GROUP)):
        raise _refused(
            f"{what!r} cannot be {uri!r}, for the '{scheme}' scheme names no kind of storage"
            f" that this server knows. It knows: {', '.join(sorted(_OPAQUE))}."
        )


def _check_text(uri: str, what: str) -> None:
    most = MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH.get()
    if len(uri) > most:
        raise _refused(
            f"{what!r} exceeds the maximum length of {most} characters: it has {len(uri)}."
        )
    if "#" in uri or (";" in uri and scheme_of(uri)):
        raise _refused(f"{what!r} URL can't include fragments or params.")
    if "?" in uri:
        raise _refused("Invalid query string")
    if _UNFIT.search(uri.replace(" ", "")) or (" " in uri and scheme_of(uri)):
        raise _refused(
            f"{what!r} can't include backslashes, control characters, or spaces in a URI."
        )


def _split(uri: str, what: str) -> SplitResult:
    try:
        split = urlsplit(uri)
    except ValueError:
        raise _refused(f"{what!r} is not a valid URI: {uri!r}") from None
    if "@" in split.netloc:
        raise _refused(f"{what!r} URL can't include a user name or a password.")
    return split


def _host_addressed(scheme: str, what: str) -> MlflowException:
    return _refused(
        f"{what!r} cannot use the '{scheme}' scheme: the '{scheme}' scheme addresses a"
        " host other than the tracking server's configured artifact storage, so the server would"
        " connect to the host named in the URI. Set the"
        f" {MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES.name} environment variable on the server"
        " to allow it."
    )


def _refused(message: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(message)
