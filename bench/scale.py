"""How search behaves as runs grow: generates a store and measures pages of it.

    python bench/scale.py --runs 100000 --output scale.json

The rows are made inside SQLite, straight into the tables, and are the same for the same number of
runs. Each run has 10 metrics, 10 params and 5 tags. ``--experiments`` spreads the runs over many
experiments that share their keys; pages are then of one of them. ``--explain`` shows query plans.
"""

import argparse
import base64
import json
import re
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from mlflow.entities.view_type import ViewType
from mlflow.store.sql.connect import open_database
from mlflow.store.sql.engine import Database
from mlflow.store.sql.keys import METRIC, PARAM, TAG, key_ids
from mlflow.store.sql.search import search_runs
from mlflow.store.sql.session import Session

METRICS = [f"metric{i}" for i in range(10)]
PARAMS = [f"param{i}" for i in range(10)]
TAGS = [f"tag{i}" for i in range(5)]
# How many different values a param has; one that is 0 has a value of its own in every run.
PARAM_VALUES = (2, 10, 100, 1_000, 10_000, 0, 50, 5, 500, 3)
TAG_VALUES = (4, 200, 0, 20, 2_000)
_LISTS = re.compile(r"(\?, )+")
FIRST_START = 1_700_000_000_000

# A scrambled number from 0 to 1,000,002 that depends on the run and a salt.
_MIXED = "((r.id * 2654435761 + {salt} * 40503) & 4294967295)"
_SPREAD = f"(({_MIXED} | ({_MIXED} >> 15)) - ({_MIXED} & ({_MIXED} >> 15)))"
_NUMBER = f"((({_SPREAD} * 1103515245) >> 13) % 1000003)"


@dataclass
class Query:
    """A search to measure; ``goal`` is its time in milliseconds at a million runs."""

    name: str
    filter: str
    order: Sequence[str] = ()
    goal: float = 50.0
    page: int = 100


QUERIES = (
    Query("newest", ""),
    Query("by metric, descending", "", ["metrics.metric5 DESC"]),
    Query("by metric, ascending", "", ["metrics.metric5 ASC"]),
    Query("by start, oldest first", "", ["start_time ASC"]),
    Query(
        "three filters by metric",
        "metrics.metric1 > 0.5 AND params.param2 = '42' AND tags.tag3 LIKE '%7%'",
        ["metrics.metric5 DESC"],
    ),
    Query("param equals, 1 in 10,000", "params.param4 = '77'", ["metrics.metric5 DESC"]),
    Query("param equals, 1 in 100", "params.param2 = '7'", ["metrics.metric5 DESC"]),
    Query("param equals, 1 in 2", "params.param0 = '1'", ["metrics.metric5 DESC"]),
    Query("param prefix", "params.param5 LIKE 'v0001%'", ["metrics.metric5 DESC"]),
    Query("metric above, 1 in 1,000", "metrics.metric3 > 0.999", ["metrics.metric5"]),
    Query("metric above, 1 in 2", "metrics.metric3 > 0.5", ["metrics.metric5"]),
    Query("low metric, by it descending", "metrics.metric5 < 0.1", ["metrics.metric5 DESC"]),
    Query("metric between, newest", "metrics.metric3 BETWEEN 0.2 AND 0.2001"),
    Query("two common params", "params.param0 = '1' AND params.param1 = '3'"),
    Query("param in", "params.param3 IN ('1', '2', '3')", ["metrics.metric5 DESC"]),
    Query("status and param", "attributes.status = 'FAILED' AND params.param2 = '7'"),
    Query("OR of params", "params.param2 = '7' OR params.param2 = '8'", ["metrics.metric5"]),
    Query("nothing matches", "params.param4 = 'none'", ["metrics.metric5"]),
    Query("LIKE '%x%', common", "params.param5 LIKE '%7%'", ["metrics.metric5"], 500.0),
    Query("LIKE '%x%', rare", "params.param5 LIKE '%12345%'", ["metrics.metric5"], 500.0),
    Query("LIKE '%x%', none", "params.param5 LIKE '%none%'", (), 500.0),
    Query("NOT, newest", "NOT (params.param2 = '7')", (), 500.0),
    Query("two that never meet", "params.param0 = '1' AND tags.tag0 = '9'", (), 500.0),
    Query("by param", "", ["params.param3"], 500.0),
    Query("by name", "", ["run_name"], 500.0),
    Query("a thousand by metric", "", ["metrics.metric5 DESC"], 500.0, 1_000),
)


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        path = options.database or Path(folder) / f"scale-{options.runs}.db"
        uri = f"sqlite:///{path}"
        made = 0.0
        if not path.exists():
            started = perf_counter()
            generate(path, options.runs, options.experiments)
            made = perf_counter() - started
        database = open_database(uri)
        report = {
            "runs": options.runs,
            "experiments": options.experiments,
            "generated_seconds": round(made, 1),
            "megabytes": round(path.stat().st_size / 1e6),
            "sqlite": sqlite3.sqlite_version,
            "searches": [asdict(each) for each in _measure(database, options)],
            "last_page": _last_page(database, options),
        }
        database.close()
    text = json.dumps(report, indent=1)
    if options.output:
        options.output.write_text(text + "\n", "utf-8")
    print(text if options.json else _table(report))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--experiments", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--database", type=Path, help="kept between calls; made if missing")
    parser.add_argument("--output", type=Path, help="where the JSON goes")
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    parser.add_argument("--explain", action="store_true", help="print each statement's plan")
    parser.add_argument("--only", default="", help="measure the searches whose name holds this")
    return parser.parse_args()


