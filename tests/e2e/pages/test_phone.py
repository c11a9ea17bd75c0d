"""Pages under a finger: on a phone all that a desk shows is in reach, and large enough to hit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

import mlflow
from tests.e2e.pages.looks import PHONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.e2e.servers import Served

LEAST: Final = 32  # pixels of a target's sides
PAGES: Final = (
    "experiments",
    "experiments/1",
    "experiments/1?view=charts",
    "experiments/1/models",
    "experiments/1/runs/{run}",
    "experiments/1/runs/{run}?tab=charts",
    "experiments/1/runs/{run}?tab=artifacts",
    "compare-runs?runs={run},{other}",
    "models",
    "models/churn",
    "models/churn/versions/1",
    "settings",
)
# A label belongs to its field; what is out of sight, as in a closed menu, cannot be hit.
SMALL: Final = """least => [...document.querySelectorAll(
  'a[href], button, input, select, textarea, summary')].flatMap(one => {
    const isSeen = one.checkVisibility({ visibilityProperty: true }) && !one.closest('.prose');
    const boxes = [one, one.closest('label')].flatMap(box => box?.getBoundingClientRect() ?? []);
    const side = name => Math.max(...boxes.map(box => box[name]));
    const [width, height] = [side('width'), side('height')];
    if (!isSeen || width === 0 || (width >= least && height >= least)) return [];
    return [`${one.getAttribute('aria-label') ?? one.textContent} ${width}x${height}`];
  })"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Return a page on a phone."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


def _more(phone: Page, name: str) -> None:
    phone.get_by_role("button", name="More", exact=True).tap()
    phone.get_by_role("button", name=name).tap()


def test_what_a_bar_has_no_room_for_is_in_a_menu(server: Served, phone: Page) -> None:
    """Columns, Arrange, Views and the models of an experiment open from one button."""
    phone.goto(f"{server.url}/#/experiments/1?view=table")
    for name in ("Columns", "Arrange", "Views"):
        expect(phone.get_by_role("button", name=name)).to_be_hidden()
        _more(phone, name)
        layer = phone.get_by_role("dialog", name=name)
        expect(layer).to_be_in_viewport(ratio=1)
        phone.keyboard.press("Escape")
        expect(layer).to_have_count(0)
        phone.keyboard.press("Escape")
        expect(phone.get_by_role("button", name=name)).to_be_hidden()
    _more(phone, "Columns")
    phone.get_by_role("checkbox", name="params.same").tap()
    expect(phone.get_by_role("checkbox", name="params.same")).to_be_checked()
    phone.reload()
    _more(phone, "Columns")
    expect(phone.get_by_role("checkbox", name="params.same")).to_be_checked()
    phone.reload()
    phone.get_by_role("button", name="More", exact=True).tap()
    phone.get_by_role("main").get_by_role("link", name="Models").tap()
    expect(phone.get_by_text("No models yet")).to_be_visible()
    _more(phone, "Columns")
    expect(phone.get_by_role("dialog", name="Columns")).to_be_visible()


def test_a_phone_goes_to_the_archive_and_back_up(server: Served, phone: Page) -> None:
    """Archived experiments are behind the button too; an arrow leads to what a page is in."""
    phone.goto(f"{server.url}/#/experiments")
    expect(phone.get_by_role("link", name="digits")).to_be_visible()
    _more(phone, "Archived")
    expect(phone.get_by_text("Nothing is archived")).to_be_visible()
    client = mlflow.MlflowClient(server.url)
    run = client.search_runs(["1"], max_results=1)[0].info.run_id
    phone.goto(f"{server.url}/#/experiments/1/runs/{run}")
    phone.get_by_role("link", name="digits").tap()
    expect(phone.get_by_role("table", name="Runs")).to_be_visible()
    phone.get_by_role("link", name="Experiments").first.tap()
    expect(phone.get_by_role("table", name="Experiments")).to_be_visible()


def test_a_finger_changes_colours_columns_and_cards(server: Served, phone: Page) -> None:
    """What a mouse finds on hovering, and by dragging, is in menus that can be seen."""
    phone.goto(f"{server.url}/#/experiments/1?view=table")
    phone.get_by_role("button", name="Menu of run 29").tap()
    phone.get_by_role("menuitem", name="Colour").tap()
    colours = phone.get_by_role("dialog", name="Colour")
    expect(colours).to_be_in_viewport(ratio=1)
    phone.keyboard.press("Escape")
    phone.get_by_role("button", name="Menu of loss").tap()
    expect(phone.get_by_role("menuitemcheckbox", name="Lower is better")).to_be_visible()
    phone.goto(f"{server.url}/#/experiments/1?view=charts")
    cards = phone.get_by_role("article")
    expect(cards.first).to_have_attribute("aria-label", "loss")
    phone.get_by_role("button", name="Options of loss").tap()
    phone.get_by_role("button", name="Move on").tap()
    expect(cards.first).to_have_attribute("aria-label", "accuracy")


@pytest.mark.parametrize("path", PAGES)
def test_a_finger_hits_what_it_wants(server: Served, phone: Page, path: str) -> None:
    """Links, buttons and fields are 32 pixels wide and high at least."""
    client = mlflow.MlflowClient(server.url)
    run, other = (one.info.run_id for one in client.search_runs(["1"], max_results=3)[1:])
    phone.goto(f"{server.url}/#/{path.format(run=run, other=other)}")
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    phone.wait_for_load_state("networkidle")
    expect(phone.locator("[aria-busy=true]")).to_have_count(0)
    assert phone.evaluate(SMALL, LEAST) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
