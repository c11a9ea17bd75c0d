"""What runs write to their terminals: numbered chunks, of which the newest are kept.

A chunk that comes again with another text is the end of a stream that has grown or was rewritten.
It moves to a new position, so that readers who go on from a position meet it again.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

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
_DELETE: Final = "DELETE FROM hr_console WHERE run_id = ? AND position = ?"
_NEWEST: Final = (
    "SELECT position, total FROM hr_console WHERE run_id = ? ORDER BY position DESC LIMIT 1"
)
# In front of all chunks, once some were dropped: a row of no stream whose total is how many.
_MARK: Final = 0
_NO_STREAM: Final = len(STREAMS)


class _Known(NamedTuple):
    position: int
    text: str


def log_console(session: Session, run_id: str, chunks: Sequence[ConsoleChunk]) -> None:
    """Keep chunks of an active run; one that is there with another text moves to the end.

    Raises:
        MlflowException: the run is deleted or not there, or a chunk cannot be kept.
    """
    rows = _checked(chunks)
    run = lock_active_run(session, run_id).id
    known = _known(session, run, rows)
    dropped_below = _lowest_kept(session, run) if _dropped(session, run) else {}
    position, total = session.row(_NEWEST, (run,)) or (_MARK, 0)
    new: list[Row] = []
    replaced: list[Row] = []
    for (stream, sequence), (time_ms, text) in rows.items():
        old = known.get((stream, sequence))
        if old is None and sequence < dropped_below.get(stream, sequence):
            continue
        if old is not None and old.text == text:
            continue
        if old is not None:
            replaced.append((run, old.position))
        position += 1
        # Grows with the position even when a replaced text was longer.
        total += max(0, len(text) - (len(old.text) if old else 0))
        new.append((run, position, stream, sequence, time_ms, total, text))
    session.run_many(_DELETE, replaced)
    session.run_many(_INSERT, new)
    _drop_oldest(session, run, (position, total))


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
        rows[STREAMS.index(chunk.stream), sequence] = (time_ms, text)
    return rows


def _known(
    session: Session, run: int, rows: dict[tuple[int, int], tuple[int, str]]
) -> dict[tuple[int, int], _Known]:
    found: dict[tuple[int, int], _Known] = {}
    sql = (
        "SELECT sequence, position, content FROM hr_console"
        " WHERE run_id = ? AND stream = ? AND sequence IN ({})"
    )
    for stream in range(len(STREAMS)):
        wanted = [sequence for one, sequence in rows if one == stream]
        for sequence, *place in rows_for(session, sql, wanted, before=(run, stream)):
            found[stream, sequence] = _Known(*place)
    return found


def _dropped(session: Session, run: int) -> int:
    """Return how many chunks of a run were dropped."""
    sql = "SELECT total FROM hr_console WHERE run_id = ? AND position = ?"
    return session.scalar(sql, (run, _MARK)) or 0


def _lowest_kept(session: Session, run: int) -> dict[int, int]:
    """Return the lowest sequence of each stream that is kept: a lower one was dropped."""
    sql = "SELECT MIN(sequence) FROM hr_console WHERE run_id = ? AND stream = ?"
    lowest = {stream: session.scalar(sql, (run, stream)) for stream in range(len(STREAMS))}
    return {stream: found for stream, found in lowest.items() if found is not None}


def _drop_oldest(session: Session, run: int, newest: tuple[int, int]) -> None:
    first = session.row(
        f"SELECT position, total FROM hr_console WHERE run_id = ? AND position > {_MARK}"
        " ORDER BY position LIMIT 1",
        (run,),
    )
    if first is None:
        return
    # Replaced chunks leave gaps, so the positions say only how many chunks there are at most.
    most, characters = newest[0] - first[0], newest[1] - first[1]
    count = f"SELECT COUNT(*) FROM hr_console WHERE run_id = ? AND position > {_MARK}"
    too_many = most > KEPT_CHUNKS * _SLACK and session.scalar(count, (run,)) > KEPT_CHUNKS * _SLACK
    if not too_many and characters <= KEPT_CHARACTERS * _SLACK:
        return
    by_size = "SELECT MAX(position) FROM hr_console WHERE run_id = ? AND total <= ?"
    by_count = (
        "SELECT position FROM hr_console WHERE run_id = ?"
        f" ORDER BY position DESC LIMIT 1 OFFSET {KEPT_CHUNKS}"
    )
    last = max(
        session.scalar(by_size, (run, newest[1] - KEPT_CHARACTERS)) or _MARK,
        session.scalar(by_count, (run,)) or _MARK,
    )
    dropped = _dropped(session, run)
    dropped += session.run(
        f"DELETE FROM hr_console WHERE run_id = ? AND position > {_MARK} AND position <= ?",
        (run, last),
    )
    session.run(_DELETE, (run, _MARK))
    session.run(_INSERT, (run, _MARK, _NO_STREAM, 0, 0, dropped, ""))


def get_console(
    session: Session,
    run_id: str,
    after: int,
    max_results: int,
    contains: str | None,
    before: int | None = None,
) -> ConsolePage:
    """Return what a run wrote after a position, or before one.

    Args:
        session: The transaction.
        run_id: The run.
        after: The position.
        max_results: How many chunks at most.
        contains: Only chunks with this text in them; one that two chunks share is not found.
        before: Return the last chunks before this position, 0 for the end; None for the first.

    Raises:
        MlflowException: there is no such run, or an argument is wrong.
    """
    position = max(0, validate_int64(after, "after", "a console"))
    if not 0 < max_results <= _MAX_PAGE:
        raise MlflowException.invalid_parameter_value(
            f"max_results is {max_results}; it must be between 1 and {_MAX_PAGE}."
        )
    run = find_run(session, run_id).id
    newest = session.row(_NEWEST, (run,)) or (_MARK, 0)
    where, params = "run_id = ? AND position > ?", [run, position]
    if before is not None and validate_int64(before, "before", "a console") > 0:
        where, params = f"{where} AND position < ?", [*params, before]
    more: list[object] = []
    if contains:
        find = "strpos" if session.dialect.name == "postgresql" else "instr"
        where, more = f"{where} AND {find}(content, ?) > 0", [validate_text(contains, "contains")]
    order = "position" if before is None else "position DESC"
    sizes = session.rows(
        f"SELECT position, length(content) FROM hr_console WHERE {where}"
        f" ORDER BY {order} LIMIT {int(max_results)}",
        [*params, *more],
    )
    last = _last_of_page(sizes)
    rows = session.rows(
        "SELECT position, stream, sequence, time_ms, content FROM hr_console"
        f" WHERE {where} AND position {'<=' if before is None else '>='} ? ORDER BY position",
        [*params, *more, last],
    )
    chunks = [ConsoleChunk(STREAMS[row[1]], *row[2:]) for row in rows]
    is_all = len(sizes) < max_results and (not sizes or last == sizes[-1][0])
    first = rows[0][0] if rows else _MARK
    dropped = _dropped(session, run)
    if before is None:
        return ConsolePage(chunks, max(position, newest[0]) if is_all else last, dropped)
    reached = newest[0] if before <= 0 else (rows[-1][0] if rows else position)
    return ConsolePage(chunks, max(position, reached), dropped, _MARK if is_all else first)


def _last_of_page(sizes: Sequence[Row]) -> int:
    total, last = 0, 0
    for position, size in sizes:
        total += size
        if last and total > _PAGE_CHARACTERS:
            break
        last = position
    return last
