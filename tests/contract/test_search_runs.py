"""The contract of searching runs: every database gives what the language means."""

import base64
import random
from typing import Any

import pytest

from mlflow._search.ast import OrderKey
from mlflow._search.evaluate import matches, ordered
from mlflow._search.fields import RUNS
from mlflow._search.order import parse_order
from mlflow._search.parser import parse_filter
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.sql import search_runs
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract.search_data import Stored, fill, random_filter, random_order

STAGES = {
    ViewType.ACTIVE_ONLY: ("active",),
    ViewType.DELETED_ONLY: ("deleted",),
    ViewType.ALL: ("active", "deleted"),
}


def _expected(
    runs: list[Stored], experiments: list[str], view: int, text: str, order: list[str]
) -> list[str]:
    node, keys = parse_filter(text, RUNS), parse_order(order, RUNS)
    named = {key.field for key in keys}
    ties: list[OrderKey] = [
        key for key in parse_order(["start_time DESC", "run_id"], RUNS) if key.field not in named
    ]
    subjects = [
        run.subject
        for run in runs
        if run.experiment_id in experiments
        and run.stage in STAGES[view]
        and matches(node, run.subject)
    ]
    return [str(each.attributes["run_id"]) for each in ordered(subjects, keys, ties)]


def _pages(
    store: SqlAlchemyStore,
    experiments: list[str],
    view: int,
    text: str,
    order: list[str],
    size: int,
    most: int,
) -> list[str]:
    found: list[str] = []
    token = None
    for _ in range(most):
        page = store.search_runs(experiments, text, view, size, order, token)
        found += [run.info.run_id for run in page]
        token = page.token
        if token is None:
            break
    return found


# Bounds that make every plan run on little data: sets, walks, walks that give way to sets.
PLANS = {
    "as shipped": {},
    "walks": {"_LEAST_CAP": 1, "_GREATEST_CAP": 1, "_SMALL_SCOPE": 1, "_BUDGET": 1},
    "sets": {"_LEAST_CAP": 1_000, "_ENOUGH": 1},
    "one sort": {"_MOST_BRANCHES": 0, "_LEAST_CAP": 1, "_GREATEST_CAP": 1},
}


