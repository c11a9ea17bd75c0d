"""Autologging of what a Spark program reads: ``mlflow.spark.autolog``.

Spark tells a listener of each query that succeeded. The leaves of a query's plan are what it read;
those that are files become lines of one tag. The listener is a Python object that Java calls, so no
library has to be put into Spark.
"""

from __future__ import annotations

import logging
import threading
import weakref
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import (
    autologging_integration,
    autologging_is_disabled,
    get_autologging_config,
)
from mlflow._autolog.import_hook import when_imported
from mlflow._autolog.log import set_tags
from mlflow._autolog.patch import put_on
from mlflow._core.guard import contained
from mlflow._core.limits import MAX_TAG_VAL_LENGTH
from mlflow._core.tags import SPARK_DATASOURCE_INFO
from mlflow.data.optional import require
from mlflow.tracking._fluent.stack import active_runs
from mlflow.tracking.context.abstract_context import RunContextProvider
from mlflow.tracking.context.registry import _run_context_provider_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

FLAVOR: Final = "spark"
_SESSION: Final = "pyspark.sql.session"
_CUT: Final = "..."
_TEXT: Final = "text"
# Of Spark's newer readers, which are off by default.
_FILE_TABLES: Final = (
    "AvroTable",
    "CSVTable",
    "JsonTable",
    "OrcTable",
    "ParquetTable",
    "TextTable",
)


@autologging_integration(FLAVOR)
def autolog(disable: bool = False, silent: bool = False) -> None:
    """Tag runs with the files that Spark reads, in queries from now on.

    The tag ``sparkDatasourceInfo`` has a line ``path=…,format=…`` for each path. It is set, a
    moment after a query has ended, on the run that was started last. What is read while there is no
    run is said of every run that is started later.

    Args:
        disable: Switch it off.
        silent: Print nothing while logging.
    """
    del disable, silent  # the decorator has read them
    if not READS.is_provided:
        READS.is_provided = True
        _run_context_provider_registry.register(_ReadsContext)
    when_imported(_SESSION, _patch, owner=FLAVOR)


def _patch(module: ModuleType) -> None:
    if autologging_is_disabled(FLAVOR):
        return
    put_on(FLAVOR, module.SparkSession.Builder, "getOrCreate", _create)
    session = module.SparkSession.getActiveSession()
    if session is not None:
        _listen(session)


def _create(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    session = original(*args, **kwargs)
    _listen(session)
    return session


def _listen(session: Any) -> None:
    """Let a session call back after its queries, once."""
    java = getattr(session, "_jsparkSession", None)
    if java is None or session in READS.sessions:  # Spark Connect has no Java here
        return
    gateway = require("pyspark.java_gateway", "mlflow.spark.autolog")
    gateway.ensure_callback_server_started(session.sparkContext._gateway)  # noqa: SLF001 - Spark's way
    java.listenerManager().register(_Listener())
    READS.sessions.add(session)


class _Listener:
    """Is called by Spark; the names are Java's."""

    def onSuccess(self, _name: str, execution: Any, _nanoseconds: int) -> None:  # noqa: N802
        """Note what a query has read."""
        if autologging_is_disabled(FLAVOR):
            return
        level = logging.DEBUG if get_autologging_config(FLAVOR, "silent") else logging.WARNING
        with contained("Logging what Spark read", level=level):
            READS.note(lines_of(execution.analyzed().collectLeaves()))

    def onFailure(self, _name: str, _execution: Any, _error: Any) -> None:  # noqa: N802
        """Note nothing."""

    class Java:
        """What the object is to Java."""

        implements: Final = ["org.apache.spark.sql.util.QueryExecutionListener"]


def lines_of(leaves: Any) -> Iterator[str]:
    """Yield a line for each path among the leaves of a plan.

    Args:
        leaves: A sequence of Scala.
    """
    for leaf in _items(leaves):
        kind = leaf.getClass().getSimpleName()
        if kind == "LogicalRelation":
            relation = leaf.relation()
            if relation.getClass().getSimpleName() == "HadoopFsRelation":
                yield from _lines(relation.location(), relation.fileFormat().shortName())
        elif kind == "DataSourceV2Relation":
            table = leaf.table()
            if table.getClass().getSimpleName() in _FILE_TABLES:
                yield from _lines(table.fileIndex(), table.formatName())


def _lines(location: Any, format_name: str) -> Iterator[str]:
    for path in _items(location.rootPaths()):
        yield f"path={path.toString()},format={format_name.lower()}"


def _items(sequence: Any) -> Iterator[Any]:
    return (sequence.apply(place) for place in range(sequence.size()))


class _Reads:
    """What was read, by run.

    Attributes:
        sessions: Those that call back.
        is_provided: Whether new runs are told.
    """

    def __init__(self) -> None:
        self.sessions: weakref.WeakSet[Any] = weakref.WeakSet()
        self.is_provided = False
        self._lock = threading.Lock()
        self._outside: list[str] = []
        self._of_runs: dict[str, list[str]] = {}

    def note(self, lines: Iterable[str]) -> None:
        """Add lines to the tag of the run that was started last, or to those of runs to come."""
        with self._lock:
            run = active_runs.newest
            if run is None:
                self._outside = _merged(self._outside, lines)
                return
            run_id = run.info.run_id
            known = self._of_runs.get(run_id)
            if known is None:
                known = run.data.tags.get(SPARK_DATASOURCE_INFO, "").splitlines()
            together = _merged(known, lines)
            open_runs = {one.info.run_id for one in active_runs.open_runs()}
            self._of_runs = {one: of for one, of in self._of_runs.items() if one in open_runs}
            self._of_runs[run_id] = together
        if together != known:
            set_tags({SPARK_DATASOURCE_INFO: tag_value(together)}, run_id, run.tracking_uri)

    def outside(self) -> list[str]:
        """Return the lines of what was read while there was no run."""
        with self._lock:
            return self._outside

    def forget(self) -> None:
        """Forget what was read while there was no run."""
        with self._lock:
            self._outside = []


READS: Final = _Reads()


def _merged(known: Iterable[str], lines: Iterable[str]) -> list[str]:
    together = list(dict.fromkeys([*known, *lines]))
    read = [path for path, kind in map(_parts, together) if kind != _TEXT]
    return [one for one in together if not _is_glimpse(*_parts(one), read)]


def _parts(line: str) -> tuple[str, str]:
    path, _, kind = line.rpartition(",format=")
    return path, kind


def _is_glimpse(path: str, kind: str, read: Iterable[str]) -> bool:
    """Return whether Spark only looked for the columns of a file that is read as something else."""
    return kind == _TEXT and any(f"{path}/".startswith(f"{other}/") for other in read)


def tag_value(lines: Iterable[str]) -> str:
    """Return the tag of lines, cut to what a tag may hold."""
    text = "\n".join(lines)
    if len(text) <= MAX_TAG_VAL_LENGTH:
        return text
    return text[: MAX_TAG_VAL_LENGTH - len(_CUT)] + _CUT


class _ReadsContext(RunContextProvider):
    """Gives new runs the tag of what was read before."""

    def in_context(self) -> bool:
        return bool(READS.outside()) and not autologging_is_disabled(FLAVOR)

    def tags(self) -> dict[str, str]:
        return {SPARK_DATASOURCE_INFO: tag_value(READS.outside())}
