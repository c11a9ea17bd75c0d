# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.data.dataset import Dataset as Dataset
from mlflow.data.dataset_source import DatasetSource as DatasetSource
from mlflow.data.dataset_source_registry import get_dataset_source_from_json as get_dataset_source_from_json
from mlflow.data.dataset_source_registry import get_registered_sources as get_registered_sources
from mlflow.data.huggingface_dataset import from_huggingface as from_huggingface
from mlflow.data.numpy_dataset import from_numpy as from_numpy
from mlflow.data.pandas_dataset import from_pandas as from_pandas
from mlflow.data.polars_dataset import from_polars as from_polars
from mlflow.data.sources import get_source as get_source
from mlflow.data.spark_dataset import from_spark as from_spark
from mlflow.data.spark_dataset import load_delta as load_delta
from mlflow.data.tensorflow_dataset import from_tensorflow as from_tensorflow

NAMES: Final[dict[str, str]]
__all__ = [
    'Dataset',
    'DatasetSource',
    'from_huggingface',
    'from_numpy',
    'from_pandas',
    'from_polars',
    'from_spark',
    'from_tensorflow',
    'get_dataset_source_from_json',
    'get_registered_sources',
    'get_source',
    'load_delta',
]
