"""Files between this machine and a cluster's file system.

Executors write and read a model; where they are on other machines they see the cluster's file
system only, so the files go through a folder of it. Spark's own local mode needs none.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.ids import new_uuid
from mlflow.environment_variables import MLFLOW_DFS_TMP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CLOSED: Final = "700"


@contextmanager
def copied_out(session: Any, target: Path, dfs_tmpdir: str | None) -> Iterator[str]:
    """Yield the URI that Spark writes to; afterwards the files are on this machine.

    Args:
        session: The Spark session.
        target: Where they shall be.
        dfs_tmpdir: A folder on the cluster's file system; none is needed in local mode.
    """
    if _is_local(session, dfs_tmpdir):
        yield target.absolute().as_uri()
        return
    files, place = _closed_folder(session, dfs_tmpdir)
    try:
        inner = _path(session, f"{place}/{target.name}")
        yield str(inner)
        files.copyToLocalFile(inner, _path(session, target.absolute().as_uri()))
    finally:
        files.delete(place, True)


def copied_in(session: Any, source: Path, dfs_tmpdir: str | None) -> str:
    """Return the URI that Spark reads files of this machine from.

    What is copied stays as long as Spark's program: models read some of it late.

    Args:
        session: The Spark session.
        source: The files.
        dfs_tmpdir: A folder on the cluster's file system; none is needed in local mode.
    """
    if _is_local(session, dfs_tmpdir):
        return source.absolute().as_uri()
    files, place = _closed_folder(session, dfs_tmpdir)
    inner = _path(session, f"{place}/{source.name}")
    files.copyFromLocalFile(_path(session, source.absolute().as_uri()), inner)
    files.deleteOnExit(place)
    return str(inner)


def _is_local(session: Any, dfs_tmpdir: str | None) -> bool:
    return dfs_tmpdir is None and str(session.sparkContext.master).startswith("local")


def _path(session: Any, uri: str) -> Any:
    return session._jvm.org.apache.hadoop.fs.Path(uri)  # noqa: SLF001 - Spark has no public way


def _closed_folder(session: Any, dfs_tmpdir: str | None) -> tuple[Any, Any]:
    """Return the cluster's file system and a new folder in it that nobody else enters."""
    place = _path(session, f"{dfs_tmpdir or MLFLOW_DFS_TMP.get()}/{new_uuid()}")
    files = place.getFileSystem(session._jsc.hadoopConfiguration())  # noqa: SLF001 - likewise
    permission = session._jvm.org.apache.hadoop.fs.permission.FsPermission(_CLOSED)  # noqa: SLF001
    files.mkdirs(place, permission)
    return files, files.makeQualified(place)
