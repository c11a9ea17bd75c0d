"""URIs of buckets: one parser for all schemes.

A query, a fragment, parameters or a user in a URI are refused and never dropped: what is checked
is what is used.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from mlflow._core.paths import relative_path
from mlflow._core.uri import mask_password
from mlflow.exceptions import MlflowException

_URI: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*://(?:(?P<first>[A-Za-z0-9._$-]+)@)?(?P<host>[A-Za-z0-9._-]+)(?P<path>/.*)?"
)


class BucketUri(NamedTuple):
    """A bucket or container, the host where one is named, and the prefix without slashes."""

    bucket: str
    host: str
    prefix: str


def bucket_uri(uri: str, *, with_host: bool = False) -> BucketUri:
    """Return what a URI of a bucket names.

    Args:
        uri: ``scheme://bucket/prefix``, or ``scheme://bucket@host/prefix``. The prefix is taken
            literally: ``%`` is an ordinary character.
        with_host: Which of the two forms it must be.

    Raises:
        MlflowException: it has another form, or a prefix that could leave the bucket's folder.
    """
    form = "scheme://container@host/prefix" if with_host else "scheme://bucket/prefix"
    match = _URI.fullmatch(uri)
    if match is None or (match["first"] is not None) != with_host:
        raise _refused(uri, f"its form must be {form}")
    path = (match["path"] or "").strip("/")
    if any(sign in path for sign in "?#;"):
        raise _refused(uri, "it has a query, a fragment or parameters")
    prefix = relative_path(path)
    if prefix != path:
        raise _refused(uri, f"its path would be read as {prefix!r}")
    host = match["host"]
    return BucketUri(match["first"] if with_host else host, host if with_host else "", prefix)


def _refused(uri: str, why: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"Invalid artifact location {mask_password(uri)!r}: {why}."
    )
