"""What datasets of named columns share, whichever library holds them."""

from __future__ import annotations

import json
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlflow.data.dataset import Dataset
from mlflow.data.digest_utils import compute_pandas_digest
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.exceptions import MlflowException
from mlflow.types.infer import infer_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlflow.data.dataset_source import DatasetSource
    from mlflow.types.schema import Schema

_logger: Final = logging.getLogger("mlflow.data")


class ColumnsDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """Named columns, and which of them are targets and predictions."""

    _kind: ClassVar[str]

    def __init__(
        self,
        df: Any,
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
        columns = self._column_names(df)
        for role, column in (("targets", targets), ("predictions", predictions)):
            if column is not None and column not in columns:
                raise MlflowException.invalid_parameter_value(
                    f"The specified {self._kind} does not contain the specified {role} column "
                    f"'{column}'."
                )
        super().__init__(source=source, name=name, digest=digest)
        self._df = df
        self._targets = targets
        self._predictions = predictions

    @staticmethod
    def _column_names(df: Any) -> Iterable[Any]:
        columns: Iterable[Any] = df.columns
        return columns

    def _to_pandas(self) -> Any:
        """Return the data as a DataFrame of pandas."""
        raise NotImplementedError

    @cached_property
    def _frame(self) -> Any:
        return self._to_pandas()

    def _compute_digest(self) -> str:
        return compute_pandas_digest(self._frame)

    def _infer_schema(self) -> Schema:
        return infer_schema(self._frame)

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
    def df(self) -> Any:
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

    @cached_property
    def _schema(self) -> Schema | None:
        try:
            return self._infer_schema()
        except MlflowException as error:
            _logger.warning("The dataset %r has no schema: %s", self.name, error)
            return None

    @property
    def schema(self) -> Schema | None:
        """The columns' types, None when some have none."""
        return self._schema

    def _evaluation_parts(self) -> dict[str, Any]:
        return {"data": self._frame, "targets": self._targets, "predictions": self._predictions}

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """Return the columns without the targets, and the targets; both of pandas."""
        if self._targets is None:
            return PyFuncInputsOutputs(self._frame)
        inputs = self._frame.drop(columns=[self._targets])
        return PyFuncInputsOutputs(inputs, self._frame[self._targets])
