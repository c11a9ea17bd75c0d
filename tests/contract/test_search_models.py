"""The contract of searching logged models."""

import math
from typing import Any

import pytest

from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

# Name, type, params, tags, points (key, value, timestamp, step, dataset).
ROWS: tuple[tuple[str, str | None, dict[str, str], dict[str, str], list[Any]], ...] = (
    ("a", "tree", {"p": "1"}, {"t": "x"}, [("m", 1.0, 100, 0, None), ("m", 5.0, 200, 1, "d1")]),
    ("b", None, {"p": "2"}, {"t": "X"}, [("m", 2.0, 100, 0, "d1"), ("m", 3.0, 150, 0, "d2")]),
    ("c", "net", {"q": "it's"}, {}, [("m", math.nan, 100, 0, None)]),
    ("d", None, {}, {}, [("m", math.inf, 100, 0, None), ("n", 1.0, 100, 0, "d1")]),
    ("e", "tree", {"p": "1"}, {"t": "é"}, []),
)


@pytest.fixture
def experiment(store: SqlAlchemyStore) -> str:
    """An experiment with the models; each is a millisecond younger than the one before."""
    made = store.create_experiment("models")
    run_id = store.create_run(made, "u", 1, [], None).info.run_id
    for place, (name, kind, params, tags, points) in enumerate(ROWS):
        model = store.create_logged_model(
            made,
            name,
            None,
            [LoggedModelTag(key, value) for key, value in tags.items()],
            [LoggedModelParameter(key, value) for key, value in params.items()],
            kind,
        )
        for key, value, time, step, dataset in points:
            digest = dataset and "g1"
            store.log_metric(
                run_id, Metric(key, value, time, step, model.model_id, dataset, digest)
            )

        def set_time(session: Session, model_id: str = model.model_id, at: int = place) -> None:
            sql = "UPDATE hr_logged_models SET creation_time = ? WHERE model_uuid = ?"
            session.run(sql, (at, model_id))

        store._database.write(set_time)
        if name == "a":
            store.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    return made


def _names(store: SqlAlchemyStore, experiment: str, **options: Any) -> str:
    return "".join(model.name for model in store.search_logged_models([experiment], **options))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "edcba"),
        ("name = 'a'", "a"),
        ("attributes.name IN ('a', 'b')", "ba"),
        ("name = a", "a"),
        ("model_type = 'tree'", "ea"),
        ("model_type != 'tree'", "c"),
        ("NOT model_type = 'tree'", "dcb"),
        ("model_type IS NULL", "db"),
        ("status = 'READY'", "a"),
        ("status LIKE 'PEND%'", "edcb"),
        ("model_id LIKE 'm-%'", "edcba"),
        ("creation_timestamp > 1", "edc"),
        ("creation_time BETWEEN 1 AND 2", "cb"),
        ("artifact_location LIKE '%/artifacts'", "edcba"),
        ("lifecycle_stage = 'active'", "edcba"),
        ("params.p = '1'", "ea"),
        ("params.p = 1", "ea"),
        ("params.p != '1'", "b"),
        ("params.q = 'it''s'", "c"),
        ("params.p IS NULL", "dc"),
        ("tags.t ILIKE 'x'", "ba"),
        ("metrics.m = 1", "a"),
        ("metrics.m > 2", "dba"),
        ("metrics.m < 1e9 AND params.p = '1'", "a"),
        ("NOT metrics.m > 2", "ec"),
        ("metrics.m > 4 OR params.q IS NOT NULL", "dca"),
        ("metrics.missing > 0", ""),
    ],
)
def test_filters(store: SqlAlchemyStore, experiment: str, text: str, names: str) -> None:
    """Filters by attributes, params, tags and metrics; the newest come first."""
    assert _names(store, experiment, filter_string=text) == names


@pytest.mark.parametrize(
    ("datasets", "text", "names"),
    [
        ([{"dataset_name": "d1"}], "", "dba"),
        ([{"dataset_name": "d1", "dataset_digest": "g1"}], "", "dba"),
        ([{"dataset_name": "d1", "dataset_digest": "g2"}], "", ""),
        ([{"dataset_name": "d2"}, {"dataset_name": "d1"}], "metrics.m > 2", "ba"),
        ([{"dataset_name": "d1"}], "metrics.m > 2", "a"),
        ([{"dataset_name": "d1"}], "params.p = '1'", "a"),
        ([], "metrics.m > 2", "dba"),
    ],
)
def test_datasets(
    store: SqlAlchemyStore, experiment: str, datasets: list[Any], text: str, names: str
) -> None:
    """Only models measured on one of the datasets, and metrics only as measured there."""
    assert _names(store, experiment, filter_string=text, datasets=datasets) == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ([{"field_name": "name"}], "abcde"),
        ([{"field_name": "name", "ascending": False}], "edcba"),
        ([{"field_name": "attributes.creation_timestamp"}], "abcde"),
        ([{"field_name": "model_type"}], "ceadb"),
        ([{"field_name": "model_type", "ascending": False}], "eacdb"),
        ([{"field_name": "metrics.m"}], "badce"),
        ([{"field_name": "metrics.m", "ascending": False}], "dabce"),
        ([{"field_name": "metrics.m", "dataset_name": "d1"}], "baedc"),
        ([{"field_name": "metrics.m", "dataset_name": "d1", "dataset_digest": "g2"}], "edcba"),
        ([{"field_name": "status"}, {"field_name": "name"}], "bcdea"),
    ],
)
def test_orders(store: SqlAlchemyStore, experiment: str, order: list[Any], names: str) -> None:
    """A metric orders by its latest point; NaN, then missing ones come last; pages agree."""
    assert _names(store, experiment, order_by=order) == names
    found, token = "", None
    for _ in range(9):
        page = store.search_logged_models([experiment], None, None, 1, order, token)
        found += "".join(model.name for model in page)
        token = page.token
        if token is None:
            break
    assert found == names


def test_deleted_models_are_not_found(store: SqlAlchemyStore, experiment: str) -> None:
    """A deleted model is left out."""
    model = store.search_logged_models([experiment], "name = 'a'")[0]
    store.delete_logged_model(model.model_id)
    assert _names(store, experiment) == "edcb"


def test_pages(store: SqlAlchemyStore, experiment: str) -> None:
    """No length or 0 is the usual one; a greater one than the greatest is cut to it."""
    for length in (None, 0, 1_000_000):
        assert _names(store, experiment, max_results=length) == "edcba"
    assert store.search_logged_models([]) == []


@pytest.mark.parametrize(
    "options",
    [
        {"filter_string": "bogus = 'x'"},
        {"filter_string": "run.name = 'x'"},
        {"filter_string": "params.p > '1'"},
        {"filter_string": "creation_timestamp > '1'"},
        {"datasets": [{}]},
        {"datasets": [{"dataset_digest": "g1"}]},
        {"datasets": ["d1"]},
        {"order_by": [{"field_name": "params.p"}]},
        {"order_by": ["name"]},
        {"max_results": -1},
        {"max_results": "x"},
        {"page_token": "bogus"},
        {"experiment_ids": ["x"]},
    ],
)
def test_bad_arguments(store: SqlAlchemyStore, options: dict[str, Any]) -> None:
    """What is wrong is INVALID_PARAMETER_VALUE."""
    with pytest.raises(MlflowException) as caught:
        store.search_logged_models(**{"experiment_ids": ["0"], **options})
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
