"""URIs of stores and artifacts: one parser, one set of rules."""

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

# Two letters at least: ``C:\data`` is a path.
_SCHEME: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]+):")
_DRIVE: Final = re.compile(r"^/[A-Za-z]:")
_DATABASE_SCHEMES: Final = frozenset(
    {"sqlite", "postgresql", "postgres", "mysql", "mariadb", "mssql"}
)


def scheme_of(uri: str) -> str:
    """Return a URI's scheme in lower case; the empty text for a plain path."""
    match = _SCHEME.match(uri)
    return match.group(1).lower() if match else ""


def is_database_uri(uri: str) -> bool:
    """Return whether a URI names a database, with or without a driver (``mysql+pymysql``)."""
    return scheme_of(uri).split("+", 1)[0] in _DATABASE_SCHEMES


def is_local_uri(uri: str) -> bool:
    """Return whether a URI is a path on this machine."""
    scheme = scheme_of(uri)
    if not scheme:
        return not uri.startswith("//")
    return scheme == "file" and urlsplit(uri).netloc in ("", "localhost")


def local_path(uri: str) -> Path:
    """Return the path that a local URI names.

    Args:
        uri: A plain path or a ``file:`` URI without a host.

    Raises:
        ValueError: the URI names something that is not on this machine.
    """
    if not is_local_uri(uri):
        raise ValueError(f"{uri!r} is not a path on this machine")
    if not scheme_of(uri):
        return Path(uri)
    path = unquote(urlsplit(uri).path, errors="surrogateescape")  # once; any bytes are a name
    return Path(path[1:] if os.name == "nt" and _DRIVE.match(path) else path)


def join_uri(base: str, *parts: str) -> str:
    """Return a location below another; query and fragment of the base stay at the end."""
    split = urlsplit(base) if scheme_of(base) else None
    tail = "/".join(part.strip("/") for part in parts if part)
    if split is None or not (split.query or split.fragment):
        return f"{base.rstrip('/')}/{tail}" if tail else base
    path = f"{split.path.rstrip('/')}/{tail}"
    return split._replace(path=path).geturl()


def mask_password(uri: str) -> str:
    """Return a URI with the password replaced, for messages and logs."""
    return re.sub(r"(://[^:/@]*:)[^@/]*@", r"\1***@", uri)
