"""The contract of calls within calls and of groups of calls, on every database."""

import threading
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.sql.connect import open_database
from mlflow.store.sql.keys import PARAM, TAG, key_ids
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture
def run_id(store: SqlAlchemyStore) -> str:
    """A run."""
    return store.create_run("0", "me", 5, [], "named").info.run_id


def tags_of(store: SqlAlchemyStore, run_id: str) -> dict[str, str]:
    """Return a run's tags without its name."""
    tags = store.get_run(run_id).data.tags
    return {key: value for key, value in tags.items() if key != "mlflow.runName"}


class TestNested:
    def test_all_or_nothing(self, store: SqlAlchemyStore, run_id: str) -> None:
        """What a transaction's parts wrote goes when the transaction fails."""

        def work(_session: Session) -> None:
            store.set_tag(run_id, RunTag("a", "1"))
            store.log_metric(run_id, Metric("m", 1.0, 1, 1))
            assert tags_of(store, run_id) == {"a": "1"}
            raise MlflowException("no")

        with pytest.raises(MlflowException, match="no"):
            store._database.write(work)
        assert tags_of(store, run_id) == {}
        assert store.get_metric_history(run_id, "m") == []

    def test_a_part_is_undone(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A part that fails takes back all that it did, and nothing else."""

        def part(_session: Session) -> None:
            store.set_tag(run_id, RunTag("undone", "1"))
            store.log_batch(run_id, [Metric("m", 1.0, 1, 1)], [Param("undone", "x")], [])
            store.log_param("f" * 32, Param("a", "b"))

        def work(_session: Session) -> str:
            store.set_tag(run_id, RunTag("before", "1"))
            with pytest.raises(MlflowException, match="not found"):
                store._database.write(part)
            assert tags_of(store, run_id) == {"before": "1"}
            store.set_tag(run_id, RunTag("after", "1"))
            return "done"

        assert store._database.write(work) == "done"
        run = store.get_run(run_id)
        assert tags_of(store, run_id) == {"before": "1", "after": "1"}
        assert (run.data.params, run.data.metrics) == ({}, {})

    def test_undone_keys_are_forgotten(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A key that only an undone part made has no id that is remembered."""
        other = store.create_run("0", "me", 5, [], "other").info.run_id

        def part(_session: Session) -> None:
            store.log_batch(run_id, [], [Param("lost key", "x")], [RunTag("lost tag", "y")])
            raise MlflowException("undone")

        def work(session: Session) -> None:
            with pytest.raises(MlflowException, match="undone"):
                store._database.write(part)
            assert key_ids(session, PARAM, ["lost key"], create=False) == {}
            store.set_tag(run_id, RunTag("another tag", "1"))

        store._database.write(work)
        assert store._database.read(lambda s: key_ids(s, TAG, ["lost tag"], create=False)) == {}
        store.log_batch(other, [], [Param("next key", "p")], [RunTag("lost tag", "q")])
        assert store.get_run(run_id).data.params == {}
        assert store.get_run(other).data.params == {"next key": "p"}
        assert tags_of(store, other) == {"lost tag": "q"}
        assert tags_of(store, run_id) == {"another tag": "1"}

    def test_known_points_in_a_part(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A batch with points that are there is logged within a transaction as outside."""
        store.log_metric(run_id, Metric("m", 1.0, 1, 1))
        points = [Metric("m", 1.0, 1, 1), Metric("m", 2.0, 2, 2)]

        def work(_session: Session) -> None:
            store.log_batch(run_id, points, [], [RunTag("t", "1")])
            store.log_batch(run_id, points, [Param("p", "1")], [])

        store._database.write(work)
        assert [point.value for point in store.get_metric_history(run_id, "m")] == [1.0, 2.0]
        assert (store.get_run(run_id).data.params, tags_of(store, run_id)) == (
            {"p": "1"},
            {"t": "1"},
        )

    def test_a_refused_statement(self, store: SqlAlchemyStore, run_id: str) -> None:
        """What the database refuses is one kind of error in a part too, and undone there."""

        def part(session: Session) -> None:
            store.set_tag(run_id, RunTag("undone", "1"))
            session.run("INSERT INTO hr_params (run_id, key_id, value) VALUES (1, 1, NULL)")

        def work(_session: Session) -> None:
            store.set_tag(run_id, RunTag("before", "1"))
            with pytest.raises(MlflowException, match="refused a statement"):
                store._database.write(part)
            store.set_tag(run_id, RunTag("after", "1"))

        store._database.write(work)
        assert tags_of(store, run_id) == {"before": "1", "after": "1"}

    def test_parts_in_each_others_way(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Two transactions whose parts deadlock are both run to their end, each from its start."""
        other = store.create_run("0", "me", 5, [], "other").info.run_id
        meeting = threading.Barrier(2)
        tries: list[str] = []

        def work(first: str, second: str) -> Callable[[Session], None]:
            def run(_session: Session) -> None:
                tries.append(first)
                store.update_run_info(first, None, tries.count(first), None)
                if store._database.dialect.name != "sqlite" and tries.count(first) == 1:
                    meeting.wait()
                store.update_run_info(second, None, 9, None)

            return run

        threads = [
            threading.Thread(target=store._database.write, args=(work(*pair),))
            for pair in ((run_id, other), (other, run_id))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ends = {store.get_run(one).info.end_time for one in (run_id, other)}
        assert 9 in ends
        assert len(tries) == (2 if store._database.dialect.name == "sqlite" else 3)

    def test_reads_see_what_was_written(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A read in an open transaction sees its writes; another thread's does not."""
        seen: list[dict[str, str]] = []

        def work(_session: Session) -> None:
            store.set_tag(run_id, RunTag("a", "1"))
            thread = threading.Thread(target=lambda: seen.append(tags_of(store, run_id)))
            thread.start()
            thread.join()
            seen.append(tags_of(store, run_id))

        store._database.write(work)
        assert seen == [{}, {"a": "1"}]


def _logs(store: SqlAlchemyStore, run_id: str, step: int) -> Callable[[], None]:
    return lambda: store.log_metric(run_id, Metric("m", float(step), step, step))


class TestTogether:
    def test_results(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Each call gives its own result or error, whatever becomes of the others."""

        def half() -> str:
            store.set_tag(run_id, RunTag("half", "1"))
            store.log_param(run_id, Param("p", "other"))
            return "never"

        store.log_param(run_id, Param("p", "1"))
        results = store.run_together(
            [
                lambda: store.set_tag(run_id, RunTag("a", "1")),
                lambda: store.create_run("0", "me", 1, [], "new").info.run_name,
                lambda: store.set_tag("f" * 32, RunTag("a", "1")),
                half,
                lambda: store.get_run(run_id).data.tags["a"],
            ]
        )
        assert results[:2] == [None, "new"]
        assert isinstance(results[2], MlflowException)
        assert results[2].error_code == "RESOURCE_DOES_NOT_EXIST"
        assert isinstance(results[3], MlflowException)
        assert "already logged with value='1'" in results[3].message
        assert results[4] == "1"
        assert tags_of(store, run_id) == {"a": "1"}

    def test_many(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Many points in one group are all there, each counted once."""
        calls = [_logs(store, run_id, step) for step in range(200)]
        assert store.run_together(calls) == [None] * 200
        assert store.run_together(calls) == [None] * 200
        assert len(store.get_metric_history(run_id, "m")) == 200
        assert store.get_run(run_id).data.metrics == {"m": 199.0}

    def test_deleted_within(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A run that a call deletes takes nothing from the calls after it."""
        results = store.run_together(
            [
                _logs(store, run_id, 1),
                lambda: store.delete_run(run_id),
                _logs(store, run_id, 2),
                lambda: store.restore_run(run_id),
                _logs(store, run_id, 3),
                lambda: store.delete_experiment("0"),
                _logs(store, run_id, 4),
            ]
        )
        failed = [index for index, result in enumerate(results) if result is not None]
        assert failed == [2, 6]
        store.restore_experiment("0")
        assert [point.step for point in store.get_metric_history(run_id, "m")] == [1, 3]

    def test_wrong_code(
        self, store: SqlAlchemyStore, run_id: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A call with a mistake in it is undone, logged, and stops no other."""

        def wrong() -> None:
            store.set_tag(run_id, RunTag("wrong", "1"))
            raise ZeroDivisionError

        calls = [lambda: store.set_tag(run_id, RunTag("a", "1")), wrong, _logs(store, run_id, 1)]
        with caplog.at_level("CRITICAL", logger="mlflow"):
            results = store.run_together(calls)
        assert (results[0], results[2]) == (None, None)
        assert isinstance(results[1], MlflowException)
        assert results[1].error_code == "INTERNAL_ERROR"
        assert tags_of(store, run_id) == {"a": "1"}
        assert store.get_run(run_id).data.metrics == {"m": 1.0}

    def test_within_a_transaction(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A group within a transaction is a part of it, each call whole or undone."""

        def half() -> None:
            store.set_tag(run_id, RunTag("half", "1"))
            store.delete_tag(run_id, "missing")

        def work(_session: Session) -> list[object]:
            return [*store.run_together([_logs(store, run_id, 1), half])]

        results = store._database.write(work)
        assert results[0] is None
        assert isinstance(results[1], MlflowException)
        assert tags_of(store, run_id) == {}
        assert store.get_run(run_id).data.metrics == {"m": 1.0}

    def test_nothing(self, store: SqlAlchemyStore) -> None:
        """No calls give no results."""
        assert store.run_together([]) == []


_NUMBER: Final = {"postgresql": "SELECT pg_backend_pid()", "mysql": "SELECT CONNECTION_ID()"}
_KILL: Final = {"postgresql": "SELECT pg_terminate_backend(?, 5000)", "mysql": "KILL ?"}


def number_of(session: Session) -> int:
    """Return the server's number for the connection of a session."""
    return int(session.scalar(_NUMBER[session.dialect.name]))


class TestLostConnections:
    @pytest.fixture
    def kill(self, store: SqlAlchemyStore) -> Iterator[Callable[[int], int]]:
        """What kills a connection, over another one."""
        sql = _KILL.get(store._database.dialect.name)
        if sql is None:
            pytest.skip("SQLite has no connections to lose")
        database = open_database(store.db_uri)
        yield lambda victim: database.write(lambda session: session.run(sql, (victim,)))
        database.close()

    def test_idle(self, store: SqlAlchemyStore, kill: Callable[[int], int]) -> None:
        """A connection that dies while nobody uses it is replaced, and nobody notices."""
        for _ in range(2):
            kill(store._database.read(number_of))
            assert store.get_experiment("0").name == "Default"

    def test_in_use(self, store: SqlAlchemyStore, kill: Callable[[int], int]) -> None:
        """One that dies in use is an error that says so; the next call has another one."""

        def die(session: Session) -> None:
            kill(number_of(session))
            session.scalar("SELECT 1")

        with pytest.raises(MlflowException, match="cannot be reached") as error:
            store._database.read(die)
        assert error.value.error_code == "TEMPORARILY_UNAVAILABLE"
        assert store.create_experiment("after")

    def test_in_a_part(self, store: SqlAlchemyStore, kill: Callable[[int], int]) -> None:
        """A connection that dies within a part ends all of it, whoever catches the error."""

        def part(session: Session) -> None:
            session.run("UPDATE hr_experiments SET last_update_time = 1 WHERE id = 0")
            kill(number_of(session))
            session.scalar("SELECT 1")

        def work(_session: Session) -> str:
            with pytest.raises(Exception, match="."):
                store._database.write(part)
            return "never committed"

        with pytest.raises(MlflowException) as error:
            store._database.write(work)
        assert error.value.error_code == "TEMPORARILY_UNAVAILABLE"
        assert store.get_experiment("0").last_update_time != 1
