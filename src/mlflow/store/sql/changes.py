"""What happened to runs since one looked last: a cheap question that remembers nothing here.

A write to a run moves its ``changed_time`` unless that is younger than half a second (see
``run_keys.py``), so a question walks an index of the runs that changed lately. It looks back some
seconds more than it must, for transactions that were slow to commit; what it told already it knows
from the cursor, which holds a fingerprint of each run that was told.
"""

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.metric import Metric
from mlflow.entities.run_info import RunInfo
from mlflow.exceptions import MlflowException
from mlflow.store.entities.change import Change, Changes
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.experiments import parse_experiment_id
from mlflow.store.sql.keys import key_names
from mlflow.store.sql.run_keys import QUIET_MS
from mlflow.store.sql.run_loading import INFO_COLUMNS, INFO_TABLES, run_info
from mlflow.store.sql.session import Row, Session
from mlflow.store.sql.values import decode_metric

# How long a transaction may take from its first write to its commit and still be told.
_COMMIT_MS: Final = 2_500
_LOOK_BACK_MS: Final = QUIET_MS + _COMMIT_MS
_MAX_EXPERIMENTS: Final = 1_000
# Of one answer, and of the cursor.
_MAX_RUNS: Final = 100
_MAX_METRICS: Final = 100
_MAX_TOLD: Final = 500
_MAX_CURSOR_BYTES: Final = 1_000_000


class _Print(NamedTuple):
    """What was told of a run: checksums of its attributes, and how much it holds."""

    attributes: int
    status: int
    points: int
    position: int


@dataclass(slots=True)
class _Cursor:
    """All that is remembered of who asks.

    Attributes:
        since: By the database's clock: when the pass over the changed runs began.
        after: Changed time and key of the run where the pass stopped; None when it came to its end.
        told: What was told of runs by key, the last told last.
    """

    since: int
    after: tuple[int, int] | None = None
    told: dict[int, _Print] = field(default_factory=dict)

    def encode(self) -> str:
        told = list(islice(reversed(self.told.items()), _MAX_TOLD))
        told.reverse()
        content = [self.since, self.after, [[key, *one] for key, one in told]]
        packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode())
        return base64.urlsafe_b64encode(packed).decode()


def _decode(text: str) -> _Cursor:
    try:
        unpack = zlib.decompressobj()
        packed = base64.urlsafe_b64decode(text.encode("ascii"))
        since, after, told = json.loads(unpack.decompress(packed, _MAX_CURSOR_BYTES))
        place = None if after is None else (int(after[0]), int(after[1]))
        prints = {int(key): _Print(*map(int, rest)) for key, *rest in told}
        return _Cursor(int(since), place, prints)
    except (ValueError, TypeError, IndexError, zlib.error):
        raise MlflowException.invalid_parameter_value(
            f"Invalid cursor {text[:100]!r}: pass the cursor of the answer before, unchanged, or"
            " none."
        ) from None


def get_changes(session: Session, experiment_ids: Sequence[str], cursor: str | None) -> Changes:
    """Return what happened to the runs of some experiments since a cursor was given out.

    Args:
        session: The transaction.
        experiment_ids: The experiments; those that are not there have no runs.
        cursor: From the answer before; None to begin.

    Raises:
        MlflowException: the cursor is not one of ours, or there are too many experiments.
    """
    if len(experiment_ids) > _MAX_EXPERIMENTS:
        raise MlflowException.invalid_parameter_value(
            f"{len(experiment_ids)} experiments are too many to follow; the most are"
            f" {_MAX_EXPERIMENTS}."
        )
    numbers = sorted({parse_experiment_id(one) for one in experiment_ids})
    now = int(session.scalar(f"SELECT {session.dialect.now_ms}"))
    if not cursor:
        # Nothing counts as told: the next answer repeats the last seconds and leaves nothing out.
        return Changes([], _Cursor(now).encode())
    state = _decode(cursor)
    place = state.after or (state.since - _LOOK_BACK_MS, 0)
    since = state.since if state.after else now
    rows = _changed_runs(session, numbers, place) if numbers else []
    more = len(rows) > _MAX_RUNS
    rows = rows[:_MAX_RUNS]
    items = _tell(session, rows, state.told) if rows else []
    after = (int(rows[-1][0]), int(rows[-1][1])) if more else None
    return Changes(items, _Cursor(since, after, state.told).encode(), more)


