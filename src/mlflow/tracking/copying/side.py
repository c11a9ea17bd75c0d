"""One of the two stores of a copy, and the files that its runs and models hold."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from mlflow._core.paths import split_path
from mlflow.entities.view_type import ViewType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlflow.entities.experiment import Experiment
    from mlflow.entities.file_info import FileInfo
    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.run import Run
    from mlflow.store.artifact.artifact_repo import ArtifactRepository
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.store.tracking.abstract_store import AbstractStore

T = TypeVar("T")

_PAGE: Final = 500


@dataclass(frozen=True)
class Side:
    """A store.

    Attributes:
        store: What reads and writes it.
        uri: Its tracking URI.
    """

    store: AbstractStore
    uri: str

    def iter_experiments(self) -> Iterator[Experiment]:
        """Yield the active experiments."""
        return all_pages(
            lambda token: self.store.search_experiments(
                ViewType.ACTIVE_ONLY, _PAGE, None, None, token
            )
        )

    def iter_runs(self, experiment_id: str) -> Iterator[Run]:
        """Yield the active runs of an experiment, the oldest first."""
        order = ["attributes.start_time ASC"]
        return all_pages(
            lambda token: self.store.search_runs(
                [experiment_id], "", ViewType.ACTIVE_ONLY, _PAGE, order, token
            )
        )

    def iter_models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Yield the logged models of an experiment."""
        return all_pages(
            lambda token: self.store.search_logged_models(
                [experiment_id], max_results=50, page_token=token
            )
        )


def all_pages(page: Callable[[str | None], PagedList[T]]) -> Iterator[T]:
    """Yield what all pages hold, each asked for by the token of the one before."""
    token: str | None = None
    while True:
        found = page(token)
        yield from found
        token = found.token
        if not token:
            return


def copy_files(source: ArtifactRepository, target: ArtifactRepository) -> int:
    """Copy the files that the target does not have, or has in another size; return how many."""
    count = 0
    with tempfile.TemporaryDirectory(prefix="headrace-copy-") as temporary:
        for folder, files in _iter_folders(source, ""):
            there = {info.path: info.file_size for info in target.list_artifacts(folder or None)}
            for info in files:
                if there.get(info.path, -1) == info.file_size:
                    continue
                local = source.get_local_path(info.path)
                if local is None:
                    local = source.download_artifacts(info.path, temporary)
                target.log_artifact(local, split_path(info.path)[0] or None)
                if local.startswith(temporary):
                    Path(local).unlink()
                count += 1
    return count


def _iter_folders(source: ArtifactRepository, folder: str) -> Iterator[tuple[str, list[FileInfo]]]:
    found = source.list_artifacts(folder or None)
    files = [info for info in found if not info.is_dir]
    if files:
        yield folder, files
    for info in found:
        if info.is_dir:
            yield from _iter_folders(source, info.path)
