"""System metrics bear the same names in upstream and in ours."""

from tests.parity.upstream import our_python, run_script, upstream_python

SCRIPT = r"""
import threading
import mlflow

def main(payload):
    mlflow.set_tracking_uri("sqlite:///own.db")
    mlflow.set_system_metrics_sampling_interval(0.1)
    keys = {}
    for node in (None, "n0"):
        mlflow.set_system_metrics_node_id(node)
        with mlflow.start_run(log_system_metrics=True) as run:
            threading.Event().wait(1.0)
        keys[str(node)] = sorted(mlflow.get_run(run.info.run_id).data.metrics)
    return keys
"""


def test_names_are_upstreams() -> None:
    """With and without a node id the metrics of a run have the same keys."""
    upstream, ours = (
        run_script(python, SCRIPT, None) for python in (upstream_python(), our_python())
    )
    assert upstream["None"]
    assert ours == upstream
