"""Many processes that start at one moment, each running the same function body."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_MAIN: Final = """
import json, multiprocessing, sys, traceback

def body(index, arguments):
    {body}

def child(index, barrier, queue, arguments):
    barrier.wait()
    try:
        queue.put((index, body(index, arguments), None))
    except BaseException:
        queue.put((index, None, traceback.format_exc()))

if __name__ == "__main__":
    count, arguments = json.loads(sys.argv[1])
    # What children would each import again.
    import psycopg, pymysql
    import sqlalchemy.dialects.mysql.pymysql, sqlalchemy.dialects.postgresql.psycopg
    import mlflow.store.sql.server, mlflow.store.tracking.sqlalchemy_store
    context = multiprocessing.get_context("fork")
    barrier, queue = context.Barrier(count), context.Queue()
    workers = [
        context.Process(target=child, args=(i, barrier, queue, arguments)) for i in range(count)
    ]
    for worker in workers:
        worker.start()
    answers = sorted(queue.get() for _ in workers)
    for worker in workers:
        worker.join()
    print(json.dumps(answers))
"""


def run_together(count: int, body: str, **arguments: object) -> list[Any]:
    """Run a function body in so many processes at once and return what each returned.

    Args:
        count: How many processes.
        body: Python statements that may use ``index`` and the dictionary ``arguments``.
        **arguments: What the dictionary holds.

    Raises:
        AssertionError: one of them raised.
    """
    indented = "\n    ".join(body.strip().splitlines())
    script = _MAIN.replace("{body}", indented)
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps([count, arguments])],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    errors = [error for _, _, error in answers if error]
    assert not errors, f"{len(errors)} of {count} failed; the first: {errors[0]}"
    assert "locked" not in done.stderr
    return [answer for _, answer, _ in answers]
