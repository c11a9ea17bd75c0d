"""Datasets that runs use: their names, digests, schemas and where they came from."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "Dataset": "mlflow.data.dataset:Dataset",
    "DatasetSource": "mlflow.data.dataset_source:DatasetSource",
    "from_huggingface": "mlflow.data.huggingface_dataset:from_huggingface",
    "from_numpy": "mlflow.data.numpy_dataset:from_numpy",
    "from_pandas": "mlflow.data.pandas_dataset:from_pandas",
    "from_polars": "mlflow.data.polars_dataset:from_polars",
    "from_spark": "mlflow.data.spark_dataset:from_spark",
    "from_tensorflow": "mlflow.data.tensorflow_dataset:from_tensorflow",
    "get_dataset_source_from_json": (
        "mlflow.data.dataset_source_registry:get_dataset_source_from_json"
    ),
    "get_registered_sources": "mlflow.data.dataset_source_registry:get_registered_sources",
    "get_source": "mlflow.data.sources:get_source",
    "load_delta": "mlflow.data.spark_dataset:load_delta",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
