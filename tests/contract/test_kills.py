"""What is acknowledged survives the death of the writer, whole and once."""

import random
import subprocess
import sys
from pathlib import Path
from typing import Final

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract import killed_writer

_KILLS: Final = 4


def test_killed_writers(store: SqlAlchemyStore) -> None:
    """Writers killed at any moment, each sending again what was not acknowledged, lose nothing."""
    experiment_id = store.create_experiment("killed")
    chance = random.Random(7)  # noqa: S311 - no secret
    acknowledged = 0
    for _ in range(_KILLS):
        arguments = [store.db_uri, experiment_id, str(acknowledged)]
        with subprocess.Popen(
            [sys.executable, str(Path(killed_writer.__file__)), *arguments],
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 12)):
                acknowledged = int(writer.stdout.readline())
            writer.kill()
            for line in writer.stdout:  # what it said while it was being killed
                acknowledged = int(line)
    runs = store.search_runs([experiment_id], "", 1, max_results=50_000)
    names = sorted(int(str(run.info.run_name)) for run in runs)
    assert len(names) >= acknowledged
    assert names == list(range(len(names)))
    for run in runs:
        assert run.data.params == {"whole": "yes"}
        points = store.get_metric_history(run.info.run_id, "m")
        assert len(points) == killed_writer.POINTS
