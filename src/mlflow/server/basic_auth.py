"""Names and passwords from a file of hashes: ``--basic-auth-file``.

A line is ``name:$scrypt$ln=14,r=8,p=1$salt$hash``. A password costs 30 ms to check, so a good one
is remembered for a minute under a keyed hash, and a bad one makes its sender wait.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final, NamedTuple

from mlflow._asgi.errors import RequestRefused
from mlflow._core.clock import monotonic
from mlflow.exceptions import REQUEST_LIMIT_EXCEEDED, UNAUTHENTICATED, MlflowException
from mlflow.server.sessions import fingerprint, session_of

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow._asgi.request import Request
    from mlflow.server.state import ServerState

_LOG_N: Final = 14  # 16 MiB and some 30 ms a password
_R: Final = 8
_P: Final = 1
_MAX_LOG_N: Final = 20
_MAX_R_P: Final = 32
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_MAX_MEMORY: Final = 1 << 30
_REMEMBER_SECONDS: Final = 60.0
_MAX_REMEMBERED: Final = 4096
_FAILURES_HERE: Final = 5  # of a name from one address
_FAILURES_ANYWHERE: Final = 20  # of a name
_HASHED_AT_ONCE: Final = 2
_WINDOW_SECONDS: Final = 60.0
_MAX_WATCHED: Final = 4096
_MAX_HEADER: Final = 4096


class _Hash(NamedTuple):
    log_n: int
    r: int
    p: int
    salt: bytes
    digest: bytes


def hash_password(password: str) -> str:
    """Return the hash of a password as a line of the file holds it.

    Raises:
        MlflowException: it is shorter than 12 characters.
    """
    if len(password) < 12:  # noqa: PLR2004 - the rule is said in the message
        raise MlflowException.invalid_parameter_value("A password needs at least 12 characters.")
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _digest(password.encode(), _Hash(_LOG_N, _R, _P, salt, b"\0" * _HASH_BYTES))
    return f"$scrypt$ln={_LOG_N},r={_R},p={_P}${_text(salt)}${_text(digest)}"


def read_hashes(path: Path) -> dict[str, _Hash]:
    """Return the hash of each name in a file.

    Raises:
        MlflowException: it cannot be read, a line is malformed, or there is none.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MlflowException.invalid_parameter_value(
            f"The file of passwords cannot be read: {error}"
        ) from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, text = line.strip().partition(":")
        one = _parse(text)
        if not name or one is None or name in found:
            raise MlflowException.invalid_parameter_value(
                f"Line {number} of {str(path)!r} is no 'name:hash' with a new name. Make one with"
                " `mlflow server hash-password --user NAME`."
            )
        found[name] = one
    if not found:
        raise MlflowException.invalid_parameter_value(f"{str(path)!r} names nobody.")
    return found


def _parse(text: str) -> _Hash | None:
    try:
        empty, kind, costs, salt, digest = text.split("$")
        log_n, r, p = (int(part.split("=")[1]) for part in costs.split(","))
        one = _Hash(log_n, r, p, _bytes(salt), _bytes(digest))
    except (ValueError, IndexError, binascii.Error):
        return None
    small = 1 <= log_n <= _MAX_LOG_N and 1 <= r <= _MAX_R_P and 1 <= p <= _MAX_R_P
    costly = not small or 128 * r << log_n > _MAX_MEMORY // 4
    return None if empty or kind != "scrypt" or costly or not one.digest else one


def _digest(password: bytes, one: _Hash) -> bytes:
    return hashlib.scrypt(
        password,
        salt=one.salt,
        n=1 << one.log_n,
        r=one.r,
        p=one.p,
        maxmem=_MAX_MEMORY,
        dklen=len(one.digest),
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


class BasicAuth:
    """Asks for a name and a password, and slows those down who guess."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Args:
            path: Lines of ``name:hash``.

        Raises:
            MlflowException: the file is wrong.
        """
        self._hashes: Final = read_hashes(path)
        # What a name that nobody has costs to refuse: as much as a wrong password.
        self._nobody: Final = next(iter(self._hashes.values()))
        self._secret: Final = secrets.token_bytes(32)
        self._good: dict[bytes, tuple[str, float]] = {}
        self._failures: dict[str, list[float]] = {}
        self._hashing: Final = asyncio.Semaphore(_HASHED_AT_ONCE)

    async def check(self, request: Request, state: ServerState) -> None:
        """Set the request's user.

        Raises:
            RequestRefused: no name and password that fit (401), or too many wrong ones (429).
        """
        header = request.headers.get("authorization", "")
        if not header and (session := await session_of(request, state)) is not None:
            name, password = session
            stored = self._hashes.get(name)
            if stored is not None and hmac.compare_digest(fingerprint(stored.digest), password):
                request.user = name
                return
        key = hmac.digest(self._secret, header.encode("latin-1"), "sha256")
        now = monotonic()
        known = self._good.get(key)
        if known is not None and known[1] > now:
            request.user = known[0]
            return
        pair = _credentials(header)
        if pair is None:
            raise _unauthenticated(request)
        await self.prove(*pair, request, state)
        if len(self._good) >= _MAX_REMEMBERED:
            self._good.clear()
        self._good[key] = (pair[0], now + _REMEMBER_SECONDS)
        request.user = pair[0]

    async def prove(
        self, name: str, password: bytes, request: Request, state: ServerState
    ) -> bytes:
        """Return the stored hash of a password that fits its name.

        Raises:
            RequestRefused: they do not fit (401), or too many did not (429).
        """
        here = f"{name} from {request.client}"
        stored = self._hashes.get(name)
        async with self._hashing:
            self._refuse_guesser(here, _FAILURES_HERE)
            self._refuse_guesser(name, _FAILURES_ANYWHERE)
            digest = await state.run_in_pool(lambda: _digest(password, stored or self._nobody))
        if stored is None or not hmac.compare_digest(digest, stored.digest):
            self._note_failure(here)
            self._note_failure(name)
            raise _unauthenticated(request)
        return stored.digest

    def _refuse_guesser(self, who: str, allowed: int) -> None:
        now = monotonic()
        recent = [time for time in self._failures.get(who, ()) if now - time < _WINDOW_SECONDS]
        if len(recent) < allowed:
            return
        wait = max(1, round(_WINDOW_SECONDS - (now - recent[-allowed])))
        raise RequestRefused(
            "Too many wrong passwords. Wait before you try again.",
            REQUEST_LIMIT_EXCEEDED,
            status=429,
            headers=(("retry-after", str(wait)),),
        )

    def _note_failure(self, who: str) -> None:
        if len(self._failures) >= _MAX_WATCHED:
            for one in list(self._failures)[: _MAX_WATCHED // 2]:  # the oldest
                del self._failures[one]
        self._failures[who] = [*self._failures.get(who, ())[-_FAILURES_ANYWHERE:], monotonic()]


def _credentials(header: str) -> tuple[str, bytes] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic" or len(header) > _MAX_HEADER:
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        return (name.decode("utf-8"), password) if colon else None
    except (binascii.Error, ValueError):
        return None


def _unauthenticated(request: Request) -> RequestRefused:
    # Of a page's own request a browser would ask in a window of its own; the page has a form.
    is_of_page = request.headers.get("sec-fetch-mode", "navigate") != "navigate"
    challenge = "Session" if is_of_page else 'Basic realm="mlflow", charset="UTF-8"'
    return RequestRefused(
        "You are not authenticated. Send a name and a password, for example with"
        " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
        UNAUTHENTICATED,
        status=401,
        headers=(("www-authenticate", challenge),),
    )
