"""How runs end, in real processes: exit, exceptions, signals, forks, threads."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.tracking.conftest import Program


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("mlflow.start_run(run_name='a')", {"a": "FINISHED"}),
        (
            "mlflow.start_run(run_name='a'); mlflow.start_run(run_name='b', nested=True)",
            {"a": "FINISHED", "b": "FINISHED"},
        ),
        ("mlflow.start_run(run_name='a'); 1 / 0", {"a": "FINISHED"}),
        ("with mlflow.start_run(run_name='a'): 1 / 0", {"a": "FAILED"}),
        ("with mlflow.start_run(run_name='a'): raise KeyboardInterrupt", {"a": "KILLED"}),
        ("with mlflow.start_run(run_name='a'): sys.exit(3)", {"a": "FAILED"}),
        (
            (
                "t = threading.Thread(target=mlflow.start_run, kwargs={'run_name': 'a'})\n"
                "t.start(); t.join()"
            ),
            {"a": "FINISHED"},
        ),
        (
            (
                "import atexit\natexit.unregister(mlflow.end_run)\nmlflow.start_run(run_name='a')\n"
                "atexit.unregister(mlflow.end_run)"
            ),
            {"a": "RUNNING"},
        ),
    ],
)
def test_what_is_open_ends_with_the_program(
    program: Program, code: str, expected: dict[str, str]
) -> None:
    """Runs that are open at exit end then; a block ends as its exception says."""
    assert program(code).statuses == expected


@pytest.mark.parametrize("block", [True, False])
def test_ctrl_c_kills_the_run_of_a_block(program: Program, block: bool) -> None:
    """SIGINT inside a block ends the run KILLED; without a block it ends at exit."""
    start = (
        "with mlflow.start_run(run_name='a'):" if block else "if mlflow.start_run(run_name='a'):"
    )
    code = f"{start}\n  print('ready', flush=True); time.sleep(60)"
    outcome = program(code, send=signal.SIGINT)
    assert outcome.code == -signal.SIGINT
    assert outcome.statuses == {"a": "KILLED" if block else "FINISHED"}


@pytest.mark.parametrize(
    "busy", ["time.sleep(60)", "[mlflow.log_metric('m', i) for i in range(10**7)]"]
)
def test_sigterm_kills_open_runs_and_the_process(program: Program, busy: str) -> None:
    """By default SIGTERM ends runs KILLED, also in the middle of a write, and then the process."""
    code = (
        "mlflow.start_run(run_name='a'); mlflow.start_run(run_name='b', nested=True)\n"
        f"print('ready', flush=True); {busy}"
    )
    outcome = program(code, send=signal.SIGTERM)
    assert outcome.code == -signal.SIGTERM
    assert outcome.statuses == {"a": "KILLED", "b": "KILLED"}


def test_a_locked_store_does_not_keep_a_terminated_process(program: Program) -> None:
    """A second SIGTERM ends the process at once, whatever the first one waits for."""
    code = (
        "class Stuck:\n"
        "  def update_run_info(self, *args):\n"
        "    os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)\n"
        "run = mlflow.start_run(run_name='a'); run.store = Stuck()\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    outcome = program(code, send=signal.SIGTERM)
    assert outcome.code == -signal.SIGTERM
    assert outcome.statuses == {"a": "RUNNING"}


def test_another_handler_of_sigterm_is_left_alone(program: Program) -> None:
    """A program that handles SIGTERM itself keeps its handler."""
    code = (
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
        "mlflow.start_run(run_name='a')\nprint('ready', flush=True); time.sleep(60)"
    )
    outcome = program(code, send=signal.SIGTERM)
    assert outcome.code == 7
    assert outcome.statuses == {"a": "FINISHED"}


def test_sigterm_has_its_default_when_no_run_is_open(program: Program) -> None:
    """The handler is there only while a run is open."""
    outcome = program(
        "with mlflow.start_run():\n"
        "  print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)\n"
        "print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    )
    assert outcome.out.split() == ["False", "True"]


def test_a_forked_child_has_no_active_run_and_ends_none(program: Program) -> None:
    """The parent's run is the parent's; the child can start and end its own."""
    outcome = program(
        "mlflow.start_run(run_name='parent'); mlflow.log_metric('m', 1)\n"
        "if os.fork() == 0:\n"
        "  assert mlflow.active_run() is None\n"
        "  assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL\n"
        "  with mlflow.start_run(run_name='child'): mlflow.log_metric('m', 2)\n"
        "  sys.exit(0)\n"
        "assert os.wait()[1] == 0\n"
        "print(mlflow.get_run(mlflow.active_run().info.run_id).info.status)"
    )
    assert outcome.out.strip() == "RUNNING"
    assert outcome.statuses == {"parent": "FINISHED", "child": "FINISHED"}


def test_what_was_queued_is_written_at_exit(program: Program) -> None:
    """A program that ends right after asynchronous calls loses none of them."""
    outcome = program(
        "mlflow.start_run(run_name='a')\n"
        "for i in range(3000): mlflow.log_metric('m', i, step=i, synchronous=False)\n"
        "mlflow.log_param('p', 1, synchronous=False)"
    )
    assert outcome.statuses == {"a": "FINISHED"}
    assert outcome.runs[0].data.metrics == {"m": 2999.0}
    assert outcome.runs[0].data.params == {"p": "1"}


def test_a_forked_child_sends_none_of_the_parents_queue(program: Program) -> None:
    """Both write what they logged themselves, once."""
    outcome = program(
        "run = mlflow.start_run(run_name='a').info.run_id\n"
        "for i in range(500): mlflow.log_metric('parent', i, step=i, synchronous=False)\n"
        "if os.fork() == 0:\n"
        "  for i in range(500):\n"
        "    mlflow.log_metric('child', i, step=i, synchronous=False, run_id=run)\n"
        "  sys.exit(0)\n"
        "assert os.wait()[1] == 0"
    )
    assert outcome.runs[0].data.metrics == {"parent": 499.0, "child": 499.0}


def test_a_child_process_logs_to_the_experiment_that_was_set(program: Program) -> None:
    """set_tracking_uri and set_experiment reach the processes that a program starts."""
    outcome = program(
        "import subprocess\nmlflow.set_experiment('shared')\n"
        "code = \"import mlflow; mlflow.start_run(run_name='inner')\"\n"
        "subprocess.run([sys.executable, '-c', code], check=True)\n"
        "print(mlflow.get_experiment_by_name('shared').experiment_id)"
    )
    assert [run.info.experiment_id for run in outcome.runs] == [outcome.out.strip()]
