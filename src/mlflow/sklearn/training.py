"""What is logged about an estimator that was trained: metrics, pictures, the model, the data."""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.arguments import given_arguments
from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.datasets import TRAIN, dataset_of, log_dataset
from mlflow._autolog.examples import (
    INPUT_EXAMPLE_SAMPLE_ROWS,
    resolve_input_example_and_signature,
)
from mlflow._autolog.figures import confusion_matrix, curve, draw, write_text
from mlflow._autolog.log import log_metrics, log_params, set_tags
from mlflow._autolog.post_training import track
from mlflow._core.guard import contained
from mlflow.models.signature import infer_signature
from mlflow.sklearn import measures
from mlflow.sklearn.flavor import FUNCTIONS
from mlflow.sklearn.search import best_params, is_search, log_search
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable

_logger: Final = logging.getLogger("mlflow.sklearn")
FLAVOR: Final = "sklearn"
_BINARY: Final = 2


def option(key: str) -> Any:
    """Return an argument of the last call of ``autolog``."""
    return get_autologging_config(FLAVOR, key)


@dataclass(frozen=True)
class Data:
    """What an estimator is trained on.

    Attributes:
        features: The first argument of ``fit``.
        targets: The labels, None where there are none.
        weights: The weight of each sample, None where there are none.
    """

    features: Any
    targets: Any = None
    weights: Any = None

    @classmethod
    def of(cls, fit: Callable[..., Any], args: Any, kwargs: Any) -> Data:
        """Return the data that a call of ``fit`` is given."""
        given = given_arguments(fit, args, kwargs)
        targets = next((given[name] for name in ("y", "Y") if name in given), None)
        return cls(next(iter(given.values()), None), targets, given.get("sample_weight"))


def params_of(estimator: Any) -> dict[str, Any]:
    """Return an estimator's params; those of what a search tries belong to its child runs."""
    params: dict[str, Any] = estimator.get_params(deep=not is_search(estimator))
    return params


def log_before(estimator: Any, data: Data) -> Any:
    """Log what is known before the training; return the dataset."""
    log_params(params_of(estimator))
    cls = type(estimator)
    tags = {"estimator_name": cls.__name__, "estimator_class": f"{cls.__module__}.{cls.__name__}"}
    set_tags(tags)
    dataset = None
    if option("log_datasets"):
        with contained("Logging the dataset", logger=_logger):
            dataset = dataset_of(data.features, data.targets)
            log_dataset(dataset, TRAIN)
    return dataset


def log_after(estimator: Any, data: Data, dataset: Any) -> None:
    """Log what the training made."""
    model_id = None
    if option("log_models"):
        with contained("Logging the model", logger=_logger):
            params = {**params_of(estimator), **best_params(estimator)}
            model_id = _log_model(estimator, data, "model", params)
    with contained("Describing the estimator", logger=_logger):
        _describe(estimator)
    if data.targets is None:
        _logger.info("Without labels no training metrics are recorded.")
    else:
        log_metrics(_measure(estimator, data), model_id=model_id, dataset=dataset)
    if option("log_post_training_metrics"):
        track(FLAVOR, estimator, model_id)
    if is_search(estimator):
        best_id = None
        if option("log_models") and hasattr(estimator, "best_estimator_"):
            with contained("Logging the best estimator", logger=_logger):
                best = estimator.best_estimator_
                params = {**params_of(estimator), **params_of(best)}
                best_id = _log_model(best, data, "best_estimator", params)
        log_search(estimator, dataset, option("max_tuning_runs"), (model_id, best_id))


def _describe(estimator: Any) -> None:
    run = fluent.active_run()
    if run is not None and hasattr(estimator, "_repr_html_"):
        shown = _frozen(estimator)
        text = f'<meta charset="UTF-8">{estimator._repr_html_()}' if shown is None else None

        def write() -> str:
            return text or f'<meta charset="UTF-8">{shown._repr_html_()}'

        write_text(write, "estimator.html", run_id=run.info.run_id, uri=run.tracking_uri)


def _frozen(estimator: Any) -> Any:
    """Return what another thread may describe later, or None where nothing is sure to stay.

    scikit-learn's own estimators set attributes anew when they are trained again, so a shallow copy
    keeps what is now, unless it holds other estimators.
    """
    if not type(estimator).__module__.startswith("sklearn."):
        return None
    params = estimator.get_params(deep=False).values()
    if any(hasattr(one, "get_params") or isinstance(one, (list, tuple, dict)) for one in params):
        return None
    shallow = object.__new__(type(estimator))
    shallow.__dict__.update(vars(estimator))
    return shallow


def _log_model(estimator: Any, data: Data, name: str, params: dict[str, Any]) -> str | None:
    def example() -> Any:
        return data.features[:INPUT_EXAMPLE_SAMPLE_ROWS]

    def signature(sample: Any) -> Any:
        output = None
        for function in ("predict", "transform"):
            if hasattr(estimator, function):
                output = getattr(estimator, function)(sample)
                break
        return infer_signature(sample, output)

    sample, found = resolve_input_example_and_signature(
        example, signature, option("log_input_examples"), option("log_model_signatures"), _logger
    )
    info = FUNCTIONS.log_model(
        estimator,
        name=name,
        signature=found if found is not None else False,
        input_example=sample,
        serialization_format=option("serialization_format"),
        registered_model_name=option("registered_model_name") if name == "model" else None,
        params={key: str(value) for key, value in params.items()},
    )
    return info.model_id


