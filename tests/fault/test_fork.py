"""A store that is used before and after a fork, in parent and child."""

from tests.fault.processes import run_together

FORK = """
import os
from mlflow.entities import Metric
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
store = SqlAlchemyStore(arguments["uri"], "/artifacts")
run_id = store.create_run("0", "u", 1, [], None).info.run_id
store.log_metric(run_id, Metric("m", 1.0, 0, 0))
store.get_run(run_id)
children = []
for child in range(1, 5):
    pid = os.fork()
    if pid == 0:
        for step in range(20):
            store.log_metric(run_id, Metric("m", 1.0, child, step))
        os._exit(len(store.get_metric_history(run_id, "m")) < 20)
    children.append(pid)
for step in range(20):
    store.log_metric(run_id, Metric("m", 1.0, 9, step))
codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
return [codes, len(store.get_metric_history(run_id, "m"))]
"""


def test_children_write_too(fresh_uri: str) -> None:
    """Children open connections of their own; nothing of parent or child is lost."""
    assert run_together(1, FORK, uri=fresh_uri) == [[[0, 0, 0, 0], 1 + 5 * 20]]
