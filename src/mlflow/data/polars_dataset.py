"""Datasets held in a polars DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.columns_dataset import ColumnsDataset
from mlflow.data.sources import source_of
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow.data.dataset_source import DatasetSource


class PolarsDataset(ColumnsDataset):
    """A DataFrame, and which of its columns are targets and predictions.

    Its digest is that of the same data in pandas.
    """

    _kind = "polars DataFrame"

    def _to_pandas(self) -> Any:
        import pandas as pd  # noqa: PLC0415 - optional package

        # Column by column: polars' own conversion needs pyarrow.
        return pd.DataFrame({column.name: column.to_numpy() for column in self._df.iter_columns()})

    @property
    def profile(self) -> Any | None:
        """The numbers of rows and of cells."""
        return {"num_rows": self._df.height, "num_elements": self._df.height * self._df.width}


def from_polars(
    df: Any,
    source: str | DatasetSource | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> PolarsDataset:
    """Return a dataset of a polars DataFrame.

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
    if not hasattr(df, "iter_columns"):
        raise MlflowException.invalid_parameter_value(
            f"from_polars takes a polars DataFrame, not {type(df).__name__}; collect a LazyFrame."
        )
    return PolarsDataset(df, source_of(source), targets, name, digest, predictions)
