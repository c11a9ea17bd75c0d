"""One run, many processes: which of them says how the run is going.

Processes share a run when they resume it, mostly by a common ``MLFLOW_RUN_ID``. Without care each
of them would end it, while the others still log, and the last to start would wake an ended run.
So one process leads: the first of the ranks that a launcher numbers, or the program that started
the run, when it has started the others. The rest only join: they log, and leave the status alone,
but for a rank that fails: it marks the run FAILED, and the leader does not cover that up.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mlflow._core.variables import read
from mlflow.entities.run_status import RunStatus
from mlflow.environment_variables import HEADRACE_RUN_OWNERS
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow.store.tracking.abstract_store import AbstractStore

# What launchers call a process's number, how many there are, and its number on its machine:
# torchrun, Slurm, Open MPI, and what other MPIs have in common.
_LAUNCHERS: Final = (
    ("RANK", "WORLD_SIZE", "LOCAL_RANK"),
    ("SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"),
    ("PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID"),
)
_OF_STRANGERS: Final = "SLURM_PROCID"


@dataclass(frozen=True, slots=True)
class Share:
    """This process's part in a run.

    Attributes:
        rank: Its number among the processes of a launcher; None when there is no launcher.
        leads: Whether it ends the run.
        first_here: Whether it is the one that measures its machine.
    """

    rank: int | None = None
    leads: bool = True
    first_here: bool = True


def share_of(run_id: str, *, given: bool) -> Share:
    """Return this process's part in a run that it resumes.

    Args:
        run_id: The run.
        given: Whether the program names the run itself; then tasks of Slurm, which are often
            strangers to each other, share nothing.
    """
    for rank_name, size_name, local_name in _LAUNCHERS:
        rank, size = _number(rank_name), _number(size_name)
        if rank is not None and size is not None and size > 1:
            if given and rank_name == _OF_STRANGERS:
                break
            return Share(rank, leads=rank == 0, first_here=_number(local_name) in (None, 0))
    owners = HEADRACE_RUN_OWNERS.get().split()
    above = any(one.startswith(f"{run_id}:") and one != _entry(run_id) for one in owners)
    return Share(leads=not above, first_here=not above)


def _number(name: str) -> int | None:
    text = read(name)
    return int(text) if text is not None and text.isdecimal() else None


def _entry(run_id: str) -> str:
    return f"{run_id}:{os.getpid()}"


def own(run_id: str) -> None:
    """Tell processes that are started from now on that this one ends a run."""
    _tell(run_id, [_entry(run_id)])


def disown(run_id: str) -> None:
    """Take that back."""
    _tell(run_id, [])


def _tell(run_id: str, entries: list[str]) -> None:
    # Of two threads at the same moment one may be forgotten: its children then end the run.
    others = [one for one in HEADRACE_RUN_OWNERS.get().split() if one != _entry(run_id)]
    text = " ".join([*others, *entries])
    if text:
        HEADRACE_RUN_OWNERS.set(text)
    else:
        HEADRACE_RUN_OWNERS.unset()


def final_status(store: AbstractStore, run_id: str, share: Share, status: int) -> int | None:
    """Return the status that this process's end gives a run, None when it leaves it alone.

    Args:
        store: Where the run is.
        run_id: The run.
        share: This process's part in it.
        status: How it went here.
    """
    if not share.leads:
        return status if share.rank is not None and status == RunStatus.FAILED else None
    if share.rank is None or status == RunStatus.FAILED:
        return status
    try:
        others = RunStatus.from_string(store.get_run(run_id).info.status)
    except MlflowException:  # the store is away: the end of a run waits in the journal, no read can
        return status
    return others if others == RunStatus.FAILED else status
