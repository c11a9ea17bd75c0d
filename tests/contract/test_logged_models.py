"""Logged models: their names, statuses, tags, params, metrics and places."""

import math
import re
import struct
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException
from mlflow.store.sql.logged_models import load_models
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


def tags(**pairs: Any) -> list[LoggedModelTag]:
    """Return tags."""
    return [LoggedModelTag(key, value) for key, value in pairs.items()]


def params(**pairs: Any) -> list[LoggedModelParameter]:
    """Return params."""
    return [LoggedModelParameter(key, value) for key, value in pairs.items()]


def error_of(call: Callable[[], object]) -> MlflowException:
    """Return the error that a call raises."""
    with pytest.raises(MlflowException) as caught:
        call()
    return caught.value


def new_run(store: SqlAlchemyStore) -> str:
    """Return the id of a new run."""
    return store.create_run("0", "user", 1, [], None).info.run_id


def test_a_model_is_created_pending_with_a_place_of_its_own(store: SqlAlchemyStore) -> None:
    """Id, place, times, tags and params are as asked; the model is read back equal."""
    experiment_id = store.create_experiment("models")
    base = store.get_experiment(experiment_id).artifact_location
    made = store.create_logged_model(
        experiment_id, "my model", "r" * 32, tags(a="1", ü="é🎉"), params(p="x"), "Agent"
    )
    assert re.fullmatch("m-[0-9a-f]{32}", made.model_id)
    assert made.artifact_location == f"{base}/models/{made.model_id}/artifacts"
    assert (made.name, made.source_run_id, made.model_type) == ("my model", "r" * 32, "Agent")
    assert (made.tags, made.params, made.metrics) == ({"a": "1", "ü": "é🎉"}, {"p": "x"}, None)
    assert made.status == LoggedModelStatus.PENDING
    assert made.creation_timestamp == made.last_updated_timestamp > 0
    assert store.get_logged_model(made.model_id).to_dictionary() == made.to_dictionary()


def test_the_place_follows_the_experiment(store: SqlAlchemyStore) -> None:
    """A model lies below its experiment's own location, whatever the scheme."""
    experiment_id = store.create_experiment("bucket", "s3://bucket/some/where")
    made = store.create_logged_model(experiment_id)
    assert made.artifact_location == f"s3://bucket/some/where/models/{made.model_id}/artifacts"
    assert made.name


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "a.b", "a%b", 'a"b', "a'b", "x" * 501, 5])
def test_names_that_would_break_a_uri_are_refused(store: SqlAlchemyStore, name: Any) -> None:
    """Slash, colon, dot, percent sign, quotes, nothing and too much are no names."""
    error = error_of(lambda: store.create_logged_model("0", name))
    assert error.error_code == "INVALID_PARAMETER_VALUE"
    assert store.search_logged_models(["0"]) == []


@pytest.mark.parametrize("name", ["x" * 500, "é ü", "a@b#c?d", "  ", "a\\b"])
def test_all_other_names_are_kept(store: SqlAlchemyStore, name: str) -> None:
    """Every other name comes back exactly, and two models may share it."""
    first, second = (store.create_logged_model("0", name).model_id for _ in range(2))
    assert first != second
    assert store.get_logged_model(second).name == name


def test_models_need_an_active_experiment(store: SqlAlchemyStore) -> None:
    """An unknown experiment does not exist; a deleted one takes no models."""
    assert error_of(lambda: store.create_logged_model("99999")).error_code == (
        "RESOURCE_DOES_NOT_EXIST"
    )
    experiment_id = store.create_experiment("gone")
    model_id = store.create_logged_model(experiment_id).model_id
    store.delete_experiment(experiment_id)
    error = error_of(lambda: store.create_logged_model(experiment_id))
    assert error.error_code == "INVALID_PARAMETER_VALUE"
    assert store.get_logged_model(model_id).model_id == model_id


@pytest.mark.parametrize("status", list(LoggedModelStatus))
def test_a_status_can_always_be_set(store: SqlAlchemyStore, status: LoggedModelStatus) -> None:
    """Finalizing sets any status and moves the time of the last update."""
    made = store.create_logged_model("0")
    store.finalize_logged_model(made.model_id, LoggedModelStatus.READY)
    done = store.finalize_logged_model(made.model_id, status)
    assert done.status == store.get_logged_model(made.model_id).status == status
    assert done.last_updated_timestamp >= made.last_updated_timestamp


def test_what_is_no_status_is_refused(store: SqlAlchemyStore) -> None:
    """A word that names no status says which there are."""
    model_id = store.create_logged_model("0").model_id
    wrong: Any = "DONE"
    error = error_of(lambda: store.finalize_logged_model(model_id, wrong))
    assert error.error_code == "INVALID_PARAMETER_VALUE"
    assert "READY" in error.message


