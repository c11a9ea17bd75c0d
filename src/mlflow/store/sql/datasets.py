"""Which datasets the runs of some experiments read: the short list that a user picks from."""

from collections.abc import Sequence
from typing import Final

from mlflow._core.tags import MLFLOW_DATASET_CONTEXT
from mlflow.entities.dataset_summary import _DatasetSummary
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.experiments import parse_experiment_id
from mlflow.store.sql.session import Session

MAX_DATASET_SUMMARIES: Final = 1_000

# The fourth column puts inputs without a context first on every database.
_SUMMARIES: Final = (
    "SELECT DISTINCT d.experiment_id, d.name, d.digest,"
    " CASE WHEN t.value IS NULL THEN 0 ELSE 1 END, t.value"
    " FROM hr_datasets d JOIN hr_dataset_inputs i ON i.dataset_id = d.id"
    " LEFT JOIN hr_input_tags t"
    " ON t.run_id = i.run_id AND t.dataset_id = i.dataset_id AND t.name = ?"
    f" WHERE d.experiment_id IN ({{}}) ORDER BY 1, 2, 3, 4, 5 LIMIT {MAX_DATASET_SUMMARIES}"
)


def search_datasets(session: Session, experiment_ids: Sequence[str]) -> list[_DatasetSummary]:
    """Return the datasets that the runs of experiments read, deleted runs included.

    Args:
        session: The transaction.
        experiment_ids: The experiments; unknown ones have no datasets.

    Returns:
        At most ``MAX_DATASET_SUMMARIES``: one for each experiment, name, digest and context (the
        input tag ``mlflow.data.context``), in this order.
    """
    ids = sorted({parse_experiment_id(experiment_id) for experiment_id in experiment_ids})
    rows = rows_for(session, _SUMMARIES, ids, before=(MLFLOW_DATASET_CONTEXT,))
    return [
        _DatasetSummary(str(experiment_id), name, digest, context)
        for experiment_id, name, digest, _, context in rows[:MAX_DATASET_SUMMARIES]
    ]
