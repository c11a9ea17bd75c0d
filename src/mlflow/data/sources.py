"""The classes of dataset sources by name, and the source of a dataset however it is held."""

from __future__ import annotations

from typing import Any

from mlflow.data.code_dataset_source import this_program
from mlflow.data.dataset import Dataset
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import (
    get_dataset_source_from_json,
    get_registered_sources,
    resolve_dataset_source,
)
from mlflow.entities.dataset import Dataset as DatasetRecord
from mlflow.entities.dataset_input import DatasetInput
from mlflow.exceptions import MlflowException


def __getattr__(name: str) -> Any:
    for source in get_registered_sources():
        if source.__name__ == name:
            return source
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def get_source(dataset: DatasetRecord | DatasetInput | Dataset) -> DatasetSource:
    """Return where a dataset came from.

    Args:
        dataset: A dataset, or a run's record of one.

    Raises:
        MlflowException: it is neither, or its source is of an unknown kind.
    """
    if isinstance(dataset, DatasetInput):
        dataset = dataset.dataset
    if isinstance(dataset, DatasetRecord):
        return get_dataset_source_from_json(dataset.source, source_type=dataset.source_type)
    if isinstance(dataset, Dataset):
        return dataset.source
    raise MlflowException.invalid_parameter_value(
        f"Unrecognized dataset type {type(dataset)}. Expected one of: "
        "`mlflow.data.dataset.Dataset`, `mlflow.entities.Dataset`, `mlflow.entities.DatasetInput`."
    )


def source_of(source: Any) -> DatasetSource:
    """Return the source that a constructor of datasets was given, the program itself for None."""
    if isinstance(source, DatasetSource):
        return source
    if source is None:
        return this_program()
    return resolve_dataset_source(source)