def test_tags_are_set_again_and_removed(store: SqlAlchemyStore) -> None:
    """A tag takes the last value; removing a missing one is an error."""
    model_id = store.create_logged_model("0", tags=tags(a="1")).model_id
    store.set_logged_model_tags(model_id, [*tags(a="2", n=7), LoggedModelTag("a", "3")])
    store.set_logged_model_tags(model_id, [])
    assert store.get_logged_model(model_id).tags == {"a": "3", "n": "7"}
    store.delete_logged_model_tag(model_id, "a")
    assert store.get_logged_model(model_id).tags == {"n": "7"}
    error = error_of(lambda: store.delete_logged_model_tag(model_id, "a"))
    assert error.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert "'a'" in error.message


def test_params_are_set_once(store: SqlAlchemyStore) -> None:
    """The same value again is fine, another one is an error that names both and writes nothing."""
    model_id = store.create_logged_model("0", params=params(p="1")).model_id
    store.log_logged_model_params(model_id, params(p="1", q=2))
    error = error_of(lambda: store.log_logged_model_params(model_id, params(new="n", p="other")))
    assert error.error_code == "INVALID_PARAMETER_VALUE"
    assert "'1'" in error.message
    assert "'other'" in error.message
    twice = [*params(z="1"), *params(z="2")]
    assert error_of(lambda: store.log_logged_model_params(model_id, twice)).error_code == (
        "INVALID_PARAMETER_VALUE"
    )
    assert store.get_logged_model(model_id).params == {"p": "1", "q": "2"}


def test_long_values_are_kept_whole(store: SqlAlchemyStore) -> None:
    """Tags and params of models hold whole prompts."""
    text = "é" * 100_000
    made = store.create_logged_model("0", tags=tags(t=text), params=params(p=text))
    found = store.get_logged_model(made.model_id)
    assert (found.tags["t"], found.params["p"]) == (text, text)


@pytest.mark.parametrize(
    "bad", [{"k": None}, {"k" * 251: "v"}, {"": "v"}, {"k": "v\x00"}, {"k": "v" * 1_048_577}]
)
def test_tags_and_params_that_cannot_be_kept_are_refused(
    store: SqlAlchemyStore, bad: dict[str, Any]
) -> None:
    """Missing values, keys too long or empty and NUL are refused, and nothing is written."""
    model_id = store.create_logged_model("0").model_id
    for call in (
        lambda: store.create_logged_model("0", tags=tags(**bad)),
        lambda: store.create_logged_model("0", params=params(**bad)),
        lambda: store.set_logged_model_tags(model_id, tags(good="1", **bad)),
        lambda: store.log_logged_model_params(model_id, params(good="1", **bad)),
    ):
        assert error_of(call).error_code == "INVALID_PARAMETER_VALUE"
    found = store.get_logged_model(model_id)
    assert (found.tags, found.params) == ({}, {})
    assert len(store.search_logged_models(["0"])) == 1


def test_a_deleted_model_is_found_only_when_asked_for(store: SqlAlchemyStore) -> None:
    """A deleted model is missing unless allowed; its run may still finish and measure it."""
    model_id = store.create_logged_model("0").model_id
    store.delete_logged_model(model_id)
    store.delete_logged_model(model_id)
    assert error_of(lambda: store.get_logged_model(model_id)).error_code == (
        "RESOURCE_DOES_NOT_EXIST"
    )
    store.finalize_logged_model(model_id, LoggedModelStatus.READY)
    store.set_logged_model_tags(model_id, tags(a="1"))
    store.log_metric(new_run(store), Metric("m", 1.0, 1, 0, model_id))
    found = store.get_logged_model(model_id, allow_deleted=True)
    assert (found.status, found.tags, len(found.metrics or [])) == (
        LoggedModelStatus.READY,
        {"a": "1"},
        1,
    )


def test_unknown_models_do_not_exist(store: SqlAlchemyStore) -> None:
    """Every operation on an id that no model has says so."""
    run_id = new_run(store)
    for call in (
        lambda: store.get_logged_model("m-0"),
        lambda: store.get_logged_model("m-0", allow_deleted=True),
        lambda: store.finalize_logged_model("m-0", LoggedModelStatus.READY),
        lambda: store.set_logged_model_tags("m-0", []),
        lambda: store.delete_logged_model_tag("m-0", "a"),
        lambda: store.log_logged_model_params("m-0", []),
        lambda: store.delete_logged_model("m-0"),
        lambda: store.log_metric(run_id, Metric("m", 1.0, 1, 0, "m-0")),
        lambda: store.log_batch(run_id, [Metric("m", 1.0, 1, 0, "m-0")], [], []),
    ):
        error = error_of(call)
        assert error.error_code == "RESOURCE_DOES_NOT_EXIST"
        assert "m-0" in error.message
    assert store.get_run(run_id).data.metrics == {}


