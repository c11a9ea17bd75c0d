"""Logged models: made, measured, found, and the active one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from mlflow.entities.dataset import Dataset
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from mlflow.tracking.client import MlflowClient


def test_a_model_is_initialized_and_finalized(client: MlflowClient) -> None:
    """It belongs to the active run and its experiment, and carries the context's tags."""
    assert fluent.last_logged_model() is None
    experiment_id = client.create_experiment("models")
    with fluent.start_run(experiment_id=experiment_id) as run:
        model = fluent.initialize_logged_model("m", params={"a": "1"}, tags={"t": "u"})
    assert str(model.status) == "PENDING"
    assert model.experiment_id == experiment_id
    assert model.source_run_id == run.info.run_id
    assert model.tags["t"] == "u"
    assert "mlflow.user" in model.tags
    ready = fluent.finalize_logged_model(model.model_id, "READY")
    assert str(ready.status) == "READY"
    last = fluent.last_logged_model()
    assert last is not None
    assert last.model_id == model.model_id
    with pytest.raises(MlflowException, match="not a valid LoggedModelStatus"):
        fluent.finalize_logged_model(model.model_id, "DONE")  # type: ignore[arg-type]  # what is tested


def test_an_external_model_is_ready_at_once(client: MlflowClient) -> None:
    """It is marked as kept elsewhere."""
    model = fluent.create_external_model(name="x", params={"a": "1"})
    assert str(model.status) == "READY"
    assert model.tags["mlflow.model.isExternal"] == "true"
    assert client.get_logged_model(model.model_id).params == {"a": "1"}


def test_the_active_model_is_measured(client: MlflowClient) -> None:
    """Metrics without a model go to the active one, which becomes an input of the run."""
    first = fluent.create_external_model(name="first")
    with fluent.set_active_model(name="first") as active:
        assert active.model_id == first.model_id
        assert fluent.get_active_model_id() == first.model_id
        with fluent.start_run() as run:
            fluent.log_metric("acc", 0.5)
            fluent.log_metrics({"loss": 1.5}, step=2)
            client.log_metric(run.info.run_id, "direct", 2.5)
    assert fluent.get_active_model_id() is None
    metrics = fluent.get_logged_model(first.model_id).metrics or []
    found = {point.key: (point.value, point.step, point.run_id) for point in metrics}
    run_id = run.info.run_id
    assert found == {
        "acc": (0.5, 0, run_id),
        "loss": (1.5, 2, run_id),
        "direct": (2.5, 0, run_id),
    }
    inputs = client.get_run(run_id).inputs.model_inputs
    assert [one.model_id for one in inputs] == [first.model_id]


def test_blocks_of_active_models_nest(client: MlflowClient) -> None:
    """The end of a block brings back the model before it; clearing forgets all."""
    outer = fluent.set_active_model(name="outer")
    with fluent.set_active_model(name="inner") as inner:
        assert fluent.get_active_model_id() == inner.model_id
    assert fluent.get_active_model_id() == outer.model_id
    seen: list[str | None] = []
    thread = threading.Thread(target=lambda: seen.append(fluent.get_active_model_id()))
    thread.start()
    thread.join()
    assert seen == [None]
    fluent.clear_active_model()
    assert fluent.get_active_model_id() is None
    assert client.get_logged_model(outer.model_id).name == "outer"


