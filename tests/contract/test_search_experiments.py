"""The contract of searching experiments."""

from typing import Any

import pytest

from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.exceptions import MlflowException
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

ROWS: tuple[tuple[str, dict[str, str], int, int], ...] = (
    ("Exp A", {"k": "v", "x": "1"}, 5, 9),
    ("exp b", {"k": "V"}, 5, 8),
    ("exp_c", {"k": "it's"}, 7, 7),
    ("élan", {}, 3, 7),
    ("zed", {"a b": "2"}, 1, 6),
)


@pytest.fixture
def ids(store: SqlAlchemyStore) -> dict[str, str]:
    """The ids of the experiments by name; their times are set."""
    made = {}
    for name, tags, _, _ in ROWS:
        pairs = [ExperimentTag(key, value) for key, value in tags.items()]
        made[name] = store.create_experiment(name, None, pairs)

    def set_times(session: Session) -> None:
        session.run("UPDATE hr_experiments SET creation_time = 0, last_update_time = 0")
        for name, _, creation, update in ROWS:
            session.run(
                "UPDATE hr_experiments SET creation_time = ?, last_update_time = ? WHERE id = ?",
                (creation, update, int(made[name])),
            )

    store._database.write(set_times)
    return made


def _names(store: SqlAlchemyStore, text: str = "", **options: Any) -> list[str]:
    found = store.search_experiments(filter_string=text, **options)
    return [each.name for each in found if each.name != "Default"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "exp_c,Exp A,exp b,élan,zed"),
        ("name = 'Exp A'", "Exp A"),
        ("attribute.name != 'zed'", "exp_c,Exp A,exp b,élan"),
        ("attributes.name LIKE 'exp%'", "exp_c,exp b"),
        ("name ILIKE 'exp%'", "exp_c,Exp A,exp b"),
        ("name IN ('zed', 'élan')", "élan,zed"),
        ("name = 'zed' OR tags.x = '1'", "Exp A,zed"),
        ("creation_time >= 5", "exp_c,Exp A,exp b"),
        ("creation_time BETWEEN 3 AND 5", "Exp A,exp b,élan"),
        ("last_update_time < 7.5", "exp_c,élan,zed"),
        ("tags.k = 'v'", "Exp A"),
        ("tag.k != 'v'", "exp_c,exp b"),
        ("NOT tags.k = 'v' AND creation_time > 0", "exp_c,exp b,élan,zed"),
        ("tags.k IS NULL AND creation_time > 0", "élan,zed"),
        ("tags.k = 'it''s'", "exp_c"),
        ("tags.`a b` IS NOT NULL", "zed"),
        ("tags.nothing = 'x'", ""),
    ],
)
def test_filters(store: SqlAlchemyStore, ids: dict[str, str], text: str, names: str) -> None:
    """Filters by attributes and tags; the newest come first, then the lower id."""
    assert ",".join(_names(store, text)) == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (["name"], "Exp A,exp b,exp_c,zed,élan"),
        (["name DESC"], "élan,zed,exp_c,exp b,Exp A"),
        (["creation_time"], "zed,élan,exp b,Exp A,exp_c"),
        (["last_update_time", "creation_time DESC"], "zed,exp_c,élan,exp b,Exp A"),
        (["experiment_id"], "Exp A,exp b,exp_c,élan,zed"),
    ],
)
def test_orders(store: SqlAlchemyStore, ids: dict[str, str], order: list[str], names: str) -> None:
    """Orders by attributes, ties by id, the newest first; pages of one agree with one page."""
    assert ",".join(_names(store, order_by=order)) == names
    found, token = [], None
    for _ in range(20):
        page = store.search_experiments(max_results=1, order_by=order, page_token=token)
        found += [each.name for each in page if each.name != "Default"]
        token = page.token
        if token is None:
            break
    assert ",".join(found) == names


def test_ids(store: SqlAlchemyStore, ids: dict[str, str]) -> None:
    """Ids are compared as numbers."""
    assert _names(store, f"experiment_id = '{ids['zed']}'") == ["zed"]
    assert _names(store, f"experiment_id = '0{ids['zed']}'") == ["zed"]
    assert _names(store, f"experiment_id IN ('{ids['zed']}', '999999')") == ["zed"]


def test_views(store: SqlAlchemyStore, ids: dict[str, str]) -> None:
    """Active experiments, deleted ones or both."""
    store.delete_experiment(ids["zed"])
    assert "zed" not in _names(store, view_type=1)
    assert _names(store, view_type=2) == ["zed"]
    assert "zed" in _names(store, view_type=3)


@pytest.mark.parametrize(
    "options",
    [
        {"filter_string": "experiment_id LIKE '1%'"},
        {"filter_string": "experiment_id = 'x'"},
        {"filter_string": "lifecycle_stage = 'active'"},
        {"filter_string": "metrics.m > 1"},
        {"filter_string": "name > 'a'"},
        {"order_by": ["tags.k"]},
        {"order_by": ["bogus"]},
        {"max_results": 0},
        {"view_type": 0},
        {"page_token": "bogus"},
    ],
)
def test_bad_arguments(store: SqlAlchemyStore, options: dict[str, Any]) -> None:
    """What is wrong is INVALID_PARAMETER_VALUE."""
    with pytest.raises(MlflowException) as caught:
        store.search_experiments(**options)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
