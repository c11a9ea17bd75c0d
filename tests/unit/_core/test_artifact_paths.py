"""Relative artifact paths: what leaves the root is refused on every operating system."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow._core.paths import canonical_path, join_path, relative_path, split_path
from mlflow.exceptions import MlflowException

ROOT = "/srv/artifacts"

REFUSED = [
    "..",
    "../x",
    "a/../../x",
    "a/..",
    "/etc/passwd",
    "//host/x",
    "C:/Windows/win.ini",
    "C:x",
    "c:",
    "./C:/x",
    "./%43:/x",
    "..\\x",
    "a\\b",
    "\\\\host\\share",
    "a\x00b",
    "a\nb",
    "a\x7f",
    "%2e%2e/x",
    "%2E%2E%2Fx",
    "..%2fx",
    "%2fetc/passwd",
    "a/%2e%2e/%2e%2e/x",
    "%252e%252e/x",
    "%25252e%25252e/x",
    "..%5cx",
    "a%5cb",
    "a%00b",
    "%43:/x",
    "%" + "25" * 12 + "41",
    "x" * 5000,
    None,
    5,
    b"x",
]
ACCEPTED = {
    "a": "a",
    "a/b.txt": "a/b.txt",
    "": "",
    ".": "",
    "./a": "a",
    "a//b": "a/b",
    "a/": "a",
    "a/./b": "a/b",
    "...": "...",
    "..a/b..": "..a/b..",
    "100%": "100%",
    "x%20y": "x%20y",
    "a?b#c;d": "a?b#c;d",
    "a/w:0.png": "a/w:0.png",
    "weights:0": "weights:0",
    "é/😀": "é/😀",
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_can_leave_the_root_is_refused(path: object) -> None:
    """A bad path is an error of the caller that names it and says what to use instead."""
    with pytest.raises(MlflowException, match="Invalid artifact path") as caught:
        relative_path(path)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert "forward slashes" in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(("path", "expected"), ACCEPTED.items())
def test_other_paths_have_one_canonical_form(path: str, expected: str) -> None:
    """Spellings of one path become one text, and that text is its own canonical form."""
    assert relative_path(path) == expected
    assert relative_path(expected) == expected


@pytest.mark.parametrize("path", ["", ".", "./a", "a//b", "a/", "a/./b", "../a"])
def test_a_path_to_write_to_must_be_canonical(path: str) -> None:
    """Names that would be read as other names are not written to."""
    with pytest.raises(MlflowException):
        canonical_path(path)


def test_pure_paths_are_paths() -> None:
    """A path object is as good as text."""
    assert relative_path(PurePosixPath("a/b")) == "a/b"
    assert canonical_path(PurePosixPath("a/b")) == "a/b"


def test_split_and_join_are_inverse() -> None:
    """A path is its folder and its name."""
    assert split_path("a/b/c") == ("a/b", "c")
    assert split_path("c") == ("", "c")
    assert join_path("a/b", "c") == "a/b/c"
    assert join_path(None, "c") == join_path("", "c") == "c"


pieces = st.sampled_from(
    ["..", ".", "a", "b c", "", "/", "\\", "%2e", "%2f", "%5c", "%25", "C:", "\x00", "…", "é", "~"]
)
texts = st.one_of(
    st.lists(pieces, max_size=8).map("/".join), st.lists(pieces).map("".join), st.text()
)


@given(texts)
def test_an_accepted_path_stays_below_the_root(path: str) -> None:
    """What is accepted resolves to a place below the root, as it is and percent-decoded once."""
    try:
        found = relative_path(path)
    except MlflowException:
        return
    for form in (found, quote(found)):
        place = os.path.normpath(f"{ROOT}/{form}")
        assert place == ROOT or place.startswith(ROOT + "/")
    assert relative_path(found) == found
    assert "\\" not in found
    assert ".." not in found.split("/")


@given(st.lists(st.text("abc.é -_%", min_size=1, max_size=6), min_size=1, max_size=4))
def test_ordinary_names_are_accepted(names: list[str]) -> None:
    """Names of letters, dots, spaces and percent signs are refused for '..' only."""
    path = "/".join(names)
    if ".." in names:
        with pytest.raises(MlflowException):
            relative_path(path)
    else:
        assert relative_path(path) == "/".join(name for name in names if name != ".")
