"""Datasets of the Hugging Face library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.columns_dataset import ColumnsDataset
from mlflow.data.huggingface_dataset_source import HuggingFaceDatasetSource
from mlflow.data.optional import require
from mlflow.data.sources import source_of
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mlflow.data.dataset_source import DatasetSource


class HuggingFaceDataset(ColumnsDataset):
    """A ``datasets.Dataset``, and which of its columns are targets.

    Its digest is that of the same data in pandas.
    """

    _kind = "Hugging Face dataset"

    @staticmethod
    def _column_names(df: Any) -> Iterable[Any]:
        names: list[str] = df.column_names
        return names

    def _to_pandas(self) -> Any:
        return self._df.to_pandas()

    @property
    def ds(self) -> Any:
        """The data."""
        return self._df

    @property
    def profile(self) -> Any | None:
        """The number of rows, and the sizes in bytes that the hub gives."""
        return {
            "num_rows": self._df.num_rows,
            "dataset_size": self._df.dataset_size,
            "size_in_bytes": self._df.size_in_bytes,
        }


def from_huggingface(
    ds: Any,
    path: str | None = None,
    targets: str | None = None,
    data_dir: str | None = None,
    data_files: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None = None,
    revision: Any = None,
    name: str | None = None,
    digest: str | None = None,
    trust_remote_code: bool | None = None,
    source: str | DatasetSource | None = None,
) -> HuggingFaceDataset:
    """Return a dataset of a ``datasets.Dataset``.

    Args:
        ds: The data.
        path: Its name on the hub.
        targets: The column of targets.
        data_dir: The directory in it.
        data_files: The files in it.
        revision: Its version on the hub.
        name: What the dataset is called; "dataset" by default.
        digest: The data's fingerprint; computed by default.
        trust_remote_code: Whether code that comes with the data may run when it is loaded again.
        source: Where it came from, instead of the hub.

    Raises:
        MlflowException: the data is no ``datasets.Dataset``, or the column is missing.
        ModuleNotFoundError: the library is not installed.
    """
    if not isinstance(ds, require("datasets", "mlflow.data.from_huggingface").Dataset):
        raise MlflowException.invalid_parameter_value(
            "The specified Hugging Face dataset must be an instance of `datasets.Dataset`, not"
            f" {type(ds).__name__}; take one split of a DatasetDict."
        )
    if source is None and path is not None:
        source = HuggingFaceDatasetSource(
            path=path,
            config_name=None if ds.config_name == "default" else ds.config_name,
            data_dir=data_dir,
            data_files=data_files,
            split=str(ds.split),
            revision=revision,
            trust_remote_code=trust_remote_code,
        )
    return HuggingFaceDataset(ds, source_of(source), targets, name, digest)
