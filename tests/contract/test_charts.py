"""Charts of long series: exact whatever is logged in whatever order, and kept ready meanwhile."""

import math
import struct
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlflow._wire.columns import Cells, Chart, decode_columns
from mlflow.entities.metric import Metric
from mlflow.entities.run_status import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.store.sampling import buckets_of_chart
from mlflow.store.sql import buckets as charts
from mlflow.store.sql import cells, points, summaries
from mlflow.store.sql.session import Row
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

BIGGEST, SMALLEST = 2**63 - 1, -(2**63)


class Point(NamedTuple):
    """A point as it is logged."""

    step: int
    timestamp: int
    value: float

    def on(self, axis: str) -> int:
        """Return where the point lies on an axis."""
        return self.step if axis == "step" else self.timestamp


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short series are kept ready in small blocks, so that a few points do what millions do."""
    for module, name, size in (
        (summaries, "FEW_POINTS", 6),
        (charts, "FEW_POINTS", 6),
        (summaries, "_LEFT", 2),
        (summaries, "_MOST_POINTS", 24),
        (summaries, "_POINTS_A_CELL", 2),
        (points, "CHUNK", 8),
        (summaries, "CHUNK", 8),
        (cells, "BLOCK_BITS", 2),
    ):
        monkeypatch.setattr(module, name, size)


def rank(value: float) -> tuple[float, int]:
    """Return what orders values at one step and time: NaN, then -0.0, just above zero."""
    if math.isnan(value):
        return 0.0, 1
    if math.isinf(value):
        return math.copysign(1.7976931348623157e308, value), 2
    return value, int(value == 0 and math.copysign(1, value) < 0) * 4


def expected(
    series: dict[tuple[str, str], list[Point]],
    axis: str,
    buckets: int,
    start: int | None,
    end: int | None,
) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a chart says, by a loop over all points."""
    found: dict[str, list[tuple[Any, ...]]] = {key: [] for _, key in series}
    positions = [point.on(axis) for some in series.values() for point in some]
    if not positions:
        return found
    low = min(positions) if start is None else start
    high = max(positions) if end is None else end
    if low > high:
        return found
    # Counted from the least position of all, so that the widest cell holds everything.
    level = next(
        n for n in range(65) if ((high - SMALLEST) >> n) - ((low - SMALLEST) >> n) + 1 <= buckets
    )
    width = 2**level
    for (run_id, key), some in series.items():
        parts: dict[int, list[Point]] = {}
        for point in some:
            part = (point.on(axis) - SMALLEST) // width
            if (low - SMALLEST) // width <= part <= (high - SMALLEST) // width:
                parts.setdefault(part, []).append(point)
        for part, inside in sorted(parts.items()):
            numbers = [p.value + 0.0 for p in inside if not math.isnan(p.value)]
            last = max(inside, key=lambda p: (p.on(axis), p.step, p.timestamp, rank(p.value)))
            found[key].append(
                (
                    run_id,
                    part * width + SMALLEST,
                    (part + 1) * width + SMALLEST - 1,
                    bits(min(numbers, default=math.nan)),
                    bits(max(numbers, default=math.nan)),
                    bits(last.value),
                    len(inside),
                    len(inside) - len(numbers),
                    last.on(axis),
                )
            )
    return found


def bits(value: float) -> bytes:
    """Return a double's bits, one pattern for all NaNs."""
    return struct.pack(">d", math.nan if math.isnan(value) else value)


