"""The contract of tables, keys and groups of runs, held against whole runs in plain Python."""

import math
import random
import statistics
from collections import Counter
from typing import Any

import pytest

from mlflow._core.tags import HEADRACE_COLOR, MLFLOW_PARENT_RUN_ID
from mlflow._wire.codec import double
from mlflow._wire.table_messages import (
    GetExperimentCounts,
    RunTableResponse,
    SearchRunGroups,
    SearchRunKeys,
    SearchRunTable,
    TableColumn,
    TableRow,
)
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run import Run
from mlflow.entities.run_tag import RunTag
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from tests.contract.search_data import METRICS, PARAMS, TAGS, fill, random_filter, random_order

VIEWS = {ViewType.ACTIVE_ONLY: "ACTIVE_ONLY", ViewType.DELETED_ONLY: "DELETED_ONLY",
         ViewType.ALL: "ALL"}  # fmt: skip
COLUMNS = ("metrics.m1", "metrics.`m 3`", "metrics.m 3", "metrics.no", "params.p1", "tags.t/2",
           "tags.`t/2`", "params.no", "min:metrics.m2", "max:metrics.m2")  # fmt: skip
EXTREMES = {"min": min, "max": max}


def _make(store: Any, experiment: str, *, tags: dict[str, str] | None = None, **params: str) -> str:
    found = [RunTag(key, value) for key, value in (tags or {}).items()]
    run_id: str = store.create_run(experiment, "u", 1, found, "name").info.run_id
    store.log_batch(run_id, [], [Param(key, value) for key, value in params.items()], [])
    return run_id


def _log(store: Any, run_id: str, key: str, *values: float) -> None:
    points = [Metric(key, value, 1, step) for step, value in enumerate(values)]
    store.log_batch(run_id, points, [], [])


def _same(found: object, wanted: object) -> bool:
    """Return whether two numbers of the wire are the same, signs of zero and all."""
    return repr(found) == repr(wanted)


def _expected(run: Run, column: TableColumn) -> object:
    if column.kind == "metrics":
        value = run.data.metrics.get(column.key or "")
        return None if value is None else double(value)
    return (run.data.params if column.kind == "params" else run.data.tags).get(column.key or "")


def test_a_table_holds_what_a_search_finds(store: Any) -> None:
    """Rows, values, order, pages and count are those of ``search_runs``, whatever is asked."""
    runs = fill(store, 60, seed=5)
    source = random.Random(7)  # noqa: S311 - the same every time
    experiments = sorted({run.experiment_id for run in runs})
    for _ in range(25):
        view = source.choice(list(VIEWS))
        text = random_filter(source, [run.run_id for run in runs])
        order = random_order(source)
        found = store.search_runs(experiments, text, view, 1_000, order)
        rows: list[TableRow] = []
        pages: list[RunTableResponse] = []
        token = None
        while token or not pages:
            ask = SearchRunTable(
                experiment_ids=experiments, filter=text, run_view_type=VIEWS[view], order_by=order,
                columns=list(COLUMNS), max_results=11, page_token=token,
            )  # fmt: skip
            pages.append(store.search_run_table(ask))
            rows += pages[-1].rows
            token = pages[-1].next_page_token
            assert pages[-1].total == len(found)
        assert [row.run_id for row in rows] == [run.info.run_id for run in found]
        for row, run in zip(rows, found, strict=True):
            info = run.info
            assert (row.run_name, row.status, row.user_id, row.experiment_id) == (
                info.run_name, info.status, info.user_id, info.experiment_id)  # fmt: skip
            assert (row.lifecycle_stage, row.start_time, row.end_time) == (
                info.lifecycle_stage, info.start_time, info.end_time)  # fmt: skip
        for page in pages if found else []:
            assert [column.id for column in page.columns] == list(COLUMNS)
        for place in range(len(COLUMNS) if found else 0):
            columns = [page.columns[place] for page in pages]
            values = [value for column in columns for value in column.numbers or column.texts]
            if not columns[0].aggregate:
                assert all(map(_same, values, [_expected(run, columns[0]) for run in found]))
                assert len(values) == len(found)


