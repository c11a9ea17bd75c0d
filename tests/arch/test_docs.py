"""The documents are true: every path and variable that they name exists, and none is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mlflow import environment_variables
from tests.arch.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")]
    if path.is_file()
)
_PATH = re.compile(r"(?<![\w./-])((?:src|tests|docs|bench|tools|\.ci)/[\w./-]*[\w/])")
_LINK = re.compile(r"\]\(([^)#\s]+)")
_VARIABLE = re.compile(r"`((?:HEADRACE|MLFLOW)_[A-Z0-9_]+)`")
ARCHITECTURE_LINES = 300
PICTURES_BYTES = 600_000
# Variables of the tests and the benchmarks, which the package does not read.
_OUTSIDE = ("HEADRACE_TEST_", "HEADRACE_UPSTREAM_")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_in_a_document_exist(document: Path) -> None:
    """A path that is written down is there."""
    found = _PATH.findall(document.read_text("utf-8"))
    assert [path for path in found if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(document: Path) -> None:
    """A relative link names a file."""
    links = [link for link in _LINK.findall(document.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_variables_in_a_document_exist(document: Path) -> None:
    """A variable that is written down is a row of the table."""
    names = set(_VARIABLE.findall(document.read_text("utf-8")))
    unknown = {
        name
        for name in names
        if not hasattr(environment_variables, name) and not name.startswith(_OUTSIDE)
    }
    assert unknown == set()


def test_our_own_variables_say_what_they_do() -> None:
    """A variable of ours without a sentence would be undocumented."""
    for name, row in vars(environment_variables).items():
        if name.startswith("HEADRACE_"):
            assert row.__doc__


def test_the_architecture_is_short() -> None:
    """It is read in one sitting."""
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) < ARCHITECTURE_LINES


def test_every_decision_is_listed() -> None:
    """Each page under docs/adr has its line in the list."""
    listed = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    pages = [path.name for path in (ROOT / "docs" / "adr").glob("0*.md")]
    assert pages
    assert [page for page in pages if page not in listed] == []


def test_pictures_of_the_guides_are_shown_and_small() -> None:
    """Each picture has its place in a guide, and a checkout does not carry megabytes of them."""
    pictures = list((ROOT / "docs" / "guides" / "images").glob("*.png"))
    guides = "".join(page.read_text("utf-8") for page in (ROOT / "docs" / "guides").glob("*.md"))
    assert pictures
    assert [one.name for one in pictures if f"](images/{one.name})" not in guides] == []
    assert sum(one.stat().st_size for one in pictures) < PICTURES_BYTES
