"""The documents that a run gets in the background."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from mlflow.tracking.context.capture import (
    DIFF_DOCUMENT,
    DIFF_TYPE,
    ENVIRONMENT_DOCUMENT,
    start_capture,
)

WAIT_SECONDS = 60.0


@dataclass
class Shelf:
    """A store of documents in memory."""

    documents: dict[tuple[str, str], tuple[bytes, str]] = field(default_factory=dict)
    gate: Event = field(default_factory=Event)
    batches: int = 0

    def log_run_document(self, run_id: str, name: str, content: bytes, content_type: str) -> None:
        """Keep a document once the gate is open."""
        assert self.gate.wait(WAIT_SECONDS)
        self.documents[run_id, name] = (content, content_type)

    def log_run_documents(self, found: Sequence[tuple[str, str, bytes, str]]) -> None:
        """Keep all of them, or none when one is of a deleted run."""
        assert not any(run_id == "deleted" for run_id, *_ in found)
        self.batches += 1
        for document in found:
            self.log_run_document(*document)


@pytest.fixture
def shelf() -> Shelf:
    """Return a store whose gate is open."""
    made = Shelf()
    made.gate.set()
    return made


@pytest.fixture
def in_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make this process look like one that was started from a file of the repository."""
    monkeypatch.setattr(sys, "argv", [str(repository / "train.py")])
    return repository


PROGRAM = """\
import json, sys
from mlflow.tracking.context.capture import start_capture

class Store:
    def log_run_document(self, run_id, name, content, content_type):
        print(json.dumps([run_id, name, content.decode(), content_type]))

    def log_run_documents(self, found):
        for document in found:
            self.log_run_document(*document)

start_capture(Store(), "r1")
"""


def _run(file: Path, *arguments: str, env: dict[str, str] | None = None) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, str(file), *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
    )
    assert done.stderr == ""
    return {name: text for _, name, text, _ in map(json.loads, done.stdout.splitlines())}


def test_documents_are_written_before_the_process_ends(repository: Path) -> None:
    """A program that ends at once has still kept its environment and its changes."""
    (repository / "train.py").write_text(PROGRAM, encoding="utf-8")
    found = _run(repository / "train.py", "--lr", "0.1", "--api-key", "CANARY", "--token=CANARY")

    environment = json.loads(found[ENVIRONMENT_DOCUMENT])
    assert environment["python"]["version"] == sys.version.split()[0]
    assert any(line.startswith("click==") for line in environment["packages"])
    assert environment["command"][-5:] == ["--lr", "0.1", "--api-key", "***", "--token=***"]
    assert environment["git"]["branch"] == "main"
    assert environment["git"]["dirty"] is True
    assert environment["git"]["diff_complete"] is True
    assert "+start_capture(Store()" in found[DIFF_DOCUMENT]
    assert "CANARY" not in json.dumps(found)


def test_clean_repository_keeps_no_diff(repository: Path, tmp_path: Path) -> None:
    """Without changes there is only the environment, which says so."""
    (repository / "train.py").write_text(PROGRAM, encoding="utf-8")
    subprocess.run(["git", "-C", str(repository), "commit", "-aqm", "second"], check=True)
    found = _run(repository / "train.py")
    assert set(found) == {ENVIRONMENT_DOCUMENT}
    assert json.loads(found[ENVIRONMENT_DOCUMENT])["git"]["dirty"] is False


def test_program_outside_a_repository(tmp_path: Path) -> None:
    """Without repository the environment is kept alone."""
    file = tmp_path / "loose.py"
    file.write_text(PROGRAM, encoding="utf-8")
    found = _run(file)
    assert set(found) == {ENVIRONMENT_DOCUMENT}
    assert "git" not in json.loads(found[ENVIRONMENT_DOCUMENT])


def test_one_variable_switches_it_off(repository: Path) -> None:
    """HEADRACE_RUN_DOCUMENTS=false keeps nothing."""
    (repository / "train.py").write_text(PROGRAM, encoding="utf-8")
    assert _run(repository / "train.py", env={"HEADRACE_RUN_DOCUMENTS": "false"}) == {}


def test_missing_git_is_no_fault(tmp_path: Path) -> None:
    """Without a git executable the environment is kept all the same."""
    file = tmp_path / "loose.py"
    file.write_text(PROGRAM, encoding="utf-8")
    assert set(_run(file, env={"PATH": str(tmp_path)})) == {ENVIRONMENT_DOCUMENT}


def test_start_does_not_wait(in_repository: Path) -> None:
    """Starting a capture returns while the store is still busy."""
    shelf = Shelf()
    handle = start_capture(shelf, "r1")
    assert not handle.wait(0.0)
    shelf.gate.set()
    assert handle.wait(WAIT_SECONDS)
    assert ("r1", ENVIRONMENT_DOCUMENT) in shelf.documents


def test_every_run_gets_its_documents(in_repository: Path, shelf: Shelf) -> None:
    """Many runs in a row share one reading of the repository and each has its own documents."""
    (in_repository / "train.py").write_text("print('two')\n", encoding="utf-8")
    handles = [start_capture(shelf, f"r{number}") for number in range(50)]
    assert all(handle.wait(WAIT_SECONDS) for handle in handles)
    assert len(shelf.documents) >= 50
    assert {shelf.documents[f"r{n}", ENVIRONMENT_DOCUMENT] for n in range(50)}
    assert shelf.batches < 25


def test_deleted_run_does_not_cost_the_others_theirs(in_repository: Path, shelf: Shelf) -> None:
    """When one run of a batch is refused, the others still get their documents."""
    handles = [start_capture(shelf, run_id) for run_id in ("kept", "deleted", "kept too")]
    assert all(handle.wait(WAIT_SECONDS) for handle in handles)
    assert {run_id for run_id, _ in shelf.documents} >= {"kept", "kept too"}


def test_failing_store_is_contained(in_repository: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A store that fails costs a log line and nothing else."""

    class Broken:
        def log_run_document(self, *_arguments: object) -> None:
            raise OSError("disk full")

        def log_run_documents(self, *_arguments: object) -> None:
            raise OSError("disk full")

    assert start_capture(Broken(), "r1").wait(WAIT_SECONDS)
    assert "Keeping the documents of run r1 failed: OSError: disk full" in caplog.text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_captures_work_in_a_forked_child(repository: Path) -> None:
    """A child of a process that has captured keeps its own documents."""
    program = (
        PROGRAM
        + """
import os
child = os.fork()
if child == 0:
    assert start_capture(Store(), "r2").wait(60)
    sys.stdout.flush()
    os._exit(0)
os.waitpid(child, 0)
"""
    )
    (repository / "train.py").write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(repository / "train.py")],
        check=True,
        capture_output=True,
        text=True,
    )
    runs = {json.loads(line)[0] for line in done.stdout.splitlines()}
    assert runs == {"r1", "r2"}


def test_diff_is_a_document_of_its_own_type(in_repository: Path, shelf: Shelf) -> None:
    """The patch is kept as a patch."""
    (in_repository / "new.py").write_text("x = 1\n", encoding="utf-8")
    # A reading that another test made may still be fresh; this one's repository is its own.
    program = in_repository / "other.py"
    program.write_text(PROGRAM, encoding="utf-8")
    found = _run(program)
    assert "b/new.py" in found[DIFF_DOCUMENT]
    assert DIFF_TYPE == "text/x-diff"
