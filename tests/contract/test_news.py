"""The contract of topics, on every database: whoever asks hears what changed, once, by whomever."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mlflow.entities import (
    ExperimentTag,
    LoggedModelParameter,
    LoggedModelStatus,
    LoggedModelTag,
    Metric,
    RunTag,
)
from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow.store.entities.change import News
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as Registry
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

Work = Callable[[], object]


class Asker:
    """Asks again and again, and tells what is new."""

    def __init__(self, ask: Callable[[str, int | None], News], topic: str) -> None:
        self._ask, self._topic = ask, topic
        self._before = ask(topic, None)

    def __call__(self) -> list[str]:
        """Return the names of what changed since the last question."""
        news = self._ask(self._topic, self._before.time_ms)
        fresh = sorted(name for name, _ in news.items - self._before.items)
        self._before = news
        return fresh


def test_experiments(store: SqlAlchemyStore) -> None:
    """A new, renamed, tagged, archived or restored experiment is told, and nothing of its runs."""
    other = store.create_experiment("other")
    asker, activity = Asker(store.get_news, "experiments"), Asker(store.get_news, "activity")
    created = store.create_experiment("new")
    assert asker() == [created]
    assert asker() == []
    works: list[Work] = [
        lambda: store.rename_experiment(created, "renamed"),
        lambda: store.set_experiment_tag(created, ExperimentTag("k", "v")),
        lambda: store.delete_experiment_tag(created, "k"),
        lambda: store.delete_experiment(created),
        lambda: store.restore_experiment(created),
    ]
    for work in works:
        _await_tick(store)
        work()
        assert asker() == [created]
    activity()
    store.create_run(other, "u", 1, [], None)
    assert asker() == []
    assert activity() == [other]


def test_activity(store: SqlAlchemyStore) -> None:
    """A run that comes, goes or is written to is its experiment's activity."""
    first, second = store.create_experiment("first"), store.create_experiment("second")
    run = store.create_run(first, "u", 1, [], None).info.run_id
    store.create_run(second, "u", 1, [], None)
    asker = Asker(store.get_news, "activity")
    old = "UPDATE hr_runs SET changed_time = changed_time - 1000 WHERE run_uuid = ?"
    works: list[Work] = [
        lambda: store.log_metric(run, Metric("m", 1, 1, 0)),
        lambda: store.set_tag(run, RunTag("t", "x")),
        lambda: store.delete_run(run),
        lambda: store.restore_run(run),
    ]
    for work in works:
        store._database.write(lambda session: session.run(old, (run,)))
        asker()
        work()
        assert asker() == [first]


def test_registered_models(store: SqlAlchemyStore, registry: Registry) -> None:
    """Whatever changes in a registered model is told by its name; what changes nothing is not."""
    asker = Asker(registry.get_news, "models")
    registry.create_registered_model("other")
    assert asker() == ["other"]
    works: list[Work] = [
        lambda: registry.create_registered_model("m"),
        lambda: registry.update_registered_model("m", "about"),
        lambda: registry.set_registered_model_tag("m", RegisteredModelTag("k", "v")),
        lambda: registry.delete_registered_model_tag("m", "k"),
        lambda: registry.create_model_version("m", "s3://bucket/a"),
        lambda: registry.update_model_version("m", "1", "about"),
        lambda: registry.set_model_version_tag("m", "1", ModelVersionTag("k", "v")),
        lambda: registry.delete_model_version_tag("m", "1", "k"),
        lambda: registry.transition_model_version_stage("m", "1", "Staging", False),
        lambda: registry.set_registered_model_alias("m", "champion", "1"),
        lambda: registry.delete_registered_model_alias("m", "champion"),
        lambda: registry.delete_model_version("m", "1"),
    ]
    for work in works:
        _await_tick(store)
        work()
        assert asker() == ["m"]
    registry.get_registered_model("m")
    with pytest.raises(MlflowException):
        registry.create_registered_model("other")
    assert asker() == []
    _await_tick(store)
    registry.rename_registered_model("m", "n")
    assert asker() == ["m", "n"]
    _await_tick(store)
    registry.delete_registered_model("n")
    assert asker() == ["n"]


def test_logged_models(store: SqlAlchemyStore) -> None:
    """Whatever changes a logged model is told by its experiment."""
    experiment = store.create_experiment("models")
    asker = Asker(store.get_news, "logged_models")
    model = store.create_logged_model(experiment).model_id
    assert asker() == [experiment]
    works: list[Work] = [
        lambda: store.set_logged_model_tags(model, [LoggedModelTag("k", "v")]),
        lambda: store.delete_logged_model_tag(model, "k"),
        lambda: store.log_logged_model_params(model, [LoggedModelParameter("p", "1")]),
        lambda: store.finalize_logged_model(model, LoggedModelStatus.READY),
        lambda: store.delete_logged_model(model),
    ]
    for work in works:
        _await_tick(store)
        work()
        assert asker() == [experiment]


def test_a_slow_commit_is_told(store: SqlAlchemyStore, registry: Registry) -> None:
    """What was noted two seconds before an answer and committed after it is told."""
    registry.create_registered_model("m")
    asker = Asker(registry.get_news, "models")
    back = "UPDATE hr_changes SET changed_time = changed_time - 2000"
    store._database.write(lambda session: session.run(back))
    assert asker() == ["m"]


def test_unknown_topics_are_refused(store: SqlAlchemyStore) -> None:
    """A topic that is none is an error that names those there are."""
    with pytest.raises(MlflowException, match="experiments, activity, models, logged_models"):
        store.get_news("weather", None)


def _await_tick(store: SqlAlchemyStore) -> None:
    """Wait until the clocks show another millisecond, by which two changes are told apart."""
    now = f"SELECT {store._database.dialect.now_ms}"
    begun = store._database.read(lambda session: session.scalar(now))
    while store._database.read(lambda session: session.scalar(now)) <= begun + 1:
        pass
