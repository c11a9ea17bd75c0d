"""The page of experiments: found, in folders, counted, made, renamed, described, archived."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import mlflow
from tests.e2e.browsers import need_pages, until
from tests.e2e.pages.looks import DESK, HOSTILE, PHONE
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server with experiments in folders, one of them with runs."""
    need_pages()
    with serving(tmp_path_factory.mktemp("experiments")) as served:
        client = mlflow.MlflowClient(served.url)
        for name in ("vision/digits", "vision/deep/cats", "vision/deep/dogs", "alone"):
            client.create_experiment(name, tags={"team": name.partition("/")[0]})
        for number in range(3):
            run = client.create_run("1", run_name=f"run {number}").info.run_id
            client.log_metric(run, "loss", 0.5)
        client.delete_run(run)
        client.create_experiment(HOSTILE, tags={HOSTILE[:50]: HOSTILE})
        yield served


def _table(page: Page) -> Locator:
    return page.get_by_role("table", name="Experiments")


def _do(page: Page, name: str, item: str) -> None:
    """Choose from the menu of a row."""
    page.get_by_role("button", name=f"What to do with {name}", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


def test_folders_open_and_close_and_the_address_keeps_it(server: Served, page: Page) -> None:
    """Slashes make folders with sums; a closed one stays closed after a reload; sought is shown."""
    page.goto(f"{server.url}/#/experiments")
    vision = _table(page).get_by_role("row", name=re.compile("Choose all in vision vision 3"))
    expect(vision).to_contain_text("2")
    cats = page.get_by_role("link", name="cats", exact=True)
    expect(cats).to_be_visible()
    page.get_by_role("button", name="deep 2").click()
    expect(cats).to_have_count(0)
    expect(page.get_by_role("link", name="digits", exact=True)).to_be_visible()
    page.reload()
    deep = page.get_by_role("button", name="deep 2")
    expect(deep).to_have_attribute("aria-expanded", "false")
    expect(cats).to_have_count(0)
    page.get_by_role("searchbox", name="Find experiments").fill("cats")
    expect(page.get_by_role("link", name="vision/deep/cats", exact=True)).to_be_visible()
    expect(page.get_by_text("1 experiment", exact=True)).to_be_visible()


def test_counts_and_activity_without_runs(server: Served, page: Page) -> None:
    """Runs are counted, archived ones apart, with one request that fetches none of them."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/#/experiments")
    row = _table(page).get_by_role("row", name="Choose vision/digits")
    expect(row.get_by_title("and 1 archived run")).to_have_text("2")
    expect(row).to_contain_text(re.compile("ago|now"))
    assert any(url.endswith("/experiments/counts") for url in asked)
    assert not any("runs/" in url for url in asked)


def test_order_is_in_the_address(server: Served, page: Page) -> None:
    """A click on a header orders, folders at the place of their first."""
    page.goto(f"{server.url}/#/experiments?find=team:&order=name+ASC")
    links = _table(page).get_by_role("link")
    expect(links).to_have_text(["alone", "cats", "dogs", "digits"])
    page.get_by_role("button", name="Runs").click()
    expect(links.first).to_have_text("digits")
    expect(page).to_have_url(re.compile(r"order=runs\+DESC"))


def test_a_tag_filters(server: Served, page: Page) -> None:
    """A click on a tag finds those that have it; a second click lets go."""
    page.goto(f"{server.url}/#/experiments")
    page.get_by_role("button", name="team: alone").click()
    expect(page.get_by_role("searchbox", name="Find experiments")).to_have_value("team:alone")
    expect(_table(page).get_by_role("link")).to_have_text(["alone"])
    page.get_by_role("button", name="team: alone").click()
    expect(page.get_by_role("link", name="Default", exact=True)).to_be_visible()


def test_one_is_renamed_in_place_and_back(server: Served, page: Page) -> None:
    """Enter saves, the message takes it back; a name that is taken says so and keeps the text."""
    client = mlflow.MlflowClient(server.url)
    experiment = client.create_experiment("old name")
    page.goto(f"{server.url}/#/experiments")
    _do(page, "old name", "Rename")
    field = page.get_by_role("textbox", name="Name of experiment old name")
    expect(field).to_be_focused()
    page.keyboard.type("alone")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("alone")
    field.fill("new name")
    field.press("Enter")
    expect(page.get_by_role("link", name="new name", exact=True)).to_be_visible()
    until(lambda: client.get_experiment(experiment).name, "new name")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="old name", exact=True)).to_be_visible()
    until(lambda: client.get_experiment(experiment).name, "old name")
    _do(page, "old name", "Rename")
    page.keyboard.type("never")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="old name", exact=True)).to_be_visible()
    client.delete_experiment(experiment)


def test_archived_and_brought_back(server: Served, page: Page) -> None:
    """Several go together, the message takes it back; the archive shows and restores them."""
    client = mlflow.MlflowClient(server.url)
    ids = [client.create_experiment(f"going/{number}") for number in range(3)]
    page.goto(f"{server.url}/#/experiments?find=going")
    links = _table(page).get_by_role("link")
    page.get_by_role("checkbox", name="Choose all in going").check()
    page.get_by_role("button", name="Archive 3").click()
    expect(page.get_by_text("Archived 3 experiments with all runs")).to_be_visible()
    expect(links).to_have_count(0)
    until(lambda: {client.get_experiment(one).lifecycle_stage for one in ids}, {"deleted"})
    page.get_by_role("button", name="Undo").click()
    expect(links).to_have_count(3)
    _do(page, "going/1", "Archive")
    expect(page.get_by_text("Archived “going/1” with all runs")).to_be_visible()
    page.get_by_role("button", name="Archived").click()
    expect(page).to_have_url(re.compile("view=archived"))
    page.get_by_role("button", name="Restore going/1").click()
    expect(page.get_by_text("Restored “going/1” with all runs")).to_be_visible()
    expect(page.get_by_role("button", name="Restore going/1")).to_have_count(0)
    until(lambda: client.get_experiment(ids[1]).lifecycle_stage, "active")
    page.get_by_role("button", name="Archived").click()
    expect(links).to_have_count(3)


def test_several_open_together(server: Served, page: Page) -> None:
    """Those that are ticked open as one page of runs."""
    page.goto(f"{server.url}/#/experiments")
    page.get_by_role("checkbox", name="Choose vision/digits").check()
    page.get_by_role("checkbox", name="Choose alone").check()
    page.get_by_role("link", name="Open 2 together").click()
    expect(page.get_by_text("2 runs")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/(1,4|4,1)(\?|$)"))


def test_tags_and_a_description_are_written(server: Served, page: Page) -> None:
    """What is written is in the list and in the store; a removed tag comes back."""
    client = mlflow.MlflowClient(server.url)
    experiment = client.create_experiment("described")
    page.goto(f"{server.url}/#/experiments?find=described")
    _do(page, "described", "Tags and description")
    dialog = page.get_by_role("dialog", name="About described")
    dialog.get_by_role("button", name="Add a description").click()
    page.keyboard.type("What it is for")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("button", name="Edit the description")).to_be_visible()
    expect(dialog.get_by_text("What it is for")).to_be_visible()
    dialog.get_by_role("button", name="Add a tag").click()
    dialog.get_by_role("textbox", name="Key of the tag").fill("stage")
    dialog.get_by_role("textbox", name="Value of the tag").fill("first")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Edit the tag stage").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("second")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("row", name="stage")).to_contain_text("second")
    written = {"stage": "second", "mlflow.note.content": "What it is for"}
    until(lambda: client.get_experiment(experiment).tags, written)
    dialog.get_by_role("button", name="Remove the tag stage").click()
    expect(dialog.get_by_role("row", name="stage")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="stage: second")).to_be_visible()
    expect(_table(page)).to_contain_text("What it is for")


def test_a_new_one_in_a_folder(server: Served, page: Page) -> None:
    """The folder's menu starts the name; what was made opens."""
    client = mlflow.MlflowClient(server.url)
    for name in ("zoo/deep/apes", "zoo/deep/owls"):
        client.create_experiment(name)
    page.goto(f"{server.url}/#/experiments")
    _do(page, "zoo/deep", "New experiment here")
    field = page.get_by_role("textbox", name="Name")
    expect(field).to_have_value("zoo/deep/")
    field.press("End")
    page.keyboard.type("birds")
    page.get_by_role("textbox", name="Description").fill("Many birds")
    field.press("Enter")
    expect(page.get_by_role("heading", name="zoo/deep/birds")).to_be_visible()
    made = client.get_experiment_by_name("zoo/deep/birds")
    assert made is not None
    assert made.tags == {"mlflow.note.content": "Many birds"}


def test_all_by_keyboard(server: Served, page: Page) -> None:
    """From the search to a row's menu and back without a mouse."""
    page.goto(f"{server.url}/#/experiments?find=digits")
    link = page.get_by_role("link", name="vision/digits", exact=True)
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Archive")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="What to do with vision/digits")).to_be_focused()


def test_hostile_names_are_text(server: Served, page: Page) -> None:
    """Names and tags with scripts are shown in rows, menus, dialogs and messages, and never run."""
    page.goto(f"{server.url}/#/experiments?find=onerror")
    expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
    _do(page, HOSTILE, "Tags and description")
    expect(page.get_by_role("dialog").get_by_role("heading", name=HOSTILE)).to_be_visible()
    page.keyboard.press("Escape")
    _do(page, HOSTILE, "Archive")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
    assert page.title() == "Headrace"
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it(server: Served, browser: Browser, scheme: Any) -> None:
    """The list, its archive, a menu and both dialogs have nothing that axe complains about."""
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    found: list[tuple[str, str, str]] = []

    def look(where: str) -> None:
        violations = Axe().run(page).response["violations"]
        found.extend((where, one["id"], one["nodes"][0]["html"]) for one in violations)

    page.goto(f"{server.url}/#/experiments")
    page.get_by_role("button", name="What to do with alone").click()
    expect(page.get_by_role("menuitem", name="Rename")).to_be_visible()
    look("menu")
    page.get_by_role("menuitem", name="Tags and description").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("details")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("new")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Archived").click()
    expect(page.get_by_role("button", name="Archived")).to_have_attribute("aria-pressed", "true")
    look("archive")
    context.close()
    assert found == []


def test_a_phone_shows_them(server: Served, browser: Browser) -> None:
    """Nothing is wider than the screen, and a name opens its runs."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server.url}/#/experiments")
    page.get_by_role("link", name="digits", exact=True).click()
    expect(page.get_by_role("heading", name="vision/digits")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_ten_thousand_are_carried(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    """All are counted and found, and only those on the screen are in the document."""
    with serving(tmp_path_factory.mktemp("many")) as served:
        client = mlflow.MlflowClient(served.url)
        names = (f"team {number % 7}/experiment {number}" for number in range(10_000))
        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(client.create_experiment, names))) == 10_000
        context = browser.new_context(viewport=DESK)
        page = context.new_page()
        page.goto(f"{served.url}/#/experiments")
        expect(page.get_by_text("10,001 experiments")).to_be_visible(timeout=15_000)
        assert page.get_by_role("row").count() < 100
        page.get_by_role("searchbox", name="Find experiments").fill("experiment 4711")
        expect(page.get_by_role("link", name="team 0/experiment 4711", exact=True)).to_be_visible()
        context.close()
