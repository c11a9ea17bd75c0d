"""Sources on the Hugging Face hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.optional import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Self


class HuggingFaceDatasetSource(DatasetSource):
    """A dataset of the hub, as ``datasets.load_dataset`` names it."""

    def __init__(
        self,
        path: str,
        config_name: str | None = None,
        data_dir: str | None = None,
        data_files: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None = None,
        split: Any = None,
        revision: Any = None,
        trust_remote_code: bool | None = None,
    ) -> None:
        """Keep the arguments of ``load_dataset``.

        Args:
            path: The dataset's name on the hub, or a path.
            config_name: Its configuration.
            data_dir: The directory in it.
            data_files: The files in it.
            split: Its split.
            revision: Its version.
            trust_remote_code: Whether code that comes with the data may run; never kept.
        """
        self.path = path
        self.config_name = config_name
        self.data_dir = data_dir
        self.data_files = data_files
        self.split = split
        self.revision = revision
        self.trust_remote_code = trust_remote_code

    @staticmethod
    def _get_source_type() -> str:
        return "hugging_face"

    def load(self, **kwargs: Any) -> Any:
        """Return the dataset.

        Args:
            **kwargs: Further arguments of ``load_dataset``, not those that the source holds.
        """
        held: dict[str, Any] = {
            "path": self.path,
            "name": self.config_name,
            "data_dir": self.data_dir,
            "data_files": self.data_files,
            "split": self.split,
            "revision": self.revision,
        }
        if self.trust_remote_code is not None:
            held["trust_remote_code"] = self.trust_remote_code
        twice = held.keys() & kwargs.keys()
        if twice:
            raise KeyError(f"Found duplicated arguments in `HuggingFaceDatasetSource`: {twice}")
        return require("datasets", "Reading this source").load_dataset(**held, **kwargs)

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedError

    def to_dict(self) -> dict[Any, Any]:
        """Return the arguments, but for ``trust_remote_code``."""
        return {
            "path": self.path,
            "config_name": self.config_name,
            "data_dir": self.data_dir,
            "data_files": self.data_files,
            "split": str(self.split) if self.split is not None else None,
            "revision": self.revision,
        }

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source with a dictionary's arguments."""
        return cls(
            path=source_dict["path"],
            config_name=source_dict.get("config_name"),
            data_dir=source_dict.get("data_dir"),
            data_files=source_dict.get("data_files"),
            split=source_dict.get("split"),
            revision=source_dict.get("revision"),
        )
