"""Run documents: small named blobs that are neither tags nor artifacts."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Any

import pytest

from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


def new_run(store: SqlAlchemyStore) -> str:
    """Return the id of a new run."""
    return store.create_run("0", "user", 1, [], None).info.run_id


def error_of(call: Callable[[], object]) -> str:
    """Return the code of the error that a call raises."""
    with pytest.raises(MlflowException) as caught:
        call()
    return caught.value.error_code


@pytest.mark.parametrize(
    "content", [b"", bytes(range(256)), "dïff 🎉".encode(), b"\r\n\x00", b"x" * 1_048_576]
)
def test_bytes_come_back_exactly(store: SqlAlchemyStore, content: bytes) -> None:
    """Every byte is kept, up to a megabyte."""
    run_id = new_run(store)
    store.log_run_document(run_id, "git.diff", content, "text/x-diff; charset=utf-8")
    found = store.get_run_document(run_id, "git.diff")
    assert (found.name, found.content) == ("git.diff", content)
    assert found.content_type == "text/x-diff; charset=utf-8"
    assert found.creation_time > 0


def test_a_document_is_replaced(store: SqlAlchemyStore) -> None:
    """Logging a name again replaces content and type, of this run only."""
    run_id, other = new_run(store), new_run(store)
    for run in (run_id, other):
        store.log_run_document(run, "python", b"one", "text/plain")
    store.log_run_document(run_id, "python", b"2", "application/json")
    found = store.get_run_document(run_id, "python")
    assert (found.content, found.content_type) == (b"2", "application/json")
    assert store.get_run_document(other, "python").content == b"one"


def test_documents_of_several_runs_are_kept_at_once(store: SqlAlchemyStore) -> None:
    """All documents of a batch are kept, or none when one of its runs takes none."""
    first, second, deleted = (new_run(store) for _ in range(3))
    store.log_run_documents([(run, "a", run.encode(), "text/plain") for run in (second, first)])
    for run in (first, second):
        assert store.get_run_document(run, "a").content == run.encode()
    store.delete_run(deleted)
    batch = [(run, "b", b"x", "text/plain") for run in (first, deleted)]
    assert error_of(lambda: store.log_run_documents(batch)) == "INVALID_PARAMETER_VALUE"
    assert store.list_run_documents(first) == ["a"]


def test_documents_are_listed_by_name_and_are_no_tags(store: SqlAlchemyStore) -> None:
    """The list is in order; the run's tags know nothing of it."""
    run_id = new_run(store)
    before = store.get_run(run_id).data.tags
    for name in ("b", "a", "ü", "a/b", "A"):
        store.log_run_document(run_id, name, b"x", "text/plain")
    assert store.list_run_documents(run_id) == ["A", "a", "a/b", "b", "ü"]
    assert store.get_run(run_id).data.tags == before


def test_documents_of_a_deleted_run_can_be_read_only(store: SqlAlchemyStore) -> None:
    """A deleted run shows its documents and takes no new ones."""
    run_id = new_run(store)
    store.log_run_document(run_id, "a", b"x", "text/plain")
    store.delete_run(run_id)
    assert store.get_run_document(run_id, "a").content == b"x"
    assert error_of(lambda: store.log_run_document(run_id, "b", b"", "text/plain")) == (
        "INVALID_PARAMETER_VALUE"
    )
    assert store.list_run_documents(run_id) == ["a"]


def test_what_is_missing_does_not_exist(store: SqlAlchemyStore) -> None:
    """Unknown runs and unknown documents do not exist."""
    run_id = new_run(store)
    assert store.list_run_documents(run_id) == []
    for call in (
        lambda: store.get_run_document(run_id, "a"),
        lambda: store.get_run_document("nope", "a"),
        lambda: store.list_run_documents("nope"),
        lambda: store.log_run_document("nope", "a", b"", "text/plain"),
    ):
        assert error_of(call) == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a", b"x" * 1_048_577, "text/plain"),
        ("a", "text", "text/plain"),
        ("a", None, "text/plain"),
        ("", b"x", "text/plain"),
        ("n" * 251, b"x", "text/plain"),
        (None, b"x", "text/plain"),
        ("a", b"x", ""),
        ("a", b"x", "text"),
        ("a", b"x", "text/html\r\nX: y"),
        ("a", b"x", "text/html\n"),
        ("a", b"x", None),
        ("a", b"x", "text/" + "x" * 250),
    ],
)
def test_what_cannot_be_kept_is_refused(
    store: SqlAlchemyStore, name: Any, content: Any, content_type: Any
) -> None:
    """Too many bytes, text, and names and types that are none are refused."""
    run_id = new_run(store)
    assert (
        error_of(lambda: store.log_run_document(run_id, name, content, content_type))
        == "INVALID_PARAMETER_VALUE"
    )
    assert store.list_run_documents(run_id) == []


