"""One store on each database; every contract test runs on all of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from mlflow.store.model_registry.rest_store import RestStore as RegistryRestStore
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as RegistryStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import databases
from tests.contract.over_http import StoreOverHttp, served

# Modules whose tests ask nothing but what the contract says, of any store.
OVER_HTTP: Final = frozenset(
    {
        "test_documents",
        "test_experiments",
        "test_inputs",
        "test_logged_models",
        "test_manifests",
        "test_metrics",
        "test_registry",
        "test_registry_search",
        "test_run_table",
        "test_runs",
        "test_sampling",
        "test_search_experiments",
        "test_search_models",
        "test_search_runs",
        "test_webhooks",
    }
)


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


# Tests that cannot hold over HTTP, by how their names begin, and why.
NOT_OVER_HTTP: Final = {
    "test_locations": "a server refuses places on its own file system",
    "test_runs_that_cannot_be_written_are_refused": "no id is a missing parameter there",
    "test_many_models_are_loaded_in_the_order_asked_for": "looks at the database",
    "test_the_history_tag_of_a_run_lists_its_models": "a server checks what a model's file says",
    "test_max_results[http-10]": "a text of digits is a number there",
    "test_nothing[http]": "a server checks the number of buckets first",
    "test_names_that_would_break_a_uri_are_refused[http-]": "an empty name is none there",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot hold over HTTP."""
    out = [item for item in items if "[http" in item.name and _is_left_out(item.name)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def _is_left_out(name: str) -> bool:
    return name in NOT_OVER_HTTP or name.partition("[")[0] in NOT_OVER_HTTP


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test on all databases, and those of the contract over HTTP too."""
    if "database_uri" in metafunc.fixturenames:
        is_contract = metafunc.module.__name__.rpartition(".")[2] in OVER_HTTP
        kinds = [*databases.KINDS, *(["http"] if is_contract else [])]
        metafunc.parametrize("database_uri", kinds, indirect=True)


@pytest.fixture
def database_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URI of a database; on a server it is shared by the tests of this process."""
    if request.param in ("sqlite", "http"):
        return f"sqlite:///{tmp_path / 'store.db'}"
    uri: str = request.getfixturevalue(f"{request.param}_uri")
    return uri


@pytest.fixture
def store(request: pytest.FixtureRequest, database_uri: str, tmp_path: Path) -> Iterator[Any]:
    """An empty store on each database in turn, and one behind a server."""
    if "http" in request.node.callspec.params.values():
        with served(database_uri, str(tmp_path / "artifacts")) as store:
            yield store
        _close(database_uri)
        return
    direct = SqlAlchemyStore(database_uri, str(tmp_path / "artifacts"))
    yield direct
    if database_uri.startswith("sqlite"):
        _close(database_uri)
    else:
        databases.empty(direct)


@pytest.fixture
def registry(store: Any, database_uri: str) -> Iterator[Any]:
    """The model registry beside the store, behind the same server where that is behind one."""
    if not isinstance(store, StoreOverHttp):
        yield RegistryStore(database_uri, tracking=store)
        return
    behind = RegistryRestStore(store.uri)
    yield behind
    behind.close()


def _close(uri: str) -> None:
    SqlAlchemyStore.forget(uri)