def test_every_point_of_a_model_is_kept_with_its_run_and_dataset(store: SqlAlchemyStore) -> None:
    """Points of several runs and datasets stand side by side, also in one millisecond."""
    model_id = store.create_logged_model("0").model_id
    first, second = new_run(store), new_run(store)
    points = [
        (first, Metric("acc", 0.5, 1, 0, model_id)),
        (first, Metric("acc", 0.5, 1, 0, model_id)),
        (first, Metric("acc", 0.25, 1, 0, model_id, "train", "d1")),
        (first, Metric("acc", 0.75, 1, 0, model_id, "test", "d2")),
        (second, Metric("acc", 0.5, 2, 0, model_id)),
        (first, Metric("loss", 9.0, 3, -5, model_id)),
    ]
    for run_id, metric in points:
        store.log_metric(run_id, metric)
    found = store.get_logged_model(model_id).metrics or []
    assert [
        (
            m.key,
            m.value,
            m.timestamp,
            m.step,
            m.model_id,
            m.dataset_name,
            m.dataset_digest,
            m.run_id,
        )
        for m in found
    ] == [
        ("acc", 0.5, 1, 0, model_id, None, None, first),
        ("acc", 0.75, 1, 0, model_id, "test", "d2", first),
        ("acc", 0.25, 1, 0, model_id, "train", "d1", first),
        ("acc", 0.5, 2, 0, model_id, None, None, second),
        ("loss", 9.0, 3, -5, model_id, None, None, first),
    ]
    assert store.get_run(first).data.metrics == {"acc": 0.75, "loss": 9.0}


def test_a_batch_measures_several_models(store: SqlAlchemyStore) -> None:
    """One batch may carry points of models and others; each lands with its model."""
    one, two = (store.create_logged_model("0").model_id for _ in range(2))
    run_id = new_run(store)
    batch = [Metric("a", 1.0, 1, 0, one), Metric("a", 2.0, 1, 1, two), Metric("b", 3.0, 1, 0)]
    store.log_batch(run_id, batch, [], [])
    store.log_batch(run_id, batch, [], [])
    assert [m.value for m in store.get_logged_model(one).metrics or []] == [1.0]
    assert [m.value for m in store.get_logged_model(two).metrics or []] == [2.0]
    assert store.get_run(run_id).data.metrics == {"a": 2.0, "b": 3.0}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 5e-324])
def test_metrics_of_models_are_exact(store: SqlAlchemyStore, value: float) -> None:
    """No database bends a value."""
    model_id = store.create_logged_model("0").model_id
    store.log_metric(new_run(store), Metric("m", value, 1, 2**63 - 1, model_id))
    (found,) = store.get_logged_model(model_id).metrics or []
    assert struct.pack("d", found.value) == struct.pack("d", value)
    assert found.step == 2**63 - 1


@pytest.mark.parametrize(
    ("name", "digest"), [("n", None), (None, "d"), ("n" * 501, "d"), ("n", "d" * 37)]
)
def test_half_a_dataset_is_refused(
    store: SqlAlchemyStore, name: str | None, digest: str | None
) -> None:
    """A point's dataset needs name and digest, both within their limits."""
    model_id = store.create_logged_model("0").model_id
    run_id = new_run(store)
    error = error_of(
        lambda: store.log_metric(run_id, Metric("m", 1.0, 1, 0, model_id, name, digest))
    )
    assert error.error_code == "INVALID_PARAMETER_VALUE"
    assert store.get_run(run_id).data.metrics == {}


def test_many_models_are_loaded_in_the_order_asked_for(store: SqlAlchemyStore) -> None:
    """Loading by key keeps the order and leaves unknown keys out."""
    made = [store.create_logged_model("0", f"n{index}", tags=tags(i=index)) for index in range(9)]

    def work(session: Session) -> list[str]:
        ids = [row[0] for row in session.rows("SELECT id FROM hr_logged_models ORDER BY id DESC")]
        return [model.tags["i"] for model in load_models(session, [*ids, -1])]

    assert store._database.read(work) == [str(index) for index in reversed(range(len(made)))]


def test_the_history_tag_of_a_run_lists_its_models(store: SqlAlchemyStore) -> None:
    """Each recorded model is appended to the JSON list in the run's tag."""
    run_id = new_run(store)
    model = SimpleNamespace(get_tags_dict=lambda: {"artifact_path": "m", "text": "é"})
    store.record_logged_model(run_id, model)
    store.record_logged_model(run_id, model)
    assert store.get_run(run_id).data.tags["mlflow.log-model.history"] == (
        '[{"artifact_path": "m", "text": "\\u00e9"}, {"artifact_path": "m", "text": "\\u00e9"}]'
    )
    error = error_of(lambda: store.record_logged_model(run_id, "no model"))
    assert error.error_code == "INVALID_PARAMETER_VALUE"