def test_least_and_greatest_values_are_those_of_the_whole_history(store: Any) -> None:
    """A column of an aggregate holds it over all points but NaN, infinities included."""
    experiment = store.create_experiment("extremes")
    histories = [(3.0, -1.5, 2.0), (1.0, math.inf, -math.inf), (math.nan, 5.0), (math.nan,), ()]
    for number, values in enumerate(histories):
        run_id = store.create_run(experiment, "u", number, [], "x").info.run_id
        if values:
            _log(store, run_id, "m", *values)
    page = store.search_run_table(
        SearchRunTable(
            experiment_ids=[experiment], order_by=["start_time"],
            columns=["min:metrics.m", "max:metrics.m", "metrics.m"],
        )
    )  # fmt: skip
    least, greatest, latest = (column.numbers for column in page.columns)
    assert least == [-1.5, "-Infinity", 5.0, "NaN", None]
    assert greatest == [3.0, "Infinity", 5.0, "NaN", None]
    assert latest == [2.0, "-Infinity", 5.0, "NaN", None]


def test_a_row_says_its_parent_its_colour_and_whether_it_has_children(store: Any) -> None:
    """Of a nested run the parent, of a parent that it is one, of a coloured run the colour."""
    experiment = store.create_experiment("nested")
    ask = SearchRunTable(experiment_ids=[experiment], order_by=["params.n"])
    parent = _make(store, experiment, n="0")
    alone = store.search_run_table(ask).rows[0]
    assert (alone.parent_run_id, alone.color, alone.has_children) == (None, None, None)
    _make(store, experiment, n="1", tags={MLFLOW_PARENT_RUN_ID: parent})
    _make(store, experiment, n="2", tags={HEADRACE_COLOR: "#123456"})
    found = store.search_run_table(ask).rows
    assert [(row.parent_run_id, row.color, row.has_children) for row in found] == [
        (None, None, True), (parent, None, None), (None, "#123456", None)]  # fmt: skip


def test_a_column_comes_without_its_rows(store: Any) -> None:
    """Who asks for ids only gets them in order with the values, and nothing else of the runs."""
    experiment = store.create_experiment("column")
    runs = [_make(store, experiment, n=str(number)) for number in range(3)]
    page = store.search_run_table(
        SearchRunTable(
            experiment_ids=[experiment],
            order_by=["params.n DESC"],
            columns=["params.n"],
            ids_only=True,
        )
    )
    assert page.rows == [TableRow(run_id=run_id) for run_id in reversed(runs)]
    assert page.columns[0].texts == ["2", "1", "0"]


def test_many_columns_are_filled_by_several_statements(store: Any) -> None:
    """A hundred columns come in the order asked, each with its own values."""
    experiment = store.create_experiment("wide")
    for number in range(3):
        run_id = store.create_run(experiment, "u", number, [], "x").info.run_id
        metrics = [Metric(f"m{key}", key + number, 1, 0) for key in range(50)]
        store.log_batch(run_id, metrics, [Param(f"p{k}", f"{k}-{number}") for k in range(50)], [])
    names = [name for key in range(50) for name in (f"metrics.m{key}", f"params.p{key}")]
    page = store.search_run_table(
        SearchRunTable(experiment_ids=[experiment], order_by=["start_time"], columns=names)
    )
    assert [column.id for column in page.columns] == names
    for key in range(50):
        assert page.columns[2 * key].numbers == [key, key + 1, key + 2]
        assert page.columns[2 * key + 1].texts == [f"{key}-{number}" for number in range(3)]