def _measure(estimator: Any, data: Data) -> dict[str, float]:
    """Return the metrics of an estimator on the data that it was trained on."""
    from sklearn.base import is_classifier, is_regressor  # noqa: PLC0415 - optional package

    values: dict[str, float] = {}
    weights = {} if data.weights is None else {"sample_weight": data.weights}
    counted = found = None
    if hasattr(estimator, "predict") and (is_classifier(estimator) or is_regressor(estimator)):
        with contained("Measuring the estimator", logger=_logger):
            predicted = estimator.predict(data.features)
            if is_regressor(estimator):
                found = measures.regression(data.targets, predicted, data.weights)
                if found is None:
                    _add(values, _regression(), (data.targets, predicted), weights)
                else:
                    values.update((f"training_{name}", value) for name, value in found.items())
            else:
                counted = measures.tally(
                    getattr(estimator, "classes_", None), data.targets, predicted, data.weights
                )
                _averages(values, data, predicted, counted)
                _probable(values, estimator, data, counted)
                _pictures(estimator, data, predicted, counted)
    usual = measures.usual_score(estimator, counted, found)
    if usual is not None:
        values["training_score"] = usual
    elif hasattr(estimator, "score"):
        accepts = "sample_weight" in inspect.signature(estimator.score).parameters
        given = weights if accepts else {}
        with contained("Scoring the estimator", logger=_logger):
            values["training_score"] = estimator.score(data.features, data.targets, **given)
    return values


def _add(values: dict[str, float], metrics: Any, args: tuple[Any, ...], weights: Any) -> None:
    for name, metric, options in metrics:
        with contained(f"The metric {name}", logger=_logger):
            values[f"training_{name}"] = metric(*args, **options, **weights)


def _regression() -> list[tuple[str, Any, dict[str, Any]]]:
    from sklearn import metrics  # noqa: PLC0415 - optional package

    names = ("mean_squared_error", "mean_absolute_error", "r2_score", "root_mean_squared_error")
    return [(name, getattr(metrics, name), {}) for name in names]


def _averages(values: dict[str, float], data: Data, predicted: Any, counted: Any) -> None:
    """Add precision, recall, F1 and accuracy."""
    from sklearn import metrics  # noqa: PLC0415 - optional package

    names = ("training_precision_score", "training_recall_score", "training_f1_score")
    label = option("pos_label")
    if counted is not None and label is None:
        values.update(zip(names, counted.averages, strict=True))
    else:
        kind = {"average": "weighted"} if label is None else {}
        kind = kind or {"average": "binary", "pos_label": label}
        with contained("Measuring precision, recall and F1", logger=_logger):
            found = metrics.precision_recall_fscore_support(
                data.targets, predicted, sample_weight=data.weights, **kind
            )
            values.update(zip(names, found, strict=False))
    if counted is not None:
        values["training_accuracy_score"] = counted.accuracy
    else:
        weights = {"sample_weight": data.weights}
        _add(
            values,
            [("accuracy_score", metrics.accuracy_score, {})],
            (data.targets, predicted),
            weights,
        )


def _probable(values: dict[str, float], estimator: Any, data: Data, counted: Any) -> None:
    """Add the metrics of probabilities."""
    from sklearn import metrics  # noqa: PLC0415 - optional package

    if not hasattr(estimator, "predict_proba"):
        return
    shares = estimator.predict_proba(data.features)
    weights = {} if data.weights is None else {"sample_weight": data.weights}
    usual = None if counted is None else measures.probabilities(counted, shares)
    if usual is not None:
        values["training_log_loss"] = measures.log_loss(counted, usual)
    else:
        _add(values, [("log_loss", metrics.log_loss, {})], (data.targets, shares), weights)
    if getattr(shares, "ndim", 0) != _BINARY:  # several outputs
        return
    # Of more than two classes, scikit-learn compares pairs without weights only.
    if shares.shape[1] == _BINARY:
        shares = shares[:, 1]
    elif weights:
        return
    if usual is not None:
        values["training_roc_auc"] = measures.roc_auc(counted, usual)
        return
    averaged = {"average": "weighted", "multi_class": "ovo"}
    _add(values, [("roc_auc", metrics.roc_auc_score, averaged)], (data.targets, shares), weights)


def _decision(estimator: Any) -> Callable[[Any], Any] | None:
    """Return what tells how much two-class data belong to the second class."""
    if hasattr(estimator, "predict_proba"):
        return lambda data: estimator.predict_proba(data)[:, 1]
    found: Callable[[Any], Any] | None = getattr(estimator, "decision_function", None)
    return found


def _pictures(estimator: Any, data: Data, predicted: Any, counted: Any) -> None:
    from sklearn import metrics  # noqa: PLC0415 - optional package

    weights = {"sample_weight": data.weights}
    labels = list(estimator.classes_)
    matrix = (
        metrics.confusion_matrix(
            data.targets, predicted, labels=labels, normalize="true", **weights
        )
        if counted is None
        else counted.by_true_class
    )
    figures = {"training_confusion_matrix.png": lambda: confusion_matrix(matrix, labels)}
    if len(labels) == _BINARY and (score := _decision(estimator)) is not None:
        label = option("pos_label") if option("pos_label") is not None else labels[1]
        shares = score(data.features) * (1 if label == labels[1] else -1)
        false, true, _ = metrics.roc_curve(data.targets, shares, pos_label=label, **weights)
        area = metrics.auc(false, true)
        precision, recall, _ = metrics.precision_recall_curve(
            data.targets, shares, pos_label=label, **weights
        )
        figures["training_roc_curve.png"] = lambda: curve(
            false,
            true,
            title="ROC curve",
            x_label="False Positive Rate",
            y_label="True Positive Rate",
            label=f"AUC = {area:.2f}",
        )
        figures["training_precision_recall_curve.png"] = lambda: curve(
            recall,
            precision,
            title="Precision recall curve",
            x_label="Recall",
            y_label="Precision",
            label=f"Positive label: {label}",
        )
    draw(figures)
