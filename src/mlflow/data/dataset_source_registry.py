"""The table of kinds of sources: from what a user gave, or from kept JSON, to a source."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.guard import contained
from mlflow._core.plugins import find_plugins
from mlflow.data.artifact_dataset_sources import ARTIFACT_DATASET_SOURCES
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.data.delta_dataset_source import DeltaDatasetSource
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.data.huggingface_dataset_source import HuggingFaceDatasetSource
from mlflow.data.spark_dataset_source import SparkDatasetSource
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException

if TYPE_CHECKING:
    from mlflow.data.dataset_source import DatasetSource

_GROUP: Final = "mlflow.dataset_source"


class DatasetSourceRegistry:
    """Kinds of sources in the order of their registration; later ones win."""

    def __init__(self) -> None:
        self.sources: list[type[DatasetSource]] = []
        self._plugins_read = False

    def register(self, source: type[DatasetSource]) -> None:
        """Add a kind of source.

        Args:
            source: A subclass of ``DatasetSource``.
        """
        self.sources.append(source)

    def register_entrypoints(self) -> None:
        """Add the kinds of other distributions, once; one that fails to load is left out."""
        if self._plugins_read:
            return
        self._plugins_read = True
        for point in find_plugins(_GROUP):
            with contained(f"Loading the dataset source {point.name!r}"):
                self.register(point.load())

    def resolve(
        self, raw_source: Any, candidate_sources: list[type[DatasetSource]] | None = None
    ) -> DatasetSource:
        """Return the source that a user means.

        Args:
            raw_source: A URI, a path, or what a plugin understands.
            candidate_sources: The kinds to try; all by default.

        Raises:
            MlflowException: no kind understands it.
        """
        self.register_entrypoints()
        able = [
            source
            for source in self.sources
            if (candidate_sources is None or issubclass(source, tuple(candidate_sources)))
            and source._can_resolve(raw_source)  # noqa: SLF001 - the interface of sources
        ]
        if not able:
            raise MlflowException(
                "Could not find a source information resolver for the specified dataset source: "
                f"{raw_source}.",
                RESOURCE_DOES_NOT_EXIST,
            )
        if len(able) > 1:
            names = ", ".join(source.__name__ for source in able)
            warnings.warn(
                "The specified dataset source can be interpreted in multiple ways: "
                f"{names}. It is read as {able[-1].__name__}.",
                stacklevel=2,
            )
        return able[-1]._resolve(raw_source)  # noqa: SLF001 - the interface of sources

    def get_source_from_json(self, source_json: str, source_type: str) -> DatasetSource:
        """Return the source that was kept as JSON.

        Args:
            source_json: The text.
            source_type: The kind that it was kept with.

        Raises:
            MlflowException: the kind is not known, or the text is not one of its sources.
        """
        self.register_entrypoints()
        for source in reversed(self.sources):
            if source._get_source_type() == source_type:  # noqa: SLF001 - the interface of sources
                return source.from_json(source_json)
        raise MlflowException(
            "Could not parse dataset source from JSON due to unrecognized source type: "
            f"{source_type}.",
            RESOURCE_DOES_NOT_EXIST,
        )


_dataset_source_registry: Final = DatasetSourceRegistry()
for _kind in (
    *ARTIFACT_DATASET_SOURCES,
    HTTPDatasetSource,
    HuggingFaceDatasetSource,
    SparkDatasetSource,
    DeltaDatasetSource,
    CodeDatasetSource,
):
    _dataset_source_registry.register(_kind)


def register_dataset_source(source: type[DatasetSource]) -> None:
    """Add a kind of source.

    Args:
        source: A subclass of ``DatasetSource``.
    """
    _dataset_source_registry.register(source)


def resolve_dataset_source(
    raw_source: Any, candidate_sources: list[type[DatasetSource]] | None = None
) -> DatasetSource:
    """Return the source that a user means.

    Args:
        raw_source: A URI, a path, or what a plugin understands.
        candidate_sources: The kinds to try; all by default.

    Raises:
        MlflowException: no kind understands it.
    """
    return _dataset_source_registry.resolve(raw_source, candidate_sources)


def get_dataset_source_from_json(source_json: str, source_type: str) -> DatasetSource:
    """Return the source that was kept as JSON.

    Args:
        source_json: The text.
        source_type: The kind that it was kept with.

    Raises:
        MlflowException: the kind is not known, or the text is not one of its sources.
    """
    return _dataset_source_registry.get_source_from_json(source_json, source_type)


def get_registered_sources() -> list[type[DatasetSource]]:
    """Return the kinds of sources."""
    _dataset_source_registry.register_entrypoints()
    return list(_dataset_source_registry.sources)
