"""The web interface: how its files are sent, and what people do with it in a real browser."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import mlflow
from tests.e2e.browsers import until
from tests.e2e.pages.looks import DESK, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.servers import Served


_TINY = 1000  # bytes that compression may make more of


def test_files_are_sent_compressed_and_kept(server: Served) -> None:
    """Assets are kept for ever, the page is asked for again, and no other host is named."""
    index = server.ask("GET", f"{server.prefix}/")
    assert index.headers["cache-control"] == "no-cache"
    assert "default-src 'none'" in index.headers["content-security-policy"]
    assert b"http" not in index.body.replace(b"http-equiv", b"")
    assets = re.findall(r"\./(assets/[\w.-]+)", index.body.decode())
    assert {name.rsplit(".")[-1] for name in assets} == {"js", "css"}
    for name in assets:
        plain = server.ask("GET", f"{server.prefix}/{name}")
        assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "content-encoding" not in plain.headers
        kind = "text/javascript" if name.endswith("js") else "text/css"
        assert plain.headers["content-type"] == f"{kind}; charset=utf-8"
        if len(plain.body) < _TINY:
            continue
        small = server.ask("GET", f"{server.prefix}/{name}", headers={"accept-encoding": "gzip"})
        assert small.headers["content-encoding"] == "gzip"
        assert gzip.decompress(small.body) == plain.body
        least = server.ask(
            "GET", f"{server.prefix}/{name}", headers={"accept-encoding": "gzip, br"}
        )
        assert least.headers["content-encoding"] == "br"
        assert len(least.body) <= len(small.body) < len(plain.body)
    assert server.ask("GET", f"{server.prefix}/made-of.txt").status == 404


def test_from_the_list_to_a_run(server: Served, page: Page) -> None:
    """A newcomer finds the experiment, its runs, what differs, the curves and one run."""
    page.goto(f"{server.url}/")
    page.get_by_role("link", name="digits", exact=True).click()
    expect(page.get_by_text("31 runs")).to_be_visible()
    table = page.get_by_role("table", name="Runs")
    expect(table.get_by_role("columnheader", name="loss")).to_be_visible()
    expect(table.get_by_role("columnheader", name="lr")).to_be_visible()
    expect(table.get_by_role("columnheader", name="same")).to_have_count(0)
    expect(page.locator(".card canvas").first).to_be_visible()
    table.get_by_role("link", name="run 29", exact=True).click()
    expect(page.get_by_role("heading", name="run 29")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("accuracy"))).to_contain_text("0.9667")
    page.get_by_role("link", name="Charts").click()
    expect(page.get_by_role("heading", name="loss")).to_be_visible()
    page.get_by_role("link", name="Console").click()
    expect(page.get_by_text("This run said nothing")).to_be_visible()


def test_an_address_is_the_view(server: Served, page: Page) -> None:
    """Query and order stand in the address, and the same address shows the same runs."""
    page.goto(f"{server.url}/#/experiments/1")
    query = page.get_by_role("combobox", name="Query")
    query.fill("metrics.accuracy > 0.9")
    query.press("Enter")
    expect(page.get_by_text("2 of 31 runs")).to_be_visible()
    page.get_by_role("button", name="accuracy", exact=True).click()
    page.get_by_role("button", name="accuracy", exact=True).click()
    links = page.get_by_role("table").get_by_role("link")
    expect(links).to_have_text(["run 28", "run 29"])
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(other.get_by_role("table").get_by_role("link")).to_have_text(["run 28", "run 29"])
    query.fill("metrics.accuracy >> 1")
    query.press("Enter")
    expect(query).to_have_attribute("aria-invalid", "true")
    query.fill("metrics.accuracy > 5")
    query.press("Enter")
    expect(page.get_by_text("No run matches this query")).to_be_visible()


def test_eyes_choose_what_is_drawn(server: Served, page: Page) -> None:
    """Ten runs are drawn at first; an eye takes one away, and the address says so."""
    page.goto(f"{server.url}/#/experiments/1?order=metrics.accuracy+DESC")
    eye = page.get_by_role("button", name="Show run 29 in charts")
    expect(eye).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[aria-pressed=true].eye")).to_have_count(10)
    eye.click()
    expect(eye).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[aria-pressed=true].eye")).to_have_count(9)
    expect(page).to_have_url(re.compile("eyes="))


def test_nothing_that_was_logged_runs(server: Served, page: Page) -> None:
    """Names, params, tags, notes and files with scripts are text; a page runs in a sandbox."""
    page.goto(f"{server.url}/#/experiments/1")
    page.get_by_role("link", name="<img").click()
    expect(page.get_by_role("heading", name="<img")).to_be_visible()
    expect(page.get_by_role("row", name="lr")).to_contain_text("onerror")
    page.get_by_role("link", name="Artifacts").click()
    page.get_by_role("treeitem", name="notes").click()
    page.get_by_role("treeitem", name="read.md").click()
    expect(page.get_by_role("heading", name="Title")).to_be_visible()
    page.get_by_role("treeitem", name="report.html").click()
    page.get_by_role("button", name="Show the page").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Report")).to_be_visible()
    assert page.title() == "Headrace"
    assert page.evaluate("document.querySelectorAll('.page img, .page script').length") == 0


def test_empty_places_say_what_to_do(server: Served, page: Page) -> None:
    """An experiment without runs shows the lines that fill it; unknown pages lead home."""
    page.goto(f"{server.url}/#/experiments/2")
    expect(page.get_by_text('mlflow.set_experiment("empty")')).to_be_visible()
    page.goto(f"{server.url}/#/nowhere/at/all")
    page.get_by_role("link", name="All experiments").click()
    expect(page.get_by_role("link", name="digits", exact=True)).to_be_visible()


def test_an_experiment_is_made(server: Served, page: Page) -> None:
    """A new one opens; a name that is taken says so."""
    page.goto(f"{server.url}/#/experiments")
    page.get_by_role("button", name="New").click()
    page.keyboard.type("digits")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("already exists")
    page.keyboard.type(" again")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="digits again")).to_be_visible()


def test_models_show_who_moved_what(server: Served, page: Page) -> None:
    """Versions, aliases and their history."""
    page.goto(f"{server.url}/#/models")
    page.get_by_role("link", name="churn", exact=True).click()
    expect(page.get_by_text("@champion moved to version 1")).to_be_visible()


def test_what_happens_appears(server: Served, page: Page) -> None:
    """A new run, its values and its end show without a reload; the scroll stays."""
    client = mlflow.MlflowClient(server.url)
    experiment = client.create_experiment("live")
    first = client.create_run(experiment, run_name="first").info.run_id
    client.log_metric(first, "loss", 0.5, step=0)
    page.goto(f"{server.url}/#/experiments/{experiment}")
    expect(page.get_by_title("Live: changes appear by themselves")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("first"))
    expect(row).to_contain_text("0.5")
    client.log_metric(first, "loss", 0.125, step=1)
    expect(row).to_contain_text("0.125")
    expect(page.locator(".card canvas").first).to_be_visible()
    client.create_run(experiment, run_name="second")
    expect(page.get_by_role("link", name="second")).to_be_visible()
    client.set_terminated(first)
    expect(row.get_by_title("Finished")).to_be_visible()


def test_columns_are_chosen(server: Served, page: Page) -> None:
    """A column that all runs share is hidden until one ticks it; the address keeps it."""
    page.goto(f"{server.url}/#/experiments/1")
    table = page.get_by_role("table", name="Runs")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("searchbox", name="Find metrics and params").fill("sa")
    page.get_by_role("checkbox", name="params.same").check()
    page.keyboard.press("Escape")
    expect(table.get_by_role("columnheader", name="same")).to_be_visible()
    page.reload()
    expect(table.get_by_role("columnheader", name="same")).to_be_visible()
    expect(table.get_by_role("columnheader", name="loss")).to_be_visible()


def test_an_alias_moves_by_keyboard(server: Served, page: Page) -> None:
    """The question says what it leads to now and then; the history has it afterwards."""
    client = mlflow.MlflowClient(server.url)
    client.create_registered_model("moving")
    run = client.search_runs(["1"], max_results=1)[0].info.run_id
    for _ in range(2):
        client.create_model_version("moving", f"runs:/{run}/model", run)
    client.set_registered_model_alias("moving", "prod", "1")
    page.goto(f"{server.url}/#/models/moving")
    page.get_by_role("button", name="Set an alias on version 2").press("Enter")
    page.keyboard.type("prod")
    expect(page.get_by_text("leads to version 1 now, and to version 2")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("@prod moved to version 2")).to_be_visible()
    until(lambda: client.get_model_version_by_alias("moving", "prod").version, "2")
    page.get_by_role("button", name="@prod").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert client.get_model_version_by_alias("moving", "prod").version == "2"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it(server: Served, browser: Browser, scheme: Any) -> None:
    """No page has anything that axe complains about: names, roles, contrast, order."""
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    client = mlflow.MlflowClient(server.url)
    one, two = (run.info.run_id for run in client.search_runs(["1"], max_results=2))
    paths = [
        *("experiments", "experiments/1", "experiments/2", "models", "models/churn", "settings"),
        *(f"experiments/1/runs/{one}{tab}" for tab in ("", "?tab=charts", "?tab=artifacts")),
        f"compare-runs?runs={one},{two}",
    ]
    found = {}
    for path in paths:
        page.goto(f"{server.url}/#/{path}")
        page.wait_for_load_state("networkidle")
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[path] = [(one["id"], one["nodes"][0]["html"]) for one in violations]
    context.close()
    assert found == {}


def test_a_phone_reads_a_run(server: Served, browser: Browser) -> None:
    """Nothing is wider than the screen."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    for path in ("#/experiments", "#/experiments/1", "#/models", "#/settings"):
        page.goto(f"{server.url}/{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    page.goto(f"{server.url}/#/experiments/1")
    page.get_by_role("link", name="run 29", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("accuracy"))).to_be_visible()
    context.close()


def test_settings_are_kept(server: Served, page: Page) -> None:
    """The theme is there again after a reload, before anything is drawn."""
    page.goto(f"{server.url}/#/settings")
    page.get_by_role("button", name="dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.get_by_role("button", name="dark")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("with the interface of MLflow 3.17.2")).to_be_visible()
