"""What surrounds every page: rail, palette, keys, links, messages, a server that goes away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from mlflow.server.basic_auth import hash_password
from tests.e2e.pages.looks import DESK, HOSTILE, PHONE
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page


def _open_palette(page: Page) -> Any:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name=re.compile("^Find experiments"))
    expect(field).to_be_focused()
    return field


def test_everything_is_found_by_its_name(server: Served, page: Page) -> None:
    """Some letters and Enter lead to an experiment, a run, a model, or do something."""
    page.goto(f"{server.url}/#/settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    for typed, entry, heading in (
        ("dgts", "digits", "digits"),
        ("run 29", "run 29 digits", "run 29"),
        ("chur", "churn", "churn"),
    ):
        _open_palette(page).fill(typed)
        option = page.get_by_role("option", name=entry, exact=True)
        expect(option).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
    _open_palette(page).fill("dark theme")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_palette_goes_by_arrows_and_gives_the_focus_back(server: Served, page: Page) -> None:
    """Down and up move the mark around the list; Escape returns to where one was."""
    page.goto(f"{server.url}/#/experiments")
    search = page.get_by_role("searchbox", name="Find experiments")
    search.focus()
    field = _open_palette(page)
    page.keyboard.press("ArrowUp")
    marked = page.locator("[role=option][aria-selected=true]")
    expect(marked).to_have_text(re.compile("^Keys"))
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    field.fill("no such thing anywhere")
    expect(page.get_by_text("Nothing has that name")).to_be_visible()
    page.keyboard.press("Escape")
    expect(search).to_be_focused()


def test_hostile_names_are_text_in_the_palette(server: Served, page: Page) -> None:
    """A run's name with a script is shown as it is."""
    page.goto(f"{server.url}/#/experiments")
    _open_palette(page).fill("onerror")
    expect(page.get_by_role("option", name=HOSTILE)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="<img")).to_be_visible()
    assert page.title() == "Headrace"


def test_keys_lead_everywhere(server: Served, page: Page) -> None:
    """Pairs of keys open pages, / the search, ? the list, [ the rail; none while one types."""
    page.goto(f"{server.url}/#/experiments")
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Models")).to_be_visible()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Find models")
    expect(search).to_be_focused()
    page.keyboard.type("ge?[")
    expect(search).to_have_value("ge?[")
    search.fill("")
    search.blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Go to models"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    rail = page.get_by_role("navigation", name="Headrace")
    narrow = rail.bounding_box()
    page.keyboard.press("[")
    expect(page.get_by_role("button", name="Narrow the rail")).to_be_visible()
    wide = rail.bounding_box()
    assert narrow is not None
    assert wide is not None
    assert (narrow["width"], wide["width"]) == (56, 200)
    page.reload()
    expect(page.get_by_role("button", name="Narrow the rail")).to_be_visible()


def test_a_link_to_the_view_is_copied(server: Served, browser: Browser) -> None:
    """The button puts the address on the clipboard and says so, also where pages may not."""
    context = browser.new_context(viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{server.url}/#/models?find=ch")
    page.get_by_role("button", name="Copy a link").click()
    expect(page.get_by_text("The link to this view is on the clipboard")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.evaluate("navigator.clipboard.writeText('else')")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Copy a link").click()
    page.get_by_role("button", name="Close the message").first.click()
    page.goto(f"{server.url}/?again#/settings")
    assert page.evaluate("navigator.clipboard.readText()").endswith("#/models?find=ch")
    context.close()


def test_a_server_that_goes_away_and_comes_back(server: Served, browser: Browser) -> None:
    """A bar says so, what is shown stays, and the page goes on by itself."""
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{server.url}/#/experiments")
    link = page.get_by_role("link", name="digits", exact=True)
    expect(link).to_be_visible()
    context.set_offline(True)
    bar = page.get_by_role("alert").filter(has_text="The server does not answer")
    expect(bar).to_be_visible()
    expect(link).to_be_visible()
    context.set_offline(False)
    expect(bar).to_have_count(0)
    expect(link).to_be_visible()
    context.close()


def test_text_scales_and_rows_with_it(server: Served, page: Page) -> None:
    """The largest text makes rows higher, in the table's count of pixels too; it is kept."""
    page.goto(f"{server.url}/#/settings")
    page.get_by_role("button", name="largest").click()
    page.goto(f"{server.url}/#/experiments/1")
    rows = page.get_by_role("table", name="Runs").get_by_role("row")
    expect(rows.nth(2)).to_be_visible()
    one, two = rows.nth(1).bounding_box(), rows.nth(2).bounding_box()
    assert one is not None
    assert two is not None
    assert two["y"] - one["y"] == pytest.approx(36.75)
    assert one["height"] == pytest.approx(36.75)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_what_lies_above(server: Served, browser: Browser, scheme: Any) -> None:
    """The palette, the list of keys, a message and the wide rail have nothing that axe minds."""
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server.url}/#/experiments")
    page.keyboard.press("[")
    page.get_by_role("button", name="Copy a link").click()
    found = []
    for key in ("?", "Control+k"):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.get_by_role("dialog").locator("table, [role=option]").first).to_be_visible()
        violations = Axe().run(page).response["violations"]
        found += [(key, one["id"], one["nodes"][0]["html"]) for one in violations]
        page.keyboard.press("Escape")
    context.close()
    assert found == []


def test_a_phone_has_the_rail_below(server: Served, browser: Browser) -> None:
    """The places stand at the lower edge with their names, and nothing is wider than the screen."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server.url}/#/experiments")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("option", name="digits")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="Models")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_one_signs_in_by_a_form_and_out_again(tmp_path: Path, browser: Browser) -> None:
    """A wrong password says so; a right one shows what the address names; settings say who."""
    path = tmp_path / "passwords"
    path.write_text(f"ada:{hash_password('correct horse battery')}\n")
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    with serving(tmp_path, "--basic-auth-file", str(path)) as served:
        page.goto(f"{served.url}/#/models")
        expect(page.get_by_role("heading", name="Sign in to Headrace")).to_be_visible()
        assert Axe().run(page).response["violations"] == []
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill("a wrong password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        page.get_by_label("Password").fill("correct horse battery")
        page.keyboard.press("Enter")
        expect(page.get_by_text("No registered models yet")).to_be_visible()
        page.reload()
        expect(page.get_by_text("No registered models yet")).to_be_visible()
        page.goto(f"{served.url}/#/settings")
        expect(page.get_by_text("Signed in as ada")).to_be_visible()
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in to Headrace")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Sign in to Headrace")).to_be_visible()
    context.close()


def test_settings_say_what_the_server_is(server: Served, page: Page) -> None:
    """Versions, the database, accounts, and that nobody is told."""
    page.goto(f"{server.url}/#/settings")
    expect(page.get_by_text("Its database is SQLite. No telemetry")).to_be_visible()
    expect(page.get_by_text("This server asks for no names and passwords")).to_be_visible()
