"""Starting, resuming and finding runs."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from mlflow.entities.run import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent
from mlflow.tracking._fluent.state import state
from mlflow.tracking.stores import set_tracking_uri

if TYPE_CHECKING:
    from mlflow.tracking.client import MlflowClient
    from mlflow.tracking.fluent import ActiveRun


def test_a_run_has_name_tags_and_description(client: MlflowClient) -> None:
    """What start_run is given is in the store, as text."""
    with fluent.start_run(
        run_name="first", tags={"a": 1, "list": [1, 2]}, description="why"
    ) as run:
        assert fluent.active_run() is run
        assert isinstance(run, Run)
    kept = client.get_run(run.info.run_id)
    assert kept.info.run_name == "first"
    assert kept.info.status == "FINISHED"
    assert kept.info.end_time is not None
    wanted = {"a": "1", "list": "[1, 2]", "mlflow.note.content": "why", "mlflow.runName": "first"}
    assert wanted.items() <= kept.data.tags.items()
    assert kept.data.tags["mlflow.user"] == kept.info.user_id
    assert fluent.active_run() is None


def test_a_second_run_must_be_nested(client: MlflowClient) -> None:
    """A second start is an error that says so; nested runs get their parent's id."""
    with fluent.start_run() as outer:
        with pytest.raises(MlflowException, match="is already active"):
            fluent.start_run()
        with fluent.start_run(nested=True) as inner:
            assert fluent.active_run() is inner
        assert fluent.active_run() is outer
    tags = client.get_run(inner.info.run_id).data.tags
    assert tags["mlflow.parentRunId"] == outer.info.run_id
    parent = fluent.get_parent_run(inner.info.run_id)
    assert parent is not None
    assert parent.info.run_id == outer.info.run_id
    assert fluent.get_parent_run(outer.info.run_id) is None


def test_a_parent_can_be_named(client: MlflowClient) -> None:
    """parent_run_id makes a child of a run that is not active; it must exist and not be deleted."""
    parent = client.create_run("0").info.run_id
    with fluent.start_run(parent_run_id=parent) as run:
        assert fluent.active_run() is run
        with pytest.raises(MlflowException, match="does not match the specified parent_run_id"):
            fluent.start_run(nested=True, parent_run_id="f" * 32)
    assert client.get_run(run.info.run_id).data.tags["mlflow.parentRunId"] == parent
    client.delete_run(parent)
    with pytest.raises(MlflowException, match="deleted state"):
        fluent.start_run(parent_run_id=parent)
    with pytest.raises(MlflowException, match="not found"):
        fluent.start_run(parent_run_id="f" * 32)
    assert fluent.active_run() is None


def test_a_run_is_resumed_by_id(client: MlflowClient) -> None:
    """A resumed run is running again, with the name and tags that were given."""
    with fluent.start_run() as first:
        pass
    with fluent.start_run(run_id=first.info.run_id, run_name="b", tags={"k": "v"}) as again:
        assert again.info.run_id == first.info.run_id
        assert again.info.status == "RUNNING"
        assert again.info.run_name == "b"
        assert again.data.tags["k"] == "v"
    assert client.get_run(first.info.run_id).info.status == "FINISHED"