def test_the_environment_names_an_active_model(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MLFLOW_ACTIVE_MODEL_ID counts until it is cleared."""
    model = client.create_logged_model("0", "m")
    monkeypatch.setenv("MLFLOW_ACTIVE_MODEL_ID", model.model_id)
    assert fluent.get_active_model_id() == model.model_id
    fluent.log_model_params({"a": 1})  # type: ignore[dict-item]  # values become text
    fluent.clear_active_model()
    assert fluent.get_active_model_id() is None
    assert client.get_logged_model(model.model_id).params == {"a": "1"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Either name or model_id"),
        ({"model_id": "m-nope"}, "not found"),
        ({"model_id": "m", "name": "other"}, "does not match"),
    ],
)
def test_a_wrong_active_model_is_refused(
    client: MlflowClient, arguments: dict[str, str], message: str
) -> None:
    """Neither given, unknown, or of another name."""
    if arguments.get("model_id") == "m":
        arguments = {**arguments, "model_id": client.create_logged_model("0", "m").model_id}
    with pytest.raises(MlflowException, match=message):
        fluent.set_active_model(**arguments)
    assert fluent.get_active_model_id() is None


def test_params_and_tags_of_models(client: MlflowClient) -> None:
    """Set and removed by id; without an id and an active model there is an error."""
    model = client.create_logged_model("0", "m")
    fluent.set_logged_model_tags(model.model_id, {"a": 1, "b": 2})
    fluent.delete_logged_model_tag(model.model_id, "b")
    fluent.log_model_params({"p": "1"}, model.model_id)
    kept = client.get_logged_model(model.model_id)
    assert kept.tags == {"a": "1"}
    assert kept.params == {"p": "1"}
    with pytest.raises(MlflowException, match="no active model"):
        fluent.log_model_params({"p": "1"})
    with pytest.raises(MlflowException, match="non-empty string"):
        fluent.get_logged_model("")


def test_models_are_searched_as_list_and_table(client: MlflowClient) -> None:
    """The newest first; the table has one row a model and the recorded columns."""
    made = [client.create_logged_model("0", f"m{i}", params={"i": str(i)}) for i in range(3)]
    found: Any = fluent.search_logged_models(output_format="list")
    assert {one.model_id for one in found} == {one.model_id for one in made}
    times = [one.creation_timestamp for one in found]
    assert times == sorted(times, reverse=True)
    table = fluent.search_logged_models(filter_string="name = 'm1'")
    assert list(table.columns) == [  # type: ignore[union-attr]  # a DataFrame
        "artifact_location",
        "creation_timestamp",
        "experiment_id",
        "last_updated_timestamp",
        "metrics",
        "model_id",
        "model_type",
        "name",
        "params",
        "source_run_id",
        "status",
        "status_message",
        "tags",
    ]
    assert len(table) == 1
    assert len(fluent.search_logged_models(max_results=2, output_format="list")) == 2
    with pytest.raises(MlflowException, match="output format"):
        fluent.search_logged_models(output_format="csv")  # type: ignore[arg-type]  # what is tested


def test_a_name_that_models_cannot_have_is_refused(client: MlflowClient) -> None:
    """A quote in the name is an error about the name, not about a filter."""
    with pytest.raises(MlflowException, match="Invalid model name"):
        fluent.set_active_model(name="it's")
    assert len(client.search_logged_models(["0"])) == 0


def test_inputs_and_outputs_of_a_run(client: MlflowClient) -> None:
    """Datasets with context and tags, and models, are kept with the run."""
    model = client.create_logged_model("0", "m")
    dataset = Dataset("d", "digest", "local", "{}")
    with fluent.start_run() as run:
        fluent.log_input(dataset, context="training", tags={"k": "v"})
        fluent.log_inputs([dataset], ["test"], [None])
        fluent.log_input(model=LoggedModelInput(model.model_id))
        fluent.log_outputs([LoggedModelOutput(model.model_id, 3)])
        fluent.log_metric("m", 1, dataset=Dataset("e", "x", "local", "{}"))
    kept = client.get_run(run.info.run_id)
    assert {one.dataset.name for one in kept.inputs.dataset_inputs} == {"d", "e"}
    assert [one.model_id for one in kept.inputs.model_inputs] == [model.model_id]
    assert [(one.model_id, one.step) for one in kept.outputs.model_outputs] == [(model.model_id, 3)]


@pytest.mark.parametrize("lists", [([], None, None), ([1], ["a", "b"], [None]), (None, None, None)])
def test_lists_of_inputs_must_match(
    client: MlflowClient, lists: tuple[list[object] | None, ...]
) -> None:
    """Datasets, contexts and tags go together."""
    with fluent.start_run(), pytest.raises(MlflowException, match="same length"):
        fluent.log_inputs(*lists)  # type: ignore[arg-type]  # what is tested
    assert client.tracking_uri


def test_what_is_no_dataset_is_refused(client: MlflowClient) -> None:
    """The error says how to make one."""
    with fluent.start_run(), pytest.raises(MlflowException, match=r"mlflow\.data\.from_pandas"):
        fluent.log_input([1, 2])
    assert client.tracking_uri
