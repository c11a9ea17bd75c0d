"""Files of the web interface as routes."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlflow._wire.permissions import ANYONE
from mlflow.server.app import create_app
from mlflow.server.pages import page_routes
from mlflow.server.settings import ServerSettings
from mlflow.server.static import NO_PAGES

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class _Asked:
    """The part of a request that matters."""

    headers: dict[str, str] = field(default_factory=dict)
    scheme: str = "http"


def test_a_folder_without_pages_gives_no_routes(tmp_path: Path) -> None:
    """Then the server answers with a page that says so, and where the API is."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "lost.js").write_text("1")
    assert list(page_routes(tmp_path)) == []
    settings = ServerSettings(backend_store_uri=f"sqlite:///{tmp_path / 'a.db'}")
    app: Any = create_app(settings)
    asked: Any = _Asked({"host": "<b>"})
    page: Any = asyncio.run(_answer(NO_PAGES[0].handler, asked, app.state))
    app.state.close()
    assert b"were not built" in page.body
    assert b"/api/openapi.json" in page.body
    assert b"<b>" not in page.body


async def _answer(handler: Any, asked: Any, state: Any) -> Any:
    return await handler(asked, state)


def test_pages_are_open_and_notes_of_the_build_are_not_sent(tmp_path: Path) -> None:
    """What is sent, as what, to whom; notes of the build and unknown kinds are not."""
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "icon.svg", "made-of.txt", "assets/a.js", "assets/a.js.br"):
        (tmp_path / name).write_text("some text that is long" if name.endswith("js") else "short")
    (tmp_path / "assets" / "b.js.gz").write_bytes(gzip.compress(b"text " * 20))
    routes = {route.path: route for route in page_routes(tmp_path)}
    assert {path: route.permission for path, route in routes.items()} == {
        "/": ANYONE,
        "/icon.svg": ANYONE,
        "/assets/a.js": ANYONE,
        "/assets/b.js": ANYONE,
    }
    asked: Any = _Asked({"accept-encoding": "gzip;q=1, br"})
    script: Any = asyncio.run(_answer(routes["/assets/a.js"].handler, asked, None))
    assert script.body == b"short"
    assert (b"content-encoding", b"br") in script.headers
    plain: Any = asyncio.run(_answer(routes["/assets/a.js"].handler, _Asked(), None))
    assert plain.body == b"some text that is long"
    whole: Any = asyncio.run(_answer(routes["/assets/b.js"].handler, _Asked(), None))
    assert whole.body == b"text " * 20
    asked = _Asked({"accept-encoding": "gzip, br"})
    packed: Any = asyncio.run(_answer(routes["/assets/b.js"].handler, asked, None))
    assert gzip.decompress(packed.body) == whole.body
