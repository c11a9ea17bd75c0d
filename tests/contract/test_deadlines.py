"""The contract of limits: the time of a read, and the number of connections."""

import threading
from collections.abc import Iterator
from typing import Final

import pytest

from mlflow._core.clock import monotonic
from mlflow.environment_variables import (
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW,
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE,
)
from mlflow.exceptions import MlflowException
from mlflow.store.sql import server
from mlflow.store.sql.connect import open_database
from mlflow.store.sql.deadline import deadline
from mlflow.store.sql.engine import Database
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

_TEN: Final = "SELECT 0 AS n" + "".join(f" UNION ALL SELECT {n}" for n in range(1, 10))
# The sum of 10^9 rows: minutes.
_TABLES: Final = ", ".join(f"({_TEN}) AS t{n}" for n in range(9))
_ENDLESS: Final = f"SELECT SUM({'+'.join(f't{n}.n' for n in range(9))}) FROM {_TABLES}"


def count_for_ever(session: Session) -> object:
    """Run a query that takes far too long."""
    return session.scalar(_ENDLESS)


def test_a_long_read_is_stopped(store: SqlAlchemyStore) -> None:
    """A read that takes too long is stopped soon and says so; the next one works."""
    started = monotonic()
    with deadline(0.2), pytest.raises(MlflowException, match=r"longer than the 0\.2 seconds") as e:
        store._database.read(count_for_ever)
    assert e.value.error_code == "DEADLINE_EXCEEDED"
    assert monotonic() - started < 5
    assert store.get_experiment("0").name == "Default"
    with deadline(30):
        assert store.get_experiment("0").name == "Default"
        store.create_experiment("writes are not limited")


def test_the_outer_limit_holds(store: SqlAlchemyStore) -> None:
    """A limit within another cannot be longer; after the block there is none."""
    with (
        deadline(0.2),
        deadline(60),
        pytest.raises(MlflowException, match=r"longer than the 0\.2 seconds"),
    ):
        store._database.read(count_for_ever)
    assert store.get_experiment("0").name == "Default"


def test_over_before_it_begins(store: SqlAlchemyStore) -> None:
    """A read for which no time is left does not begin."""
    with deadline(-1), pytest.raises(MlflowException) as error:
        store._database.read(count_for_ever)
    assert error.value.error_code in ("DEADLINE_EXCEEDED", "TEMPORARILY_UNAVAILABLE")


def test_each_thread_has_its_own(store: SqlAlchemyStore) -> None:
    """A limit in one thread is none in another."""
    names: list[str] = []
    with deadline(-1):
        thread = threading.Thread(target=lambda: names.append(store.get_experiment("0").name))
        thread.start()
        thread.join()
    assert names == ["Default"]


@pytest.fixture
def small_pool(database_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database on a server with three connections at most."""
    if database_uri.startswith("sqlite"):
        pytest.skip("SQLite has no pool")
    monkeypatch.setenv(MLFLOW_SQLALCHEMYSTORE_POOL_SIZE.name, "2")
    monkeypatch.setenv(MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW.name, "1")
    database = open_database(database_uri)
    yield database
    database.close()


def test_the_pool_is_never_exceeded(small_pool: Database) -> None:
    """Forty threads work on three connections, and none fails."""
    database, lock = small_pool, threading.Lock()
    open_now = most = done = 0

    def work(session: Session) -> None:
        nonlocal open_now, most
        with lock:
            open_now += 1
            most = max(most, open_now)
        session.scalar("SELECT COUNT(*) FROM hr_runs")
        with lock:
            open_now -= 1

    def run() -> None:
        nonlocal done
        for _ in range(5):
            database.read(work)
            database.write(work)
        with lock:
            done += 1

    threads = [threading.Thread(target=run) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (done, open_now) == (40, 0)
    assert 1 <= most <= 3


def test_a_full_pool(small_pool: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds all connections in use is told so after a bounded wait, or at its deadline."""
    database = small_pool
    monkeypatch.setattr(server, "_SLOT_SECONDS", 0.1)
    holding = threading.Barrier(4)
    release = threading.Event()

    def hold(_session: Session) -> None:
        holding.wait()
        release.wait()

    threads = [threading.Thread(target=database.read, args=(hold,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    holding.wait()
    try:
        for seconds in (60.0, 0.05):
            with deadline(seconds), pytest.raises(MlflowException, match="were in use") as error:
                database.read(lambda session: session.scalar("SELECT 1"))
            assert error.value.error_code == "TEMPORARILY_UNAVAILABLE"
        with pytest.raises(MlflowException, match="were in use"):
            database.write(lambda session: session.scalar("SELECT 1"))
    finally:
        release.set()
        for thread in threads:
            thread.join()
    assert database.read(lambda session: session.scalar("SELECT 1")) == 1
