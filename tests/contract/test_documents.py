"""Run documents: small named blobs that are neither tags nor artifacts."""

from collections.abc import Callable
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
