# ruff: noqa: E402, E731, PLW0108, ARG005, BLE001, PD011 - a program for two implementations
import json
import logging
import pathlib
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.svm import SVC

import mlflow
from mlflow import MlflowClient
from mlflow.metrics import MetricValue
from mlflow.models import EvaluationResult, MetricThreshold, make_metric

Xb, yb = load_breast_cancer(return_X_y=True, as_frame=True)
Xb = Xb.iloc[:, :4]
Xi, yi = load_iris(return_X_y=True, as_frame=True)
Xd, yd = load_diabetes(return_X_y=True, as_frame=True)
words = yb.map({0: "no", 1: "yes"})
MODELS = {
    "binary": LogisticRegression(max_iter=5000).fit(Xb, yb),
    "words": LogisticRegression(max_iter=5000).fit(Xb, words),
    "many": LogisticRegression(max_iter=5000).fit(Xi, yi),
    "margin": SVC().fit(Xb, yb),
    "line": LinearRegression().fit(Xd, yd),
}
D = Xd.assign(t=yd)
FEW = D.head(5)[["age", "t"]].assign(note=1.0)
B = Xb.assign(t=yb)
F = {
    "line": lambda df: MODELS["line"].predict(df),
    "zeros": lambda df: np.zeros(len(df)),
    "two": lambda df: pd.DataFrame({"a": np.zeros(len(df)), "b": np.ones(len(df))}),
    "one": lambda df: pd.DataFrame({"a": np.zeros(len(df))}),
    "rows": lambda df: [{"a": 1.0, "b": 2.0} for _ in range(len(df))],
}


def labels(truth, guess):
    return pd.DataFrame({"t": truth, "p": guess})


def older(eval_df, builtin_metrics):
    return float(len(eval_df.columns) + len(builtin_metrics))


def scored(predictions, targets, metrics):
    return MetricValue(
        scores=[float(i) for i in range(len(predictions))], justifications=["j"] * len(predictions)
    )


def given(predictions, targets):
    return MetricValue(scores=[1.0] * len(predictions), aggregate_results={"mean": 2.0, "own": 0.5})


def artifacts(eval_df, builtin_metrics, artifacts_dir):
    path = pathlib.Path(artifacts_dir) / "x.txt"
    path.write_text("hello")
    return {
        "a_text": str(path),
        "a_frame": pd.DataFrame({"a": [1]}),
        "a_array": np.arange(3),
        "a_dict": {"k": 1},
        "a_object": {1, 2},
        "a_json": '{"a": 1}',
    }


def boom(predictions, targets):
    raise ValueError("boom")


three = ["a", "b", "c"] * 5
metric = lambda fn, **more: make_metric(eval_fn=fn, greater_is_better=True, **more)
R, C = {"model_type": "regressor"}, {"model_type": "classifier"}
static = {"targets": "t", "predictions": "p"}

