"""A git repository of a test."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with one commit on the branch ``main``."""
    root = tmp_path / "repository"
    root.mkdir()
    run = git_in(root)
    run("init", "-q", "-b", "main", ".")
    run("config", "user.name", "A")
    run("config", "user.email", "a@example.com")
    (root / "train.py").write_text("print('one')\n", encoding="utf-8")
    run("add", ".")
    run("commit", "-q", "-m", "first")
    return root


@pytest.fixture
def git(repository: Path) -> Git:
    """Return a function that runs git in the test's repository."""
    return git_in(repository)


def git_in(root: Path) -> Git:
    """Return a function that runs git in a folder."""

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    return run
