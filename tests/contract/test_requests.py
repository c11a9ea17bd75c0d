"""The contract of requests that are applied once, on every database."""

import threading
import uuid
from collections.abc import Callable
from typing import Final, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.entities.request_key import IdempotencyKey, JournalKey
from mlflow.store.sql.requests import KEPT_MS, MAX_WINDOW, advance
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

T = TypeVar("T")
_RACERS: Final = 64


def at_once(calls: list[Callable[[], T]]) -> list[T | BaseException]:
    """Run calls in as many threads at the same moment and return what each gave."""
    gate = threading.Barrier(len(calls))
    results: list[T | BaseException] = [RuntimeError("never ran")] * len(calls)

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = calls[index]()
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def let_a_day_pass(store: SqlAlchemyStore) -> None:
    """Make all idempotency keys older by a day."""
    sql = "UPDATE hr_request_keys SET creation_time = creation_time - ?"
    store._database.write(lambda session: session.run(sql, [KEPT_MS]))


class Counter:
    """A run whose number of runs created tells how often a call was applied."""

    def __init__(self, store: SqlAlchemyStore) -> None:
        self.store = store
        self.experiment_id = store.create_experiment("counted")

    def create(self) -> bytes:
        """Create a run and return its id."""
        run = self.store.create_run(self.experiment_id, "u", 1, [RunTag("a", "b")], "n")
        return run.info.run_id.encode()

    @property
    def runs(self) -> list[str]:
        """The ids of the runs that were created."""
        found = self.store.search_runs([self.experiment_id], "", 1)
        return [run.info.run_id for run in found]


@pytest.fixture
def counter(store: SqlAlchemyStore) -> Counter:
    """An empty experiment."""
    return Counter(store)