# Name -> (model, or the name of one to log), data, arguments.
CASES = {
    "binary": ("binary", B, {"targets": "t", **C}),
    "words": (
        "words",
        Xb.assign(t=words),
        {
            "targets": "t",
            **C,
            "evaluator_config": {
                "pos_label": "yes",
                "metric_prefix": "v_",
                "sample_weights": np.ones(len(words)),
            },
        },
    ),
    "many": ("many", Xi.assign(t=yi), {"targets": "t", **C}),
    "macro": (
        "many",
        Xi.assign(t=yi),
        {
            "targets": "t",
            **C,
            "evaluator_config": {"average": "macro", "max_classes_for_multiclass_roc_pr": 2},
        },
    ),
    "margin": ("margin", B, {"targets": "t", **C}),
    "line": ("line", D, {"targets": "t", **R}),
    "function": (F["line"], D, {"targets": "t", **R}),
    "array": (F["zeros"], Xd.values, {"targets": yd.values, **R}),
    "names": (
        F["zeros"],
        np.ones((5, 2)),
        {"targets": np.arange(5), "feature_names": ["a", "b"], **R},
    ),
    "columns": (F["zeros"], D, {"targets": "t", "feature_names": ["age", "bmi"], **R}),
    "list": (F["zeros"], [[1], [2]], {"targets": [1, 2], **R}),
    "weights": (
        F["zeros"],
        FEW,
        {"targets": "t", **R, "evaluator_config": {"sample_weights": [1, 2, 3, 4, 5]}},
    ),
    "static": (None, D.assign(p=MODELS["line"].predict(Xd)), {**static, **R}),
    "static classes": (None, labels(yb, MODELS["binary"].predict(Xb)), {**static, **C}),
    "texts": (None, labels(three, three), {**static, **C}),
    "booleans": (None, labels([True, False, True], [True, True, True]), {**static, **C}),
    "floats": (None, labels([1.0, 2.0, 1.0], [1.0, 1.0, 1.0]), {**static, **C}),
    "positive": (
        None,
        labels(["a", "b", "a"], ["a", "a", "a"]),
        {**static, **C, "evaluator_config": {"pos_label": "a"}},
    ),
    "unknown positive": (
        None,
        labels(["a", "b", "a"], ["a", "a", "a"]),
        {**static, **C, "evaluator_config": {"pos_label": "z"}},
    ),
    "labels": (
        None,
        labels([1, 1], [1, 1]),
        {**static, **C, "evaluator_config": {"label_list": [0, 1], "pos_label": 1}},
    ),
    "one class": (None, labels([1, 1], [1, 1]), {**static, **C}),
    "dataset": (F["line"], mlflow.data.from_pandas(D, targets="t", name="named"), R),
    "dataset with predictions": (
        None,
        mlflow.data.from_pandas(D.assign(p=yd), targets="t", predictions="p"),
        R,
    ),
    "evaluator": (F["zeros"], FEW, {"targets": "t", **R, "evaluators": "default"}),
    "evaluators": (F["zeros"], FEW, {"targets": "t", **R, "evaluators": ["regressor"]}),
    "two evaluators": (
        F["zeros"],
        FEW,
        {
            "targets": "t",
            **R,
            "evaluators": ["default", "regressor"],
            "evaluator_config": {"regressor": {"metric_prefix": "z"}},
        },
    ),
    "own metric": (F["line"], D, {"targets": "t", **R, "extra_metrics": [metric(older)]}),
    "own scores": (
        F["zeros"],
        FEW,
        {"targets": "t", **R, "extra_metrics": [metric(scored, name="s")]},
    ),
    "own figures": (
        F["zeros"],
        FEW,
        {"targets": "t", **R, "extra_metrics": [metric(given, name="g", version="v1")]},
    ),
    "own version": (
        F["zeros"],
        FEW,
        {
            "targets": "t",
            **R,
            "extra_metrics": [metric(lambda predictions, targets: 3, name="n", version="v1")],
        },
    ),
    "own column": (
        F["zeros"],
        FEW,
        {
            "targets": "t",
            **R,
            "extra_metrics": [
                metric(lambda predictions, targets, note: float(note.sum()), name="n")
            ],
        },
    ),
    "mapped column": (
        F["zeros"],
        FEW,
        {
            "targets": "t",
            **R,
            "evaluator_config": {"col_mapping": {"zz": "note"}},
            "extra_metrics": [metric(lambda predictions, targets, zz: float(zz.sum()), name="n")],
        },
    ),
    "own wrong": (
        F["zeros"],
        FEW,
        {
            "targets": "t",
            **R,
            "extra_metrics": [metric(lambda predictions, targets: "x", name="n")],
        },
    ),
    "standard only": (
        F["zeros"],
        FEW,
        {
            "targets": "t",
            "extra_metrics": [
                mlflow.metrics.mae(),
                mlflow.metrics.mse(),
                mlflow.metrics.rmse(),
                mlflow.metrics.r2_score(),
                mlflow.metrics.max_error(),
                mlflow.metrics.mape(),
            ],
        },
    ),
    "standard classes": (
        None,
        labels(yb, MODELS["binary"].predict(Xb)),
        {
            **static,
            "extra_metrics": [
                mlflow.metrics.f1_score(),
                mlflow.metrics.precision_score(),
                mlflow.metrics.recall_score(),
            ],
        },
    ),
    "two outputs": (F["two"], FEW, {"targets": "t", "predictions": "b", **R}),
    "one output": (F["one"], FEW, {"targets": "t", **R}),
    "dictionaries": (F["rows"], FEW, {"targets": "t", "predictions": "b", **R}),
    "artifacts": (F["zeros"], FEW, {"targets": "t", **R, "custom_artifacts": [artifacts]}),
    # errors
    "no data": (F["zeros"], None, R),
    "no type": (F["zeros"], FEW, {"targets": "t"}),
    "bad type": (F["zeros"], FEW, {"targets": "t", "model_type": "nonsense"}),
    "no targets": (F["zeros"], FEW, R),
    "bad targets": (F["zeros"], FEW, {"targets": "zz", **R}),
    "bad model": (3, FEW, {"targets": "t", **R}),
    "bad evaluator": (F["zeros"], FEW, {"targets": "t", **R, "evaluators": ["dummy"]}),
    "other evaluator": (F["zeros"], FEW, {"targets": "t", **R, "evaluators": ["classifier"]}),
    "bad configuration": (
        F["zeros"],
        FEW,
        {
            "targets": "t",
            **R,
            "evaluators": ["default", "regressor"],
            "evaluator_config": {"metric_prefix": "z"},
        },
    ),
    "nothing": (None, FEW, {"targets": "t", **R}),
    "a vector": (F["zeros"], np.arange(3), {"targets": np.arange(3), **R}),
    "bad names": (
        F["zeros"],
        np.ones((5, 2)),
        {"targets": np.arange(5), "feature_names": ["a"], **R},
    ),
    "unclear outputs": (F["two"], FEW, {"targets": "t", **R}),
    "dataset and targets": (
        F["zeros"],
        mlflow.data.from_pandas(D, targets="t"),
        {"targets": "t", **R},
    ),
    "dataset without targets": (F["zeros"], mlflow.data.from_pandas(D), R),
    "raising metric": (F["zeros"], FEW, {"targets": "t", **R, "extra_metrics": [metric(boom)]}),
    "missing column": (
        F["zeros"],
        FEW,
        {"targets": "t", **R, "extra_metrics": [metric(lambda zzz: 1.0, name="n")]},
    ),
    "bad artifact": (
        F["zeros"],
        FEW,
        {"targets": "t", **R, "custom_artifacts": [lambda e, b, a: {"x": "/none/y.txt"}]},
    ),
    "unknown model": (F["zeros"], FEW, {"targets": "t", **R, "model_id": "m-1"}),
    "environment": (F["zeros"], FEW, {"targets": "t", **R, "env_manager": "zz"}),
    "text data": (F["zeros"], "x.csv", {"targets": "t", **R}),
    "parameters": (F["zeros"], FEW, {"targets": "t", **R, "inference_params": {"a": 1}}),
}
THRESHOLDS = {
    "least": {"threshold": 0.7, "greater_is_better": True},
    "more": {"threshold": 0.9, "greater_is_better": True},
    "less": {"threshold": 0.5, "greater_is_better": False},
    "absolute": {"min_absolute_change": 0.05, "greater_is_better": True},
    "relative": {"min_relative_change": 0.05, "greater_is_better": True},
    "all": {
        "threshold": 0.4,
        "min_absolute_change": 0.1,
        "min_relative_change": 0.1,
        "greater_is_better": False,
    },
    "undirected": {"threshold": 1},
    "text": {"threshold": "a", "greater_is_better": True},
    "negative": {"min_absolute_change": -1, "greater_is_better": True},
    "whole": {"min_relative_change": 2, "greater_is_better": True},
    "empty": {"greater_is_better": True},
}


