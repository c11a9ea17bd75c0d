"""URIs and the paths they name."""

import os
from pathlib import Path

import pytest

from mlflow._core.uri import local_path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("a b/c%20d", "a b/c%20d"),
        ("file:///a%20b/c%2520d", "/a b/c%20d"),
        ("file://localhost/a", "/a"),
        ("file:/a/%C3%A9", "/a/é"),
    ],
)
def test_local_paths(uri: str, path: str) -> None:
    """Plain paths stay as they are; file URIs are decoded once."""
    assert local_path(uri) == Path(path)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_survives() -> None:
    """A path of bytes that are not UTF-8 comes back from its URI."""
    path = Path(os.fsdecode(b"/a/\xe9"))
    assert local_path(path.as_uri()) == path


def test_what_lies_elsewhere_is_refused() -> None:
    """A host's file and another scheme are no paths here."""
    for uri in ("file://host/a", "s3://b/a"):
        with pytest.raises(ValueError, match="not a path on this machine"):
            local_path(uri)
