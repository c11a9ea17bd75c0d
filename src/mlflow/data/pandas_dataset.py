"""Datasets held in a pandas DataFrame."""

from __future__ import annotations

import json
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mlflow.data.dataset import Dataset
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.digest_utils import compute_pandas_digest
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.data.sources import resolve_source
from mlflow.exceptions import MlflowException
from mlflow.types.infer import infer_schema

if TYPE_CHECKING:
    import pandas as pd

    from mlflow.types.schema import Schema

_logger: Final = logging.getLogger("mlflow.data")


class PandasDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """A DataFrame, and which of its columns are targets and predictions."""

    def __init__(
        self,
        df: pd.DataFrame,
        source: DatasetSource,
        targets: str | None = None,
        name: str | None = None,
        digest: str | None = None,
        predictions: str | None = None,
    ) -> None:
        """Keep the data.

        Args:
            df: The data.
            source: Where it came from.
            targets: The column of targets.
            name: What the dataset is called.
            digest: The data's fingerprint; computed by default.
            predictions: The column of a model's predictions.
        """
        for role, column in (("targets", targets), ("predictions", predictions)):
            if column is not None and column not in df.columns:
                raise MlflowException.invalid_parameter_value(
                    f"The specified pandas DataFrame does not contain the specified {role} column "
                    f"'{column}'."
                )
        super().__init__(source=source, name=name, digest=digest)
        self._df = df
        self._targets = targets
        self._predictions = predictions

    def _compute_digest(self) -> str:
        return compute_pandas_digest(self._df)

    def to_dict(self) -> dict[str, str]:
        """Return name, digest, source, schema and profile."""
        schema = self.schema
        columns = None if schema is None else {"mlflow_colspec": schema.to_dict()}
        return {
            **super().to_dict(),
            "schema": json.dumps(columns),
            "profile": json.dumps(self.profile),
        }

    @property
    def df(self) -> pd.DataFrame:
        """The data."""
        return self._df

    @property
    def targets(self) -> str | None:
        """The column of targets."""
        return self._targets

    @property
    def predictions(self) -> str | None:
        """The column of a model's predictions."""
        return self._predictions

    @property
    def profile(self) -> Any | None:
        """The numbers of rows and of cells."""
        return {"num_rows": len(self._df), "num_elements": int(self._df.size)}

    @cached_property
    def _schema(self) -> Schema | None:
        try:
            return infer_schema(self._df)
        except MlflowException as error:
            _logger.warning("The dataset %r has no schema: %s", self.name, error)
            return None

    @property
    def schema(self) -> Schema | None:
        """The columns' types, None when some have none."""
        return self._schema

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """Return the columns without the targets, and the targets."""
        if self._targets is None:
            return PyFuncInputsOutputs(self._df)
        inputs = self._df.drop(columns=[self._targets])
        return PyFuncInputsOutputs(inputs, self._df[self._targets])


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
    found = source if isinstance(source, DatasetSource) else resolve_source(source)
    return PandasDataset(df, found, targets, name, digest, predictions)
