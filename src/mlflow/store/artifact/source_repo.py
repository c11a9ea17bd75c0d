"""What logs local files: the files that a path names, handed to a destination together."""

from __future__ import annotations

import logging
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow._core.paths import canonical_path, join_path
from mlflow.store.artifact.artifact_repo import ArtifactRepository
from mlflow.store.artifact.local_sources import source_files

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from mlflow.store.artifact.local_sources import SourceFile

_logger: Final = logging.getLogger("mlflow.store.artifact")


class SourceRepository(ArtifactRepository):
    """Artifacts whose destination takes all files of one call together."""

    @abstractmethod
    def _put(self, sources: Sequence[SourceFile]) -> None:
        """Send files to the destination; each is whole there or not at all."""

    def log_artifact(
        self, local_file: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log a local file under its own name, or a directory with all it holds."""
        local = Path(local_file)
        folder = canonical_path(artifact_path) if artifact_path else ""
        name = local.name or local.resolve().name
        self._put(source_files(local, canonical_path(join_path(folder, name))))

    def log_artifacts(
        self, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Log everything that a local directory holds."""
        local = Path(local_dir)
        folder = canonical_path(artifact_path) if artifact_path else ""
        if not local.is_dir():
            _logger.warning(
                "No artifacts were logged: %r is not a directory. (log_artifact logs a file.)",
                str(local),
            )
            return
        self._put(source_files(local, folder))
