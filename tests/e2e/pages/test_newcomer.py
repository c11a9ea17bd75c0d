"""What somebody finds who runs the first command and reads nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.pages.looks import DESK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


@contextmanager
def _demo(folder: Path) -> Iterator[str]:
    """Run the demo until the block ends; yields the address that it says."""
    program = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "demo", "--port", "0", "--no-browser"],
        cwd=folder,
        env={**os.environ, "MLFLOW_TRACKING_URI": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        try:
            assert program.stderr is not None
            said = ""
            while not (found := re.search(r"Look at (\S+)", said)):
                line = program.stderr.readline()
                assert line, said
                said += line
            yield found[1]
            program.send_signal(signal.SIGINT)
            program.communicate(timeout=30)
        except BaseException:
            program.kill()
            raise
    assert program.returncode == 0


def test_a_newcomer_finds_everything(tmp_path: Path, page: Page, browser: Browser) -> None:
    """Runs, curves, pictures, models; two runs compared; an alias moved; a link shared."""
    with _demo(tmp_path) as address:
        page.goto(address)
        expect(page.get_by_text("6 runs")).to_be_visible()
        expect(page.locator(".card canvas").first).to_be_visible()
        page.get_by_role("link", name="wine classifiers").click()
        expect(page.get_by_role("row", name=re.compile("^wine"))).to_contain_text("training")
        page.go_back()
        page.get_by_role("link", name="logistic regression").click()
        expect(page.get_by_text(re.compile(r'load_model\("models:/m-'))).to_be_visible()
        page.go_back()
        _look_at_pictures(page)
        _compare(page, browser, address)
        _move_an_alias(page)
        page.goto("about:blank")  # what follows the server would miss it


def _look_at_pictures(page: Page) -> None:
    page.get_by_role("link", name="digits network 0.01", exact=True).click()
    page.get_by_role("link", name="Charts").click()
    expect(page.locator(".card canvas").first).to_be_visible()
    page.get_by_role("link", name="Images").click()
    expect(page.get_by_text("what the network sees").first).to_be_visible()
    picture = page.get_by_role("main").get_by_role("img").first
    expect(picture).to_be_visible()
    page.get_by_role("link", name="Artifacts").click()
    page.get_by_role("treeitem", name="confusion.png").click()
    picture = page.get_by_role("img", name="confusion.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100


def _compare(page: Page, browser: Browser, address: str) -> None:
    page.goto(address)
    for name in ("random forest", "gradient boosting"):
        page.get_by_role("checkbox", name=f"Choose {name}").check()
    page.get_by_role("link", name="Compare").click()
    heading = page.get_by_role("heading", level=1, name="Compare 2 runs")
    expect(heading).to_be_visible()
    row = page.get_by_role("row", name=re.compile("n_estimators|learning_rate")).first
    expect(row).to_contain_text("0.1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy a link to this view").click()
    expect(page.get_by_text("The link to this view is on the clipboard.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    with browser.new_context(viewport=DESK) as other:
        seen = other.new_page()
        seen.goto(link)
        expect(seen.get_by_role("heading", level=1, name="Compare 2 runs")).to_be_visible()
        expect(seen.get_by_role("row", name=re.compile("learning_rate"))).to_contain_text("0.1")


def _move_an_alias(page: Page) -> None:
    page.get_by_role("link", name="Models").first.click()
    page.get_by_role("link", name="wine-classifier").click()
    page.get_by_role("button", name="Set an alias on version 3").click()
    page.keyboard.type("champion")
    expect(page.get_by_text("leads to version 1 now, and to version 3")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("@champion moved to version 3")).to_be_visible()
