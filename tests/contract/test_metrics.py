"""The contract of metrics: points, latest values, histories and buckets, on every database."""

import math
import struct
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.exceptions import MlflowException
from mlflow.store.sql.session import Row, Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

BIGGEST, SMALLEST = 2**63 - 1, -(2**63)
NAN = math.nan


@pytest.fixture
def run_id(store: SqlAlchemyStore) -> str:
    """A run in the default experiment."""
    return store.create_run("0", "me", 5, [], "named").info.run_id


def bits(value: float) -> bytes:
    """Return a double's bits, one pattern for all NaNs."""
    return struct.pack(">d", NAN if math.isnan(value) else value)


def points(store: SqlAlchemyStore, run_id: str, key: str) -> list[tuple[int, int, bytes]]:
    """Return a history as (timestamp, step, bits)."""
    return [(m.timestamp, m.step, bits(m.value)) for m in store.get_metric_history(run_id, key)]


def extremes(store: SqlAlchemyStore, run_id: str, key: str) -> Row:
    """Return least value, greatest value and count beside the latest value."""

    def work(session: Session) -> Row | None:
        return session.row(
            "SELECT l.min_value, l.max_value, l.count FROM hr_latest_metrics l"
            " JOIN hr_runs r ON r.id = l.run_id JOIN hr_keys k ON k.id = l.key_id"
            " WHERE r.run_uuid = ? AND k.name = ?",
            (run_id, key),
        )

    found = store._database.read(work)
    assert found is not None
    return found


