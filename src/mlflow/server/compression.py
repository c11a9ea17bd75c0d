"""Large answers to other machines go out compressed, where the client takes that."""

from __future__ import annotations

import gzip
from functools import partial
from typing import TYPE_CHECKING, Final

from mlflow._asgi.security import is_loopback

if TYPE_CHECKING:
    from mlflow._asgi.request import Request
    from mlflow._asgi.response import Response
    from mlflow.server.state import ServerState

COMPRESS_BYTES: Final = 32 * 1024
_KINDS: Final = (b"application/json", b"text/", b"application/javascript")


async def compress(request: Request, answer: Response, state: ServerState) -> None:
    """Compress the body of an answer, unless it stays on this machine or is so already.

    Args:
        request: What is answered.
        answer: Its body is replaced.
        state: Has the threads that do it.
    """
    headers = dict(answer.headers)
    if not headers.get(b"content-type", b"").startswith(_KINDS) or b"content-encoding" in headers:
        return
    answer.headers.append((b"vary", b"Accept-Encoding"))
    taken = {
        part.partition(";")[0].strip()
        for part in request.headers.get("accept-encoding", "").split(",")
        if part.replace(" ", "").partition(";")[2] not in ("q=0", "q=0.0")
    }
    if "gzip" not in taken or is_loopback(request.client):
        return
    answer.body = await state.run_in_pool(partial(gzip.compress, answer.body, 1, mtime=0))
    answer.headers.append((b"content-encoding", b"gzip"))
