"""The door to obstore: imported when used, its errors in our words."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from mlflow.environment_variables import (
    MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT,
    MLFLOW_DOWNLOAD_CHUNK_TIMEOUT,
)
from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    INVALID_STATE,
    NOT_IMPLEMENTED,
    PERMISSION_DENIED,
    RESOURCE_CONFLICT,
    TEMPORARILY_UNAVAILABLE,
    MlflowException,
)
from mlflow.store.artifact.streams import no_such_artifact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from obstore import Attributes
    from obstore.store import AzureStore, ClientConfig, GCSStore, RetryConfig, S3Store

# What is asked for when nothing else gives credentials: the machine's own role.
_NO_CREDENTIALS: Final = ("/latest/api/token", "token request", "/metadata/identity")


class Place(NamedTuple):
    """An opened bucket, and what every upload to it carries."""

    uri: str  # for messages
    store: AzureStore | GCSStore | S3Store
    attributes: Attributes
    tags: dict[str, str] | None = None
    put_headers: tuple[tuple[str, str], ...] = ()  # of presigned uploads
    signs_plain_names_only: bool = False  # obstore signs other names of Azure wrongly


class _Threads:
    """Whose obstore's threads are: a forked process has none of its parent's."""

    def __init__(self) -> None:
        self._process: int | None = None

    def require(self) -> None:
        """Remember the process of the first use; refuse one that was forked from it.

        Raises:
            MlflowException: obstore would wait here for ever.
        """
        if self._process is None:
            self._process = os.getpid()
        if self._process != os.getpid():
            raise MlflowException(
                "This process was forked from one that had used a store of objects (S3, Google "
                "Cloud Storage or Azure), and cannot use one itself. Start it by 'spawn' or "
                "'forkserver' (multiprocessing.set_start_method), or log artifacts in the parent.",
                INVALID_STATE,
            )


_THREADS: Final = _Threads()


def require_threads() -> None:
    """Refuse to use obstore where it would wait for ever.

    Raises:
        MlflowException: this process was forked from one that had used it.
    """
    _THREADS.require()


def require_obstore(extra: str) -> None:
    """Refuse to go on without obstore.

    Args:
        extra: What to install when it is missing.

    Raises:
        MlflowException: it is not installed.
    """
    try:
        import obstore  # noqa: F401, PLC0415 - optional
    except ImportError as error:
        raise MlflowException(
            f"Artifacts at this place need obstore ({error}). Install it with: "
            f"pip install 'headrace[{extra}]'",
            NOT_IMPLEMENTED,
        ) from error


@contextmanager
def explained(action: str, path: str, place: Place) -> Iterator[None]:
    """Turn an error of obstore into an ``MlflowException``.

    Args:
        action: What is tried, such as "read artifact".
        path: The artifact.
        place: Where it is.
    """
    from obstore import exceptions  # noqa: PLC0415 - optional

    require_threads()
    codes: dict[type[Exception], int] = {
        exceptions.PermissionDeniedError: PERMISSION_DENIED,
        exceptions.UnauthenticatedError: PERMISSION_DENIED,
        exceptions.PreconditionError: RESOURCE_CONFLICT,
        exceptions.NotSupportedError: NOT_IMPLEMENTED,
        exceptions.InvalidPathError: INVALID_PARAMETER_VALUE,
    }
    try:
        yield
    except FileNotFoundError as error:
        raise no_such_artifact(path) from error
    except (exceptions.BaseError, ConnectionError, TimeoutError) as error:
        reason = str(error).split("\n\nDebug source", 1)[0]
        code = codes.get(type(error), TEMPORARILY_UNAVAILABLE)
        if any(sign in reason for sign in _NO_CREDENTIALS):
            code = PERMISSION_DENIED
            reason = f"no credentials are set, and this machine has none of its own ({reason})"
        raise MlflowException(
            f"Cannot {action} {path!r} at {place.uri!r}: {reason}", code
        ) from error


def client_options(*, insecure_tls: bool = False) -> ClientConfig:
    """Return how requests are sent: each moves some megabytes, so that its time can be bounded.

    Args:
        insecure_tls: Whether any certificate will do.
    """
    seconds = MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT.get() or MLFLOW_DOWNLOAD_CHUNK_TIMEOUT.get()
    return {
        "allow_http": True,  # where the user gives such an endpoint
        "allow_invalid_certificates": insecure_tls,
        "connect_timeout": timedelta(seconds=10),
        "timeout": timedelta(seconds=seconds),
    }


def retries() -> RetryConfig:
    """Return how often a request is sent again, and for how long."""
    return {
        "max_retries": 5,
        "retry_timeout": timedelta(minutes=3),
        "backoff": {
            "init_backoff": timedelta(milliseconds=100),
            "max_backoff": timedelta(seconds=5),
            "base": 2,
        },
    }
