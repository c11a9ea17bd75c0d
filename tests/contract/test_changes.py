"""The contract of following changes, on every database."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

import pytest

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.entities.change import Change
from mlflow.store.entities.console import ConsoleChunk
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

# Longer ago than a question looks back.
_LONG_MS: Final = 60_000


def let_time_pass(store: SqlAlchemyStore) -> None:
    """Make all that was noted of changes older."""
    sql = "UPDATE hr_runs SET changed_time = changed_time - ?"
    store._database.write(lambda session: session.run(sql, [_LONG_MS]))


class Follower:
    """One that follows experiments from now on."""

    def __init__(self, store: SqlAlchemyStore, experiment_ids: Sequence[str]) -> None:
        self.store = store
        self.experiment_ids = experiment_ids
        first = store.get_changes(experiment_ids, None)
        assert first.items == []
        self.cursor = first.cursor

    def ask(self) -> list[Change]:
        """Return what changed since the last question."""
        items: list[Change] = []
        more = True
        while more:
            answer = self.store.get_changes(self.experiment_ids, self.cursor)
            self.cursor, more = answer.cursor, answer.more
            items += answer.items
        return items

    def kinds(self) -> list[tuple[str, str]]:
        """Return kinds and runs of what changed."""
        return [(change.kind, change.run_id) for change in self.ask()]


@pytest.fixture
def run_id(store: SqlAlchemyStore) -> str:
    """A run that was written long ago."""
    run_id = store.create_run("0", "me", 5, [RunTag("t", "0")], "named").info.run_id
    store.log_metric(run_id, Metric("m", 1.0, 1, 1))
    let_time_pass(store)
    return run_id


@pytest.fixture
def follower(store: SqlAlchemyStore, run_id: str) -> Follower:
    """One that follows the default experiment, whose run it was told of."""
    follower = Follower(store, ["0"])
    store.set_tag(run_id, RunTag("told", "yes"))
    assert follower.kinds() == [("run", run_id), ("metric", run_id)]
    assert follower.ask() == []
    return follower


class TestChanges:
    def test_new_runs(self, store: SqlAlchemyStore) -> None:
        """A new run is told with its attributes, once, and only to those who follow it."""
        other = store.create_experiment("other")
        follower, stranger = Follower(store, ["0"]), Follower(store, [other])
        run = store.create_run("0", "me", 5, [RunTag("x", "y")], "named")
        (change,) = follower.ask()
        assert (change.kind, change.experiment_id, change.run_id) == ("run", "0", run.info.run_id)
        assert change.info is not None
        assert dict(change.info) == dict(run.info)
        assert follower.ask() == []
        assert stranger.ask() == []
        assert Follower(store, []).ask() == []

    def test_what_came_before(self, store: SqlAlchemyStore, run_id: str) -> None:
        """The first answer after a new cursor repeats the last seconds, but nothing older."""
        assert Follower(store, ["0"]).ask() == []
        store.set_tag(run_id, RunTag("just", "now"))
        follower = Follower(store, ["0"])
        assert follower.kinds() == [("run", run_id), ("metric", run_id)]
        assert follower.ask() == []

    def test_metrics(self, store: SqlAlchemyStore, run_id: str, follower: Follower) -> None:
        """Points are told with the latest values, again and again while they come."""
        for step in range(2, 6):
            store.log_metric(run_id, Metric("m", float(step), step, step))
            store.log_batch(run_id, [Metric("n", float("nan"), step, step)], [], [])
            (change,) = follower.ask()
            assert (change.kind, change.points) == ("metric", 2 * step - 1)
            latest = {metric.key: (metric.value, metric.step) for metric in change.metrics}
            assert latest["m"] == (float(step), step)
            assert latest["n"][1] == step
        store.log_metric(run_id, Metric("m", 5.0, 5, 5))
        assert follower.ask() == []

    def test_many_metrics(self, store: SqlAlchemyStore, run_id: str, follower: Follower) -> None:
        """Of a run with very many metrics the youngest are told."""
        store.log_batch(run_id, [Metric(f"k{n}", 1.0, n, n) for n in range(300)], [], [])
        (change,) = follower.ask()
        assert change.points == 301
        assert {metric.key for metric in change.metrics} == {f"k{n}" for n in range(200, 300)}

    @pytest.mark.parametrize(
        ("act", "kind"),
        [
            (lambda s, r: s.update_run_info(r, RunStatus.FINISHED, 99, None), "status"),
            (lambda s, r: s.update_run_info(r, None, None, "renamed"), "run"),
            (lambda s, r: s.set_tag(r, RunTag("mlflow.runName", "renamed")), "run"),
            (lambda s, r: s.set_tag(r, RunTag("t", "1")), "run"),
            (lambda s, r: s.delete_tag(r, "t"), "run"),
            (lambda s, r: s.log_param(r, Param("p", "1")), "run"),
            (lambda s, r: s.delete_run(r), "run"),
            (lambda s, _: s.delete_experiment("0"), "run"),
            (lambda s, r: s.log_console(r, [ConsoleChunk("stdout", 0, 1, "x")]), "console"),
        ],
    )
    @pytest.mark.parametrize("is_quiet", [False, True])
    def test_kinds(
        self,
        store: SqlAlchemyStore,
        run_id: str,
        follower: Follower,
        act: Callable[[SqlAlchemyStore, str], object],
        kind: str,
        is_quiet: bool,
    ) -> None:
        """Whatever changes is told, whether the run was busy before or not."""
        if is_quiet:
            let_time_pass(store)
            assert follower.ask() == []
        act(store, run_id)
        (change,) = follower.ask()
        assert (change.kind, change.run_id) == (kind, run_id)
        if change.kind == "console":
            assert change.position == 1
        else:
            assert change.info is not None
            assert dict(change.info) == dict(store.get_run(run_id).info)
        assert follower.ask() == []

    def test_restored(self, store: SqlAlchemyStore, run_id: str, follower: Follower) -> None:
        """A run that comes back is told."""
        store.delete_run(run_id)
        follower.ask()
        store.restore_run(run_id)
        assert follower.kinds() == [("run", run_id)]

    def test_many_runs(self, store: SqlAlchemyStore) -> None:
        """More runs than one answer takes are told in several, each once."""
        follower = Follower(store, ["0"])
        made = [store.create_run("0", "u", 1, [], str(n)).info.run_id for n in range(230)]
        first = store.get_changes(["0"], follower.cursor)
        assert first.more
        assert len(first.items) == 100
        assert sorted(run for _, run in follower.kinds()) == sorted(made)
        assert len(follower.cursor) < 20_000
        assert follower.ask() == []
        store.set_tag(made[0], RunTag("a", "b"))
        assert follower.kinds() == [("run", made[0])]

    def test_slow_commits(self, store: SqlAlchemyStore, run_id: str, follower: Follower) -> None:
        """What was committed some time after it was written is told."""
        follower.ask()
        store.set_tag(run_id, RunTag("late", "1"))
        sql = "UPDATE hr_runs SET changed_time = changed_time - 2000"
        store._database.write(lambda session: session.run(sql))
        assert follower.kinds() == [("run", run_id)]

    @pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "eJyLNtSx0DGMBQAH6AHR", "[]"])
    def test_wrong_cursors(self, store: SqlAlchemyStore, cursor: str) -> None:
        """A cursor that is not ours is refused."""
        with pytest.raises(MlflowException, match="Invalid cursor"):
            store.get_changes(["0"], cursor)

    def test_too_many(self, store: SqlAlchemyStore) -> None:
        """Nobody follows thousands of experiments."""
        with pytest.raises(MlflowException, match="too many"):
            store.get_changes(["0"] * 1_001, None)


def test_other_processes(store: SqlAlchemyStore, run_id: str, follower: Follower) -> None:
    """A write of another process is told."""
    code = (
        "import sys; from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore;"
        "from mlflow.entities.metric import Metric;"
        "SqlAlchemyStore(sys.argv[1], '/a').log_metric(sys.argv[2], Metric('m', 9.0, 9, 9))"
    )
    subprocess.run([sys.executable, "-c", code, store.db_uri, run_id], check=True)
    assert follower.kinds() == [("metric", run_id)]