@pytest.mark.parametrize("plan", PLANS)
def test_a_search_gives_what_the_language_means(
    store: SqlAlchemyStore, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random filters, orders and pages give what plain Python gives, by whatever plan."""
    for name, value in PLANS[plan].items():
        monkeypatch.setattr(search_runs, name, value)
    runs = fill(store, 60, seed=5)
    source = random.Random(plan)  # noqa: S311 - the same numbers every time
    run_ids = [run.run_id for run in runs]
    every = sorted({run.experiment_id for run in runs})
    for _ in range(120):
        text = random_filter(source, run_ids) if source.random() < 0.9 else ""
        order, view = random_order(source), source.choice(tuple(STAGES))
        experiments = source.choice((every[:1], every[:2], every, [*every[1:], "99999"]))
        expected = _expected(runs, experiments, view, text, order)
        size = source.choice((1, 2, 7, 1_000))
        found = _pages(store, experiments, view, text, order, size, 5)
        assert found == expected[: len(found)], (text, order, view, size)
        assert len(found) == min(len(expected), 5 * size), (text, order, view, size)


def test_ties_of_metrics_span_pages_and_phases(store: SqlAlchemyStore) -> None:
    """Pages of one run each go through equal values, both zeros, NaN and missing ones in order."""
    experiment = store.create_experiment("ties")
    values = [1.0, 1.0, 0.0, -0.0, 0.0, float("nan"), float("nan"), None, None, float("inf")]
    runs = []
    for number, value in enumerate(values):
        run = store.create_run(experiment, "u", number, [], None).info
        if value is not None:
            store.log_metric(run.run_id, Metric("m", value, 1, 0))
        runs.append(run)
    for order, descending in (("metrics.m", False), ("metrics.m DESC", True)):
        found = _pages(store, [experiment], ViewType.ALL, "", [order], 1, 99)
        assert found == _pages(store, [experiment], ViewType.ALL, "", [order], 50, 1)
        places = [runs.index(run) for name in found for run in runs if run.run_id == name]
        assert places[-4:] == [6, 5, 8, 7]
        assert places[:6] == ([9, 1, 0, 4, 3, 2] if descending else [4, 3, 2, 1, 0, 9])


def test_extremes_and_durations_span_pages(store: SqlAlchemyStore) -> None:
    """Pages of one run each go through equal extremes, only NaN, and missing ones in order."""
    experiment = store.create_experiment("extremes")
    nan, inf = float("nan"), float("inf")
    histories = [
        [5.0, 1.0, 3.0], [1.0], [nan, 7.0, nan], [nan, nan], [], [-inf, 9.0], [inf, 2.0], [inf],
        [-0.0], [0.0], [nan],
    ]  # fmt: skip
    runs = []
    for number, values in enumerate(histories):
        run_id = store.create_run(experiment, "u", number, [], None).info.run_id
        points = [Metric("m", value, 1, step) for step, value in enumerate(values)]
        store.log_batch(run_id, points, [], [])
        if number % 3:
            store.update_run_info(run_id, 3, 10 + number % 2, None)
        runs.append(run_id)
    for order, places in (
        (["min:metrics.m"], [5, 9, 8, 1, 0, 6, 2, 7, 10, 3, 4]),
        (["min:metrics.m DESC"], [7, 2, 6, 1, 0, 9, 8, 5, 10, 3, 4]),
        (["max:metrics.m"], [9, 8, 1, 0, 2, 5, 7, 6, 10, 3, 4]),
        (["max:metrics.m DESC"], [7, 6, 5, 2, 0, 1, 9, 8, 10, 3, 4]),
        (["min:metrics.m", "max:metrics.m DESC"], [5, 9, 8, 0, 1, 6, 2, 7, 10, 3, 4]),
        (["duration"], [10, 8, 7, 5, 4, 2, 1, 9, 6, 3, 0]),
        (["duration DESC"], [1, 2, 5, 4, 7, 8, 10, 9, 6, 3, 0]),
        (["status", "attributes.duration"], [10, 8, 7, 5, 4, 2, 1, 9, 6, 3, 0]),
    ):
        for size in (1, 3, 50):
            found = _pages(store, [experiment], ViewType.ALL, "", order, size, 99)
            assert [runs.index(run_id) for run_id in found] == places, (order, size)
    found = _pages(store, [experiment], ViewType.ALL, "duration BETWEEN 5 AND 8", [], 9, 1)
    assert [runs.index(run_id) for run_id in found] == [5, 4, 2]


def test_times_that_have_no_difference(store: SqlAlchemyStore) -> None:
    """The ends of 64 bits have no duration, and such a run comes last."""
    experiment = store.create_experiment("ends of time")
    runs = []
    for start, end in ((-(2**63), 2**63 - 1), (2**63 - 1, -(2**63)), (0, 2**63 - 1), (2, 3)):
        runs.append(store.create_run(experiment, "u", start, [], None).info.run_id)
        store.update_run_info(runs[-1], 3, end, None)
    for order, places in (("duration", [3, 2, 1, 0]), ("duration DESC", [2, 3, 1, 0])):
        found = _pages(store, [experiment], ViewType.ALL, "", [order], 1, 9)
        assert [runs.index(run_id) for run_id in found] == places
    found = _pages(store, [experiment], ViewType.ALL, "duration IS NULL", [], 9, 1)
    assert [runs.index(run_id) for run_id in found] == [1, 0]


class TestArguments:
    def test_view_types(self, store: SqlAlchemyStore) -> None:
        """Active runs, deleted ones or both; anything else is an error."""
        experiment = store.create_experiment("views")
        active, deleted = (
            store.create_run(experiment, "u", start, [], None).info.run_id for start in (2, 1)
        )
        store.delete_run(deleted)
        for view, ids in ((1, [active]), (2, [deleted]), (3, [active, deleted])):
            found = store.search_runs([experiment], "", view, 10, None, None)
            assert [run.info.run_id for run in found] == ids
        with pytest.raises(MlflowException, match="view type"):
            store.search_runs([experiment], "", 9, 10, None, None)

    @pytest.mark.parametrize("value", [0, -1, 50_001, 2.5, "10", True])
    def test_max_results(self, store: SqlAlchemyStore, value: Any) -> None:
        """A page has 1 to 50,000 results."""
        with pytest.raises(MlflowException, match="max_results") as caught:
            store.search_runs(["0"], "", 1, value, None, None)
        assert caught.value.error_code == "INVALID_PARAMETER_VALUE"

    def test_experiments(self, store: SqlAlchemyStore) -> None:
        """None are searched when none are given; unknown ones hold nothing; ids are numbers."""
        run_id = store.create_run("0", "u", 1, [], None).info.run_id
        assert store.search_runs([], "", 1, 10, None, None) == []
        assert store.search_runs(["424242"], "", 1, 10, None, None) == []
        found = store.search_runs(["0", "0", "424242"], "", 1, 10, None, None)
        assert [run.info.run_id for run in found] == [run_id]
        for bad in (["abc"], [None], ["-1"], None):
            with pytest.raises(MlflowException) as caught:
                store.search_runs(bad, "", 1, 10, None, None)  # type: ignore[arg-type]
            assert caught.value.error_code == "INVALID_PARAMETER_VALUE"

    def test_many_experiments(self, store: SqlAlchemyStore) -> None:
        """Thousands of ids are no problem for any database."""
        run_id = store.create_run("0", "u", 1, [], None).info.run_id
        ids = [str(number) for number in range(5_000)]
        for order in ([], ["metrics.m"], ["params.p DESC"]):
            found = store.search_runs(ids, "metrics.no IS NULL", 1, 10, order, None)
            assert [run.info.run_id for run in found] == [run_id]

    def test_tokens(self, store: SqlAlchemyStore) -> None:
        """The last page has no token; upstream's tokens are taken; a foreign one is an error."""
        experiment = store.create_experiment("tokens")
        ids = [store.create_run(experiment, "u", 9 - n, [], None).info.run_id for n in range(4)]
        page = store.search_runs([experiment], "", 1, 2, None, None)
        assert [run.info.run_id for run in page] == ids[:2]
        page = store.search_runs([experiment], "", 1, 2, None, page.token)
        assert [run.info.run_id for run in page] == ids[2:]
        assert page.token is None
        offset = base64.b64encode(b'{"offset": 3}').decode()
        page = store.search_runs([experiment], "", 1, 2, None, offset)
        assert [run.info.run_id for run in page] == ids[3:]
        token = store.search_runs([experiment], "", 1, 2, None, None).token
        for bad, order in (("bogus", None), (token, ["metrics.m"])):
            with pytest.raises(MlflowException, match="page token"):
                store.search_runs([experiment], "", 1, 2, order, bad)

    def test_a_page_is_steady_while_runs_come_and_go(self, store: SqlAlchemyStore) -> None:
        """The next page goes on after the last row, whatever was added or deleted before it."""
        experiment = store.create_experiment("steady")
        ids = [store.create_run(experiment, "u", 100 - n, [], None).info.run_id for n in range(4)]
        page = store.search_runs([experiment], "", 1, 2, None, None)
        store.create_run(experiment, "u", 500, [], None)
        store.delete_run(ids[0])
        page = store.search_runs([experiment], "", 1, 2, None, page.token)
        assert [run.info.run_id for run in page] == ids[2:]


@pytest.mark.parametrize("text", ["x" * 6_000, "😀" * 3_000, "a" * 179 + "é" + "b" * 200])
def test_long_values_are_found(store: SqlAlchemyStore, text: str) -> None:
    """Values beyond what an index holds are compared whole."""
    experiment = store.create_experiment("long")
    wanted = store.create_run(experiment, "u", 2, [], None).info.run_id
    other = store.create_run(experiment, "u", 1, [], None).info.run_id
    store.log_param(wanted, Param("p", text))
    store.log_param(other, Param("p", text[:-1] + "!"))
    for test in (
        f"params.p = '{text}'",
        f"params.p IN ('{text}', 'x')",
        f"params.p LIKE '{text[:200]}%{text[-3:]}'",
        f"params.p BETWEEN '{text}' AND '{text}'",
    ):
        page = store.search_runs([experiment], test, 1, 10, None, None)
        assert [run.info.run_id for run in page] == [wanted], test[:40]
    for order, ids in ((["params.p"], [other, wanted]), (["params.p DESC"], [wanted, other])):
        found = _pages(store, [experiment], 1, "", order, 1, 5)
        # MariaDB sorts by 300 characters; beyond them the later start comes first.
        assert found == ([wanted, other] if store._database.dialect.name == "mysql" else ids)


@pytest.mark.parametrize(
    "value",
    ["'; DROP TABLE hr_runs; --", "%", "?", "%s", "{}", "\\", "a\nb", "\u202e", "\U0010ffff"],
)
def test_hostile_values_are_only_values(store: SqlAlchemyStore, value: str) -> None:
    """A value is bound, never part of a statement."""
    experiment = store.create_experiment("hostile")
    run_id = store.create_run(experiment, "u", 1, [], None).info.run_id
    store.log_param(run_id, Param(value, value))
    quoted = "'" + value.replace("'", "''") + "'"
    key = "`" + value + "`"
    for test in (
        f"params.{key} = {quoted}",
        f"params.{key} LIKE {quoted}",
        f"params.{key} IN ({quoted})",
        f"params.{key} BETWEEN {quoted} AND {quoted}",
    ):
        found = store.search_runs([experiment], test, 1, 10, [f"params.{key} DESC"], None)
        assert [run.info.run_id for run in found] == [run_id], test
