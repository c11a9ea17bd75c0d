"""The data of an evaluation: features, and the targets and predictions that lie beside them."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mlflow.data.digest_utils import content_digest
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES_HELP = "feature name list must be the same length with feature data."
_MATRIX = 2  # dimensions


class EvaluationDataset:
    """Features as a DataFrame, targets and predictions as arrays."""

    def __init__(
        self,
        data: Any,
        *,
        targets: Any = None,
        name: str | None = None,
        path: str | None = None,
        feature_names: Sequence[str] | None = None,
        predictions: str | None = None,
        digest: str | None = None,
    ) -> None:
        """Take the data apart.

        Args:
            data: A DataFrame, or features as a two-dimensional array or a list of rows.
            targets: The column of targets of a DataFrame; an array or list beside an array.
            name: What the dataset is called.
            path: Where it is.
            feature_names: The columns that are features; names for those of an array.
            predictions: The column of predictions of a DataFrame.
            digest: The data's fingerprint; computed by default.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE where these do not fit together.
        """
        self._given_name = name
        self._digest = digest
        self._path = _checked_path(path)
        if feature_names is not None and len(set(feature_names)) < len(feature_names):
            raise MlflowException.invalid_parameter_value(
                "`feature_names` argument must be a list containing unique feature names."
            )
        self._targets_name = targets if isinstance(targets, str) else None
        self._predictions_name = predictions
        self._targets: Any = None
        self._predictions: Any = None
        if _is_frame(data):
            self._take_frame(data, targets, predictions, feature_names)
        else:
            self._take_array(data, targets, feature_names)

    def _take_frame(
        self, data: Any, targets: Any, predictions: str | None, names: Sequence[str] | None
    ) -> None:
        frame = data.limit(_SPARK_ROWS).toPandas() if _is_spark(data) else data
        frame = frame.to_pandas() if not hasattr(frame, "iloc") else frame
        for role, column in (("targets", targets), ("predictions", predictions)):
            if column is None:
                continue
            if not isinstance(column, str):
                raise MlflowException.invalid_parameter_value(
                    f"For a DataFrame, {role} is the name of a column, not"
                    f" {type(column).__name__}: add it as a column."
                )
            if column not in frame.columns:
                raise MlflowException.invalid_parameter_value(
                    f"The specified pandas DataFrame does not contain the specified {role} column"
                    f" '{column}'."
                )
        own = {targets, predictions}
        columns = (
            list(names)
            if names is not None
            else [name for name in frame.columns if name not in own]
        )
        absent = [name for name in columns if name not in frame.columns]
        if absent:
            raise MlflowException.invalid_parameter_value(
                f"`feature_names` has names that are no columns of the data: {absent}."
            )
        self._features = frame[columns]
        self._targets = frame[targets].to_numpy() if targets is not None else None
        self._predictions = frame[predictions].to_numpy() if predictions is not None else None

    def _take_array(self, data: Any, targets: Any, names: Sequence[str] | None) -> None:
        import numpy as np  # noqa: PLC0415 - optional package
        import pandas as pd  # noqa: PLC0415 - optional package

        if not isinstance(data, (np.ndarray, list)):
            raise MlflowException.invalid_parameter_value(
                "The data argument must be a numpy array, a list or a Pandas DataFrame, or a Spark"
                f" or polars DataFrame, not {type(data).__name__}."
            )
        if isinstance(targets, str):
            raise MlflowException.invalid_parameter_value(
                "An array has no column names: give the targets as an array of the same length."
            )
        try:
            matrix = np.asarray(data)
        except ValueError:  # rows of different lengths
            matrix = np.empty(0)
        if matrix.ndim != _MATRIX or matrix.dtype == object:
            raise MlflowException.invalid_parameter_value(
                "If the `data` argument is a numpy array, it must be a 2-dimensional array, with"
                " the second dimension representing the number of features. If it is a list, each"
                " of its elements must be one row, and all rows must have the same length."
            )
        width = matrix.shape[1]
        if names is not None and len(names) != width:
            raise MlflowException.invalid_parameter_value(_NAMES_HELP)
        digits = len(str(width))
        columns = names or [f"feature_{place:0{digits}}" for place in range(1, width + 1)]
        self._features = pd.DataFrame(matrix, columns=list(columns))
        if targets is not None:
            self._targets = np.asarray(targets)
            if len(self._targets) != len(matrix):
                raise MlflowException.invalid_parameter_value(
                    f"There are {len(matrix)} rows of features and {len(self._targets)} targets."
                )

    @property
    def features_data(self) -> Any:
        """The features: a DataFrame."""
        return self._features

    @property
    def labels_data(self) -> Any:
        """The targets: an array, or None."""
        return self._targets

    @property
    def predictions_data(self) -> Any:
        """The predictions: an array, or None."""
        return self._predictions

    @property
    def feature_names(self) -> list[str]:
        """The features' names."""
        return list(self._features.columns)

    @property
    def has_targets(self) -> bool:
        """Whether there are targets."""
        return self._targets is not None

    @property
    def has_predictions(self) -> bool:
        """Whether there are predictions."""
        return self._predictions is not None

    @property
    def targets_name(self) -> str | None:
        """The column of targets."""
        return self._targets_name

    @property
    def predictions_name(self) -> str | None:
        """The column of predictions."""
        return self._predictions_name

    @property
    def name(self) -> str:
        """What the dataset is called."""
        return self._given_name if self._given_name is not None else "dataset"

    @property
    def path(self) -> str | None:
        """Where the dataset is."""
        return self._path

    @cached_property
    def hash(self) -> str:
        """The content's fingerprint: 32 hex digits."""
        held = (self._features, self._targets, self._predictions)
        parts = [content_digest(values) if values is not None else "" for values in held]
        return hashlib.md5("/".join(parts).encode(), usedforsecurity=False).hexdigest()

    @property
    def digest(self) -> str | None:
        """The digest that the dataset has in a run."""
        return self._digest

    @property
    def _metadata(self) -> dict[str, str]:
        known = {"name": self.name, "hash": self.hash}
        return known if self._path is None else {**known, "path": self._path}

    def __hash__(self) -> int:
        return hash(self.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EvaluationDataset) and self.hash == other.hash


_SPARK_ROWS = 10_000


def _is_spark(data: Any) -> bool:
    return type(data).__module__.startswith("pyspark.")


def _is_frame(data: Any) -> bool:
    return hasattr(data, "iloc") or _is_spark(data) or hasattr(data, "to_pandas")


def _checked_path(path: str | None) -> str | None:
    if path is not None and '"' in path:
        raise MlflowException.invalid_parameter_value(
            f'Dataset path cannot include a double quote ("), got {path}'
        )
    return path
