"""Datasets that runs use: their names, digests, schemas and where they came from."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.data.dataset": "Dataset",
        "mlflow.data.dataset_source": "DatasetSource",
        "mlflow.data.dataset_source_registry": """
            get_dataset_source_from_json get_registered_sources
        """,
        "mlflow.data.huggingface_dataset": "from_huggingface",
        "mlflow.data.numpy_dataset": "from_numpy",
        "mlflow.data.pandas_dataset": "from_pandas",
        "mlflow.data.polars_dataset": "from_polars",
        "mlflow.data.sources": "get_source",
        "mlflow.data.spark_dataset": "from_spark load_delta",
        "mlflow.data.tensorflow_dataset": "from_tensorflow",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