# Making a store


def generate(path: Path, runs: int, experiments: int) -> None:
    """Fill an empty store; the secondary indexes are made at the end, as sorting is faster."""
    database = open_database(f"sqlite:///{path}")
    keys = database.write(_keys)
    database.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN ('hr_runs', 'hr_latest_metrics', 'hr_params', 'hr_tags')"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("BEGIN")
    _fill(connection, keys, runs, experiments)
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA optimize")
    connection.close()


def _keys(session: Session) -> dict[str, list[int]]:
    named = {"metrics": (METRIC, METRICS), "params": (PARAM, PARAMS), "tags": (TAG, TAGS)}
    return {
        table: list(key_ids(session, kind, names, create=True).values())
        for table, (kind, names) in named.items()
    }


def _fill(
    connection: sqlite3.Connection, keys: dict[str, list[int]], runs: int, experiments: int
) -> None:
    connection.executemany(
        "INSERT INTO hr_experiments (id, name, lifecycle_stage, creation_time, last_update_time)"
        " VALUES (?, ?, 'active', 1, 1)",
        [(number, f"scale-{number}") for number in range(1, experiments + 1)],
    )
    uuid_tail = _NUMBER.format(salt=1)
    connection.execute(
        "WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r WHERE id < ?)"
        " INSERT INTO hr_runs (id, run_uuid, experiment_id, name, user_id, status,"
        " lifecycle_stage, start_time, end_time, artifact_uri)"
        f" SELECT id, printf('%012x%020x', r.id, {uuid_tail}), 1 + id % ?,"
        f" 'run-' || {_NUMBER.format(salt=2)}, 'user' || id % 7, 1 + id % 5, 'active',"
        f" ? + id * 10, ? + id * 10 + 5, printf('%012x%020x/artifacts', r.id, {uuid_tail}) FROM r",
        (runs, experiments, FIRST_START, FIRST_START),
    )
    for table, numbers in keys.items():
        _fill_keyed(connection, table, sorted(numbers))


def _fill_keyed(connection: sqlite3.Connection, table: str, keys: list[int]) -> None:
    rows = " UNION ALL ".join(
        f"SELECT {key} AS id, {place} AS place" for place, key in enumerate(keys)
    )
    number = _NUMBER.format(salt="k.id")
    source = f"FROM hr_runs r CROSS JOIN ({rows}) k ORDER BY r.id, k.id"
    if table == "metrics":
        connection.execute(
            "INSERT INTO hr_latest_metrics (run_id, key_id, experiment_id, value, kind, timestamp,"
            f" step, min_value, max_value, count) SELECT r.id, k.id, r.experiment_id,"
            f" {number} / 1000003.0, 0, r.start_time, 99, 0.0, 1.0, 100 {source}"
        )
        return
    sizes = PARAM_VALUES if table == "params" else TAG_VALUES
    cases = " ".join(
        f"WHEN {place} THEN "
        + (f"CAST({number} % {size} AS TEXT)" if size else f"printf('v%07d', {number})")
        for place, size in enumerate(sizes)
    )
    connection.execute(
        f"INSERT INTO hr_{table} (run_id, key_id, value)"
        f" SELECT r.id, k.id, CASE k.place {cases} END {source}"
    )


# Measuring


