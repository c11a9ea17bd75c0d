"""A browser for tests: the Chromium of the machine, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect, sync_playwright

from mlflow.server.pages import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

# Far more than a page takes where the machine is its own: other tests run beside this one.
_PATIENCE: Final = 20.0
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


def need_pages() -> None:
    """Skip the test where the pages were not built; in CI that is a failure."""
    if not (FOLDER / "index.html").is_file():
        _missing("the web interface was not built: pip install -e . does it")


def _missing(why: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser; without one the test is skipped, in CI it fails."""
    need_pages()
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        _missing("no Chromium is installed")
    expect.set_options(timeout=_PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def until(found: Callable[[], object], wanted: object) -> None:
    """Wait until something is found to be as wanted: what an action leads to may settle after it.

    Args:
        found: Looks.
        wanted: What it is to return.

    Raises:
        AssertionError: It did not within the patience of these tests.
    """
    end = time.monotonic() + _PATIENCE
    while (last := found()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert last == wanted, f"{last!r} is not {wanted!r}"
