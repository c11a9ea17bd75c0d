"""Binary streams as artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow.store.artifact.copying import copy_stream
from mlflow.tracking.multimedia.notes import WrongTypeError, file_path

if TYPE_CHECKING:
    import io

    from mlflow.store.artifact.artifact_repo import ArtifactRepository


def log_stream(
    repository: ArtifactRepository,
    stream: io.BufferedIOBase | io.RawIOBase,
    artifact_file: str,
) -> None:
    """Log what a binary stream holds, from its position to its end, in constant memory.

    Args:
        repository: Where the run's artifacts are.
        stream: Open for reading.
        artifact_file: The artifact's path.
    """
    path = file_path(artifact_file)
    if not callable(getattr(stream, "read", None)):
        raise WrongTypeError(
            f"log_stream takes an open binary stream, not {type(stream).__name__}: pass "
            "io.BytesIO(data), or open(path, 'rb')."
        )
    if isinstance(stream.read(0), str):
        raise WrongTypeError("log_stream takes a binary stream: open the file with mode 'rb'.")
    with repository.writer(path) as file:
        copy_stream(stream, file)
