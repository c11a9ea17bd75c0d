"""The kinds of evaluators: built in, and of other distributions by entry points."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlflow._core.guard import contained
from mlflow._core.plugins import find_plugins
from mlflow._evaluate.classifier import evaluate_classifier
from mlflow._evaluate.custom import add_custom
from mlflow._evaluate.findings import Findings, Question
from mlflow._evaluate.regressor import evaluate_regressor
from mlflow._evaluate.result import EvaluationResult
from mlflow._evaluate.standard import LATENCY
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.fluent import log_metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow._evaluate.subject import Subject
    from mlflow.data.evaluation_dataset import EvaluationDataset

_logger: Final = logging.getLogger(__name__)
_GROUP: Final = "mlflow.model_evaluator"
DEFAULT: Final = "default"
_ASKS: Final[dict[str, Callable[[Question, Findings], None]]] = {
    "classifier": evaluate_classifier,
    "regressor": evaluate_regressor,
}
MODEL_TYPES: Final = tuple(_ASKS)


class ModelEvaluator:
    """What evaluates models; subclasses are registered as entry points."""

    def can_evaluate(self, *, model_type: str, evaluator_config: Any, **kwargs: Any) -> bool:
        """Return whether it knows what to do.

        Args:
            model_type: The kind of model.
            evaluator_config: Its configuration.
            **kwargs: For what comes later.
        """
        raise NotImplementedError

    def evaluate(
        self,
        *,
        model_type: str,
        dataset: EvaluationDataset,
        run_id: str,
        evaluator_config: Any,
        model: Any = None,
        extra_metrics: Any = None,
        custom_artifacts: Any = None,
        predictions: Any = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """Evaluate, and log what was found to the run.

        Args:
            model_type: The kind of model.
            dataset: The data.
            run_id: The run.
            evaluator_config: The configuration.
            model: What is evaluated; its ``predict`` and ``raw``.
            extra_metrics: The user's metrics.
            custom_artifacts: The user's functions that make artifacts.
            predictions: The column of predictions in the model's output.
            **kwargs: For what comes later.
        """
        raise NotImplementedError


class StandardEvaluator(ModelEvaluator):
    """Classifiers, regressors, and metrics of the user's."""

    types: ClassVar[tuple[str | None, ...]]

    def can_evaluate(self, *, model_type: str, evaluator_config: Any, **kwargs: Any) -> bool:
        """Return whether the model is of a type that it knows."""
        del evaluator_config, kwargs
        return model_type in self.types

    def evaluate(
        self,
        *,
        model_type: str,
        dataset: EvaluationDataset,
        run_id: str,
        evaluator_config: Any,
        model: Subject | None = None,
        extra_metrics: Any = None,
        custom_artifacts: Any = None,
        predictions: Any = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """Evaluate, and log what was found to the run."""
        config, extra = evaluator_config or {}, list(extra_metrics or ())
        if model is None:
            raise MlflowException.invalid_parameter_value("There is nothing to evaluate.")
        question = Question(
            model,
            dataset,
            config,
            predictions_name=predictions,
            with_latency=any(metric.name == LATENCY for metric in extra),
        )
        with tempfile.TemporaryDirectory() as folder:
            found = Findings(config.get("metric_prefix") or "", Path(folder))
            ask = _ASKS.get(model_type)
            _ = question.predictions
            if ask is not None:
                ask(question, found)
            add_custom(question, found, extra, list(custom_artifacts or ()))
            return log_findings(found, run_id, model.model_id, kwargs.get("source_dataset"))


def log_findings(found: Findings, run_id: str, model_id: str | None, data: Any) -> EvaluationResult:
    """Log what was found to a run; return it.

    Args:
        found: What was found.
        run_id: The run.
        model_id: The logged model that was measured.
        data: The dataset of ``mlflow.data`` that it was measured on.
    """
    metrics = {f"{found.prefix}{name}": number for name, number in found.metrics.items()}
    if metrics:
        numbers = {name: float(number) for name, number in metrics.items()}
        log_metrics(numbers, run_id=run_id, model_id=model_id, dataset=data)
    client, made = MlflowClient(), {}
    root = client.get_run(run_id).info.artifact_uri
    for name, (artifact, path) in found.artifacts.items():
        client.log_artifact(run_id, str(path))
        artifact._uri = f"{root}/{path.name}"  # noqa: SLF001 - ours, known only now
        made[name] = artifact
    return EvaluationResult(metrics, made, run_id)


class DefaultEvaluator(StandardEvaluator):
    """Whatever is built in."""

    types = (None, *MODEL_TYPES)


class ClassifierEvaluator(StandardEvaluator):
    """Classifiers."""

    types = ("classifier",)


class RegressorEvaluator(StandardEvaluator):
    """Regressors."""

    types = ("regressor",)


BUILT_IN: Final[dict[str, type[ModelEvaluator]]] = {
    DEFAULT: DefaultEvaluator,
    "classifier": ClassifierEvaluator,
    "regressor": RegressorEvaluator,
}


def known_evaluators() -> dict[str, type[ModelEvaluator]]:
    """Return all kinds of evaluators by name; one that fails to load is left out."""
    found = dict(BUILT_IN)
    for point in find_plugins(_GROUP):
        with contained(f"Loading the evaluator {point.name!r}"):
            kind: type[ModelEvaluator] = point.load()
            found[point.name] = kind
    return found


def list_evaluators() -> list[str]:
    """Return the names of the evaluators."""
    return list(known_evaluators())


def chosen_evaluators(evaluators: Any, config: Any, model_type: str | None) -> list[Any]:
    """Return the evaluators to ask, each with its configuration.

    Args:
        evaluators: A name, a list of names, or None for all that know what to do.
        config: The configuration, for several evaluators by name.
        model_type: The kind of model.

    Raises:
        MlflowException: INTERNAL_ERROR for an unknown name, INVALID_PARAMETER_VALUE for a
            configuration that fits none, or where no evaluator knows what to do.
    """
    known, config = known_evaluators(), config or {}
    if not isinstance(config, dict):
        raise MlflowException.invalid_parameter_value("`evaluator_config` must be a dictionary.")
    by_name = bool(config) and all(
        name in known and isinstance(own, dict) for name, own in config.items()
    )
    if evaluators is None:
        names = [DEFAULT, *(name for name in known if name not in BUILT_IN)]
    else:
        names = [evaluators] if isinstance(evaluators, str) else list(evaluators)
        if isinstance(evaluators, (list, tuple)) and len(names) > 1 and config and not by_name:
            raise MlflowException.invalid_parameter_value(
                "If `evaluators` argument is an evaluator name list, evaluator_config must be a"
                " dict containing mapping from evaluator name to individual evaluator config dict."
            )
    unknown = [name for name in names if name not in known]
    if unknown:
        raise MlflowException(
            f"Could not find a registered model evaluator for: {', '.join(unknown)}."
            f" Currently registered evaluator names are: {list(known)}"
        )
    able = []
    for name in names:
        own = config.get(name, {}) if by_name else config
        evaluator = known[name]()
        if evaluator.can_evaluate(model_type=model_type, evaluator_config=own):  # type: ignore[arg-type]  # None is a type too
            able.append((name, evaluator, own))
    if not able:
        raise MlflowException.invalid_parameter_value(
            "The model could not be evaluated by any of the registered evaluators, please verify"
            f" that the model type and other configs are set correctly. Model types are"
            f" {', '.join(MODEL_TYPES)}; model_type is {model_type!r}."
        )
    return able