def told(found: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a store says in the form of ``expected``."""
    return {
        key: [
            (
                b.run_id,
                b.start,
                b.end,
                bits(b.min),
                bits(b.max),
                bits(b.last),
                b.count,
                b.nan_count,
                b.position,
            )
            for b in some
        ]
        for key, some in found.items()
    }


def unique(some: Sequence[Point]) -> list[Point]:
    """Return the points that are kept: equal ones are one."""
    return list({(p.step, p.timestamp, bits(p.value)): p for p in some}.values())


STEPS = st.one_of(
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(-3000, 3000),
    st.sampled_from([SMALLEST, SMALLEST + 1, -1, 0, 2**53 + 1, BIGGEST - 1, BIGGEST]),
)
TIMES = st.one_of(
    st.integers(1000, 1040), st.integers(0, 10**6), st.sampled_from([0, BIGGEST - 1, BIGGEST])
)
VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.7976931348623157e308]),
)
POINTS = st.builds(Point, STEPS, TIMES, VALUES)
# As a training loop logs: in order, from some step on.
RISING = st.builds(
    lambda first, count, stride, value: [
        Point(first + i * stride, 1000 + i, value + i) for i in range(count)
    ],
    st.integers(-50, 200),
    st.integers(1, 40),
    st.sampled_from([0, 1, 1, 7]),
    st.sampled_from([1.0, -0.0, math.nan, math.inf]),
)
ENDS = st.one_of(st.none(), STEPS, TIMES)


class TestExactness:
    @given(
        batches=st.lists(
            st.tuples(
                st.sampled_from([(0, "a"), (0, "a"), (0, "b"), (1, "a")]),
                st.one_of(RISING, st.lists(POINTS, max_size=12)),
                st.sampled_from(["step", "time"]),
                st.sampled_from([1, 2, 5, 40, 1000]),
                ENDS,
                ENDS,
            ),
            min_size=1,
            max_size=6,
        )
    )
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
            HealthCheck.too_slow,
        ],
    )
    def test_any_points_in_any_order(
        self, store: SqlAlchemyStore, small: None, batches: list[Any]
    ) -> None:
        """A chart between any two batches says what a loop over all points so far says."""
        runs = [store.create_run("0", "me", 5, [], None).info.run_id for _ in range(2)]
        logged: dict[tuple[str, str], list[Point]] = {
            (run_id, key): [] for key in ("a", "b") for run_id in runs
        }
        for (number, key), some, axis, count, start, end in batches:
            series = logged[runs[number], key]
            metrics = [Metric(key, p.value, p.timestamp, p.step) for p in some]
            store.log_batch(runs[number], metrics, [], [])
            series[:] = unique([*series, *some])
            for chosen in ({"start": None, "end": None}, {"start": start, "end": end}):
                asked: dict[str, Any] = {"buckets": count, "axis": axis, **chosen}
                right = expected(logged, axis, count, chosen["start"], chosen["end"])
                found = store.get_metric_buckets(runs, ["a", "b"], **asked)
                assert told(found) == right
                columns = decode_columns(store.get_metric_columns(runs, ["a", "b"], **asked))
                assert told(buckets_of_chart(columns)) == right

    @pytest.mark.parametrize("axis", ["step", "time"])
    @pytest.mark.parametrize("late", [0, 3, 500, 1200, 1999])
    def test_late_points(self, store: SqlAlchemyStore, axis: Any, late: int) -> None:
        """A point that comes behind the others is in the next chart, wherever it belongs."""
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        some = [Point(i, 10_000 + i * 3, math.sin(i)) for i in range(0, 4000, 2)]
        for start in range(0, 2000, 1000):
            log(store, run_id, some[start : start + 1000])
        check(store, run_id, some, axis)
        assert covered(store, axis) > 1500
        some.append(Point(late * 2 + 1, 10_000 + late * 6 + 3, 9.0))
        log(store, run_id, some[-1:])
        check(store, run_id, some, axis)
        some.append(Point(-(10**9), 5, -9.0))
        log(store, run_id, some[-1:])
        check(store, run_id, some, axis)
        assert covered(store, axis) > 1500

    @pytest.mark.parametrize("axis", ["step", "time"])
    @pytest.mark.parametrize(
        "place",
        [
            lambda i: (0, 1000 + i),
            lambda i: (i, 1000),
            lambda i: (-i * 2**40, 1000 + i * 2**40),
            lambda i: (2**i if i < 62 else i * 1000, (i * 7919) % 5000),
            lambda i: (i % 300, 1000 + i),
        ],
    )
    def test_shapes(self, store: SqlAlchemyStore, axis: Any, place: Any) -> None:
        """One step for all, one time for all, huge strides, times in disorder, steps repeated."""
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        some: list[Point] = []
        for start in range(0, 3000, 600):
            more = [
                Point(place(i)[0], place(i)[1], float(i % 97)) for i in range(start, start + 600)
            ]
            log(store, run_id, more)
            some += more
            check(store, run_id, some, axis)
            low, high = sorted(p.on(axis) for p in (some[100], some[200]))
            check(store, run_id, some, axis, start=low, end=high)


def log(store: SqlAlchemyStore, run_id: str, some: Sequence[Point]) -> None:
    """Log points of one metric."""
    store.log_batch(run_id, [Metric("m", p.value, p.timestamp, p.step) for p in some], [], [])


def check(
    store: SqlAlchemyStore,
    run_id: str,
    some: list[Point],
    axis: Any,
    start: int | None = None,
    end: int | None = None,
) -> None:
    """Compare charts of several widths with all points."""
    for count in (1, 30, 1000):
        right = expected({(run_id, "m"): unique(some)}, axis, count, start, end)
        found = store.get_metric_buckets(
            [run_id], ["m"], buckets=count, axis=axis, start=start, end=end
        )
        assert told(found) == right


def covered(store: SqlAlchemyStore, axis: str) -> int:
    """Return how many points the cells of all series hold."""
    sql = "SELECT SUM(count) FROM hr_series WHERE axis = ?"
    return int(store._database.read(lambda s: s.scalar(sql, (summaries.AXES[axis],))) or 0)


def rows(store: SqlAlchemyStore) -> list[Row]:
    """Return all cells that are kept."""
    sql = "SELECT * FROM hr_series_cells ORDER BY run_id, key_id, axis, level, block"
    return store._database.read(lambda session: session.rows(sql))


class TestKeeping:
    def test_in_steps(self, store: SqlAlchemyStore, small: None) -> None:
        """A series far longer than what one step gathers is gathered in many."""
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        some = [Point(i, 10_000 + i // 3, math.sin(i)) for i in range(900)]
        log(store, run_id, some)
        for axis in ("step", "time"):
            check(store, run_id, some, axis)
            assert covered(store, axis) > 900 - points.CHUNK

    def test_the_same_however_it_came(self, store: SqlAlchemyStore) -> None:
        """Cells that grew with a run hold what those made at its end hold."""
        some = [Point(i, 10_000 + i * 3, math.cos(i)) for i in range(3000)]
        first, second = (store.create_run("0", "me", 5, [], None).info.run_id for _ in range(2))
        log(store, second, some[:1000])
        log(store, second, some[1000:2000])
        log(store, second, some[2000:])
        for start in range(0, 3000, 300):
            log(store, first, some[start : start + 300])
            store.get_metric_buckets([first], ["m"], buckets=100)
        store.get_metric_buckets([second], ["m"], buckets=100)
        sql = (
            "SELECT level, block, points, content FROM hr_series_cells"
            " WHERE run_id = (SELECT id FROM hr_runs WHERE run_uuid = ?) ORDER BY level, block"
        )
        one, two = (
            {row[:2]: row[2:] for row in store._database.read(lambda s, r=r: s.rows(sql, (r,)))}  # type: ignore[misc]  # bound now
            for r in (first, second)
        )
        # The newest points may be in the one and not yet in the other.
        same = [place for place in one if one[place][0] == two[place][0]]
        assert len(same) > len(one) // 2
        for place in same:
            assert one[place][0] == two[place][0]
            mine, theirs = Cells(), Cells()
            mine.read(one[place][1])
            theirs.read(two[place][1])
            assert mine.columns[:6] == theirs.columns[:6]
            # Sums are rounded in the order in which they were made.
            assert list(mine.mean) == pytest.approx(list(theirs.mean), rel=1e-12, abs=1e-12)
            assert list(mine.spread) == pytest.approx(list(theirs.spread), rel=1e-9, abs=1e-9)

    @pytest.mark.parametrize("axis", ["step", "time"])
    def test_a_late_point_touches_one_path(self, store: SqlAlchemyStore, axis: Any) -> None:
        """A late point changes the blocks that lie over it, and no other."""
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        some = [Point(i * 2, i * 5, 1.0) for i in range(20_000)]
        for start in range(0, 20_000, 1000):
            log(store, run_id, some[start : start + 1000])
        store.get_metric_buckets([run_id], ["m"], buckets=100, axis=axis)
        before = {row[:5]: row for row in rows(store)}
        log(store, run_id, [Point(12_345, 1234, 7.0)])
        store.get_metric_buckets([run_id], ["m"], buckets=100, axis=axis)
        changed = [row for row in rows(store) if before[row[:5]] != row]
        assert len(changed) == len({row[3] for row in changed}) == len({row[3] for row in before})

    def test_gathering_ahead(self, store: SqlAlchemyStore) -> None:
        """What was gathered before is what the first chart of a run would have gathered."""
        some = [Point(i, 10_000 + i, 1.0) for i in range(2000)]
        ids = [store.create_run("0", "me", 5, [], None).info.run_id for _ in range(3)]
        for run_id in ids:
            log(store, run_id, some[:1000])
            log(store, run_id, some[1000:])
        store.update_run_info(ids[0], RunStatus.FINISHED, 10**6, None)
        assert store.gather_charts(2 * 10**6, seconds=-1.0) is False
        assert store.gather_charts(2 * 10**6, seconds=60.0) is True
        assert covered(store, "step") == 2 * (2000 - summaries._LEFT)
        assert store.gather_charts(seconds=60.0) is True
        kept = rows(store)
        assert len({row[0] for row in kept}) == len(ids)
        check(store, ids[0], some, "step")
        assert rows(store) == kept

    def test_who_may_only_read(self, tmp_path: Path) -> None:
        """A chart of a database that cannot be written is exact all the same."""
        path = tmp_path / "runs.db"
        writable, readable = f"sqlite:///{path}", f"sqlite:///file:{path}?mode=ro&uri=true"
        store = SqlAlchemyStore(writable, str(tmp_path))
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        some = [Point(i % 700, 10_000 + i, float(i)) for i in range(1000)]
        log(store, run_id, some)
        SqlAlchemyStore.forget(writable)
        reader = SqlAlchemyStore(readable, str(tmp_path))
        for axis in ("step", "time"):
            check(reader, run_id, some, axis)
        assert rows(reader) == []
        SqlAlchemyStore.forget(readable)

    def test_nothing_is_left_of_an_erased_run(self, store: SqlAlchemyStore) -> None:
        """What is kept of a run goes with the run."""
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        log(store, run_id, [Point(i, 10_000 + i, 1.0) for i in range(1000)])
        store.get_metric_buckets([run_id], ["m"], buckets=10)
        assert rows(store)
        store.delete_run(run_id)
        store._hard_delete_run(run_id)
        assert (rows(store), covered(store, "step")) == ([], 0)

    def test_charts_while_others_log(self, store: SqlAlchemyStore, small: None) -> None:
        """Charts by several threads, while two log out of order, count each point once."""
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        store.log_batch(run_id, [Metric("m", 0.0, 5, 10**6)], [], [])
        done = threading.Event()

        def write(offset: int) -> list[Point]:
            some = [Point(i * 2 + offset, 100 + i, float(i)) for i in range(400)]
            for start in range(0, 400, 16):
                log(store, run_id, some[start : start + 16])
            return some

        def read(axis: Any) -> list[int]:
            counts = []
            while not done.is_set():
                found = store.get_metric_buckets([run_id], ["m"], buckets=50, axis=axis)
                counts.append(sum(bucket.count for bucket in found["m"]))
            return counts

        with ThreadPoolExecutor(5) as pool:
            readers = [pool.submit(read, axis) for axis in ("step", "step", "time")]
            try:
                logged = [p for one in pool.map(write, (0, 1)) for p in one]
            finally:
                done.set()
            for reader in readers:
                assert reader.result() == sorted(reader.result())
        for axis in ("step", "time"):
            check(store, run_id, [Point(10**6, 5, 0.0), *logged], axis)


class TestGroups:
    @pytest.mark.parametrize("axis", ["step", "time", "relative"])
    @pytest.mark.parametrize("ends", [(None, None), (300, 420)])
    def test_all_points_of_all_members(
        self, store: SqlAlchemyStore, axis: Any, ends: tuple[int | None, int | None]
    ) -> None:
        """Count, limits, mean and deviation of a part are those of a loop over all its points."""
        logged = members(store)
        start, end = ends
        if axis == "time" and start is not None and end is not None:
            start, end = start + 10_000, end + 10_000
        names = ["x", "y", "x", "x"]
        for buckets in (1, 20, 1000):
            content = store.get_metric_columns(
                list(logged), ["m"], buckets=buckets, axis=axis, start=start, end=end, groups=names
            )
            chart = decode_columns(content)
            assert (chart.axis, chart.is_grouped, list(chart.run_ids)) == (axis, True, ["x", "y"])
            found = {
                (names_of(chart, one.run), one.cells.at[place] >> chart.level): tuple(
                    column[place] for column in one.cells.columns
                )
                for one in chart.series
                for place in range(len(one.cells))
            }
            right = grouped(logged, names, axis, chart.level, found)
            assert found.keys() == right.keys()
            for place, some in right.items():
                assert found[place] == pytest.approx(some, rel=1e-9, abs=1e-12, nan_ok=True), place

    def test_relative_time(self, store: SqlAlchemyStore) -> None:
        """Points of runs that began at other times lie at the time since their own start."""
        logged = members(store)
        content = store.get_metric_columns(list(logged), ["m"], buckets=10_000, axis="relative")
        chart = decode_columns(content)
        assert chart.level == 0
        for one in chart.series:
            origin, some = logged[chart.run_ids[one.run]]
            times = sorted({point.timestamp - origin for point in some})
            assert list(one.cells.at) == times
        near = decode_columns(
            store.get_metric_columns(
                list(logged), ["m"], buckets=10_000, axis="relative", start=100, end=110
            )
        )
        for one in near.series:
            assert all(100 <= at <= 110 for at in one.cells.at)
        assert near.series

    def test_each_run_needs_a_group(self, store: SqlAlchemyStore) -> None:
        """Names that are too few are refused."""
        run_id = store.create_run("0", "me", 5, [], None).info.run_id
        with pytest.raises(MlflowException, match="name of its group"):
            store.get_metric_columns([run_id], ["m"], buckets=5, groups=[])


def names_of(chart: Chart, place: int) -> str:
    """Return the name of a group."""
    return chart.run_ids[place]


def members(store: SqlAlchemyStore) -> dict[str, tuple[int, list[Point]]]:
    """Make runs that began at other times, one with values that are no numbers."""
    logged: dict[str, tuple[int, list[Point]]] = {}
    for number, size in enumerate((900, 500, 400, 3)):
        origin = 10_000 + 4096 * number
        run_id = store.create_run("0", "me", origin, [], None).info.run_id
        some = [
            Point(step, origin + step, 1e6 + math.sin(step) * (number + 1)) for step in range(size)
        ]
        if number == 2:
            some[10] = some[10]._replace(value=math.nan)
            some[350] = some[350]._replace(value=math.inf)
        log(store, run_id, some)
        logged[run_id] = (origin, some)
    return logged


def grouped(
    logged: dict[str, tuple[int, list[Point]]],
    names: list[str],
    axis: str,
    level: int,
    found: dict[tuple[str, int], Any],
) -> dict[tuple[str, int], tuple[float, ...]]:
    """Return the parts of groups by a loop over all points, in those parts that a chart may show.

    On a relative axis a run keeps the cells of its time, which lie where their last point does.
    """
    low = min((part for _, part in found), default=0)
    high = max((part for _, part in found), default=0)
    inside: dict[tuple[str, int], list[tuple[int, float]]] = {}
    for (origin, some), name in zip(logged.values(), names, strict=True):
        cells: dict[int, list[tuple[int, float]]] = {}
        for point in some:
            at = point.step if axis == "step" else point.timestamp
            cells.setdefault(at >> level, []).append((at, point.value))
        for cell in cells.values():
            away = origin if axis == "relative" else 0
            part = cell[-1][0] - away >> level
            if low <= part <= high:
                inside.setdefault((name, part), []).extend((at - away, v) for at, v in cell)
    right: dict[tuple[str, int], tuple[float, ...]] = {}
    for place, those in inside.items():
        those.sort(key=lambda point: point[0])
        values = [value for _, value in those if not math.isnan(value)]
        mean = sum(map(Fraction, values)) / len(values) if all(map(math.isfinite, values)) else None
        spread = sum((Fraction(v) - mean) ** 2 for v in values) if mean is not None else None
        right[place] = (
            those[-1][0],
            min(values),
            max(values),
            those[-1][1],
            len(those),
            len(those) - len(values),
            math.nan if mean is None else float(mean),
            math.nan if spread is None else math.sqrt(float(spread / max(1, len(values) - 1))),
        )
    return right
