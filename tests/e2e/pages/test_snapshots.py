"""Pictures of the main pages in both themes, kept under review beside this file.

A picture is compared by the mean brightness of its tiles, so that another machine's fonts pass and
a page without its charts, or in another theme, does not. `HEADRACE_UPDATE_SNAPSHOTS=1` renews it.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import mlflow
from tests.e2e.browsers import until
from tests.e2e.pages.looks import DESK, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.servers import Served

FOLDER = Path(__file__).parent / "snapshots"
TILE = 20  # pixels of a side
MEAN = 4.0  # of 255: how far tiles may differ on average
FAR = 40.0  # a tile that differs by more is another one
FAR_SHARE = 0.05
PAGES = {
    "experiments": "experiments",
    "runs": "experiments/1",
    "run": "experiments/1/runs/{run}",
    "run-charts": "experiments/1/runs/{run}?tab=charts",
    "files": "experiments/1/runs/{odd}?tab=artifacts",
    "compare": "compare-runs?runs={run},{other}",
    "models": "models",
    "model": "models/churn",
    "settings": "settings",
    "empty": "experiments/2",
}


def _taken(browser: Browser, address: str, scheme: Any, size: Any) -> Image.Image:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    taken = page.screenshot(animations="disabled")
    context.close()
    return Image.open(io.BytesIO(taken)).convert("L")


def _tiles(picture: Image.Image) -> Any:
    width, height = picture.size
    small = picture.resize((width // TILE, height // TILE), Image.Resampling.BOX)
    return np.asarray(small, float)


def unlike(one: Image.Image, other: Image.Image) -> str | None:
    """Say how two pictures differ, where they do."""
    if one.size != other.size:
        return f"the size is {one.size}, not {other.size}"
    apart = np.abs(_tiles(one) - _tiles(other))
    if apart.mean() > MEAN:
        return f"tiles differ by {apart.mean():.1f} of 255 on average"
    share = (apart > FAR).mean()
    return f"{share:.0%} of the tiles are others" if share > FAR_SHARE else None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_was_left(
    server: Served, browser: Browser, name: str, scheme: str
) -> None:
    """The page's picture is the one that was looked at and kept."""
    _check(server, browser, name, scheme, DESK)


@pytest.mark.parametrize("name", ["runs", "run"])
def test_a_page_on_a_phone_looks_as_it_was_left(
    server: Served, browser: Browser, name: str
) -> None:
    """The narrow page's picture is the one that was looked at and kept."""
    _check(server, browser, name, "light", PHONE)


def _kept(name: str, scheme: str, size: Any) -> Image.Image:
    file = FOLDER / f"{name}-{scheme}-{size['width']}.png"
    whole = (size["width"], size["height"])
    return Image.open(file).convert("L").resize(whole, Image.Resampling.BOX)


def _check(server: Served, browser: Browser, name: str, scheme: str, size: Any) -> None:
    client = mlflow.MlflowClient(server.url)
    odd, *runs = (run.info.run_id for run in client.search_runs(["1"]))
    path = PAGES[name].format(run=runs[0], other=runs[9], odd=odd)
    address = f"{server.url}/#/{path}"
    if os.environ.get("HEADRACE_UPDATE_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        taken = _taken(browser, address, scheme, size)
        # Sixteen greys in half the size: enough to look at, and some kilobytes.
        half = taken.resize((taken.width // 2, taken.height // 2), Image.Resampling.BOX)
        half.quantize(16).save(FOLDER / f"{name}-{scheme}-{size['width']}.png", optimize=True)
    kept = _kept(name, scheme, size)
    # Charts are painted some time after the page is quiet.
    until(lambda: unlike(_taken(browser, address, scheme, size), kept), None)


def test_a_page_without_its_content_is_another(server: Served, browser: Browser) -> None:
    """The comparison tells pages and themes apart."""
    address = f"{server.url}/#/experiments/1"
    runs = _kept("runs", "light", DESK)
    assert unlike(runs, runs) is None
    assert unlike(runs, _taken(browser, address, "dark", DESK)) is not None
    assert unlike(runs, _taken(browser, f"{address}?view=table", "light", DESK)) is not None
    assert unlike(runs, _taken(browser, f"{server.url}/#/models", "light", DESK)) is not None