class TestPoints:
    @pytest.mark.parametrize(
        "value",
        [0.0, -0.0, 1.5, NAN, math.inf, -math.inf, 5e-324, -5e-324, 1.7976931348623157e308],
    )
    @pytest.mark.parametrize("batch", [False, True])
    def test_exact(self, store: SqlAlchemyStore, run_id: str, value: float, batch: bool) -> None:
        """Every double comes back bit for bit, in the history and as latest value."""
        if batch:
            store.log_batch(run_id, [Metric("m", value, 7, 8)], [], [])
        else:
            store.log_metric(run_id, Metric("m", value, 7, 8))
        assert points(store, run_id, "m") == [(7, 8, bits(value))]
        assert bits(store.get_run(run_id).data.metrics["m"]) == bits(value)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,  # one for each engine
        ],
    )
    @given(
        data=st.lists(
            st.tuples(
                st.floats(),
                st.integers(0, BIGGEST),
                st.integers(SMALLEST, BIGGEST),
                st.text(
                    st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
                    min_size=1,
                    max_size=250,
                ),
            ),
            min_size=1,
            max_size=20,
        )
    )
    def test_any(self, store: SqlAlchemyStore, data: list[tuple[float, int, int, str]]) -> None:
        """Whatever is logged comes back exactly, under exactly its key."""
        run_id = store.create_run("0", "me", 5, [], "named").info.run_id
        metrics = [Metric(key, value, timestamp, step) for value, timestamp, step, key in data]
        store.log_batch(run_id, metrics, [], [])
        store.log_metric(run_id, metrics[0])
        for key in {metric.key for metric in metrics}:
            expected = {(m.timestamp, m.step, bits(m.value)) for m in metrics if m.key == key}
            assert set(points(store, run_id, key)) == expected
        assert store.get_run(run_id).data.metrics.keys() == {metric.key for metric in metrics}

    def test_edges_of_integers(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Steps and times keep all 64 bits."""
        metrics = [Metric("m", 1.0, BIGGEST, BIGGEST), Metric("m", 1.0, 0, SMALLEST)]
        store.log_batch(run_id, metrics, [], [])
        assert [m.step for m in store.get_metric_history(run_id, "m")] == [SMALLEST, BIGGEST]

    @pytest.mark.parametrize(
        "metric",
        [
            Metric("m", None, 1, 1),  # type: ignore[arg-type]  # what callers get wrong
            Metric("m", "1.5", 1, 1),  # type: ignore[arg-type]  # what callers get wrong
            Metric("m", True, 1, 1),
            Metric("m", 10**400, 1, 1),
            Metric("m", 1.0, -5, 1),
            Metric("m", 1.0, None, 1),  # type: ignore[arg-type]  # what callers get wrong
            Metric("m", 1.0, 1, None),  # type: ignore[arg-type]  # what callers get wrong
            Metric("m", 1.0, 1, 2**63),
            Metric("m", 1.0, 2**63, 1),
            Metric("m", 1.0, 1, NAN),  # type: ignore[arg-type]  # what callers get wrong
            Metric("", 1.0, 1, 1),
            Metric(None, 1.0, 1, 1),  # type: ignore[arg-type]  # what callers get wrong
            Metric("x" * 251, 1.0, 1, 1),
            Metric("a\0", 1.0, 1, 1),
        ],
    )
    def test_wrong(self, store: SqlAlchemyStore, run_id: str, metric: Metric) -> None:
        """What cannot be kept is an invalid parameter, and nothing of its request is kept."""
        with pytest.raises(MlflowException) as e:
            store.log_metric(run_id, metric)
        assert e.value.error_code == "INVALID_PARAMETER_VALUE"
        with pytest.raises(MlflowException) as e:
            store.log_batch(run_id, [Metric("fine", 1.0, 1, 1), metric], [Param("p", "1")], [])
        assert e.value.error_code == "INVALID_PARAMETER_VALUE"
        data = store.get_run(run_id).data
        assert (data.metrics, data.params) == ({}, {})

    def test_numbers_of_other_types(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Integers are values; floats are times and steps, without their fraction."""
        make: Any = Metric
        given = make("m", 3, 5.7, 2.0)
        store.log_metric(run_id, given)
        assert points(store, run_id, "m") == [(5, 2, bits(3.0))]

    def test_unknown_and_deleted_runs(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Only an active run takes points; nobody's history is empty."""
        with pytest.raises(MlflowException) as e:
            store.log_metric("f" * 32, Metric("m", 1.0, 1, 1))
        assert e.value.error_code == "RESOURCE_DOES_NOT_EXIST"
        store.delete_run(run_id)
        with pytest.raises(MlflowException, match="Current state is deleted"):
            store.log_metric(run_id, Metric("m", 1.0, 1, 1))
        assert store.get_metric_history("f" * 32, "m") == []
        assert store.get_metric_history(run_id, "m") == []

    def test_limit(self, store: SqlAlchemyStore, run_id: str) -> None:
        """At most 1,000 points a request."""
        with pytest.raises(MlflowException, match="at most 1000 metrics. Got 1001"):
            store.log_batch(run_id, [Metric("m", 1.0, i, i) for i in range(1001)], [], [])


class TestLatest:
    @pytest.mark.parametrize(
        ("given", "latest"),
        [
            ([(1.0, 5, 5), (2.0, 9, 4)], 1.0),
            ([(1.0, 5, 5), (2.0, 4, 5)], 1.0),
            ([(3.0, 5, 5), (2.0, 5, 5)], 3.0),
            ([(1.0, 4, 5), (2.0, 5, 5)], 2.0),
            ([(NAN, 5, 5), (2.0, 5, 5)], 2.0),
            ([(2.0, 5, 5), (NAN, 5, 5)], 2.0),
            ([(-2.0, 5, 5), (NAN, 5, 5)], NAN),
            ([(NAN, 5, 5), (-2.0, 5, 5)], NAN),
            ([(math.inf, 5, 5), (1e308, 5, 5)], math.inf),
            ([(-math.inf, 5, 5), (-1e308, 5, 5)], -1e308),
        ],
    )
    @pytest.mark.parametrize("batch", [False, True])
    def test_decision(
        self,
        store: SqlAlchemyStore,
        run_id: str,
        given: list[tuple[float, int, int]],
        latest: float,
        batch: bool,
    ) -> None:
        """The greatest (step, timestamp, value) is the latest; NaN compares as zero."""
        metrics = [Metric("m", *point) for point in given]
        if batch:
            store.log_batch(run_id, metrics, [], [])
        else:
            for metric in metrics:
                store.log_metric(run_id, metric)
        assert bits(store.get_run(run_id).data.metrics["m"]) == bits(latest)

    def test_extremes_move_with_every_new_point(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Least, greatest and count follow each new point once, however often it is logged."""
        store.log_metric(run_id, Metric("m", 5.0, 1, 10))
        store.log_metric(run_id, Metric("m", 5.0, 1, 10))
        store.log_metric(run_id, Metric("m", 1.0, 1, 3))
        store.log_metric(run_id, Metric("m", NAN, 1, 4))
        assert extremes(store, run_id, "m") == (1.0, 5.0, 3)
        again = [Metric("m", 1.0, 1, 3), Metric("m", 9.0, 1, 2), Metric("m", 9.0, 1, 2)]
        store.log_batch(run_id, again, [], [])
        store.log_batch(run_id, again, [], [])
        assert extremes(store, run_id, "m") == (1.0, 9.0, 4)
        assert store.get_run(run_id).data.metrics == {"m": 5.0}
        assert len(store.get_metric_history(run_id, "m")) == 4

    def test_only_nan(self, store: SqlAlchemyStore, run_id: str) -> None:
        """While every point is NaN there is no least value; the first number becomes it."""
        store.log_metric(run_id, Metric("m", NAN, 1, 1))
        assert extremes(store, run_id, "m") == (None, None, 1)
        store.log_metric(run_id, Metric("m", 3.0, 1, 2))
        assert extremes(store, run_id, "m") == (3.0, 3.0, 2)

    def test_many_threads_on_one_run(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Concurrent points of one run all count, and the latest is right."""

        def work(thread: int) -> None:
            for i in range(10):
                step = i * 8 + thread
                store.log_batch(
                    run_id, [Metric(key, float(step), 1, step) for key in ("b", "a", "c")], [], []
                )

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        for key in ("a", "b", "c"):
            assert extremes(store, run_id, key) == (0.0, 79.0, 80)
        assert store.get_run(run_id).data.metrics == {"a": 79.0, "b": 79.0, "c": 79.0}


class TestHistory:
    def test_order(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Points come by time, then step, then value."""
        given = [(float(i % 7), i % 5, i % 3) for i in range(50)]
        store.log_batch(run_id, [Metric("m", *point) for point in given], [], [])
        found = [(m.timestamp, m.step, m.value) for m in store.get_metric_history(run_id, "m")]
        assert found == sorted({(t, s, v) for v, t, s in given})

    @pytest.mark.parametrize("size", [1, 3, 49, 50, 51])
    def test_pages(self, store: SqlAlchemyStore, run_id: str, size: int) -> None:
        """The pages put together are the whole; the last has no token."""
        store.log_batch(run_id, [Metric("m", float(i), i % 4, i % 9) for i in range(50)], [], [])
        whole = store.get_metric_history(run_id, "m")
        assert whole.token is None
        pages: list[Metric] = []
        token = None
        while True:
            page = store.get_metric_history(run_id, "m", max_results=size, page_token=token)
            assert len(page) <= size
            pages += page
            token = page.token
            if token is None:
                break
        assert pages == list(whole)

    def test_bad_token(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A token that is not ours is an invalid parameter."""
        store.log_metric(run_id, Metric("m", 1.0, 1, 1))
        for token in ("zzz", "e30=", "eyJvZmZzZXQiOiAtMX0="):
            with pytest.raises(MlflowException, match="Invalid page token"):
                store.get_metric_history(run_id, "m", max_results=4, page_token=token)

    def test_upstreams_token(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A token that counts points, as upstream writes them, works."""
        store.log_batch(run_id, [Metric("m", float(i), i, i) for i in range(9)], [], [])
        page = store.get_metric_history(run_id, "m", 4, "eyJvZmZzZXQiOiA0fQ==")
        assert [m.step for m in page] == [4, 5, 6, 7]

    def test_several_runs(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Points of several runs say which run they are of, up to the limit."""
        other = store.create_run("0", "me", 5, [], "other").info.run_id
        for run in (run_id, other):
            store.log_batch(run, [Metric("m", float(i), i, i) for i in range(5)], [], [])
        found = store.get_metric_history_bulk([other, run_id, "f" * 32], "m", 8)
        expected = sorted([(run, i) for run in (run_id, other) for i in range(5)])[:8]
        assert [(m.run_id, m.step) for m in found] == expected
        assert store.get_metric_history_bulk([run_id], "never logged", 8) == []

    def test_sample(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A sample keeps the ends, spreads the rest, and can be of a part."""
        store.log_batch(run_id, [Metric("m", float(i), i, i) for i in range(100)], [], [])
        steps = [m.step for m in store.get_metric_history_bulk_interval([run_id], "m", 10)]
        assert (steps[0], steps[-1], len(steps)) == (0, 99, 10)
        part = store.get_metric_history_bulk_interval([run_id], "m", 5, 10, 50)
        assert [m.step for m in part] == [10, 20, 30, 40, 50]
        assert len(store.get_metric_history_bulk_interval([run_id], "m", 500)) == 100
        assert store.get_metric_history_bulk_interval([run_id], "m", 5, 50, 10) == []


class TestBuckets:
    @pytest.mark.parametrize("axis", ["step", "time"])
    @pytest.mark.parametrize("count", [1, 7, 64, 1000])
    def test_exact(self, store: SqlAlchemyStore, run_id: str, axis: Any, count: int) -> None:
        """Buckets say exactly what a loop over all points says, and line up between runs."""
        other = store.create_run("0", "me", 5, [], "other").info.run_id
        special = [NAN, math.inf, -math.inf, -0.0]
        for run, offset in ((run_id, 0), (other, 13)):
            values = [*special, *(math.sin(i) * 1e3 for i in range(200))]
            metrics = [
                Metric(key, v, 1000 + (i * 37 + offset) % 500, i // 2 + offset)
                for key in ("a", "b")
                for i, v in enumerate(values)
            ]
            store.log_batch(run, metrics, [], [])
        found = store.get_metric_buckets([other, run_id], ["a", "b"], buckets=count, axis=axis)
        histories = {
            (run, key): [
                (m.step, m.timestamp, m.value) if axis == "step" else (m.timestamp, m.step, m.value)
                for m in store.get_metric_history(run, key)
            ]
            for run in (run_id, other)
            for key in ("a", "b")
        }
        for key in ("a", "b"):
            assert len({(b.start, b.end) for b in found[key]}) <= count
            seen = {run_id: 0, other: 0}
            for bucket in found[key]:
                inside = [
                    p for p in histories[bucket.run_id, key] if bucket.start <= p[0] <= bucket.end
                ]
                numbers = [v for _, _, v in inside if not math.isnan(v)]
                seen[bucket.run_id] += len(inside)
                assert bucket.count == len(inside)
                assert bucket.nan_count == len(inside) - len(numbers)
                # Equal as numbers: -0.0 and 0.0 are neither less nor greater.
                assert bucket.min == pytest.approx(min(numbers, default=NAN), rel=0, nan_ok=True)
                assert bucket.max == pytest.approx(max(numbers, default=NAN), rel=0, nan_ok=True)
                position, _, last = max(inside, key=lambda point: point[:2])
                assert bucket.position == position
                assert bucket.last == last or math.isnan(last)
            assert all(n == len(histories[run, key]) for run, n in seen.items())
            assert [b.run_id for b in found[key]] == sorted(
                [b.run_id for b in found[key]], key=[other, run_id].index
            )

    def test_the_widest_axis(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Steps at both ends of 64 bits fall into the first and the last bucket."""
        metrics = [Metric("m", 1.0, 0, SMALLEST), Metric("m", 2.0, 0, BIGGEST)]
        store.log_batch(run_id, metrics, [], [])
        first, last = store.get_metric_buckets([run_id], ["m"], buckets=10)["m"]
        assert (first.start, first.last, last.end, last.last) == (SMALLEST, 1.0, BIGGEST, 2.0)

    def test_nothing(self, store: SqlAlchemyStore, run_id: str) -> None:
        """No run, no key or no point gives no bucket; a wrong axis is refused."""
        assert store.get_metric_buckets([run_id], ["m"], buckets=10) == {"m": []}
        assert store.get_metric_buckets(["f" * 32], ["m"], buckets=10) == {"m": []}
        for options in ({"buckets": 0}, {"buckets": 5, "axis": "wall"}):
            wrong: Any = options
            with pytest.raises(MlflowException, match="axis"):
                store.get_metric_buckets([run_id], ["m"], **wrong)