def evaluated(client, name):
    model, data, options = CASES[name]
    with mlflow.start_run() as run:
        logged = None
        if isinstance(model, str):
            info = mlflow.sklearn.log_model(
                MODELS[model], name="m", pip_requirements=["scikit-learn"]
            )
            model, logged = info.model_uri, info.model_id
        result = mlflow.models.evaluate(model, data, **options)
    assert result.run_id == run.info.run_id
    read = client.get_run(result.run_id)
    files = sorted(f.path for f in client.list_artifacts(result.run_id) if f.path != "m")
    saved = f"saved-{name}"
    result.save(saved)
    again = EvaluationResult.load(saved)
    return {
        "metrics": {key: float(value) for key, value in result.metrics.items()},
        "run": read.data.metrics,
        "model": sorted(
            {(m.key, m.value, m.dataset_name) for m in client.get_logged_model(logged).metrics}
        )
        if logged
        else None,
        "artifacts": {
            key: (type(a).__name__, a.uri.rpartition("/")[2]) for key, a in result.artifacts.items()
        },
        "loaded": sorted(again.artifacts) == sorted(result.artifacts)
        and again.metrics.keys() == result.metrics.keys(),
        "tables": {
            key: json.loads(t.to_json(orient="split", index=False))
            for key, t in result.tables.items()
        },
        "classes": result.artifacts["per_class_metrics"].content.to_dict("list")
        if "per_class_metrics" in result.artifacts
        else None,
        "files": files,
        "inputs": [
            [
                i.dataset.name,
                i.dataset.digest,
                i.dataset.source_type,
                [[t.key, t.value] for t in i.tags],
            ]
            for i in read.inputs.dataset_inputs
        ],
        "models": len(read.inputs.model_inputs),
        "noted": [sorted(row) for row in json.loads(read.data.tags.get("mlflow.datasets", "[]"))],
    }


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return [type(error).__name__, getattr(error, "error_code", None)]


def main(names):
    mlflow.set_tracking_uri("sqlite:///evaluate.db")
    client = MlflowClient()
    answers = {name: attempt(evaluated, client, name) for name in names or CASES}
    candidate = EvaluationResult(metrics={"m": 0.8, "zero": 0.1}, artifacts={})
    baselines = {"none": None, "close": 0.79, "far": 0.2, "zero": 0}

    def checked(options, base):
        baseline = None if base is None else EvaluationResult(metrics={"m": base}, artifacts={})
        mlflow.validate_evaluation_results({"m": MetricThreshold(**options)}, candidate, baseline)
        return "passed"

    for name, options in THRESHOLDS.items():
        for label, base in baselines.items():
            answers[f"threshold {name} {label}"] = attempt(checked, options, base)
    answers["absent"] = attempt(
        mlflow.validate_evaluation_results,
        {"zz": MetricThreshold(threshold=1, greater_is_better=True)},
        candidate,
    )
    answers["no thresholds"] = attempt(mlflow.validate_evaluation_results, {"m": 3}, candidate)
    answers["lambda"] = attempt(
        lambda: make_metric(eval_fn=lambda predictions: 1, greater_is_better=True)
    )
    return answers
