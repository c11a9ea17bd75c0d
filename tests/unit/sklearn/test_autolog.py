"""Autologging of scikit-learn: what is patched, what is logged, and that training never suffers."""

from __future__ import annotations

import importlib
import inspect
import io
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pytest
from sklearn import metrics
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators

import mlflow
from mlflow._autolog.state import AUTOLOGGING_INTEGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

X, Y = load_iris(return_X_y=True)
X = StandardScaler().fit_transform(X)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a store, and take everything back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/runs.db")
    monkeypatch.setenv("HEADRACE_SQLITE_SYNCHRONOUS", "NORMAL")
    yield
    mlflow.sklearn.autolog(disable=True)
    AUTOLOGGING_INTEGRATIONS.pop("sklearn")


def runs() -> list[Any]:
    """Return all runs, the newest first."""
    mlflow.flush_async_logging()
    return list(mlflow.MlflowClient().search_runs(["0"]))


def train() -> LogisticRegression:
    """Train a model."""
    return LogisticRegression(max_iter=300).fit(X, Y)


def test_every_estimator_is_patched_and_restored() -> None:
    """All of scikit-learn's models are, its steps of preparation are not, and all goes back."""
    classes = [cls for _, cls in all_estimators()]
    mlflow.sklearn.autolog(disable=True)  # what was imported just now was patched, if it was on
    before = {(cls, name): vars(cls).get(name) for cls in classes for name in ("fit", "score")}
    mlflow.sklearn.autolog()
    mlflow.sklearn.autolog()
    kinds = ("feature_extraction", "feature_selection", "impute", "preprocessing")
    for cls in classes:
        steps = cls.__module__.split(".")[1] in kinds or cls.__name__ == "ColumnTransformer"
        assert ("mlflow" in inspect.unwrap(cls.fit, stop=lambda _f: True).__code__.co_filename) is (
            not steps
        ), cls
    mlflow.sklearn.autolog(disable=True)
    assert {(cls, name): vars(cls).get(name) for cls, name in before} == before


def test_nothing_is_imported_for_it() -> None:
    """Modules of scikit-learn that are imported later are patched then."""
    code = (
        "import sys, sklearn, mlflow\n"
        "mlflow.autolog()\n"
        "assert 'sklearn.linear_model' not in sys.modules\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "print(LogisticRegression.fit.__code__.co_filename)\n"
        "mlflow.autolog(disable=True)\n"
        "from sklearn.ensemble import RandomForestClassifier\n"
        "print(RandomForestClassifier.fit.__code__.co_filename)\n"
        "print(LogisticRegression.fit.__code__.co_filename)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, *rest = done.stdout.split()
    assert "mlflow" in first
    assert not [line for line in rest if "mlflow" in line]


def test_an_unknown_failure_of_enabling_one_library_is_contained() -> None:
    """``mlflow.autolog`` goes on where one integration fails."""
    AUTOLOGGING_INTEGRATIONS.pop("sklearn", None)
    mlflow.autolog(extra_tags={"team": "blue"}, log_models=False)
    train()
    assert runs()[0].data.tags["team"] == "blue"
    mlflow.autolog(disable=True)
    train()
    assert len(runs()) == 1


def test_own_configuration_beats_that_of_all() -> None:
    """An integration that was configured by itself stays as it is."""
    mlflow.sklearn.autolog(log_models=False, max_tuning_runs=1)
    mlflow.autolog(disable=True)
    assert AUTOLOGGING_INTEGRATIONS["sklearn"]["max_tuning_runs"] == 1
    assert not AUTOLOGGING_INTEGRATIONS["sklearn"]["disable"]


def test_parallel_parts_of_a_training_log_no_runs() -> None:
    """What meta-estimators train in a pool of threads belongs to them."""
    mlflow.sklearn.autolog(log_models=False)
    with joblib.parallel_backend("threading", n_jobs=2):
        VotingClassifier([("a", LogisticRegression()), ("b", DecisionTreeClassifier())]).fit(X, Y)
        BaggingClassifier(LogisticRegression(), 3).fit(X, Y)
        RandomForestClassifier(3).fit(X, Y)
    assert sorted(run.data.tags["estimator_name"] for run in runs()) == [
        "BaggingClassifier",
        "RandomForestClassifier",
        "VotingClassifier",
    ]


def test_models_trained_in_threads_have_runs_of_their_own() -> None:
    """Threads of the program are not taken for parts of one another's trainings."""
    mlflow.sklearn.autolog(log_models=False)
    train()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _number: train(), range(6)))
    with joblib.parallel_backend("threading", n_jobs=2):
        joblib.Parallel()(joblib.delayed(train)() for _ in range(4))
    assert len(runs()) == 11


def test_training_is_the_same_to_the_random_state() -> None:
    """A model that draws random numbers learns the same, and so does the next one."""

    def learn() -> list[Any]:
        np.random.seed(3)  # noqa: NPY002 - the global one
        first = SGDClassifier(max_iter=5, tol=None).fit(X, Y)
        second = RandomForestClassifier(3).fit(X, Y)
        return [first.coef_.tolist(), second.predict_proba(X).tolist(), np.random.rand()]  # noqa: NPY002 - the global one

    plain = learn()
    mlflow.sklearn.autolog(log_input_examples=True)
    assert learn() == plain


