"""One store on each database; every contract test runs on all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import databases


@pytest.fixture(scope="session")
def postgresql_uri() -> Iterator[str]:
    """The URI of a schema that this test process has for itself."""
    with databases.own_place("postgresql") as uri:
        yield uri
        _close(uri)


@pytest.fixture(scope="session")
def mysql_uri() -> Iterator[str]:
    """The URI of a database that this test process has for itself."""
    with databases.own_place("mysql") as uri:
        yield uri
        _close(uri)


@pytest.fixture(params=databases.KINDS)
def database_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URI of a database; on a server it is shared by the tests of this process."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    uri: str = request.getfixturevalue(f"{request.param}_uri")
    return uri


@pytest.fixture
def store(database_uri: str, tmp_path: Path) -> Iterator[SqlAlchemyStore]:
    """An empty store on each database in turn."""
    store = SqlAlchemyStore(database_uri, str(tmp_path / "artifacts"))
    yield store
    if database_uri.startswith("sqlite"):
        _close(database_uri)
    else:
        databases.empty(store)


def _close(uri: str) -> None:
    SqlAlchemyStore.forget(uri)
