"""The defaults that plugins inherit answer as the databases do."""

import math
from functools import partial
from typing import Any

import pytest

from mlflow._wire.columns import decode_columns
from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.entities.metric_bucket import BucketAxis
from mlflow.store.tracking.abstract_store import AbstractStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

_VALUES = (1.5, -2.0, math.nan, math.inf, -math.inf, 0.0, 3.25, math.nan)


@pytest.fixture
def runs(store: SqlAlchemyStore) -> list[str]:
    """Two runs whose points share steps and times, logged in disorder, and an empty one."""
    made = [store.create_run("0", "u", 1, [], None).info.run_id for _ in range(3)]
    for number, run_id in enumerate(made[:2]):
        points = [
            Metric("m", _VALUES[(i * 3 + number) % 8], 1000 - (i * 7) % 40, (i * 5) % 23)
            for i in range(60)
        ]
        store.log_batch(run_id, points, [], [])
    store.log_batch(made[0], [Metric("nan", math.nan, 5, 5), Metric("nan", -1.0, 5, 5)], [], [])
    return made


@pytest.mark.parametrize("axis", ["step", "time"])
@pytest.mark.parametrize(
    "span",
    [(None, None), (3, 17), (None, 990), (100, None), (9, 2), (-(10**30), 12), (10**30, 10**31)],
)
@pytest.mark.parametrize("buckets", [1, 4, 1000])
def test_buckets(
    store: SqlAlchemyStore,
    runs: list[str],
    axis: BucketAxis,
    span: tuple[int | None, int | None],
    buckets: int,
) -> None:
    """Buckets from histories equal those that the database aggregates."""
    asked = ([*runs, "missing"], ["m", "nan", "none"])
    options = {"buckets": buckets, "axis": axis, "start": span[0], "end": span[1]}
    theirs = AbstractStore.get_metric_buckets(store, *asked, **options)  # type: ignore[arg-type]  # by name
    assert repr(theirs) == repr(store.get_metric_buckets(*asked, **options))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("span", [(None, None), (3, 17), (9, 2)])
@pytest.mark.parametrize("most", [0, 1, 4, 1000])
def test_samples(
    store: SqlAlchemyStore, runs: list[str], span: tuple[int | None, int | None], most: int
) -> None:
    """Samples and bulk histories from histories equal those of the database."""
    ours = store.get_metric_history_bulk_interval(runs, "m", most, *span)
    theirs = AbstractStore.get_metric_history_bulk_interval(store, runs, "m", most, *span)
    assert repr(theirs) == repr(ours)
    bulk = AbstractStore.get_metric_history_bulk(store, runs, "m", most)
    assert repr(bulk) == repr(store.get_metric_history_bulk(runs, "m", most))


def test_columns(store: SqlAlchemyStore, runs: list[str]) -> None:
    """Columns made of buckets are those that the database answers."""
    asked = (["missing", *runs, runs[0]], ["none", "m", "nan"])
    for axis in ("step", "time"):
        options: Any = {"buckets": 7, "axis": axis}
        theirs = AbstractStore.get_metric_columns(store, *asked, **options)
        ours = decode_columns(store.get_metric_columns(*asked, **options))
        assert repr(decode_columns(theirs)) == repr(ours)
        assert len(ours.series) == 3
    assert not decode_columns(
        AbstractStore.get_metric_columns(store, ["missing"], ["m"], buckets=1)
    ).series
    assert AbstractStore.gather_charts(store)


@pytest.mark.parametrize(
    ("count", "keys", "buckets"), [(5_001, 1, 1), (1, 501, 1), (1, 1, 10_001), (1000, 5, 1000)]
)
def test_too_much_is_refused(store: SqlAlchemyStore, count: int, keys: int, buckets: int) -> None:
    """A chart that would fill the memory is refused, and the limit is named."""
    asked = ([f"{n:032x}" for n in range(count)], [f"k{n}" for n in range(keys)])
    for ask in (store.get_metric_buckets, partial(AbstractStore.get_metric_buckets, store)):
        with pytest.raises(MlflowException, match="[Aa]t most|must be 1 to"):
            ask(*asked, buckets=buckets)


def test_no_bucket_is_refused(store: SqlAlchemyStore) -> None:
    """The default refuses what the database refuses."""
    with pytest.raises(MlflowException, match="at least one bucket"):
        AbstractStore.get_metric_buckets(store, [], [], buckets=0)


def test_names_without_search(store: SqlAlchemyStore) -> None:
    """The default finds an experiment by name over all pages, deleted ones too."""
    number = store.create_experiment("a")
    store.delete_experiment(number)
    found = AbstractStore.get_experiment_by_name(store, "a")
    assert found is not None
    assert found.experiment_id == number
    assert AbstractStore.get_experiment_by_name(store, "b") is None
    assert AbstractStore.get_or_create_experiment(store, "c").name == "c"
