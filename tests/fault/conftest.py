"""An empty database of each kind; long tests run only when asked for: ``pytest -m soak``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import databases


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "soak: takes a minute or more; run with -m soak")
    config.addinivalue_line("markers", "faults: has a long form; see HEADRACE_TEST_FAULTS")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the long tests unless the marker was named."""
    if "soak" in config.option.markexpr:
        return
    for item in items:
        if item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="takes a minute; run with -m soak"))


@pytest.fixture(params=databases.KINDS)
def fresh_uri(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URI of an empty database on each kind of database in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
    else:
        with databases.own_place(request.param) as uri:
            yield uri
            SqlAlchemyStore.forget(uri)