@dataclass
class Measured:
    """What a search took: milliseconds of the first call, the median and of the processor."""

    name: str
    rows: int
    first_ms: float
    median_ms: float
    cpu_ms: float
    goal_ms: float


def _measure(database: Database, options: argparse.Namespace) -> list[Measured]:
    found = []
    for query in QUERIES:
        if options.only not in query.name:
            continue
        times, busy, rows = [], [], 0
        for _ in range(options.repeats):
            started, used = perf_counter(), process_time()
            rows = len(_page(database, query, None)[0])
            times.append((perf_counter() - started) * 1e3)
            busy.append((process_time() - used) * 1e3)
        if options.explain:
            _explain(database, query)
        found.append(
            Measured(
                query.name,
                rows,
                round(times[0], 2),
                round(statistics.median(times), 2),
                round(min(busy), 2),
                query.goal,
            )
        )
    return found


def _page(database: Database, query: Query, token: str | None) -> tuple[list[object], str | None]:
    page = database.read(
        lambda session: search_runs(
            session,
            experiment_ids=["1"],
            filter_string=query.filter,
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=query.page,
            order_by=list(query.order),
            page_token=token,
        )
    )
    return list(page), page.token


def _last_page(database: Database, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Return the times of the first page, one in the middle and the last one."""
    if options.only:
        return {}
    walks = {
        "newest": (Query("", ""), options.runs // options.experiments),
        "by metric": (
            Query("", "", ["metrics.metric5 DESC"]),
            options.runs // options.experiments,
        ),
    }
    report = {}
    for name, (query, rows) in walks.items():
        times = {"rows": float(rows)}
        for place, offset in (("first", 0), ("middle", rows // 2), ("last", rows - 90)):
            # A token that counts rows, as upstream issues them, jumps there; ours goes on.
            jump = base64.b64encode(json.dumps({"offset": max(0, offset - 10)}).encode()).decode()
            short = Query("", query.filter, query.order, page=10)
            token = _page(database, short, jump)[1] if offset else None
            times[f"{place}_ms"] = _timed(database, query, token, options.repeats)
        report[name] = times
    return report


def _timed(database: Database, query: Query, token: str | None, repeats: int) -> float:
    times = []
    for _ in range(repeats):
        started = perf_counter()
        _page(database, query, token)
        times.append((perf_counter() - started) * 1e3)
    return round(statistics.median(times), 2)


def _explain(database: Database, query: Query) -> None:
    print(f"\n## {query.name}: {query.filter!r} {list(query.order)}")
    seen: list[tuple[str, Sequence[object], float]] = []

    def work(session: Session) -> None:
        plain = session.rows

        def rows(sql: str, params: Sequence[object] = ()) -> list[tuple[object, ...]]:
            started = perf_counter()
            found = plain(sql, params)
            seen.append((sql, params, (perf_counter() - started) * 1e3))
            return found

        class Noting(type(session)):  # type: ignore[misc]  # only to look at statements
            __slots__ = ()

            def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[object, ...]]:
                return rows(sql, params)

            def row(self, sql: str, params: Sequence[object] = ()) -> tuple[object, ...] | None:
                return next(iter(rows(sql, params)), None)

        session.__class__ = Noting
        search_runs(
            session,
            experiment_ids=["1"],
            filter_string=query.filter,
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=query.page,
            order_by=list(query.order),
            page_token=None,
        )
        for sql, params, took in seen:
            print(f"{took:8.2f} ms  {_LISTS.sub('', sql)[:600]}")
            for line in plain(f"EXPLAIN QUERY PLAN {sql}", params):
                print(f"             {line[-1]}")

    database.read(work)


def _table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['runs']} runs, {report['experiments']} experiments, {report['megabytes']} MB"
    ]
    lines += ["", "| search | rows | first ms | median ms | CPU ms | goal at 1M |"]
    lines += ["|---|---|---|---|---|---|"]
    lines += [
        f"| {e['name']} | {e['rows']} | {e['first_ms']} | {e['median_ms']} | {e['cpu_ms']} |"
        f" {e['goal_ms']} |"
        for e in report["searches"]
    ]
    lines += ["", "| order | rows | first page ms | middle ms | last page ms |"]
    lines += ["|---|---|---|---|---|"]
    lines += [
        f"| {name} | {e['rows']:.0f} | {e['first_ms']} | {e['middle_ms']} | {e['last_ms']} |"
        for name, e in report["last_page"].items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
