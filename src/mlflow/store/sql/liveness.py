"""Signs of life of the clients of runs, by the clock of the database's side."""

from collections.abc import Sequence
from typing import Final

from mlflow.entities.run_status import RunStatus
from mlflow.store.entities.run_liveness import RunLiveness
from mlflow.store.sql.chunks import chunks, rows_for
from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.session import Session

# Six heartbeats at the client's usual pace.
_STALE_MS: Final = 60_000


def record_heartbeat(session: Session, run_ids: Sequence[str]) -> None:
    """Note that the clients of these runs live now."""
    now = session.dialect.now_ms
    # In order, so that two heartbeats for the same runs cannot deadlock.
    for chunk in chunks(sorted(set(run_ids))):
        session.run(
            f"UPDATE hr_runs SET last_heartbeat = {now}"
            f" WHERE run_uuid IN ({placeholders(len(chunk))})",
            chunk,
        )


def get_liveness(session: Session, run_ids: Sequence[str]) -> list[RunLiveness]:
    """Return when the clients of these runs were last heard of, in the order given."""
    rows = rows_for(
        session,
        f"SELECT run_uuid, last_heartbeat, status, {session.dialect.now_ms} - last_heartbeat"
        " FROM hr_runs WHERE run_uuid IN ({})",
        run_ids,
    )
    found: dict[str, RunLiveness] = {}
    for run_id, heartbeat, status, silence in rows:
        is_stale = status == RunStatus.RUNNING and heartbeat is not None and silence > _STALE_MS
        found[run_id] = RunLiveness(run_id, heartbeat, heartbeat if is_stale else None)
    return [found[run_id] for run_id in dict.fromkeys(run_ids) if run_id in found]
