"""Runs put together from their rows, many at once: what a search returns.

A page of a search is tens of thousands of rows and as many Python objects, so this is where its
time goes: locations are worked out once for each experiment, and points become ``Metric`` objects
only when somebody asks for more than their values.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final

from mlflow._core.collection import paused_collection
from mlflow.entities.run import Run
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs
from mlflow.entities.run_status import RunStatus
from mlflow.store.sql.chunks import chunks, rows_for
from mlflow.store.sql.inputs import load_inputs, load_outputs
from mlflow.store.sql.keys import key_names
from mlflow.store.sql.locations import below, experiment_location
from mlflow.store.sql.session import Row, Session
from mlflow.store.sql.values import decode_metric

INFO_COLUMNS: Final = (
    "r.id, r.run_uuid, r.experiment_id, r.name, r.user_id, r.status, r.lifecycle_stage,"
    " r.start_time, r.end_time, r.artifact_uri, e.artifact_location"
)
INFO_TABLES: Final = "FROM hr_runs r JOIN hr_experiments e ON e.id = r.experiment_id"
INFO: Final = f"SELECT {INFO_COLUMNS} {INFO_TABLES}"
_STATUSES: Final = {number: RunStatus.to_string(number) for number in RunStatus.all_status()}
# As many as a page of a usual search; memory stays bounded on the longest ones.
_CHUNK: Final = 5_000

_Point = tuple[str, float, int, int]


def load_runs(session: Session, run_ids: Sequence[int]) -> list[Run]:
    """Return runs with all that they hold, in the order of their keys as given.

    The number of queries does not depend on the number of runs but for chunks of five thousand.
    Keys that no run has are left out.
    """
    runs: list[Run] = []
    with paused_collection():
        for chunk in chunks(run_ids, _CHUNK):
            runs += _load_chunk(session, chunk)
    return runs


def run_info(session: Session, row: Row) -> RunInfo:
    """Return the attributes of a run from a row of ``INFO``."""
    return _info(session, row, {})


def _load_chunk(session: Session, run_ids: Sequence[int]) -> list[Run]:
    bases: dict[int, str] = {}
    infos = {
        row[0]: _info(session, row, bases)
        for row in rows_for(session, f"{INFO} WHERE r.id IN ({{}})", run_ids)
    }
    metrics, points = _load_metrics(session, run_ids)
    params = _load_texts(session, "hr_params", run_ids)
    tags = _load_texts(session, "hr_tags", run_ids)
    inputs = load_inputs(session, run_ids)
    outputs = load_outputs(session, run_ids)
    return [
        Run(
            infos[number],
            RunData.of_points(
                metrics.get(number) or {},
                points.get(number) or [],
                params.get(number) or {},
                tags.get(number) or {},
            ),
            inputs.get(number) or RunInputs([], []),
            outputs.get(number) or RunOutputs([]),
        )
        for number in run_ids
        if number in infos
    ]


def _load_metrics(
    session: Session, run_ids: Sequence[int]
) -> tuple[dict[int, dict[str, float]], dict[int, list[_Point]]]:
    rows = rows_for(
        session,
        "SELECT run_id, key_id, value, kind, timestamp, step FROM hr_latest_metrics"
        " WHERE run_id IN ({})",
        run_ids,
    )
    names = _names(session, rows)
    values: dict[int, dict[str, float]] = {}
    points: dict[int, list[_Point]] = {}
    last = None
    for run_id, key_id, value, kind, timestamp, step in rows:
        if run_id != last:
            mine = values.setdefault(run_id, {})
            my_points = points.setdefault(run_id, [])
            last = run_id
        name = names[key_id]
        exact = decode_metric(value, kind) if kind else value
        mine[name] = exact
        my_points.append((name, exact, timestamp, step))
    return values, points


def _names(session: Session, rows: Sequence[Row]) -> Mapping[int, str]:
    return key_names(session, set(map(itemgetter(1), rows)))


def _load_texts(session: Session, table: str, run_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    sql = f"SELECT run_id, key_id, value FROM {table} WHERE run_id IN ({{}})"
    rows = rows_for(session, sql, run_ids)
    names = _names(session, rows)
    found: dict[int, dict[str, str]] = {}
    last = None
    for run_id, key_id, value in rows:
        if run_id != last:
            mine = found.setdefault(run_id, {})
            last = run_id
        mine[names[key_id]] = value
    return found


def _info(session: Session, row: Row, bases: dict[int, str]) -> RunInfo:
    """Return the attributes; ``bases`` remembers what stands before an experiment's locations."""
    run_uuid, experiment_id, name, user, status, stage, start, end, kept, location = row[1:]
    usual = f"{run_uuid}/artifacts"
    if kept != usual or experiment_id not in bases:
        base = experiment_location(location, experiment_id, session.artifact_root)
        place = below(kept, base)
        if kept == usual and place.endswith(usual):
            bases[experiment_id] = place[: -len(usual)]
    else:
        place = bases[experiment_id] + usual
    return RunInfo(
        run_uuid,
        str(experiment_id),
        user,
        _STATUSES[status],
        start,
        end,
        stage,
        place,
        name,
    )