def test_telling_columns(store: Any) -> None:
    """Curves come first, then what most runs have; sensors last; equal params are left out."""
    experiment = store.create_experiment("telling")
    for number in range(6):
        run_id = _make(store, experiment, same="1", lr=str(number), half=str(number % 2))
        _log(store, run_id, "z/loss", 1.0, 0.5 + number)
        _log(store, run_id, "accuracy", number / 10)
        _log(store, run_id, "system/cpu", 1.0, number, 2.0)
        _log(store, run_id, "constant", 1.0)
        if number:
            _log(store, run_id, "rare curve", 1.0, number)
    ask = SearchRunTable(experiment_ids=[experiment], telling_metrics=9, telling_params=9)
    page = store.search_run_table(ask)
    assert [column.id for column in page.columns] == [
        "metrics.z/loss", "metrics.`rare curve`", "metrics.accuracy", "metrics.constant",
        "metrics.system/cpu", "params.lr", "params.half",
    ]  # fmt: skip
    assert all(column.numbers or column.texts for column in page.columns)
    ask.telling_metrics, ask.telling_params = 2, 1
    ask.columns = ["params.same", "metrics.z/loss"]
    assert [column.id for column in store.search_run_table(ask).columns] == [
        "params.same", "metrics.z/loss", "metrics.`rare curve`", "params.lr"]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("columns", ["loss"]),
        ("columns", ["metrics."]),
        ("columns", ["min:params.x"]),
        ("columns", ["attributes.status"]),
        ("columns", [f"metrics.m{number}" for number in range(201)]),
        ("telling_metrics", -1),
        ("max_results", 10_001),
        ("filter", "metrics.x >"),
        ("page_token", "?"),
    ],
)
def test_what_no_table_can_be_made_of_is_refused(store: Any, field: str, value: Any) -> None:
    """A wrong argument is an error that says so."""
    ask = SearchRunTable(experiment_ids=["0"], **{field: value})
    with pytest.raises(MlflowException) as error:
        store.search_run_table(ask)
    assert error.value.error_code == "INVALID_PARAMETER_VALUE"


def test_nothing_is_found_where_nothing_is(store: Any) -> None:
    """No experiment, or one without runs, has an empty table, no keys and no groups."""
    empty = store.create_experiment("empty")
    for ids in ([], [empty], ["123456"]):
        ask = SearchRunTable(experiment_ids=ids, columns=["metrics.x"], telling_params=3)
        assert store.search_run_table(ask).total == 0
        assert store.search_run_keys(SearchRunKeys(experiment_ids=ids)).total == 0
        groups = SearchRunGroups(experiment_ids=ids, group_by=["params.x"], metrics=["m"])
        assert store.search_run_groups(groups).groups == []


# Keys


def test_keys_are_listed_curves_first_then_by_name(store: Any) -> None:
    """Of several experiments together, in pages, with how many runs have each."""
    first, second = (store.create_experiment(name) for name in ("one", "two"))
    other = store.create_experiment("other")
    for number, experiment in enumerate((first, first, second, other)):
        run_id = _make(store, experiment, lr="1")
        _log(store, run_id, "b", 1.0)
        _log(store, run_id, "Zeta", 1.0, 2.0)
        if number < 2:
            _log(store, run_id, "Éa", float(number), 3.0)
        if number == 3:
            _log(store, run_id, "foreign", 1.0)
            store.log_param(run_id, Param("foreign", "x"))
    ask = SearchRunKeys(experiment_ids=[first, second], kind="metrics", max_results=2)
    page = store.search_run_keys(ask)
    found = [(one.key, one.runs, one.is_curve) for one in page.keys]
    assert (page.total, found) == (3, [("Zeta", 3, True), ("Éa", 2, True)])
    ask.page_token = page.next_page_token
    page = store.search_run_keys(ask)
    assert [(one.key, one.runs, one.is_curve) for one in page.keys] == [("b", 3, False)]
    assert page.next_page_token is None
    page = store.search_run_keys(SearchRunKeys(experiment_ids=[first], contains="É".lower()))
    assert [one.key for one in page.keys] == ["Éa"]
    page = store.search_run_keys(SearchRunKeys(experiment_ids=[first, second]))
    kinds = [(one.kind, one.key, one.runs) for one in page.keys if one.kind != "tags"]
    assert kinds[2:] == [("metrics", "b", 3), ("params", "lr", 3)]
    with pytest.raises(MlflowException, match="Invalid kind"):
        store.search_run_keys(SearchRunKeys(experiment_ids=[first], kind="metric"))