class TestIdempotencyKeys:
    def test_again(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """A repeated request has no effect and the first answer, another one its own."""
        first = store.once(IdempotencyKey("one"), counter.create)
        assert store.once(IdempotencyKey("one"), counter.create) == first
        assert store.once(IdempotencyKey("other"), counter.create) != first
        assert len(counter.runs) == 2

    def test_failed(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """A request that failed leaves nothing and can be sent again."""

        def half() -> bytes:
            counter.create()
            raise MlflowException("half")

        with pytest.raises(MlflowException, match="half"):
            store.once(IdempotencyKey("one"), half)
        assert counter.runs == []
        assert store.once(IdempotencyKey("one"), counter.create) == counter.runs[0].encode()

    def test_race(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """Sixty-four at once have one effect and one answer."""
        key = IdempotencyKey("race")
        results = at_once([lambda: store.once(key, counter.create)] * _RACERS)
        assert results == [counter.runs[0].encode()] * _RACERS
        assert len(counter.runs) == 1

    def test_race_after_a_failure(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """When the first of several fails, another one is applied in its place."""
        turn = iter(range(_RACERS))
        lock = threading.Lock()

        def call() -> bytes:
            made = counter.create()
            with lock:
                if next(turn) < 3:
                    raise MlflowException("not yet")
            return made

        key = IdempotencyKey("failing race")
        results = at_once([lambda: store.once(key, call)] * 16)
        made = [one for one in results if isinstance(one, bytes)]
        assert len(made) == 13
        assert set(made) == {counter.runs[0].encode()}
        assert len(counter.runs) == 1

    def test_expiry(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """After a day a key is new; old ones go with the garbage, young ones stay."""
        first = store.once(IdempotencyKey("old"), counter.create)
        store.once(IdempotencyKey("older"), counter.create)
        store._database.write(
            lambda s: s.run(
                "UPDATE hr_request_keys SET creation_time = creation_time - ?", [KEPT_MS]
            )
        )
        assert store.once(IdempotencyKey("old"), counter.create) != first
        store.garbage().resume()
        count = "SELECT COUNT(*) FROM hr_request_keys"
        assert store._database.read(lambda s: s.scalar(count)) == 1

    @pytest.mark.parametrize("in_group", [False, True])
    def test_old_keys_go_by_themselves(
        self,
        store: SqlAlchemyStore,
        counter: Counter,
        in_group: bool,
    ) -> None:
        """New requests remove what is older than a day."""
        for number in range(5):
            store.once(IdempotencyKey(str(number)), counter.create)
        store._database.write(
            lambda s: s.run(
                "UPDATE hr_request_keys SET creation_time = creation_time - ?", [KEPT_MS]
            )
        )
        store._swept = 0.0
        new = IdempotencyKey("new")
        if in_group:
            store.run_together([lambda: store.once(new, counter.create)])
        else:
            store.once(new, counter.create)
        keys = store._database.read(lambda s: s.rows("SELECT request_key FROM hr_request_keys"))
        assert keys == [("new",)]

    @pytest.mark.parametrize("key", ["", "k" * 251, "a\0b"])
    def test_wrong_keys(self, store: SqlAlchemyStore, counter: Counter, key: str) -> None:
        """A key that cannot be kept is refused before anything happens."""
        with pytest.raises(MlflowException) as error:
            store.once(IdempotencyKey(key), counter.create)
        assert error.value.error_code == "INVALID_PARAMETER_VALUE"
        assert counter.runs == []


class TestJournals:
    def test_again(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """A sequence is applied once; its repeat is answered with nothing."""
        key = JournalKey("journal", 0, 0)
        assert store.once(key, counter.create) == counter.runs[0].encode()
        assert store.once(key, counter.create) == b""
        assert store.once(JournalKey("other journal", 0, 0), counter.create) != b""
        assert len(counter.runs) == 2

    def test_failed(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """A batch that failed is whole when it is sent again."""
        run_id = counter.create().decode()
        store.log_param(run_id, Param("p", "1"))

        def batch(value: str) -> Callable[[], bytes]:
            def call() -> bytes:
                store.log_batch(run_id, [Metric("m", 1.0, 1, 1)], [], [])
                store.log_batch(run_id, [], [Param("p", value)], [])
                return b"done"

            return call

        key = JournalKey("journal", 7, 7)
        with pytest.raises(MlflowException, match="not allowed"):
            store.once(key, batch("2"))
        assert store.get_metric_history(run_id, "m") == []
        assert store.once(key, batch("1")) == b"done"
        assert store.once(key, batch("2")) == b""
        assert len(store.get_metric_history(run_id, "m")) == 1

    def test_floor(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """What lies below a client's floor was refused or acknowledged: it is not applied."""
        store.once(JournalKey("journal", 9, 9), counter.create)
        assert store.once(JournalKey("journal", 3, 3), counter.create) == b""
        assert store.once(JournalKey("journal", 12, 9), counter.create) != b""
        assert store.once(JournalKey("journal", 10, 9), counter.create) != b""
        assert store.once(JournalKey("journal", 12, 11), counter.create) == b""
        assert store.once(JournalKey("journal", 11, 11), counter.create) != b""
        rows = store._database.read(lambda s: s.rows("SELECT floor, applied FROM hr_journals"))
        assert rows == [(13, "")]

    def test_race(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """Sixty-four requests at once, each of four sequences sixteen times, apply four."""

        def once(sequence: int) -> Callable[[], bytes]:
            return lambda: store.once(JournalKey("journal", sequence, 0), counter.create)

        results = at_once([once(number % 4) for number in range(_RACERS)])
        applied = sorted(one.decode() for one in results if isinstance(one, bytes) and one)
        assert applied == sorted(counter.runs)
        assert len(applied) == 4
        assert results.count(b"") == _RACERS - 4
        rows = store._database.read(lambda s: s.rows("SELECT floor, applied FROM hr_journals"))
        assert rows == [(4, "")]

    def test_together(self, store: SqlAlchemyStore, counter: Counter) -> None:
        """Requests of a journal in one group are applied once, and failed ones not at all."""

        def fails() -> bytes:
            counter.create()
            raise MlflowException("no")

        def once(sequence: int, call: Callable[[], bytes]) -> Callable[[], bytes]:
            return lambda: store.once(JournalKey("journal", sequence, 0), call)

        results = store.run_together(
            [once(0, counter.create), once(1, fails), once(0, counter.create)]
        )
        assert results[0] == counter.runs[0].encode()
        assert isinstance(results[1], MlflowException)
        assert results[2] == b""
        assert store.once(JournalKey("journal", 1, 0), counter.create) != b""
        assert len(counter.runs) == 2

    def test_window(self, store: SqlAlchemyStore) -> None:
        """A floor that never moves is refused before the row grows without end."""
        store.once(JournalKey("journal", 2, 0), bytes)
        window = " ".join(map(str, range(2, MAX_WINDOW + 2)))
        sql = "UPDATE hr_journals SET applied = ?"
        store._database.write(lambda session: session.run(sql, [window]))
        with pytest.raises(MlflowException, match="as the floor"):
            store.once(JournalKey("journal", MAX_WINDOW + 5, 0), bytes)
        store.once(JournalKey("journal", MAX_WINDOW + 5, MAX_WINDOW + 2), bytes)
        rows = store._database.read(lambda s: s.rows("SELECT floor, applied FROM hr_journals"))
        assert rows == [(MAX_WINDOW + 2, str(MAX_WINDOW + 5))]

    @pytest.mark.parametrize(
        "key",
        [
            JournalKey("", 0, 0),
            JournalKey("j" * 65, 0, 0),
            JournalKey("j", -1, 0),
            JournalKey("j", 1, 2),
            JournalKey("j", 2**63, 0),
        ],
    )
    def test_wrong_keys(self, store: SqlAlchemyStore, counter: Counter, key: JournalKey) -> None:
        """A key that cannot be is refused before anything happens."""
        with pytest.raises(MlflowException) as error:
            store.once(key, counter.create)
        assert error.value.error_code == "INVALID_PARAMETER_VALUE"
        assert counter.runs == []


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,  # one for each engine
    ],
)
@given(data=st.data())
def test_a_journal_in_any_order(store: SqlAlchemyStore, data: st.DataObject) -> None:
    """Any order of up to four in flight, with any repeats and late copies, applies each once.

    The client is a model: it sends the lowest four that are not acknowledged, loses replies,
    sends again, and moves its floor; copies of old requests arrive at any time.
    """
    journal_id = uuid.uuid4().hex  # another one for each repeat of an example
    first = data.draw(st.sampled_from([0, 1, 2**40]))
    count = data.draw(st.integers(1, 12))
    applied: list[int] = []
    sent: list[JournalKey] = []
    acknowledged: set[int] = set()
    floor = first

    def deliver(key: JournalKey) -> None:
        def call() -> bytes:
            applied.append(key.sequence)
            return b"yes"

        store.once(key, call)

    while floor < first + count:
        waiting = [n for n in range(floor, first + count) if n not in acknowledged][:4]
        sequence = data.draw(st.sampled_from(waiting))
        key = JournalKey(journal_id, sequence, floor)
        sent.append(key)
        deliver(key)
        if not data.draw(st.booleans(), "the reply is lost"):
            acknowledged.add(sequence)
            floor, acknowledged = advance(floor, acknowledged)
        if data.draw(st.booleans(), "an old copy arrives"):
            deliver(data.draw(st.sampled_from(sent)))
    assert sorted(applied) == list(range(first, first + count))
    rows = store._database.read(
        lambda s: s.rows("SELECT floor FROM hr_journals WHERE journal_id = ?", [journal_id])
    )
    assert rows == [(first + count,)]
