"""Where the artifacts of experiments lie, for searches by a location that is kept relative."""

from collections.abc import Sequence

from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.locations import below, experiment_location
from mlflow.store.sql.session import Session

_MARK = "-run-"


def experiment_bases(session: Session, experiments: Sequence[int]) -> dict[int, str]:
    """Return what stands before the relative locations of each experiment that exists."""
    rows = rows_for(
        session, "SELECT id, artifact_location FROM hr_experiments WHERE id IN ({})", experiments
    )
    bases = {}
    for number, kept in rows:
        place = below(_MARK, experiment_location(kept, number, session.artifact_root))
        bases[number] = place.partition(_MARK)[0]
    return bases