# Groups


def _groups(runs: list[Run], by: tuple[str, str]) -> Counter[tuple[str | None, str | None]]:
    return Counter((run.data.params.get(by[0]), run.data.tags.get(by[1])) for run in runs)


def test_groups_hold_every_matching_run(store: Any) -> None:
    """Counts and statistics are those of plain Python over all runs that a filter selects."""
    runs = fill(store, 80, seed=3)
    source = random.Random(11)  # noqa: S311 - the same every time
    experiments = sorted({run.experiment_id for run in runs})
    filters = ["", *(random_filter(source, [run.run_id for run in runs]) for _ in range(12))]
    for text in filters:
        found = store.search_runs(experiments, text, ViewType.ACTIVE_ONLY, 1_000)
        answer = store.search_run_groups(
            SearchRunGroups(
                experiment_ids=experiments, filter=text, metrics=[METRICS[0], "no"],
                group_by=[f"params.{PARAMS[0]}", f"tags.`{TAGS[1]}`"],
            )
        )  # fmt: skip
        wanted = _groups(found, (PARAMS[0], TAGS[1]))
        assert {tuple(one.values): one.runs for one in answer.groups} == wanted
        assert answer.total == len(wanted)
        assert [one.runs for one in answer.groups] == sorted(wanted.values(), reverse=True)
        for one in answer.groups:
            mine = [
                run.data.metrics[METRICS[0]]
                for run in found
                if (run.data.params.get(PARAMS[0]), run.data.tags.get(TAGS[1])) == tuple(one.values)
                and not math.isnan(run.data.metrics.get(METRICS[0], math.nan))
            ]
            assert one.metrics[0].count == len(mine)
            assert one.metrics[1].count == 0
            if mine and all(map(math.isfinite, mine)):
                assert one.metrics[0].mean == pytest.approx(statistics.fmean(mine))
                assert one.metrics[0].min == min(mine)
                assert one.metrics[0].max == max(mine)
                std = statistics.stdev(mine) if len(mine) > 1 else None
                assert one.metrics[0].std == (std if std is None else pytest.approx(std))


def test_statistics_of_numbers_that_are_hard(store: Any) -> None:
    """Large numbers that differ little, numbers whose squares overflow, infinities and NaN."""
    experiment = store.create_experiment("hard")
    cases: dict[str, list[float]] = {
        "near": [1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3],
        "huge": [1e300, -1e300, 0.5e300],
        "infinite": [math.inf, 1.0],
        "both": [math.inf, -math.inf],
        "nan": [math.nan, 2.0],
        "only nan": [math.nan],
    }
    for name, values in cases.items():
        for value in values:
            run_id = _make(store, experiment, case=name)
            _log(store, run_id, "near" if name == "near" else "m", value)
    ask = SearchRunGroups(
        experiment_ids=[experiment], group_by=["params.case"], metrics=["near", "m"]
    )
    found = {str(one.values[0]): one.metrics for one in store.search_run_groups(ask).groups}
    near = found["near"][0]
    assert near.std == pytest.approx(statistics.stdev(cases["near"]), rel=1e-6)
    assert near.mean == pytest.approx(1e9 + 0.2, rel=1e-15)
    huge = found["huge"][1]
    assert huge.std == pytest.approx(1e300 * statistics.stdev([1, -1, 0.5]))
    assert (huge.min, huge.max) == (-1e300, pytest.approx(1e300))
    one = found["infinite"][1]
    assert (one.count, one.mean, one.min, one.max, one.std) == (
        2,
        "Infinity",
        pytest.approx(1.0),
        "Infinity",
        "NaN",
    )
    one = found["both"][1]
    assert (one.mean, one.min, one.max) == ("NaN", "-Infinity", "Infinity")
    one = found["nan"][1]
    assert (one.count, one.mean, one.std) == (1, pytest.approx(2.0), None)
    one = found["only nan"][1]
    assert (one.count, one.mean, one.min) == (0, None, None)


