"""Tickets: what is signed, for what, for how long, and who accepts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlflow.exceptions import MlflowException
from mlflow.server.presigned import Signer, shared_key
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


def test_what_was_sealed_is_opened() -> None:
    """A ticket says what it was given, to the one who made it, for its purpose."""
    signer = Signer(shared_key(None))
    ticket = signer.seal("preview", {"path": "ä/b", "run": ""}, seconds=60)
    assert signer.open("preview", ticket) == {"path": "ä/b", "run": ""}
    with pytest.raises(MlflowException, match="not valid"):
        signer.open("part", ticket)


def test_tickets_end() -> None:
    """A ticket is refused once its time is over."""
    signer = Signer(shared_key(None))
    with pytest.raises(MlflowException, match="not valid"):
        signer.open("preview", signer.seal("preview", {}, seconds=-1))


def test_tickets_of_others() -> None:
    """A ticket of another key, or one that was changed, is refused."""
    one, other = Signer(shared_key(None)), Signer(shared_key(None))
    ticket = other.seal("preview", {"path": "b"}, seconds=60)
    mine = one.seal("preview", {"path": "a"}, seconds=60)
    content, mac = mine.split(".")
    for changed in (
        ticket,
        f"{ticket.split('.')[0]}.{mac}",
        f"AAAA{content}.{mac}",
        mac,
        "",
        "é.é",
    ):
        with pytest.raises(MlflowException, match="not valid"):
            one.open("preview", changed)


def test_workers_share_a_key(tmp_path: Path) -> None:
    """Servers of one database accept each other's tickets, those of another database do not."""
    stores = [SqlAlchemyStore(f"sqlite:///{tmp_path / name}.db") for name in ("a", "a", "b")]
    first, second, stranger = (Signer(shared_key(store)) for store in stores)
    ticket = first.seal("preview", {"path": "a"}, seconds=60)
    assert second.open("preview", ticket) == {"path": "a"}
    with pytest.raises(MlflowException, match="not valid"):
        stranger.open("preview", ticket)
    for name in ("a", "b"):
        SqlAlchemyStore.forget(f"sqlite:///{tmp_path / name}.db")
