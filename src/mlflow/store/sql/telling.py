"""Which metrics and params tell runs apart: judged by a bounded sample of runs and keys."""

from collections.abc import Sequence
from typing import Final

from mlflow.store.sql.keys import METRIC, key_names
from mlflow.store.sql.search_compile import KeyTable
from mlflow.store.sql.session import Session

# So many values are looked at, of so many runs; of runs with very many keys only a few.
_VALUES: Final = 16_000
_MOST_RUNS: Final = 64
_LEAST_RUNS: Final = 3
_MOST_KEYS: Final = 16_000
# What is looked at of a run, in the order in which keys were first seen: a walk that ends where
# enough was found. Most params may be the same in all runs, so all of them are read.
_PARTS_OF_METRICS: Final = (("count", " AND count > 1", 400), ("count", " AND count <= 1", 400))
_PARTS_OF_PARAMS: Final = (("1", "", _MOST_KEYS),)
# What sensors log comes after what people do.
_SENSORS: Final = "system/"


def telling_keys(
    session: Session, keyed: KeyTable, run_ids: Sequence[int], count: int
) -> list[str]:
    """Return the keys in which runs differ most.

    Metrics with more than one point come first, then keys that most runs have, then those with
    most distinct values, then by name. What is the same in all runs comes last, and params that are
    are left out.

    Args:
        session: The transaction.
        keyed: The table of metrics or params.
        run_ids: The runs.
        count: How many keys at most.
    """
    if not run_ids or count <= 0:
        return []
    is_metric = keyed.kind == METRIC
    sample = _sample(session, keyed, run_ids)
    parts = _PARTS_OF_METRICS if is_metric else _PARTS_OF_PARAMS
    each = [
        f"SELECT key_id, value, {points} AS points FROM {keyed.table} WHERE run_id = ?{condition}"
        f" ORDER BY key_id LIMIT {most}"
        for points, condition, most in parts
        for _ in sample
    ]
    rows = session.rows(
        "SELECT key_id, count(*), count(DISTINCT value), max(points) FROM ("
        + " UNION ALL ".join(f"SELECT * FROM ({one}) s{place}" for place, one in enumerate(each))
        + ") v GROUP BY key_id",
        sample * len(parts),
    )
    names = key_names(session, (row[0] for row in rows))
    ranked = []
    for key_id, runs, values, most in rows:
        is_same = values < 2 and runs == len(sample)  # noqa: PLR2004 - one value in all
        if is_same and not is_metric and len(sample) > 1:
            continue
        name = names[key_id]
        sensed = name.startswith(_SENSORS)
        ranked.append((sensed, is_same and len(sample) > 1, most < 2, -runs, -values, name))  # noqa: PLR2004 - a curve
    return [place[-1] for place in sorted(ranked)[:count]]


def _sample(session: Session, keyed: KeyTable, run_ids: Sequence[int]) -> list[int]:
    """Return runs spread over all of them, fewer the more keys they have."""
    ends = {run_ids[0], run_ids[len(run_ids) // 2], run_ids[-1]}
    sizes = [
        session.scalar(
            f"SELECT count(*) FROM (SELECT 1 AS found FROM {keyed.table} WHERE run_id = ?"
            f" LIMIT {_MOST_KEYS}) c",
            (run_id,),
        )
        for run_id in ends
    ]
    most = max(_LEAST_RUNS, min(_MOST_RUNS, _VALUES // max(1, *sizes), len(run_ids)))
    step = max(1.0, len(run_ids) / most)
    return [run_ids[int(place * step)] for place in range(min(most, len(run_ids)))]
