"""The tags that a run gets from where it was started."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mlflow.environment_variables import MLFLOW_RUN_CONTEXT
from mlflow.tracking.context.abstract_context import RunContextProvider
from mlflow.tracking.context.default_context import DefaultRunContext
from mlflow.tracking.context.git import git_state, without_credentials
from mlflow.tracking.context.git_context import GitRunContext
from mlflow.tracking.context.registry import RunContextProviderRegistry, resolve_tags

Git = Callable[..., str]


@pytest.fixture
def started(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make this process look like one that was started from a file of the repository."""
    monkeypatch.setattr(sys, "argv", [str(repository / "train.py")])
    return repository


def test_given_tags_win(started: Path) -> None:
    """A tag of the user replaces one of the context."""
    found = resolve_tags({"mlflow.user": "me", "a": "b"})
    assert found["mlflow.user"] == "me"
    assert found["a"] == "b"
    assert found["mlflow.source.name"] == str(started / "train.py")
    assert found["mlflow.source.type"] == "LOCAL"


def test_ignored_providers_are_not_asked(started: Path) -> None:
    """Providers are left out by class and by instance."""
    found = resolve_tags(ignore=[DefaultRunContext, GitRunContext()])
    assert not any(key.startswith("mlflow.source") for key in found)


def test_git_tags_follow_the_repository(started: Path, git: Git) -> None:
    """A new commit, branch or remote is seen by the next run of the same process."""
    first = resolve_tags()
    assert first["mlflow.source.git.commit"] == git("rev-parse", "HEAD")
    assert first["mlflow.source.git.branch"] == "main"
    assert "mlflow.source.git.repoURL" not in first

    (started / "more.py").write_text("x = 1\n", encoding="utf-8")
    git("checkout", "-q", "-b", "feature/x")
    git("add", ".")
    git("commit", "-q", "-m", "second")
    git("remote", "add", "origin", "https://user:secret@example.com/a/b.git")
    second = resolve_tags()
    assert second["mlflow.source.git.commit"] == git("rev-parse", "HEAD")
    assert second["mlflow.source.git.branch"] == "feature/x"
    assert second["mlflow.source.git.repoURL"] == "https://example.com/a/b.git"

    git("checkout", "-q", "--detach", "HEAD~1")
    third = resolve_tags()
    assert third["mlflow.source.git.commit"] == git("rev-parse", "HEAD")
    assert "mlflow.source.git.branch" not in third


def test_program_that_git_ignores_has_no_git_tags(started: Path) -> None:
    """A program in a folder that .gitignore names is not described by the commit around it."""
    (started / ".gitignore").write_text("scratch/\n", encoding="utf-8")
    (started / "scratch").mkdir()
    code = "from mlflow.tracking.context.registry import resolve_tags; print(resolve_tags())"
    (started / "scratch" / "t.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(started / "scratch" / "t.py")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "mlflow.source.name" in done.stdout
    assert "mlflow.source.git" not in done.stdout


def test_known_state_runs_no_git(
    started: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Once known, a repository is not asked again until it changes."""
    known = git_state()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert known is not None
    assert git_state() is known


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://token@example.com/x", "https://example.com/x"),
        ("https://u:p@[::1]:8/x", "https://[::1]:8/x"),
        ("git@github.com:a/b.git", "git@github.com:a/b.git"),
        ("ssh://git:pw@h/a/b.git", "ssh://h/a/b.git"),
        ("/some/path", "/some/path"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_credentials_are_cut_from_remotes(url: str, expected: str) -> None:
    """User, password and token never become a tag."""
    assert without_credentials(url) == expected


def test_launcher_hands_down_tags(started: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MLFLOW_RUN_CONTEXT adds tags and replaces those of the program."""
    text = json.dumps({"mlflow.source.name": "job.yml", "team": "vision"})
    monkeypatch.setenv(MLFLOW_RUN_CONTEXT.name, text)
    found = resolve_tags()
    assert found["mlflow.source.name"] == "job.yml"
    assert found["team"] == "vision"


@pytest.mark.parametrize("text", ["nonsense", "[1]", ""])
def test_bad_launcher_tags_cost_a_warning(
    started: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    text: str,
) -> None:
    """A variable that holds no JSON object is named in a warning and the run starts."""
    monkeypatch.setenv(MLFLOW_RUN_CONTEXT.name, text)
    assert resolve_tags()["mlflow.source.type"] == "LOCAL"
    assert MLFLOW_RUN_CONTEXT.name in caplog.text
    assert "must be a JSON object" in caplog.text


def test_notebook_kernel_is_a_notebook(started: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An IPython shell with a kernel is a notebook; a terminal one is a program."""
    shell = SimpleNamespace()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert resolve_tags()["mlflow.source.type"] == "LOCAL"
    shell.kernel = object()
    assert resolve_tags()["mlflow.source.type"] == "NOTEBOOK"


def test_interactive_session_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a program's file the source is the console."""
    monkeypatch.setattr(sys, "argv", [""])
    assert resolve_tags()["mlflow.source.name"] == "<console>"


class Cluster(RunContextProvider):
    """A provider of another distribution."""

    def in_context(self) -> bool:
        """Return true."""
        return True

    def tags(self) -> Mapping[str, Any]:
        """Return a tag of its own and one that others give too."""
        return {"cluster": "c1", "mlflow.source.type": "JOB"}


@pytest.fixture
def plugin_folder(tmp_path: Path) -> Path:
    """Return a folder that holds an installed distribution with two providers, one broken."""
    folder = tmp_path / "plugins"
    metadata = folder / "cluster_plugin-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: cluster-plugin\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(
        "[mlflow.run_context_provider]\n"
        "cluster = cluster_plugin:Cluster\nbroken = cluster_plugin:Absent\n",
        encoding="utf-8",
    )
    (folder / "cluster_plugin.py").write_text(
        "from mlflow.tracking.context.abstract_context import RunContextProvider\n"
        "class Cluster(RunContextProvider):\n"
        "    def in_context(self): return True\n"
        "    def tags(self): return {'cluster': 'c1', 'mlflow.source.type': 'JOB'}\n",
        encoding="utf-8",
    )
    return folder


def test_entry_points_add_providers(plugin_folder: Path) -> None:
    """An installed provider is found and wins over ours; a broken one costs a warning."""
    code = (
        "import json, logging; logging.basicConfig()\n"
        "from mlflow.tracking.context.registry import resolve_tags\n"
        "print(json.dumps(resolve_tags()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(plugin_folder)},
    )
    found = json.loads(done.stdout)
    assert found["cluster"] == "c1"
    assert found["mlflow.source.type"] == "JOB"
    assert "Loading the run context provider 'broken' failed" in done.stderr


def test_registered_class_is_asked() -> None:
    """A registry can be given a provider by hand."""
    registry = RunContextProviderRegistry()
    registry.register(Cluster)
    assert [type(provider) for provider in registry] == [Cluster]


def test_failing_provider_is_contained(
    started: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A provider that raises gives no tags, one warning, and the others go on."""

    def broken(_self: GitRunContext) -> Mapping[str, str]:
        raise RuntimeError("odd repository")

    monkeypatch.setattr(GitRunContext, "tags", broken)
    with caplog.at_level(logging.WARNING):
        found = resolve_tags()
    assert found["mlflow.source.type"] == "LOCAL"
    assert "Reading the run context of GitRunContext failed: RuntimeError" in caplog.text
