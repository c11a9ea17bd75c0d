"""Choosing and changing experiments."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from mlflow.tracking.client import MlflowClient


def test_runs_go_to_the_experiment_that_was_set(client: MlflowClient) -> None:
    """By name, created when missing, or by id; also for child processes."""
    experiment = fluent.set_experiment("vision")
    assert os.environ["MLFLOW_EXPERIMENT_ID"] == experiment.experiment_id
    with fluent.start_run() as run:
        pass
    assert run.info.experiment_id == experiment.experiment_id
    assert fluent.set_experiment(experiment_id="0").name == "Default"
    with fluent.start_run() as run:
        pass
    assert run.info.experiment_id == "0"
    with fluent.start_run(experiment_id=experiment.experiment_id) as run:
        pass
    assert client.get_run(run.info.run_id).info.experiment_id == experiment.experiment_id


@pytest.mark.parametrize("arguments", [{}, {"experiment_name": "a", "experiment_id": "0"}])
def test_name_or_id_but_not_both(client: MlflowClient, arguments: dict[str, str]) -> None:
    """Exactly one of them says which experiment."""
    with pytest.raises(MlflowException, match="exactly one"):
        fluent.set_experiment(**arguments)
    assert client.tracking_uri


@pytest.mark.parametrize("name", ["", 5, "x" * 501])
def test_a_bad_name_is_refused(client: MlflowClient, name: str) -> None:
    """Empty, over-long and other than text."""
    with pytest.raises(MlflowException) as caught:
        fluent.set_experiment(name)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert len(client.search_experiments()) <= 1


def test_an_unknown_id_is_refused(client: MlflowClient) -> None:
    """An id that nothing has does not become the experiment in force."""
    with pytest.raises(MlflowException) as caught:
        fluent.set_experiment(experiment_id="999")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    with fluent.start_run() as run:
        pass
    assert client.get_run(run.info.run_id).info.experiment_id == "0"


def test_a_deleted_experiment_cannot_be_set(client: MlflowClient) -> None:
    """The error says how to restore it."""
    experiment = fluent.set_experiment("old")
    fluent.delete_experiment(experiment.experiment_id)
    with pytest.raises(MlflowException, match="Cannot set a deleted experiment 'old'"):
        fluent.set_experiment("old")
    with pytest.raises(MlflowException, match="deleted"):
        fluent.set_experiment(experiment_id=experiment.experiment_id)
    with pytest.raises(MlflowException, match="deleted"):
        fluent.start_run()
    fluent.restore_experiment(experiment.experiment_id)
    assert fluent.set_experiment("old").experiment_id == experiment.experiment_id
    assert client.get_experiment_by_name("old") is not None


def test_the_environment_chooses_when_nothing_was_set(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name goes before the id; an id that nothing has is an error that names the variable."""
    made = client.create_experiment("by id")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", made)
    with fluent.start_run() as run:
        assert run.info.experiment_id == made
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "by name")
    with fluent.start_run() as run:
        named = fluent.get_experiment_by_name("by name")
        assert named is not None
        assert run.info.experiment_id == named.experiment_id
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "999")
    with pytest.raises(MlflowException, match="MLFLOW_EXPERIMENT_ID"):
        fluent.start_run()


def test_many_threads_set_one_experiment(client: MlflowClient) -> None:
    """All get the same id and no error."""
    ids: list[str] = []
    barrier = threading.Barrier(16)

    def work() -> None:
        barrier.wait()
        ids.append(fluent.set_experiment("raced").experiment_id)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 16
    assert len(set(ids)) == 1
    assert client.get_experiment(ids[0]).name == "raced"


def test_tags_of_the_experiment_in_force(client: MlflowClient) -> None:
    """Set, set several, and remove; values are text."""
    experiment_id = fluent.set_experiment("tagged").experiment_id
    fluent.set_experiment_tag("a", 1)
    fluent.set_experiment_tags({"b": [1], "c": "x"})
    fluent.delete_experiment_tag("c")
    assert client.get_experiment(experiment_id).tags == {"a": "1", "b": "[1]"}
    with pytest.raises(MlflowException, match="zz"):
        fluent.delete_experiment_tag("zz")


def test_experiments_are_created_and_searched(client: MlflowClient) -> None:
    """A taken name is an error; a search goes through all pages up to its limit."""
    made = fluent.create_experiment("e1", tags={"team": 7})
    assert fluent.get_experiment(made).tags == {"team": "7"}
    with pytest.raises(MlflowException) as caught:
        fluent.create_experiment("e1")
    assert caught.value.error_code == "RESOURCE_ALREADY_EXISTS"
    other = fluent.create_experiment("e2")
    assert len(fluent.search_experiments(max_results=2)) == 2
    found = fluent.search_experiments(filter_string="name LIKE 'e%'", order_by=["name ASC"])
    assert [one.experiment_id for one in found] == [made, other]
    client.delete_experiment(other)
    deleted = fluent.search_experiments(ViewType.DELETED_ONLY)
    assert [one.experiment_id for one in deleted] == [other]
