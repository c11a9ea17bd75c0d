"""Which of several processes leads a run that they share."""

from __future__ import annotations

import os

import pytest

from mlflow.tracking._fluent.sharing import Share, disown, own, share_of

_NAMES = (
    *("RANK", "WORLD_SIZE", "LOCAL_RANK"),
    *("SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID"),
    *("PMI_RANK", "PMI_SIZE"),
)


@pytest.fixture(autouse=True)
def _no_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*_NAMES, "HEADRACE_RUN_OWNERS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variables", "given", "share"),
    [
        ({}, False, Share()),
        ({"RANK": "0", "WORLD_SIZE": "1"}, False, Share()),
        ({"RANK": "0", "WORLD_SIZE": "4", "LOCAL_RANK": "0"}, False, Share(0)),
        ({"RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1"}, True, Share(3, False, False)),
        ({"RANK": "2", "WORLD_SIZE": "4", "LOCAL_RANK": "0"}, True, Share(2, False)),
        ({"RANK": "x", "WORLD_SIZE": "4"}, False, Share()),
        ({"SLURM_PROCID": "1", "SLURM_NTASKS": "2"}, False, Share(1, False)),
        ({"SLURM_PROCID": "1", "SLURM_NTASKS": "2"}, True, Share()),
        (
            {"SLURM_PROCID": "1", "SLURM_NTASKS": "2", "PMI_RANK": "1", "PMI_SIZE": "2"},
            True,
            Share(),
        ),
    ],
)
def test_launchers_number_their_processes(
    variables: dict[str, str], given: bool, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rank leads, the first of each machine measures it; one process is alone."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert share_of("r", given=given) == share


def test_a_run_that_a_process_above_has_open_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process leads the runs that it owns itself, and joins those of another."""
    own("mine")
    assert share_of("mine", given=True).leads
    monkeypatch.setenv("HEADRACE_RUN_OWNERS", f"theirs:{os.getpid() + 1} mine:{os.getpid()}")
    assert not share_of("theirs", given=True).leads
    disown("mine")
    assert os.environ["HEADRACE_RUN_OWNERS"] == f"theirs:{os.getpid() + 1}"