@pytest.mark.parametrize("length", [100, 340, 341, 1_100, 5_900])
def test_groups_of_texts_that_begin_alike(store: Any, length: int) -> None:
    """A group is of one whole text, however much of it others share, padding and case included."""
    experiment = store.create_experiment("alike")
    texts = [f"{'日' * length}{end}" for end in ("a", "A", "b", "a ", "")]
    for number, text in enumerate(texts):
        for time in range(number + 2):
            run_id = _make(store, experiment, long=text, half=str(time % 2))
            store.set_tag(run_id, RunTag("long", text))
            _log(store, run_id, "m", 10.0 * number + time)
    for by in ("params.long", "tags.long"):
        ask = SearchRunGroups(experiment_ids=[experiment], group_by=[by], metrics=["m"])
        found = store.search_run_groups(ask).groups
        assert [(one.values, one.runs) for one in found] == [
            ([text], number + 2) for number, text in reversed(list(enumerate(texts)))
        ]
        for one, number in zip(found, (4, 3, 2, 1, 0), strict=True):
            values = [10.0 * number + time for time in range(number + 2)]
            (metric,) = one.metrics
            assert (metric.count, metric.min, metric.max) == (len(values), values[0], values[-1])
            assert metric.mean == pytest.approx(statistics.fmean(values))
            assert metric.std == pytest.approx(statistics.stdev(values))
    ask.group_by = ["params.half", "params.long", "tags.none"]
    found = store.search_run_groups(ask).groups
    assert {tuple(one.values): one.runs for one in found} == {
        (str(half), text, None): (number + 3 - half) // 2
        for number, text in enumerate(texts)
        for half in (0, 1)
    }


def test_groups_by_attributes(store: Any) -> None:
    """User and status are fields to group by; what is none, or is no text, is refused."""
    experiment = store.create_experiment("attributes")
    for _ in range(3):
        _make(store, experiment)
    ask = SearchRunGroups(
        experiment_ids=[experiment], group_by=["attributes.status", "attributes.user_id"]
    )
    assert [(one.values, one.runs) for one in store.search_run_groups(ask).groups] == [
        (["RUNNING", "u"], 3)
    ]
    for fields in (["metrics.m"], ["attributes.start_time"], [f"params.p{n}" for n in range(7)]):
        ask.group_by = fields
        with pytest.raises(MlflowException) as error:
            store.search_run_groups(ask)
        assert error.value.error_code == "INVALID_PARAMETER_VALUE"


# Counts


def test_experiments_are_counted_without_their_runs(store: Any) -> None:
    """Active and archived runs are told apart, and the last change moves when something happens."""
    first, second = (store.create_experiment(name) for name in ("one", "two"))
    runs = [_make(store, first) for _ in range(3)]
    before = store.get_experiment_counts(GetExperimentCounts(experiment_ids=[first])).experiments[0]
    store.delete_run(runs[0])
    found = store.get_experiment_counts(
        GetExperimentCounts(experiment_ids=[second, first, "99999"])
    )
    counts = {one.experiment_id: (one.active_runs, one.archived_runs) for one in found.experiments}
    assert counts == {first: (2, 1), second: (0, 0)}
    after = next(one for one in found.experiments if one.experiment_id == first)
    assert 0 < (before.last_activity or 0) <= (after.last_activity or 0)