def test_warnings_are_those_of_the_training() -> None:
    """Under an error filter a training warns as before, and is logged."""
    mlflow.sklearn.autolog()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train()
    with pytest.warns(UserWarning, match="converge|max_iter"):
        LogisticRegression(max_iter=2).fit(X, Y)
    assert [run.info.status for run in runs()] == ["FINISHED", "FINISHED"]


def test_a_patched_estimator_is_cloned_and_pickled_as_before() -> None:
    """Neither holds anything of ours."""
    mlflow.sklearn.autolog(log_models=False)
    model = train()
    file = io.BytesIO()
    joblib.dump(model, file)
    assert b"mlflow" not in file.getvalue()
    assert vars(clone(model)) == vars(LogisticRegression(max_iter=300))


STEPS = [
    "log_before",
    "log_params",
    "set_tags",
    "dataset_of",
    "log_dataset",
    "log_after",
    "infer_signature",
    "log_model",
    "_describe",
    "_measure",
    "log_metrics",
    "draw",
    "confusion_matrix",
    "track",
]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_is_contained(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails while logging, the model is trained and the caller sees nothing."""

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError(step)

    plain = train()
    for name in ("training", "autologging"):
        module = importlib.import_module(f"mlflow.sklearn.{name}")
        if hasattr(module, step):
            monkeypatch.setattr(module, step, fail)
    mlflow.sklearn.autolog(log_input_examples=True)
    model = train()
    assert np.array_equal(model.coef_, plain.coef_)
    assert model.score(X, Y) == plain.score(X, Y)
    mlflow.flush_artifact_async_logging()
    assert len(runs()) == 1


def test_a_store_that_is_away_hurts_no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens: a model is trained, with a warning, in bounded time."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    mlflow.sklearn.autolog()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    model = train()
    assert model.score(X, Y) > 0.9


def test_artifacts_that_cannot_be_written_hurt_no_training(tmp_path: Path) -> None:
    """A file stands where the artifacts go: metrics are there all the same."""
    (tmp_path / "mlruns").write_text("in the way")
    mlflow.sklearn.autolog()
    train()
    mlflow.flush_artifact_async_logging()
    assert runs()[0].data.metrics["training_score"] > 0.9


def test_a_failed_training_is_a_failed_run() -> None:
    """The caller sees the library's error, the run says FAILED and keeps its params."""
    mlflow.sklearn.autolog()
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LogisticRegression().fit(X, Y[:3])
    (run,) = runs()
    assert run.info.status == "FAILED"
    assert run.data.params["C"] == "1.0"


def test_metrics_of_several_flavors_and_models_do_not_mix() -> None:
    """A prediction leads to the run of the model that made it, as long as it lives."""
    mlflow.sklearn.autolog(log_models=False)
    first, second = train(), make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
    guess = first.predict(X)
    other = second.predict(X)
    metrics.accuracy_score(Y, guess)
    metrics.accuracy_score(Y, other)
    metrics.accuracy_score(Y, list(guess))
    del guess, other
    metrics.accuracy_score(Y, Y)
    for run in runs():
        assert [key for key in run.data.metrics if key.startswith("accuracy")] == [
            "accuracy_score_X"
        ]


def test_scores_inside_of_a_search_are_not_logged() -> None:
    """A search scores many candidates; its run has none of these scores."""
    mlflow.sklearn.autolog(log_models=False, max_tuning_runs=0)
    GridSearchCV(LogisticRegression(max_iter=300), {"C": [1, 2]}, cv=2).fit(X, Y)
    (run,) = runs()
    assert not [key for key in run.data.metrics if "LogisticRegression" in key]
    assert run.data.params["best_C"] in {"1", "2"}


def test_cross_validation_logs_a_run_for_each_training() -> None:
    """Each fold is a training by the program, as upstream has it."""
    mlflow.sklearn.autolog(log_models=False)
    assert len(cross_val_score(LogisticRegression(max_iter=300), X, Y, cv=3)) == 3
    assert len(runs()) == 3


def test_exclusive_leaves_the_programs_run_alone() -> None:
    """With exclusive=True nothing goes to a run that the program started."""
    mlflow.sklearn.autolog(exclusive=True)
    with mlflow.start_run():
        train()
    (run,) = runs()
    assert run.data.params == {}


def test_each_training_registers_a_version() -> None:
    """With a name each model becomes the next version of it; the best of a search does too."""
    mlflow.sklearn.autolog(registered_model_name="iris")
    model = train()
    search = GridSearchCV(LogisticRegression(max_iter=300), {"C": [0.1, 1.0]}, cv=2).fit(X, Y)
    versions = mlflow.MlflowClient().search_model_versions("name = 'iris'")
    assert sorted((int(one.version), str(one.status)) for one in versions) == [
        (1, "READY"),
        (2, "READY"),
    ]
    for number, fitted in enumerate((model, search), start=1):
        loaded = mlflow.pyfunc.load_model(f"models:/iris/{number}")
        assert (loaded.predict(X) == fitted.predict(X)).all()
