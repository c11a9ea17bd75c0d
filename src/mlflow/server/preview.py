"""Files shown in the browser, where no script of theirs can reach this server or another one.

An address is signed, lives for minutes, and is answered with a policy under which a page runs in
an origin of its own and connects to nothing.
"""

from __future__ import annotations

from functools import partial
from mimetypes import guess_type
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlflow._asgi.response import Answer, Response
from mlflow._core.clock import now_ms
from mlflow._core.paths import split_path
from mlflow._wire.artifact_messages import CreatePreview, Preview
from mlflow._wire.codec import decode_json, encode_json, require
from mlflow._wire.permissions import ANYONE, EXPERIMENT_READ
from mlflow.exceptions import MlflowException
from mlflow.server.dispatch import Route
from mlflow.server.transfers import disposition, safe_type, send_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow._asgi.request import Request
    from mlflow.server.artifacts import Place
    from mlflow.server.state import ServerState

_PURPOSE: Final = "preview"
_SECONDS: Final = 300
POLICY: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:;"
    " style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; font-src data:;"
    " connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
# The readers of PDFs that browsers have do not run in a sandbox. The type is fixed and never
# guessed from the content, so that what is shown is a document and no page of this origin.
_DOCUMENT_POLICY: Final = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
_DOCUMENTS: Final = frozenset({"application/pdf"})
_PAGES: Final = frozenset({"text/html", "image/svg+xml"})


def routes(prefix: str) -> Iterator[Route]:
    """Yield the rows of previews.

    Args:
        prefix: Before their paths.
    """
    yield Route("POST", f"{prefix}/artifacts/previews", create, EXPERIMENT_READ)
    yield Route("GET", f"{prefix}/previews/{{ticket}}/{{name}}", show, ANYONE)


async def create(request: Request, state: ServerState) -> Answer:
    """Sign an address for a file that the caller may read."""
    ask = decode_json(CreatePreview, await request.body(state.settings.body_limit))
    require(ask, ("path",))
    if bool(ask.run_id) == bool(ask.model_id):
        raise MlflowException.invalid_parameter_value(
            "Exactly one of 'run_id' and 'model_id' must be given."
        )
    fields = {"run": ask.run_id or "", "model": ask.model_id or "", "path": ask.path or ""}
    place = await state.run_in_pool(partial(_place, state, fields))
    await state.run_in_pool(partial(place.files.stat, place.path))
    ticket = await state.run_in_pool(
        partial(state.artifacts.signer.seal, _PURPOSE, fields, seconds=_SECONDS)
    )
    name = quote(split_path(place.path)[1], safe="")
    base = request.raw_path.removesuffix("/artifacts/previews")
    url = f"{state.settings.static_prefix}{base}/previews/{ticket}/{name}"
    return Response(encode_json(Preview(url=url, expires_at=now_ms() + _SECONDS * 1000)))


def _place(state: ServerState, fields: dict[str, str]) -> Place:
    service = state.artifacts
    root = service.of_model(fields["model"]) if fields["model"] else service.of_run(fields["run"])
    found: Place = root.below(fields["path"])
    return found


async def show(request: Request, state: ServerState) -> Answer:
    """Answer with a file whose address was signed, to be shown."""
    ticket = request.params["ticket"]
    fields = await state.run_in_pool(partial(state.artifacts.signer.open, _PURPOSE, ticket))
    place = await state.run_in_pool(partial(_place, state, fields))
    name = split_path(place.path)[1]
    guessed = guess_type(name)[0] or ""
    kind = guessed if guessed in _PAGES else safe_type(name)
    headers = (
        ("content-disposition", disposition(name, kind="inline")),
        ("content-security-policy", _DOCUMENT_POLICY if kind in _DOCUMENTS else POLICY),
        ("referrer-policy", "no-referrer"),
    )
    utf8 = "; charset=utf-8" if kind.startswith("text/") else ""
    return await send_file(request, state, place, headers=headers, content_type=kind + utf8)
