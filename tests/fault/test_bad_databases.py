"""Databases that cannot be used: each says what is wrong and what to do, and stays as it is."""

import contextlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.sql.schema import setup
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


def refused(uri: str) -> MlflowException:
    """Return the error that opening a database raises."""
    with pytest.raises(MlflowException) as caught:
        SqlAlchemyStore(uri, "/artifacts")
    with contextlib.suppress(MlflowException):  # a URI that names nothing
        SqlAlchemyStore.forget(uri)
    return caught.value


def execute(path: Path, *statements: str) -> None:
    """Run statements on an SQLite file."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def ours(path: Path) -> str:
    """Make a store and return its URI."""
    uri = f"sqlite:///{path}"
    SqlAlchemyStore(uri, "/artifacts")
    SqlAlchemyStore.forget(uri)
    return uri


def test_no_database(tmp_path: Path) -> None:
    """A file that is no database is named as such and not changed."""
    path = tmp_path / "notes.db"
    path.write_bytes(b"garbage" * 1000)
    assert "is not an SQLite database" in refused(f"sqlite:///{path}").message
    assert path.read_bytes() == b"garbage" * 1000


def test_damaged(tmp_path: Path) -> None:
    """A damaged file is named as such; the advice is a backup."""
    path = tmp_path / "store.db"
    uri = ours(path)
    content = bytearray(path.read_bytes())
    content[100 : len(content)] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    assert "backup" in refused(uri).message


def test_newer(tmp_path: Path) -> None:
    """A newer schema names the version that is needed."""
    path = tmp_path / "store.db"
    uri = ours(path)
    execute(
        path,
        f"UPDATE {setup.VERSION_TABLE} SET version_num = '9999'",
        "UPDATE hr_info SET value = '7.8.9' WHERE name = 'needs_headrace'",
    )
    message = refused(uri).message
    assert "newer" in message
    assert "headrace>=7.8.9" in message


def test_older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older schema of ours names the command that upgrades it."""
    uri = ours(tmp_path / "store.db")
    monkeypatch.setattr(setup, "REVISIONS", (*setup.REVISIONS, "9998"))
    monkeypatch.setattr(setup, "HEAD", "9998")
    assert "mlflow db upgrade" in refused(uri).message


def test_upstreams(tmp_path: Path) -> None:
    """A database that MLflow made is recognised and not touched."""
    path = tmp_path / "mlflow.db"
    execute(
        path,
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY)",
    )
    before = path.read_bytes()
    message = refused(f"sqlite:///{path}").message
    assert "made by MLflow itself" in message
    assert "set_tracking_uri" in message
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mlflow.db", "mlflow.db-lock"]


def test_a_table_of_the_users_own(tmp_path: Path) -> None:
    """A table that has the name of a view stays; the store works beside it."""
    path = tmp_path / "store.db"
    execute(path, "CREATE TABLE runs (mine INTEGER)", "INSERT INTO runs VALUES (7)")
    uri = ours(path)
    store = SqlAlchemyStore(uri, "/artifacts")
    store.create_run("0", "u", 1, [], None)
    SqlAlchemyStore.forget(uri)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT mine FROM runs").fetchall() == [(7,)]
    connection.close()


@pytest.mark.parametrize(
    ("uri", "part"),
    [
        ("mssql://host/db", "No database is supported"),
        ("sqlite://relative.db", "sqlite:///relative.db"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "cannot be reached"),
        ("mysql://nobody:secret@127.0.0.1:1/none", "cannot be reached"),
    ],
)
def test_wrong_uris(uri: str, part: str) -> None:
    """A URI that leads nowhere says so, and never shows its password."""
    message = refused(uri).message
    assert part in message
    assert "secret" not in message


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there is made, as upstream makes it."""
    ours(tmp_path / "no" / "such" / "store.db")
    assert (tmp_path / "no" / "such" / "store.db").exists()


UNPRIVILEGED = """
import os, sys
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    store = SqlAlchemyStore(sys.argv[1], "/artifacts")
    store.create_experiment("x")
except MlflowException as error:
    print(error.error_code, error.message)
else:
    print("written")
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("existing", [False, True])
def test_read_only_folder(open_folder: Path, existing: bool) -> None:
    """A folder that cannot be written to is named, with the permission that is missing."""
    folder = open_folder / "closed"
    folder.mkdir()
    uri = f"sqlite:///{folder / 'store.db'}"
    if existing:
        ours(folder / "store.db")
    folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, uri], capture_output=True, text=True, check=False
    )
    folder.chmod(0o755)
    assert done.stdout.startswith("PERMISSION_DENIED"), (done.stdout, done.stderr)
    assert str(folder) in done.stdout


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte; needs the right to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_full_disk(small_disk: Path) -> None:
    """A full disk is named; nothing of the failed batch is there, and freed space is enough."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 300_000)
    uri = f"sqlite:///{small_disk / 'store.db'}"
    store = SqlAlchemyStore(uri, "/artifacts")
    run_id = store.create_run("0", "u", 1, [], None).info.run_id
    logged = 0
    with pytest.raises(MlflowException, match="disk is full") as caught:  # noqa: PT012
        for batch in range(200):
            steps = range(batch * 500, batch * 500 + 500)
            store.log_batch(run_id, [Metric("m", 0.1, i, i) for i in steps], [], [])
            logged += 500
    assert caught.value.error_code == "RESOURCE_EXHAUSTED"
    assert logged > 0
    ballast.unlink()
    assert len(store.get_metric_history(run_id, "m")) == logged
    store.log_metric(run_id, Metric("after", 1.0, 1, 1))
    assert store.get_run(run_id).data.metrics["after"] == 1.0
    SqlAlchemyStore.forget(uri)
