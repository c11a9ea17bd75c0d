"""Failures of the way to a server: which are worth another try, when, and how they are worded."""

from __future__ import annotations

import random
import ssl
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

import msgspec
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from mlflow._core.clock import now_ms
from mlflow._http.connection import BadReplyError
from mlflow._http.errors import TransportError, summary_of
from mlflow.environment_variables import (
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR,
    MLFLOW_HTTP_REQUEST_BACKOFF_JITTER,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES,
    MLFLOW_HTTP_REQUEST_TIMEOUT,
    MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER,
    MLFLOW_TRACKING_SERVER_CERT_PATH,
)

if TYPE_CHECKING:
    from mlflow._http.address import Address
    from mlflow._http.reply import Reply

# Answers that say: not now.
RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
# Those of them that say that nothing was done.
_REFUSALS: Final = frozenset({429, 503})
# Names of errors that a server answers with 500 when it has no better one.
_UNNAMED: Final = frozenset({"INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE", "IO_ERROR"})
_MAX_WAIT_SECONDS: Final = 120.0
# A failure inside the server is mostly one for good, not worth minutes of waiting.
_MAX_RETRIES_OF_500: Final = 2
_FAILED_INSIDE: Final = 500
_random: Final = random.SystemRandom()

FAULTS: Final = (OSError, HTTPError, BadReplyError)


class NotConnectedError(OSError):
    """No connection came about, so no request was sent; the cause says why."""


@dataclass(slots=True)
class Fault:
    """Why a try failed.

    Attributes:
        text: For the message.
        status: The HTTP status of the answer, None when there was none.
        maybe_done: Whether the server may have done what was asked.
        is_final: Whether another try would fail as well.
        retry_after: Seconds that the server asks to wait.
    """

    text: str
    status: int | None = None
    maybe_done: bool = True
    is_final: bool = False
    retry_after: float | None = None


def fault_of(error: BaseException) -> Fault:
    """Return what an exception of a try says."""
    is_connected = not isinstance(error, NotConnectedError)
    cause: BaseException = error if is_connected else error.__cause__ or error
    if isinstance(cause, NewConnectionError):
        cause = cause.__cause__ or cause  # urllib3's own text shows its objects
    is_final = isinstance(cause, ssl.SSLCertVerificationError)
    if is_final:
        text = (
            f"the server's certificate is not trusted ({cause}); "
            f"{MLFLOW_TRACKING_SERVER_CERT_PATH.name} names the certificate of its issuer"
        )
    elif isinstance(cause, (TimeoutError, ConnectTimeoutError)):
        text = "no answer in time" if is_connected else "no connection in time"
    else:
        text = str(cause) or type(cause).__name__
    return Fault(text, maybe_done=is_connected, is_final=is_final)


def refusal_of(reply: Reply) -> Fault | None:
    """Return what an answer says that means: not now; None for every other answer.

    An error with a name of its own is an answer, whatever its status: to ask again would change
    nothing.
    """
    if reply.status not in RETRIED:
        return None
    code, message = "", ""
    try:
        fields = msgspec.json.decode(reply.body, type=dict)
        code, message = str(fields.get("error_code", "")), str(fields.get("message", ""))
    except msgspec.DecodeError:
        pass
    if reply.status == _FAILED_INSIDE and code and code not in _UNNAMED:
        return None
    said = f"{code}: {message}"[:1000] if code else summary_of(reply.body)
    return Fault(
        f"the server answered with status {reply.status} and {said}",
        status=reply.status,
        maybe_done=reply.status not in _REFUSALS,
        retry_after=_retry_after(reply.headers.get("retry-after")),
    )


def _retry_after(text: str | None) -> float | None:
    if not text or not MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER.get():
        return None
    if text.isdecimal():
        return min(float(text), _MAX_WAIT_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp() - now_ms() / 1000
    return min(max(0.0, seconds), _MAX_WAIT_SECONDS)


def wait_before_next(
    fault: Fault, tries: int, retries: int | None, *, is_repeatable: bool
) -> float | None:
    """Return how many seconds to wait before another try; None for no more tries.

    Args:
        fault: What came of the last try.
        tries: How many there were.
        retries: How many there may be after the first; what the environment says when None.
        is_repeatable: Whether the server may get the request twice.
    """
    if fault.is_final or (fault.maybe_done and not is_repeatable):
        return None
    limit = MLFLOW_HTTP_REQUEST_MAX_RETRIES.get() if retries is None else retries
    if fault.status == _FAILED_INSIDE:
        limit = min(limit, _MAX_RETRIES_OF_500)
    if tries > limit:
        return None
    if fault.retry_after is not None:
        # Longer each time: a server that still refuses has more clients than it can serve, and
        # not all clients at once.
        wait = fault.retry_after * 2.0 ** (tries - 1)
        return min(wait + _random.random() * max(0.1, wait / 2), _MAX_WAIT_SECONDS)
    # The first at once, then doubling, as the recorded variables are understood.
    factor = MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR.get()
    wait = 0.0 if tries == 1 else float(factor * 2 ** (tries - 1))
    jitter = MLFLOW_HTTP_REQUEST_BACKOFF_JITTER.get() * (0.1 if tries == 1 else 1.0)
    return min(wait + _random.random() * jitter, _MAX_WAIT_SECONDS)


def error_of_fault(
    address: Address, request: str, fault: Fault, *, tries: int, seconds: float
) -> TransportError:
    """Return the error that a caller sees after the last try.

    Args:
        address: The server.
        request: Method and path.
        fault: What came of the last try.
        tries: How many there were.
        seconds: How long they took.
    """
    method, _, path = request.partition(" ")
    target = f"{address.origin}{address.path}{path.partition('?')[0]}"
    tried = "one try" if tries == 1 else f"{tries} tries in {seconds:.1f} s"
    advice = (
        ""
        if fault.is_final
        else f" Check that a tracking server answers at {address.origin}{address.path}/health; "
        f"{MLFLOW_HTTP_REQUEST_MAX_RETRIES.name} and"
        f" {MLFLOW_HTTP_REQUEST_TIMEOUT.name} say how patient requests are."
    )
    return TransportError(
        f"API request to {target} failed ({method}, {tried}): {fault.text}.{advice}",
        fault.status,
        maybe_done=fault.maybe_done,
    )
