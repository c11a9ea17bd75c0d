"""Stores for the pages to show: made inside SQLite, straight into the tables.

Every maker fills one experiment of its own and returns its id, so that one store may hold them all.
"""

import json
import random
from collections.abc import Sequence
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from mlflow.store.sql.connect import open_database
from mlflow.store.sql.keys import METRIC, PARAM, TAG, key_ids
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

FIRST_TIME = 1_700_000_000_000
_RUNS_A_STEP = 250
# A number from 0 to 1 that depends on run, key and step, and falls as a loss does.
_NOISE = "(((i * 2654435761 + {run} * 40503 + {key} * 9176) % 1000003) / 1000003.0)"
_POINTS = (
    "INSERT INTO hr_metrics (run_id, key_id, step, timestamp, value, kind)"
    " WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
    f" SELECT ?, ?, i, ? + i * 1000, {_NOISE.format(run='?', key='?')} * 0.1"
    " + 10.0 / (i + 10 + ? % 7), 0 FROM n"
)
_LATEST = (
    "INSERT INTO hr_latest_metrics (run_id, key_id, experiment_id, value, kind, timestamp, step,"
    " min_value, max_value, count) SELECT run_id, key_id, ?, value, kind, timestamp, step, 0, 2, ?"
    " FROM hr_metrics WHERE run_id = ? AND key_id = ? ORDER BY step DESC LIMIT 1"
)


class Maker:
    """Fills a store."""

    def __init__(self, path: Path) -> None:
        """Open a store in a file."""
        self.store = SqlAlchemyStore(f"sqlite:///{path}", str(path.parent / "artifacts"))
        self._database = open_database(self.store.db_uri)

    def runs(
        self,
        name: str,
        runs: int,
        *,
        metrics: Sequence[str],
        params: Sequence[str] = (),
        tags: Sequence[str] = (),
        points: int = 1,
    ) -> str:
        """Make an experiment whose runs each have these keys.

        Args:
            name: The experiment's.
            runs: How many.
            metrics: Keys of metrics.
            params: Keys of params.
            tags: Keys of tags.
            points: How many points each metric has.
        """
        experiment = self.store.create_experiment(name)
        for start in range(0, runs, _RUNS_A_STEP):
            numbers = range(start, min(runs, start + _RUNS_A_STEP))
            part = partial(
                self._some, experiment=experiment, numbers=numbers, metrics=metrics,
                params=params, tags=tags, points=points,
            )  # fmt: skip
            self._database.write(part)
        return experiment

    def _some(
        self,
        session: Session,
        *,
        experiment: str,
        numbers: range,
        metrics: Sequence[str],
        params: Sequence[str],
        tags: Sequence[str],
        points: int,
    ) -> None:
        source = random.Random(numbers.start)
        names = ("run_uuid", "experiment_id", "name", "user_id", "status", "lifecycle_stage",
                 "start_time", "end_time", "artifact_uri", "changed_time")  # fmt: skip
        made = []
        for number in numbers:
            uuid = f"{int(experiment):08x}{number:08x}{source.getrandbits(64):016x}"
            begun = FIRST_TIME + number * 60_000
            made.append((uuid, int(experiment), f"run-{number:05d}", f"user{number % 7}",
                         3 if number % 20 else 4, "active", begun, begun + 3_000 + number % 900,
                         f"{uuid}/artifacts", begun))  # fmt: skip
        session.insert_new("hr_runs", names, ("run_uuid",), made)
        first = session.scalar("SELECT id FROM hr_runs WHERE run_uuid = ?", (made[0][0],))
        ids = [(first + place, number) for place, number in enumerate(numbers)]
        for table, kind, keys in (("hr_params", PARAM, params), ("hr_tags", TAG, tags)):
            known = key_ids(session, kind, keys, create=True)
            rows = [
                (run, known[key], str(source.randrange((2, 10, 100, 1, 1_000_000)[place % 5])))
                for run, _ in ids
                for place, key in enumerate(keys)
            ]
            session.insert_new(table, ("run_id", "key_id", "value"), ("run_id", "key_id"), rows)
        keys_of_metrics = sorted(key_ids(session, METRIC, metrics, create=True).values())
        for run, number in ids:
            self._points(session, run, int(experiment), keys_of_metrics, points, number)

    @staticmethod
    def _points(
        session: Session, run: int, experiment: int, keys: Sequence[int], points: int, number: int
    ) -> None:
        begun = FIRST_TIME + number * 60_000
        for key in keys:
            session.run(_POINTS, (points, run, key, begun, run, key, run + key))
            session.run(_LATEST, (experiment, points, run, key))

    def gather(self) -> None:
        """Make long histories ready for charts, as a server does when it has nothing to do."""
        while not self.store.gather_charts(seconds=60):
            pass

    def close(self) -> None:
        """Close the connections."""
        self._database.close()
        SqlAlchemyStore.forget(self.store.db_uri)


def wide(maker: Maker, runs: int = 50, metrics: int = 12_000, params: int = 1_000) -> str:
    """Make an experiment with very many keys."""
    return maker.runs(
        f"wide {metrics}",
        runs,
        metrics=[f"layer{number // 24}/unit{number % 24}/norm" for number in range(metrics)],
        params=[f"config.part{number // 10}.value{number % 10}" for number in range(params)],
        points=2,
    )


def table(maker: Maker, runs: int = 10_000, points: int = 20) -> str:
    """Make an experiment with very many runs, each with ten curves, ten params and five tags."""
    return maker.runs(
        f"table {runs}",
        runs,
        metrics=[f"metric{number}" for number in range(10)],
        params=[f"param{number}" for number in range(10)],
        tags=[f"tag{number}" for number in range(5)],
        points=points,
    )


def post(url: str, runs: int, points: int = 20) -> str:
    """Make an experiment like ``table`` through any server's recorded interface."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=120)
    source = random.Random(runs)

    def call(path: str, **fields: object) -> dict[str, Any]:
        connection.request(
            "POST",
            f"/api/2.0/mlflow/{path}",
            json.dumps(fields),
            {"Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
        if answer.status != 200:  # noqa: PLR2004 - OK
            raise RuntimeError(f"{path}: {body}")
        return body

    experiment = call("experiments/create", name=f"table {runs}")["experiment_id"]
    for number in range(runs):
        begun = FIRST_TIME + number * 60_000
        made = call("runs/create", experiment_id=experiment, start_time=begun,
                    run_name=f"run-{number:05d}", user_id=f"user{number % 7}")  # fmt: skip
        run_id = made["run"]["info"]["run_id"]
        metrics = [
            {"key": f"metric{key}", "value": 1 / (step + 1 + source.random()), "step": step,
             "timestamp": begun + step * 1000}
            for key in range(10) for step in range(points)
        ]  # fmt: skip
        texts = [
            [{"key": f"{kind}{key}", "value": str(source.randrange(10 ** (key % 4 + 1)))}
             for key in range(count)]
            for kind, count in (("param", 10), ("tag", 5))
        ]  # fmt: skip
        call("runs/log-batch", run_id=run_id, metrics=metrics, params=texts[0], tags=texts[1])
        call("runs/update", run_id=run_id, status="FINISHED", end_time=begun + 30_000)
    connection.close()
    return str(experiment)
