"""Whether the client of a run still lives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunLiveness:
    """When a run's client was last heard of.

    Attributes:
        run_id: The run.
        last_heartbeat: Milliseconds since 1970 by the clock of the database's side; None when
            there never was one.
        stale_since: The last heartbeat of a run that is RUNNING and has been silent for more than
            60 seconds; None otherwise. The run's status says nothing of it.
    """

    run_id: str
    last_heartbeat: int | None
    stale_since: int | None