def kept(store: SqlAlchemyStore) -> tuple[int, int]:
    """Return how many contents the store keeps, and in how many bytes."""
    sql = "SELECT COUNT(*), COALESCE(SUM(LENGTH(content)), 0) FROM hr_document_contents"
    count, size = store._database.read(lambda session: session.row(sql)) or (0, 0)
    return int(count), int(size)


def test_a_content_is_kept_once(store: SqlAlchemyStore) -> None:
    """A thousand runs with one diff of a megabyte take less than two megabytes."""
    diff = b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(32_768))
    made = [new_run(store) for _ in range(1_000)]
    for start in range(0, len(made), 250):
        part = made[start : start + 250]
        store.log_run_documents([(run_id, "git.diff", diff, "text/x-diff") for run_id in part])
    assert kept(store) == (1, len(diff))
    assert store.get_run_document(made[0], "git.diff").content == diff
    assert store.get_run_document(made[-1], "git.diff").content == diff


def test_text_is_compressed(store: SqlAlchemyStore) -> None:
    """Long text takes a fraction of its bytes, and comes back."""
    text = b"+    return something_that(is, repeated)\n" * 20_000
    run_id = new_run(store)
    store.log_run_document(run_id, "git.diff", text, "text/x-diff")
    assert kept(store)[1] < len(text) // 20
    assert store.get_run_document(run_id, "git.diff").content == text


def test_contents_go_with_the_last_run_that_holds_them(store: SqlAlchemyStore) -> None:
    """Removing a run for good removes what no other holds; a collection what was replaced."""
    first, second = new_run(store), new_run(store)
    for run_id in (first, second):
        store.log_run_document(run_id, "shared", b"both", "text/plain")
    store.log_run_document(first, "own", b"one", "text/plain")
    store.log_run_document(second, "own", b"old", "text/plain")
    store.log_run_document(second, "own", b"new", "text/plain")
    assert kept(store) == (4, 13)
    store.delete_run(first)
    store._hard_delete_run(first)
    assert kept(store) == (3, 10)
    store.garbage().resume()
    assert kept(store) == (2, 7)
    assert store.get_run_document(second, "shared").content == b"both"
    assert store.get_run_document(second, "own").content == b"new"


def test_no_document_loses_its_content_to_a_collection(store: SqlAlchemyStore) -> None:
    """Writers that refer to what a collection is about to remove keep it."""
    contents = [b"%d" % i for i in range(4)]
    runs = [new_run(store) for _ in range(4)]
    done = Event()

    def write(run_id: str) -> None:
        for step in range(60):
            batch = [
                (run_id, name, contents[(step + i) % 4], "text/plain")
                for i, name in enumerate("ab")
            ]
            store.log_run_documents(batch)
            for _, name, content, _ in batch:
                assert store.get_run_document(run_id, name).content == content

    def collect() -> int:
        rounds = 0
        while not done.is_set() or not rounds:
            store.garbage().resume()
            rounds += 1
        return rounds

    with ThreadPoolExecutor(6) as pool:
        collectors = [pool.submit(collect) for _ in range(2)]
        writers = [pool.submit(write, run_id) for run_id in runs]
        wait(writers)
        done.set()
        assert min(one.result() for one in collectors) > 0
        for one in writers:
            one.result()
    store.garbage().resume()
    held = {store.get_run_document(run, name).content for run in runs for name in "ab"}
    assert kept(store)[0] == len(held)
