"""The keys that the runs of experiments have, without reading their values.

Metrics: the index of values is entered once for each key, so that 12,000 keys cost as many steps in
it however many runs there are. Params and tags have no experiment in their indexes: their rows are
passed over, ten million a second.
"""

from collections.abc import Sequence
from typing import Final

from mlflow._search.ast import FieldKind
from mlflow._search.columns import KINDS
from mlflow._search.page_token import decode, encode, fingerprint
from mlflow._wire.table_messages import RunKey, RunKeysResponse, SearchRunKeys
from mlflow.exceptions import MlflowException
from mlflow.store.sql.keys import METRIC, key_names
from mlflow.store.sql.search import checked_experiments, checked_max_results
from mlflow.store.sql.search_compile import KeyTable
from mlflow.store.sql.search_runs import FIXED_JOIN, TARGET
from mlflow.store.sql.search_statement import is_one_of
from mlflow.store.sql.session import Session

MAX_RESULTS: Final = 50_000
_USUAL_RESULTS: Final = 1_000
# Index entries that are counted to say how many runs have the keys of a page.
_MOST_COUNTED: Final = 500_000
_KINDS: Final = {KINDS[kind]: kind for kind in (FieldKind.METRIC, FieldKind.PARAM, FieldKind.TAG)}

# Whether a metric is a curve is asked of the runs with its least and its greatest value.
_POINTS: Final = (
    "(SELECT m.count FROM hr_latest_metrics m WHERE m.experiment_id = ? AND m.key_id = k.id"
    " ORDER BY m.kind {0}, m.value {0}, m.run_id {0} LIMIT 1)"
)
_NEXT: Final = (
    "WITH RECURSIVE k (id) AS ("
    "SELECT min(m.key_id) FROM hr_latest_metrics m WHERE m.experiment_id = ? UNION ALL"
    " SELECT (SELECT min(m.key_id) FROM hr_latest_metrics m WHERE m.experiment_id = ?"
    " AND m.key_id > k.id) FROM k WHERE k.id IS NOT NULL)"
)
_DISTINCT: Final = (  # which MariaDB and MySQL answer by such steps, and the other not
    "WITH k (id) AS (SELECT DISTINCT m.key_id FROM hr_latest_metrics m WHERE m.experiment_id = ?)"
)
_CURVES: Final = (
    f" SELECT k.id, {_POINTS.format('')}, {_POINTS.format('DESC')} FROM k WHERE k.id IS NOT NULL"
)


def search_run_keys(session: Session, ask: SearchRunKeys) -> RunKeysResponse:
    """Return a page of keys: metrics, curves first, then params and tags, each by name.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    limit = checked_max_results(ask.max_results or _USUAL_RESULTS, MAX_RESULTS)
    experiments = checked_experiments(ask.experiment_ids)
    if ask.kind and ask.kind not in _KINDS:
        raise MlflowException.invalid_parameter_value(
            f"Invalid kind {ask.kind!r}: it is one of {', '.join(_KINDS)}, or empty for all."
        )
    part = (ask.contains or "").lower()
    found: list[tuple[int, bool, str, int]] = []
    for place, (name, kind) in enumerate(_KINDS.items()):
        if experiments and ask.kind in (None, "", name):
            if kind is FieldKind.METRIC:
                curves = _metric_keys(session, experiments)
            else:
                curves = _text_keys(session, TARGET.keyed[kind], experiments)
            names = key_names(session, curves)
            found += [
                (place, not curve, names[key], key)
                for key, curve in curves.items()
                if part in names[key].lower()
            ]
    found.sort()
    after = decode(ask.page_token, fingerprint("keys"), 3).after
    rest = found if after is None else [each for each in found if each[:3] > after]
    page = rest[:limit]
    counts: dict[int, int] = {}
    for place, kind in enumerate(_KINDS.values()):
        mine = [each[3] for each in page if each[0] == place]
        counts |= _counts(session, TARGET.keyed[kind], experiments, mine)
    kinds = list(_KINDS)
    return RunKeysResponse(
        keys=[
            RunKey(
                kind=kinds[place],
                key=name,
                runs=counts.get(key),
                is_curve=None if place else not flat,
            )
            for place, flat, name, key in page
        ],
        total=len(found),
        next_page_token=encode(page[-1][:3], fingerprint("keys")) if len(rest) > limit else None,
    )


def _metric_keys(session: Session, experiments: Sequence[int]) -> dict[int, bool]:
    """Return whether each metric is a curve."""
    found: dict[int, bool] = {}
    sql = (_DISTINCT if session.dialect.name == "mysql" else _NEXT) + _CURVES
    for experiment in experiments:
        for key, first, last in session.rows(sql, [experiment] * sql.count("?")):
            found[key] = found.get(key, False) or first > 1 or last > 1
    return found


def _text_keys(session: Session, keyed: KeyTable, experiments: Sequence[int]) -> dict[int, bool]:
    """Return the keys of params or tags; none is a curve."""
    join = FIXED_JOIN[session.dialect.name]
    scope = is_one_of(session.dialect, "r.experiment_id", experiments)
    rows = session.rows(
        f"SELECT DISTINCT f.key_id FROM hr_runs r {join} {keyed.table} f ON f.run_id = r.id"
        f" WHERE {scope.text}",
        scope.params,
    )
    return {row[0]: False for row in rows}


def _counts(
    session: Session, keyed: KeyTable, experiments: Sequence[int], keys: Sequence[int]
) -> dict[int, int]:
    """Return how many runs have each key; nothing where that would take long."""
    scope = is_one_of(session.dialect, "r.experiment_id", experiments)
    sql = f"SELECT count(*) FROM hr_runs r WHERE {scope.text}"
    cost = 1 if keyed.kind == METRIC else 10  # entries of an index, or rows looked up
    if not keys or session.scalar(sql, scope.params) * len(keys) * cost > _MOST_COUNTED:
        return {}
    if keyed.kind == METRIC:  # has the experiment in its index, which each key enters by itself
        own = is_one_of(session.dialect, "f.experiment_id", experiments)
        wanted = is_one_of(session.dialect, "k.id", keys)
        inner = f"SELECT count(*) FROM {keyed.table} f WHERE {own.text} AND f.key_id = k.id"
        sql = f"SELECT k.id, ({inner}) FROM hr_keys k WHERE {wanted.text}"
        return dict(session.rows(sql, (*own.params, *wanted.params)))
    wanted = is_one_of(session.dialect, "f.key_id", keys)
    join = FIXED_JOIN[session.dialect.name]
    sql = f"SELECT f.key_id, count(*) FROM hr_runs r {join} {keyed.table} f ON f.run_id = r.id"
    sql += f" WHERE {scope.text} AND {wanted.text} GROUP BY f.key_id"
    return dict(session.rows(sql, (*scope.params, *wanted.params)))
