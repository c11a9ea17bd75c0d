"""The migrations and the tables say the same, on every database, up and down."""

from collections.abc import Iterator
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.engine import Connection

from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.sql import migrate
from mlflow.store.sql.schema import setup
from mlflow.store.sql.schema.render import SCRIPTS, render
from mlflow.store.sql.schema.views import VIEWS
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import databases


@pytest.fixture(params=databases.KINDS)
def uris(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The URIs of two empty databases of one kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}"
        return
    with (
        databases.own_place(request.param) as one,
        databases.own_place(request.param) as two,
    ):
        yield one, two
        SqlAlchemyStore.forget(one)
        SqlAlchemyStore.forget(two)


def structure(connection: Connection) -> dict[str, Any]:
    """Return everything that the database says about its tables."""
    inspector = sqlalchemy.inspect(connection)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), getattr(c["type"], "collation", None), c["nullable"])
                for c in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "indexes": sorted(
                (str(i["name"]), str(i["column_names"]), str(i.get("expressions")), i["unique"])
                for i in inspector.get_indexes(table)
            ),
            "unique": sorted(
                str(u["column_names"]) for u in inspector.get_unique_constraints(table)
            ),
        }
        for table in sorted(inspector.get_table_names())
    }


def test_up_and_down(uris: tuple[str, str]) -> None:
    """The revisions make what a new store has; going down leaves nothing of ours."""
    fresh, migrated = uris
    SqlAlchemyStore(fresh, "/artifacts")
    with migrate.open_locked(fresh) as connection:
        expected = structure(connection)
    with migrate.open_locked(migrated) as connection:
        migrate.run_revisions(connection, "head")
        connection.commit()
        assert structure(connection) == expected
        connection.commit()
    with migrate.open_locked(migrated) as connection:
        migrate.run_revisions(connection, "base")
        connection.commit()
        assert [t for t in structure(connection) if t != setup.VERSION_TABLE] == []


def test_upgrade_of_nothing(uris: tuple[str, str]) -> None:
    """An upgrade makes a whole store of an empty database; a second one has nothing to do."""
    uri, _ = uris
    would = migrate.upgrade(uri, dry_run=True)
    assert (would.before, would.after) == (None, setup.HEAD)
    assert "CREATE TABLE IF NOT EXISTS hr_runs" in would.statements
    done = migrate.upgrade(uri)
    assert done.before is None
    assert migrate.upgrade(uri) == migrate.Upgrade(setup.HEAD, setup.HEAD, "")
    store = SqlAlchemyStore(uri, "/artifacts")
    assert store.get_experiment("0").name == "Default"
    assert store.create_experiment("next") == "1"


def test_upgrade_from_the_first_revision(uris: tuple[str, str]) -> None:
    """An older schema is refused with the command to run, and keeps its rows through it."""
    uri, _ = uris
    with migrate.open_locked(uri) as connection:
        migrate.run_revisions(connection, "0001")
        run = "7, 'a', 0, 'n', 'u', 1, 'active', 5, NULL, NULL, 'a/artifacts'"
        connection.exec_driver_sql(
            "INSERT INTO hr_experiments VALUES (0, 'Default', '/a', 'active', 1, 1)"
        )
        connection.exec_driver_sql(f"INSERT INTO hr_runs VALUES ({run})")
        connection.commit()
    with pytest.raises(MlflowException, match="mlflow db upgrade"):
        SqlAlchemyStore(uri, "/artifacts")
    assert migrate.upgrade(uri).before == "0001"
    SqlAlchemyStore.forget(uri)
    store = SqlAlchemyStore(uri, "/artifacts")
    store.set_tag("a", RunTag("t", "1"))
    assert store.get_run("a").data.tags["t"] == "1"
    SqlAlchemyStore.forget(uri)


def test_upgrade_refuses_a_newer_schema(uris: tuple[str, str]) -> None:
    """What a later version made is not touched."""
    uri, _ = uris
    store = SqlAlchemyStore(uri, "/artifacts")
    store._database.write(
        lambda session: session.run(f"UPDATE {setup.VERSION_TABLE} SET version_num = '9999'")
    )
    with pytest.raises(MlflowException, match="newer"):
        migrate.upgrade(uri)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_rendered(name: str) -> None:
    """The scripts are what the tables say; render them again after a change."""
    path = Path(setup.__file__).parent / f"{name}.sql"
    assert path.read_text(encoding="utf-8") == render(name)


def test_views(uris: tuple[str, str]) -> None:
    """Every view can be read."""
    uri, _ = uris
    store = SqlAlchemyStore(uri, "/artifacts")
    for view in VIEWS:
        sql = f"SELECT * FROM {view}"
        assert len(store._database.read(methodcaller("rows", sql))) <= 1
