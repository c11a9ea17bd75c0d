"""The SQLite database: connections, settings, replaced files, forks of its URI."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.environment_variables import HEADRACE_SQLITE_SYNCHRONOUS
from mlflow.exceptions import MlflowException
from mlflow.store.sql import sqlite
from mlflow.store.sql.connect import database_key, open_database
from mlflow.store.sql.engine import Database
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database in a file."""
    database = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    yield database
    database.close()


def put(session: Session) -> int:
    """Write one row."""
    return session.run("INSERT INTO hr_info (name, value) VALUES (?, ?)", ("x", "y"))


def get(session: Session) -> object:
    """Read that row."""
    return session.scalar("SELECT value FROM hr_info WHERE name = ?", ("x",))


def test_wal_and_full(database: Database) -> None:
    """The writer uses WAL, is durable, and checkpoints; readers never do."""
    settings = database.write(
        lambda s: [
            s.scalar(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint")
        ]
    )
    assert settings == ["wal", 2, 2000]
    assert database.read(lambda s: s.scalar("PRAGMA wal_autocheckpoint")) == 0


def test_normal(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Durability is chosen by a variable; a wrong value is named."""
    monkeypatch.setenv(HEADRACE_SQLITE_SYNCHRONOUS.name, "normal")
    assert database.write(lambda s: s.scalar("PRAGMA synchronous")) == 1
    database.close()
    monkeypatch.setenv(HEADRACE_SQLITE_SYNCHRONOUS.name, "OFF")
    with pytest.raises(MlflowException, match="FULL"):
        database.write(put)


def test_network_file_systems_have_no_wal(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a network file system the journal is a file of its own."""
    monkeypatch.setattr(sqlite, "file_system_of", lambda _path: "nfs4")
    assert database.write(lambda s: s.scalar("PRAGMA journal_mode")) == "delete"
    assert database.write(put) == 1
    assert database.read(get) == "y"


def test_the_caches_together_stay_small() -> None:
    """All page caches together are at most 32 MB."""
    large, small = sqlite._READER_CACHE_KIB
    total = sqlite._WRITER_CACHE_KIB + large + (sqlite._MAX_READERS - 1) * small
    assert total <= 32 * 1024


def test_failed_work_changes_nothing(database: Database) -> None:
    """What the work raises comes out, and its writes are rolled back."""

    def work(session: Session) -> None:
        put(session)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        database.write(work)
    assert database.read(get) is None
    assert database.write(put) == 1


def test_readers_see_a_snapshot(database: Database) -> None:
    """A reader sees what was committed when it began."""

    def work(session: Session) -> list[object]:
        before = get(session)
        database.write(put)
        return [before, get(session)]

    assert database.read(work) == [None, None]
    assert database.read(get) == "y"


def test_a_replaced_file_is_opened_anew(database: Database, tmp_path: Path) -> None:
    """When the file is removed, the next use makes a new one with a schema."""
    database.write(put)
    for path in tmp_path.iterdir():
        path.unlink()
    assert database.read(get) is None
    assert database.write(put) == 1
    assert database.read(get) == "y"


def test_close_leaves_one_file(database: Database, tmp_path: Path) -> None:
    """After the last connection closed, the database is one file beside its lock."""
    database.write(put)
    database.read(get)
    database.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.db", "a.db-lock"]
    assert database.read(get) == "y"


def test_another_programs_lock_is_waited_for(database: Database, tmp_path: Path) -> None:
    """A program that holds SQLite's own lock for a moment causes no error."""
    database.read(get)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO hr_info VALUES ('other', 'z')")
    timer = threading.Timer(0.1, lambda: other.execute("COMMIT").close())
    timer.start()
    assert database.write(put) == 1
    timer.join()
    other.close()
    assert database.read(get) == "y"


def test_in_memory() -> None:
    """A database in memory lives as long as its store."""
    database = open_database("sqlite://")
    database.write(put)
    assert database.read(get) == "y"
    database.close()
    assert database.read(get) == "y"


def test_one_database_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative and absolute paths of one file share one database object."""
    monkeypatch.chdir(tmp_path)
    absolute = f"sqlite:///{tmp_path / 'a.db'}"
    assert database_key("sqlite:///a.db") == database_key(absolute)
    one = SqlAlchemyStore("sqlite:///a.db", "/artifacts")
    other = SqlAlchemyStore(absolute, "/elsewhere")
    assert one._database is other._database
    SqlAlchemyStore.forget(absolute)


_ENDLESS = """
import os, signal, sys, threading
from mlflow.store.sql.connect import open_database

database = open_database(sys.argv[1])
count = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

def interrupt(session):
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    return session.rows(count)

try:
    database.read(interrupt)
except KeyboardInterrupt:
    print("stopped", database.read(lambda session: session.scalar("SELECT 1")))
"""


def test_ctrl_c_ends_a_long_query(tmp_path: Path) -> None:
    """A query that would run for ever ends at once, and the next one works."""
    done = subprocess.run(
        [sys.executable, "-c", _ENDLESS, f"sqlite:///{tmp_path}/store.db"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "stopped 1\n", done.stderr


def test_a_full_disk_fails_the_whole_group(database: Database) -> None:
    """SQLite ends the transaction when the disk is full: each call is told, none is kept."""

    def grow(session: Session) -> None:
        session.run("INSERT INTO hr_info (name, value) VALUES ('large', ?)", ("x" * 200_000,))

    def limit(session: Session) -> None:
        pages = session.scalar("PRAGMA page_count")
        session.rows(f"PRAGMA max_page_count = {pages + 4}")

    database.write(limit)
    results = database.write_together(
        [lambda: database.write(put), lambda: database.write(grow), lambda: database.write(put)]
    )
    for result in results:
        assert isinstance(result, MlflowException)
        assert result.error_code == "RESOURCE_EXHAUSTED"
    assert database.read(get) is None
    assert database.write(put) == 1


def test_a_group_is_one_commit(database: Database) -> None:
    """A reader sees all of a group or nothing of it."""
    seen: list[object] = []

    def look() -> None:
        thread = threading.Thread(target=lambda: seen.append(database.read(get)))
        thread.start()
        thread.join()

    assert database.write_together([lambda: database.write(put), look]) == [1, None]
    look()
    assert seen == [None, "y"]
