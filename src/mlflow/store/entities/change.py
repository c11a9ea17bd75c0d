"""What happened to the runs of some experiments since one looked last, and what else changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from mlflow.entities.metric import Metric
from mlflow.entities.run_info import RunInfo

ChangeKind = Literal["run", "status", "metric", "console"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. It says how things are now, so that hearing it twice does no harm.

    Attributes:
        kind: ``run``: the run is new, or its name, lifecycle stage, params or tags changed;
            ``status``: nothing but its status and end; ``metric``: latest values moved;
            ``console``: it wrote to its terminal.
        experiment_id: The run's experiment.
        run_id: The run.
        info: For ``run`` and ``status``: the attributes as they are now.
        metrics: For ``metric``: the latest values, at most 100 of a run, the youngest.
        points: For ``metric``: how many points the run has in all.
        position: For ``console``: the newest chunk's position, as ``get_console`` counts.
    """

    kind: ChangeKind
    experiment_id: str
    run_id: str
    info: RunInfo | None = None
    metrics: Sequence[Metric] = ()
    points: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, and from where to ask next.

    Attributes:
        items: The changes, those of one run beside each other.
        cursor: What to pass with the next question: all that is remembered of the asker.
        more: Whether more is waiting, so that the next question should come at once.
    """

    items: Sequence[Change]
    cursor: str
    more: bool = False


class News(NamedTuple):
    """What of one topic changed lately.

    Attributes:
        time_ms: When the question was answered, by the database's clock.
        items: Names or ids, each with when it last changed.
    """

    time_ms: int
    items: frozenset[tuple[str, int]]
