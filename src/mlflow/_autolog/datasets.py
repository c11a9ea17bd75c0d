"""The datasets of training data: what ``mlflow.data`` makes of a library's arrays and frames."""

from __future__ import annotations

import sys
from typing import Any, Final

from mlflow._autolog.log import log_inputs
from mlflow._core.tags import MLFLOW_DATASET_CONTEXT
from mlflow.data.code_dataset_source import this_program
from mlflow.data.numpy_dataset import from_numpy
from mlflow.data.pandas_dataset import from_pandas
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag

TRAIN: Final = "train"
EVAL: Final = "eval"


def dataset_of(features: Any, targets: Any = None, name: str | None = None) -> Any:
    """Return the dataset of features and targets, None where they are no arrays.

    Args:
        features: A DataFrame, of which the targets are no part; an array, sparse or not.
        targets: What is to be predicted.
        name: The dataset's name.
    """
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if pandas is not None and isinstance(features, pandas.DataFrame):
        return from_pandas(features, source=this_program(), name=name)
    if numpy is None:
        return None
    features, targets = (_dense(value) for value in (features, targets))
    if not isinstance(features, (numpy.ndarray, dict)):
        return None
    if targets is not None and not isinstance(targets, (numpy.ndarray, dict)):
        targets = numpy.asarray(targets)
    return from_numpy(features, targets=targets, source=this_program(), name=name)


def _dense(value: Any) -> Any:
    return value.toarray() if hasattr(value, "tocsr") else value


def log_dataset(
    dataset: Any, context: str, *, run_id: str | None = None, uri: str | None = None
) -> None:
    """Note that a run reads a dataset.

    Args:
        dataset: The dataset; nothing happens for None.
        context: What it is used for.
        run_id: The run; the active one by default.
        uri: The tracking URI of that run's store.
    """
    if dataset is None:
        return
    tags = [InputTag(MLFLOW_DATASET_CONTEXT, context)]
    entity = dataset._to_mlflow_entity()  # noqa: SLF001 - the protocol of datasets
    log_inputs([DatasetInput(entity, tags)], run_id, uri)
