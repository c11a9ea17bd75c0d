"""Evaluating a model: run, dataset and model are noted, then evaluators are asked."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.tags import MLFLOW_DATASETS
from mlflow._evaluate.evaluators import MODEL_TYPES, chosen_evaluators
from mlflow._evaluate.result import EvaluationResult
from mlflow._evaluate.subject import subject_of
from mlflow.data.dataset import Dataset
from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.data.numpy_dataset import from_numpy
from mlflow.data.pandas_dataset import from_pandas
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.fluent import active_run, log_input, start_run

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT_TYPES: Final = ("question-answering", "text-summarization", "text", "retriever")


def evaluate(
    model: Any = None,
    data: Any = None,
    *,
    model_type: str | None = None,
    targets: Any = None,
    predictions: str | None = None,
    dataset_path: str | None = None,
    feature_names: list[str] | None = None,
    evaluators: Any = None,
    evaluator_config: dict[str, Any] | None = None,
    extra_metrics: Any = None,
    custom_artifacts: Any = None,
    env_manager: str = "local",
    model_config: Any = None,
    inference_params: dict[str, Any] | None = None,
    model_id: str | None = None,
    _called_from_genai_evaluate: bool = False,
) -> EvaluationResult:
    """Measure a model, a function or ready predictions on data, and log what is found.

    It is logged to the active run, or to a run of its own.

    Args:
        model: A model's URI, a loaded model, a function of a DataFrame, or None where the data
            has predictions.
        data: A DataFrame, a dataset of ``mlflow.data``, or features as an array or list of rows.
        model_type: ``classifier`` or ``regressor``; None where ``extra_metrics`` say everything.
        targets: The column of targets; an array beside features that are an array.
        predictions: The column of predictions, of the data or of the model's output.
        dataset_path: Where the data is.
        feature_names: The columns that are features; names for those of an array.
        evaluators: The names of the evaluators; all that know what to do by default.
        evaluator_config: For example ``metric_prefix``, ``pos_label``, ``average``,
            ``label_list``, ``sample_weights``, ``max_classes_for_multiclass_roc_pr``,
            ``col_mapping``; by evaluator where there are several.
        extra_metrics: Metrics of your own (``make_metric``).
        custom_artifacts: Functions ``(eval_df, builtin_metrics, artifacts_dir)`` that return
            artifacts by name.
        env_manager: Where the model runs: ``local``.
        model_config: The model's configuration.
        inference_params: For endpoints, which are not supported.
        model_id: The logged model that is measured, where the model does not say it itself.

    Returns:
        The figures, the artifacts by name, and the run's id.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for what does not fit together.
    """
    del _called_from_genai_evaluate
    if data is None:
        raise MlflowException.invalid_parameter_value("The data argument cannot be None.")
    if inference_params is not None:
        raise MlflowException.invalid_parameter_value(
            "The inference_params argument can only be specified for endpoints of a deployments"
            " server, which are not supported."
        )
    _check_type(model_type, extra_metrics)
    dataset, record = _datasets(
        data,
        targets=targets,
        predictions=predictions if model is None else None,
        path=dataset_path,
        feature_names=feature_names,
        model_type=model_type,
    )
    subject = subject_of(
        model, env_manager=env_manager, model_config=model_config, model_id=model_id
    )
    asked = chosen_evaluators(evaluators, evaluator_config, model_type)
    if model_id is not None:
        MlflowClient().get_logged_model(model_id)
    metrics: dict[str, Any] = {}
    artifacts: dict[str, Any] = {}
    with _run() as run_id:
        prefixes = [config.get("metric_prefix") for _, _, config in asked]
        log_input(record, context=next(filter(None, prefixes), None))
        _note_model(run_id, dataset, subject.model_id)
        for _, evaluator, config in asked:
            found = evaluator.evaluate(
                model=subject,
                model_type=model_type,
                dataset=dataset,
                run_id=run_id,
                evaluator_config=config,
                extra_metrics=extra_metrics,
                custom_artifacts=custom_artifacts,
                predictions=predictions if model is not None else None,
                source_dataset=record,
            )
            metrics.update(found.metrics)
            artifacts.update(found.artifacts)
    return EvaluationResult(metrics, artifacts, run_id)


def _check_type(model_type: str | None, extra_metrics: Any) -> None:
    if model_type is None and not extra_metrics:
        raise MlflowException.invalid_parameter_value(
            "The extra_metrics argument must be specified model_type is None."
        )
    if model_type in _TEXT_TYPES:
        raise MlflowException.invalid_parameter_value(
            f"model_type={model_type!r} is not built: {' and '.join(MODEL_TYPES)} are. Texts can"
            " be measured with extra_metrics of your own and model_type=None."
        )


def _datasets(
    data: Any,
    *,
    targets: Any,
    predictions: str | None,
    path: str | None,
    feature_names: list[str] | None,
    model_type: str | None,
) -> tuple[EvaluationDataset, Any]:
    """Return the data to evaluate on, and what the run notes of it."""
    record = data if isinstance(data, Dataset) else None
    if record is not None:
        if targets is not None:
            raise MlflowException.invalid_parameter_value(
                "The top-level targets parameter should not be specified since a Dataset is used."
                " Name the targets in the Dataset: mlflow.data.from_pandas(df, targets='y')."
            )
        if not isinstance(record, PyFuncConvertibleDatasetMixin):
            raise MlflowException.invalid_parameter_value(
                f"A {type(record).__name__} cannot be evaluated on; use from_pandas or from_numpy."
            )
        dataset = record.to_evaluation_dataset(path=path, feature_names=feature_names)
        if not dataset.has_targets and model_type is not None:
            raise MlflowException.invalid_parameter_value(
                "The targets column name must be specified in the provided Dataset for"
                f" {model_type} models: mlflow.data.from_pandas(df, targets='y')."
            )
        return dataset, record
    if targets is None and model_type is not None:
        raise MlflowException.invalid_parameter_value(
            f"The targets argument must be specified for {model_type} models."
        )
    dataset = EvaluationDataset(
        data, targets=targets, path=path, feature_names=feature_names, predictions=predictions
    )
    return dataset, _record(data, dataset, targets, predictions)


def _record(data: Any, dataset: EvaluationDataset, targets: Any, predictions: Any) -> Any:
    if hasattr(data, "iloc"):
        return from_pandas(data, targets=targets, predictions=predictions)
    if hasattr(data, "columns"):  # of Spark or polars: what was taken from it
        frame = dataset.features_data
        values = {targets: dataset.labels_data, predictions: dataset.predictions_data}
        columns = {name: array for name, array in values.items() if name is not None}
        return from_pandas(frame.assign(**columns), targets=targets, predictions=predictions)
    return from_numpy(dataset.features_data.to_numpy(), targets=dataset.labels_data)


@contextmanager
def _run() -> Iterator[str]:
    """Give the id of the active run, or of one for this block."""
    current = active_run()
    if current is not None:
        yield current.info.run_id
        return
    with start_run() as run:
        yield run.info.run_id


def _note_model(run_id: str, dataset: EvaluationDataset, model_id: str | None) -> None:
    """Note that the run read the model, and on which data it was measured."""
    if model_id is None:
        return
    client = MlflowClient()
    log_input(model=LoggedModelInput(model_id))
    row = {**dataset._metadata, "model": model_id}  # noqa: SLF001 - the interface of datasets
    noted = json.loads(client.get_run(run_id).data.tags.get(MLFLOW_DATASETS, "[]"))
    if row not in noted:
        client.set_tag(run_id, MLFLOW_DATASETS, json.dumps([*noted, row], separators=(",", ":")))
