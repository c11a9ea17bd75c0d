"""Runs side by side in the browser."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import mlflow
from mlflow.entities import Metric, Param
from tests.e2e.pages.looks import HOSTILE, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.servers import Served


def _runs(server: Served, many: int, keys: int = 3) -> list[str]:
    client = mlflow.MlflowClient(server.url)
    name = f"compared {len(client.search_experiments())}"
    experiment = client.create_experiment(name)
    ids = []
    for number in range(many):
        run = client.create_run(experiment, run_name=f"one {number}").info.run_id
        metrics = [Metric(f"m{key}", number + key, 0, 0) for key in range(keys)]
        params = [Param("same", "x"), Param("lr", str(0.1 * (number + 1)))]
        client.log_batch(run, metrics=metrics, params=params)
        ids.append(run)
    return ids


def _keep(server: Served, run_id: str, name: str, content: bytes) -> None:
    document = {
        "run_id": run_id,
        "name": name,
        "content": b64encode(content).decode(),
        "content_type": "text/plain",
    }
    path = f"{server.prefix}/api/headrace/runs/log-documents"
    assert server.ask("POST", path, {"documents": [document]}).status == 200


def _environment(commit: str, *packages: str) -> bytes:
    return msgspec.json.encode(
        {
            "python": {"version": "3.12.1", "implementation": "CPython", "executable": "/p"},
            "command": ["python", "train.py"],
            "packages": packages,
            "git": {"commit": commit, "branch": "main", "dirty": True},
        }
    )


def _open(page: Page, server: Served, ids: list[str], more: str = "") -> None:
    page.goto(f"{server.url}/#/compare-runs?runs={','.join(ids)}{more}")


def _violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def _row(page: Page, key: str) -> Any:
    return page.get_by_role("row", name=re.compile(f"^{key}"))


def test_ticked_runs_are_compared(server: Served, page: Page) -> None:
    """Ticked with shift: what differs, how far from a baseline, at an address to share."""
    page.goto(f"{server.url}/#/experiments/1?order=metrics.accuracy+DESC")
    page.get_by_role("checkbox", name="Choose run 29").click()
    page.get_by_role("checkbox", name="Choose run 27").click(modifiers=["Shift"])
    page.get_by_role("link", name="Compare 3").click()
    expect(page.get_by_role("heading", name="Compare 3 runs")).to_be_visible()
    accuracy = _row(page, "accuracy")
    expect(accuracy).to_contain_text("0.9333 \u22120.03333 (\u22123.45 %)")
    expect(_row(page, "same")).to_have_count(0)
    page.get_by_role("button", name="Differences only").click()
    expect(_row(page, "same")).to_be_visible()
    page.get_by_role("button", name="Make baseline").last.click()
    expect(accuracy).to_contain_text("0.9667 +0.06667 (+7.41 %)")
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(_row(other, "accuracy")).to_contain_text("+7.41 %")
    page.get_by_role("link", name="Charts").click()
    expect(page.locator(".card canvas").first).to_be_visible()


def test_lines_are_found_and_judged(server: Served, page: Page) -> None:
    """One field finds keys and values; colours come when somebody says which way is better."""
    ids = _runs(server, 3)
    _open(page, server, ids)
    expect(_row(page, "m0")).to_contain_text("+1")
    expect(page.locator(".sheet .good, .sheet .bad")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Which way m0 is better")).click()
    expect(_row(page, "m0").locator(".bad")).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Which way m0 is better")).press("Enter")
    expect(_row(page, "m0").locator(".good")).to_have_count(2)
    page.get_by_role("searchbox", name="Find keys and values").fill("0.2")
    expect(_row(page, "lr")).to_be_visible()
    expect(_row(page, "m0")).to_have_count(0)
    page.reload()
    expect(_row(page, "lr")).to_be_visible()
    page.get_by_role("searchbox", name="Find keys and values").fill("m0")
    expect(_row(page, "m0").locator(".good")).to_have_count(2)
    page.get_by_role("searchbox", name="Find keys and values").fill("nothing has this")
    expect(page.get_by_role("heading", name="Nothing is called so")).to_be_visible()
    assert _violations(page) == []


def test_runs_come_and_go(server: Served, page: Page) -> None:
    """One is added by its name and removed again; the address says which are there."""
    ids = _runs(server, 4)
    _open(page, server, ids[:2])
    page.get_by_role("button", name="Add a run").press("Enter")
    page.get_by_role("searchbox", name="Find runs by name").fill("one 3")
    page.get_by_role("button", name=re.compile("one 3")).press("Enter")
    expect(page.get_by_role("heading", name="Compare 3 runs")).to_be_visible()
    expect(page).to_have_url(re.compile(ids[3]))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove one 0").click()
    expect(page.get_by_role("heading", name="Compare 2 runs")).to_be_visible()
    expect(page).not_to_have_url(re.compile(ids[0]))
    expect(page.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)


def test_fifty_runs_are_only_drawn_where_one_looks(server: Served, page: Page) -> None:
    """Fifty runs of a thousand keys: the last column and the last row are a scroll away."""
    ids = _runs(server, 51, keys=1000)
    _open(page, server, ids)
    expect(page.get_by_role("heading", name="Compare 50 runs")).to_be_visible()
    sheet = page.get_by_role("table", name="Comparison")
    expect(_row(page, "m0")).to_be_visible()
    assert sheet.get_by_role("columnheader").count() < 20
    assert sheet.get_by_role("row").count() < 80
    sheet.evaluate("one => one.scrollTo(one.scrollWidth, one.scrollHeight)")
    expect(sheet.get_by_role("link", name="one 49")).to_be_visible()
    expect(_row(page, "lr")).to_be_visible()
    assert sheet.get_by_role("cell").count() < 1200


def test_code_and_packages_are_told_apart(server: Served, page: Page) -> None:
    """Commits, the difference of what was not committed, and packages that changed."""
    one, two = ids = _runs(server, 2)
    _keep(server, one, "environment.json", _environment("aaa111", "numpy==2.0", "torch==2.9"))
    _keep(server, two, "environment.json", _environment("bbb222", "numpy==2.1", "torch==2.9"))
    _keep(server, one, "git.diff", f"@@ -1 +1 @@\n-a\n+b\n {HOSTILE}\n".encode())
    _keep(server, two, "git.diff", f"@@ -1 +1 @@\n-a\n+c\n {HOSTILE}\n".encode())
    _open(page, server, ids, "&tab=code")
    expect(_row(page, "commit")).to_contain_text("bbb222")
    expect(_row(page, "branch")).to_have_count(0)
    expect(page.get_by_text("git diff aaa111 bbb222")).to_be_visible()
    expect(page.locator(".line-added")).to_have_text("++c")
    expect(page.locator(".line-removed")).to_have_text("-+b")
    assert _violations(page) == []
    page.get_by_role("link", name="Packages").click()
    expect(_row(page, "numpy")).to_contain_text("2.1")
    expect(_row(page, "torch")).to_have_count(0)
    page.get_by_role("button", name="Differences only").click()
    expect(_row(page, "torch")).to_be_visible()
    assert _violations(page) == []
    assert page.title() == "Headrace"


def test_a_file_side_by_side(server: Served, page: Page) -> None:
    """The files of all runs are one tree; a chosen one is shown as each run has it."""
    client = mlflow.MlflowClient(server.url)
    one, two, three = ids = _runs(server, 3)
    for number, run in enumerate((one, two)):
        client.log_image(run, np.full((6, 6, 3), number * 99, "uint8"), "figures/loss.png")
    client.log_text(three, HOSTILE, "notes.txt")
    _open(page, server, ids, "&tab=artifacts")
    page.get_by_role("treeitem", name="figures").click()
    page.get_by_role("treeitem", name="loss.png").click()
    pictures = page.get_by_role("img", name="loss.png")
    expect(pictures).to_have_count(2)
    expect(page.get_by_text("Not in one 2.")).to_be_visible()
    sources = pictures.evaluate_all("all => all.map(one => one.src)")
    assert [run in source for run, source in zip((one, two), sources, strict=True)] == [True] * 2
    page.get_by_role("treeitem", name="notes.txt").click()
    expect(page.get_by_role("region", name="Content of notes.txt")).to_contain_text("onerror")
    assert page.title() == "Headrace"
    assert _violations(page) == []


def test_texts_are_held_against_the_baselines(server: Served, page: Page) -> None:
    """Of a text that several runs have, what differs; another baseline turns it around."""
    client = mlflow.MlflowClient(server.url)
    one, two = ids = _runs(server, 2)
    client.log_text(one, "a\nb\nc\n", "notes.txt")
    client.log_text(two, "a\nB\nc\n", "notes.txt")
    _open(page, server, ids, "&tab=artifacts&path=notes.txt")
    page.get_by_role("button", name="Differences").click()
    expect(page.locator(".line-removed")).to_have_text("-b")
    expect(page.locator(".line-added")).to_have_text("+B")
    _open(page, server, ids, f"&tab=artifacts&path=notes.txt&differences=1&baseline={two}")
    expect(page.locator(".line-removed")).to_have_text("-B")


def test_what_happens_appears(server: Served, page: Page) -> None:
    """A value that is logged while one compares shows, and moves the difference."""
    client = mlflow.MlflowClient(server.url)
    ids = _runs(server, 2)
    _open(page, server, ids)
    expect(page.get_by_title("Live: changes appear by themselves")).to_be_visible()
    expect(_row(page, "m0")).to_contain_text("+1")
    client.log_metric(ids[1], "m0", 16, step=1)
    expect(_row(page, "m0")).to_contain_text("16 +16")


@pytest.mark.parametrize("tab", ["", "&tab=packages", "&tab=code", "&tab=artifacts"])
def test_a_phone_compares(server: Served, browser: Browser, tab: str) -> None:
    """Nothing is wider than the screen, and empty parts say what they would hold."""
    ids = _runs(server, 2)
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    _open(page, server, ids, tab)
    expect(page.get_by_role("navigation", name="Parts of the comparison")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
