"""A browser for tests: the Chromium of the machine, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import sync_playwright

from mlflow.server.pages import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