def _changed_runs(
    session: Session, experiments: Sequence[int], place: tuple[int, int]
) -> list[Row]:
    """Return the runs that changed after a place: changed time, then as ``run_info`` takes them."""
    return session.rows(
        f"SELECT r.changed_time, {INFO_COLUMNS} {INFO_TABLES}"
        f" WHERE r.experiment_id IN ({placeholders(len(experiments))})"
        " AND r.changed_time >= ? AND (r.changed_time > ? OR r.id > ?)"
        f" ORDER BY r.changed_time, r.id LIMIT {_MAX_RUNS + 1}",
        [*experiments, place[0], *place],
    )


def _tell(session: Session, rows: Sequence[Row], told: dict[int, _Print]) -> list[Change]:
    """Return the changes in these runs; ``told`` is brought to how they are now."""
    stages = (LifecycleStage.ACTIVE, LifecycleStage.DELETED)
    infos = {row[1]: run_info(session, row[1:]) for row in rows if row[7] in stages}
    prints = _prints(session, infos)
    moved = [key for key, one in prints.items() if _points(told.get(key)) != one.points]
    latest = _latest(session, moved)
    changes: list[Change] = []
    for key, new in prints.items():
        info, old = infos[key], told.pop(key, None)
        told[key] = new
        where = (info.experiment_id, info.run_id)
        if old is None or old.attributes != new.attributes:
            changes.append(Change("run", *where, info=info))
        elif old.status != new.status:
            changes.append(Change("status", *where, info=info))
        if _points(old) != new.points:
            changes.append(Change("metric", *where, metrics=latest[key], points=new.points))
        if (old.position if old else 0) != new.position:
            changes.append(Change("console", *where, position=new.position))
    return changes


def _points(one: _Print | None) -> int:
    return one.points if one else 0


def _prints(session: Session, infos: Mapping[int, RunInfo]) -> dict[int, _Print]:
    keys = list(infos)
    texts: dict[int, int] = defaultdict(int)
    tags = "SELECT run_id, key_id, value FROM hr_tags WHERE run_id IN ({})"
    for run, *tag in rows_for(session, tags, keys):
        texts[run] ^= zlib.crc32(repr(tag).encode())  # in any order
    params = "SELECT run_id, COUNT(*) FROM hr_params WHERE run_id IN ({}) GROUP BY run_id"
    counts: dict[int, int] = dict(rows_for(session, params, keys))
    points = "SELECT run_id, SUM(count) FROM hr_latest_metrics WHERE run_id IN ({}) GROUP BY run_id"
    totals: dict[int, int] = dict(rows_for(session, points, keys))
    # One step in an index for each run, which MAX with GROUP BY is not.
    position = "SELECT MAX(position) FROM hr_console c WHERE c.run_id = r.id"
    consoles = f"SELECT r.id, ({position}) FROM hr_runs r WHERE r.id IN ({{}})"
    positions: dict[int, int] = dict(rows_for(session, consoles, keys))
    return {
        key: _Print(
            _checksum(info.run_name, info.lifecycle_stage, texts[key], counts.get(key)),
            _checksum(info.status, info.end_time),
            int(totals.get(key) or 0),
            int(positions.get(key) or 0),
        )
        for key, info in infos.items()
    }


def _checksum(*values: object) -> int:
    return zlib.crc32(repr(values).encode("utf-8", "surrogatepass"))


def _latest(session: Session, keys: Sequence[int]) -> dict[int, list[Metric]]:
    """Return the youngest latest values of runs."""
    rows = rows_for(
        session,
        "SELECT run_id, key_id, value, kind, timestamp, step FROM (SELECT run_id, key_id, value,"
        " kind, timestamp, step, ROW_NUMBER() OVER (PARTITION BY run_id"
        " ORDER BY timestamp DESC, step DESC, key_id) AS place FROM hr_latest_metrics"
        f" WHERE run_id IN ({{}})) AS youngest WHERE place <= {_MAX_METRICS}",
        keys,
    )
    names = key_names(session, {row[1] for row in rows})
    found: dict[int, list[Metric]] = {key: [] for key in keys}
    for run, key_id, value, kind, timestamp, step in rows:
        found[run].append(Metric(names[key_id], decode_metric(value, kind), timestamp, step))
    return found