def test_the_environment_names_a_run_once(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MLFLOW_RUN_ID is resumed by the first start and not by the next."""
    run_id = client.create_run("0").info.run_id
    monkeypatch.setenv("MLFLOW_RUN_ID", run_id)
    fluent.log_metric("m", 1)
    active = fluent.active_run()
    assert active is not None
    assert active.info.run_id == run_id
    fluent.end_run()
    with fluent.start_run() as other:
        assert other.info.run_id != run_id


def test_what_cannot_be_resumed_is_refused(client: MlflowClient) -> None:
    """Deleted and unknown runs, and runs of another experiment than the one set."""
    run_id = client.create_run("0").info.run_id
    fluent.set_experiment("other")
    with pytest.raises(MlflowException, match="does not match"):
        fluent.start_run(run_id=run_id)
    client.delete_run(run_id)
    with pytest.raises(MlflowException, match="deleted state"):
        fluent.start_run(run_id=run_id)
    with pytest.raises(MlflowException) as caught:
        fluent.start_run(run_id="f" * 32)
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert fluent.active_run() is None


def test_a_wrong_status_leaves_the_run_active(client: MlflowClient) -> None:
    """end_run checks before it ends."""
    run = fluent.start_run()
    with pytest.raises(MlflowException, match="FINISHED, FAILED, KILLED"):
        fluent.end_run("DONE")
    assert fluent.active_run() is run
    fluent.end_run("KILLED")
    assert client.get_run(run.info.run_id).info.status == "KILLED"
    fluent.end_run()


def test_the_last_active_run_has_fresh_data(client: MlflowClient) -> None:
    """last_active_run reads the run that ended last, or the active one."""
    assert fluent.last_active_run() is None
    with fluent.start_run() as outer:
        with fluent.start_run(nested=True):
            pass
        fluent.log_metric("m", 2)
    last = fluent.last_active_run()
    assert last is not None
    assert last.info.run_id == outer.info.run_id
    assert last.data.metrics == {"m": 2.0}
    assert client.get_run(outer.info.run_id).info.status == "FINISHED"


def test_a_block_ends_its_own_run_and_what_was_left_on_top(client: MlflowClient) -> None:
    """A run ended inside stays as it ended; one left open inside ends with the block."""
    with fluent.start_run() as outer:
        fluent.end_run("KILLED")
        other = fluent.start_run()
    assert fluent.active_run() is other
    fluent.end_run()
    assert client.get_run(outer.info.run_id).info.status == "KILLED"
    with fluent.start_run():
        left = fluent.start_run(nested=True)
    assert fluent.active_run() is None
    assert client.get_run(left.info.run_id).info.status == "FINISHED"


def test_a_run_stays_with_its_store(client: MlflowClient) -> None:
    """A change of the tracking URI does not move the active run."""
    with fluent.start_run() as run:
        uri = client.tracking_uri.replace("mlflow.db", "other.db")
        set_tracking_uri(uri)
        fluent.log_metric("m", 1)
        fluent.log_text("x", "a.txt")
    kept = client.get_run(run.info.run_id)
    assert kept.data.metrics == {"m": 1.0}
    assert kept.info.status == "FINISHED"


def test_each_thread_has_its_own_active_run(client: MlflowClient) -> None:
    """Threads do not see each other's runs, and log in parallel to their own."""
    found: dict[int, tuple[bool, str]] = {}
    barrier = threading.Barrier(8)

    def work(number: int) -> None:
        alone = fluent.active_run() is None
        with fluent.start_run(run_name=str(number)) as run:
            barrier.wait()
            fluent.log_metric("n", number)
        found[number] = (alone, run.info.run_id)

    with fluent.start_run():
        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(alone for alone, _ in found.values())
    values = {n: client.get_run(run_id).data.metrics for n, (_, run_id) in found.items()}
    assert values == {n: {"n": float(n)} for n in range(8)}


def test_concurrent_tasks_have_their_own_active_runs(client: MlflowClient) -> None:
    """Tasks of one thread that take turns log each to its own run; children see the parent's."""
    ids: dict[int, str] = {}

    async def child(number: int) -> None:
        fluent.log_metric("child", number)

    async def work(number: int) -> None:
        with fluent.start_run(run_name=str(number), nested=True) as run:
            ids[number] = run.info.run_id
            for step in range(3):
                await asyncio.sleep(0)
                fluent.log_metric("n", number, step=step)
            await asyncio.create_task(child(number))

    async def main() -> None:
        await asyncio.gather(*(work(n) for n in range(5)))

    with fluent.start_run() as outer:
        asyncio.run(main())
        assert fluent.active_run() is outer
    for number, run_id in ids.items():
        run = client.get_run(run_id)
        assert run.data.metrics == {"n": float(number), "child": float(number)}
        assert run.data.tags["mlflow.parentRunId"] == outer.info.run_id
        assert run.info.status == "FINISHED"


def test_a_run_left_open_by_a_task_is_active_afterwards(client: MlflowClient) -> None:
    """As in a notebook, where each cell may be a task of its own."""

    async def cell() -> ActiveRun:
        return fluent.start_run()

    run = asyncio.run(cell())
    assert fluent.active_run() is run

    async def next_cell() -> ActiveRun | None:
        return fluent.active_run()

    assert asyncio.run(next_cell()) is run
    fluent.end_run()
    assert client.get_run(run.info.run_id).info.status == "FINISHED"


def test_the_private_stack_reads_like_a_list(client: MlflowClient) -> None:
    """Libraries read, append to and pop from it."""
    stack = fluent._active_run_stack
    assert len(stack) == 0
    assert not stack
    run = fluent.start_run()
    assert stack.get() == [run]
    assert stack[-1] is run
    assert list(stack) == [run]
    assert run in stack
    popped = stack.pop()
    assert popped is run
    assert fluent.active_run() is None
    stack.append(run)
    assert fluent.active_run() is run
    stack.set([])
    assert fluent.active_run() is None
    stack.get().append(run)
    assert fluent.active_run() is run
    fluent.end_run()
    assert client.get_run(run.info.run_id).info.status == "FINISHED"


def test_the_private_experiment_id_can_be_read_and_reset(client: MlflowClient) -> None:
    """Test suites reset it to None."""
    name = "_active_experiment_id"
    experiment = fluent.set_experiment("x")
    assert getattr(fluent, name) == experiment.experiment_id
    setattr(fluent, name, None)
    assert state.experiment_id is None
    assert client.get_experiment_by_name("x") is not None
