"""What runs write to their terminals: numbered chunks, of which the newest are kept."""

from collections.abc import Sequence
from typing import Final

from mlflow._core.limits import validate_int64, validate_length, validate_text
from mlflow.exceptions import MlflowException
from mlflow.store.entities.console import ConsoleChunk, ConsolePage
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.run_keys import find_run, lock_active_run
from mlflow.store.sql.session import Row, Session

STREAMS: Final = ("stdout", "stderr")
MAX_CHUNK: Final = 65_536
_MAX_CHUNKS_A_CALL: Final = 1_000
# Of each run so much is kept at least; only when there is a quarter more is the oldest dropped.
KEPT_CHARACTERS: Final = 16 * 1024 * 1024
KEPT_CHUNKS: Final = 20_000
_SLACK: Final = 1.25
# No page holds more, but for its first chunk.
_PAGE_CHARACTERS: Final = 4 * 1024 * 1024
_MAX_PAGE: Final = 10_000
_COLUMNS: Final = "run_id, position, stream, sequence, time_ms, total, content"
_INSERT: Final = f"INSERT INTO hr_console ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_EDGE: Final = "SELECT position, total FROM hr_console WHERE run_id = ? ORDER BY position"


def log_console(session: Session, run_id: str, chunks: Sequence[ConsoleChunk]) -> None:
    """Keep chunks of an active run that are not there yet.

    Raises:
        MlflowException: the run is deleted or not there, or a chunk cannot be kept.
    """
    rows = _checked(chunks)
    run = lock_active_run(session, run_id).id
    known = _known(session, run, rows)
    first, newest = _edges(session, run)
    dropped_below = _lowest_kept(session, run) if first[0] > 1 else {}
    position, total = newest
    new: list[Row] = []
    for (stream, sequence), (time_ms, text) in rows.items():
        if (stream, sequence) in known or sequence < dropped_below.get(stream, sequence):
            continue
        position, total = position + 1, total + len(text)
        new.append((run, position, stream, sequence, time_ms, total, text))
    session.run_many(_INSERT, new)
    _drop_oldest(session, run, first, (position, total))


def _checked(chunks: Sequence[ConsoleChunk]) -> dict[tuple[int, int], tuple[int, str]]:
    if len(chunks) > _MAX_CHUNKS_A_CALL:
        raise MlflowException.invalid_parameter_value(
            f"{len(chunks)} chunks are too many for one request, which takes {_MAX_CHUNKS_A_CALL}."
        )
    rows: dict[tuple[int, int], tuple[int, str]] = {}
    for chunk in chunks:
        if chunk.stream not in STREAMS:
            raise MlflowException.invalid_parameter_value(
                f"There is no stream {chunk.stream!r}; it must be stdout or stderr."
            )
        sequence = validate_int64(chunk.sequence, "sequence", "a chunk")
        time_ms = validate_int64(chunk.time_ms, "time_ms", "a chunk")
        # No database of the three keeps NUL in a text: its picture stands for it.
        text = validate_text(chunk.text.replace("\0", "\u2400"), "text")
        validate_length("text", MAX_CHUNK, text)
        rows.setdefault((STREAMS.index(chunk.stream), sequence), (time_ms, text))
    return rows


def _known(
    session: Session, run: int, rows: dict[tuple[int, int], tuple[int, str]]
) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for stream in range(len(STREAMS)):
        wanted = [sequence for one, sequence in rows if one == stream]
        sql = "SELECT sequence FROM hr_console WHERE run_id = ? AND stream = ? AND sequence IN ({})"
        found.update(
            (stream, row[0]) for row in rows_for(session, sql, wanted, before=(run, stream))
        )
    return found


def _edges(session: Session, run: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return position and total of the oldest and of the newest chunk that is kept."""
    first = session.row(f"{_EDGE} LIMIT 1", (run,))
    newest = session.row(f"{_EDGE} DESC LIMIT 1", (run,))
    if first is None or newest is None:
        return (1, 0), (0, 0)
    return (first[0], first[1]), (newest[0], newest[1])


def _lowest_kept(session: Session, run: int) -> dict[int, int]:
    """Return the lowest sequence of each stream that is kept: a lower one was dropped."""
    sql = "SELECT MIN(sequence) FROM hr_console WHERE run_id = ? AND stream = ?"
    lowest = {stream: session.scalar(sql, (run, stream)) for stream in range(len(STREAMS))}
    return {stream: found for stream, found in lowest.items() if found is not None}


def _drop_oldest(
    session: Session, run: int, first: tuple[int, int], newest: tuple[int, int]
) -> None:
    chunks, characters = newest[0] - first[0], newest[1] - first[1]
    if chunks <= KEPT_CHUNKS * _SLACK and characters <= KEPT_CHARACTERS * _SLACK:
        return
    sql = "SELECT MAX(position) FROM hr_console WHERE run_id = ? AND total <= ?"
    by_size = session.scalar(sql, (run, newest[1] - KEPT_CHARACTERS)) or 0
    last = max(by_size, newest[0] - KEPT_CHUNKS)
    session.run("DELETE FROM hr_console WHERE run_id = ? AND position <= ?", (run, last))


def get_console(
    session: Session, run_id: str, after: int, max_results: int, contains: str | None
) -> ConsolePage:
    """Return what a run wrote after a position.

    Args:
        session: The transaction.
        run_id: The run.
        after: The position.
        max_results: How many chunks at most.
        contains: Only chunks with this text in them; one that two chunks share is not found.

    Raises:
        MlflowException: there is no such run, or an argument is wrong.
    """
    position = max(0, validate_int64(after, "after", "a console"))
    if not 0 < max_results <= _MAX_PAGE:
        raise MlflowException.invalid_parameter_value(
            f"max_results is {max_results}; it must be between 1 and {_MAX_PAGE}."
        )
    run = find_run(session, run_id).id
    first, newest = _edges(session, run)
    dropped = first[0] - 1 if newest[0] else 0
    where, params = "run_id = ? AND position > ?", [run, position]
    more: list[object] = []
    if contains:
        find = "strpos" if session.dialect.name == "postgresql" else "instr"
        where, more = f"{where} AND {find}(content, ?) > 0", [validate_text(contains, "contains")]
    sizes = session.rows(
        f"SELECT position, length(content) FROM hr_console WHERE {where}"
        f" ORDER BY position LIMIT {int(max_results)}",
        [*params, *more],
    )
    last = _last_of_page(sizes)
    rows = session.rows(
        "SELECT stream, sequence, time_ms, content FROM hr_console"
        f" WHERE {where} AND position <= ? ORDER BY position",
        [*params, *more, last],
    )
    chunks = [ConsoleChunk(STREAMS[row[0]], *row[1:]) for row in rows]
    is_all = len(sizes) < max_results and (not sizes or last == sizes[-1][0])
    return ConsolePage(chunks, max(position, newest[0]) if is_all else last, dropped)


def _last_of_page(sizes: Sequence[Row]) -> int:
    total, last = 0, 0
    for position, size in sizes:
        total += size
        if last and total > _PAGE_CHARACTERS:
            break
        last = position
    return last
