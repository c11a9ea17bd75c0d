"""Datasets held in a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.columns_dataset import ColumnsDataset
from mlflow.data.sources import source_of
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    import pandas as pd

    from mlflow.data.dataset_source import DatasetSource


class PandasDataset(ColumnsDataset):
    """A DataFrame, and which of its columns are targets and predictions."""

    _kind = "pandas DataFrame"

    def _to_pandas(self) -> pd.DataFrame:
        frame: pd.DataFrame = self._df
        return frame

    @property
    def profile(self) -> Any | None:
        """The numbers of rows and of cells."""
        return {"num_rows": len(self._df), "num_elements": int(self._df.size)}


def from_pandas(
    df: pd.DataFrame,
    source: str | DatasetSource | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> PandasDataset:
    """Return a dataset of a DataFrame.

    Args:
        df: The data.
        source: Where it came from: a path, a URI or a source; this program by default.
        targets: The column of targets.
        name: What the dataset is called; "dataset" by default.
        digest: The data's fingerprint; computed by default.
        predictions: The column of a model's predictions.

    Raises:
        MlflowException: the data is no DataFrame, a column is missing, or the source is of no
            known kind.
    """
    if not hasattr(df, "columns") or not hasattr(df, "iloc"):
        raise MlflowException.invalid_parameter_value(
            f"from_pandas takes a pandas DataFrame, not {type(df).__name__}. Call "
            "pandas.DataFrame(data) first, or mlflow.data.from_numpy for an array."
        )
    return PandasDataset(df, source_of(source), targets, name, digest, predictions)
