"""What runs read and what they made: datasets with their tags, and logged models.

A run has each dataset once: the first call that names it decides its tags, later ones change
nothing. A dataset of an experiment is one row for each name and digest, which runs share; here too
the first description stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mlflow._core import limits
from mlflow._core.ids import new_uuid
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs
from mlflow.exceptions import MlflowException
from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.run_keys import lock_active_run
from mlflow.store.sql.session import Session

# The name and digest of a dataset, which identify it within an experiment.
_Identity = tuple[str, str]

_MAX_SOURCE_TYPE_SIZE: Final = 36
_MAX_MODEL_ID_SIZE: Final = 36

_DATASET_COLUMNS: Final = (
    "dataset_uuid",
    "experiment_id",
    "name",
    "digest",
    "source_type",
    "source",
    '"schema"',
    "profile",
)
# Field of a dataset -> greatest length, and whether it may be missing.
_DATASET_FIELDS: Final[tuple[tuple[str, int, bool], ...]] = (
    ("name", limits.MAX_DATASET_NAME_SIZE, False),
    ("digest", limits.MAX_DATASET_DIGEST_SIZE, False),
    ("source_type", _MAX_SOURCE_TYPE_SIZE, False),
    ("source", limits.MAX_DATASET_SOURCE_SIZE, False),
    ("schema", limits.MAX_DATASET_SCHEMA_SIZE, True),
    ("profile", limits.MAX_DATASET_PROFILE_SIZE, True),
)


@dataclass(frozen=True, slots=True)
class _Checked:
    """One dataset input whose texts every database can hold."""

    fields: tuple[str | None, ...]
    tags: dict[str, str]


def log_inputs(
    session: Session,
    run_id: str,
    datasets: Sequence[DatasetInput] | None = None,
    models: Sequence[LoggedModelInput] | None = None,
) -> None:
    """Record datasets and logged models that an active run read.

    Args:
        session: The transaction.
        run_id: The run.
        datasets: The datasets; those that the run has already are left as they are.
        models: The models; their existence is not asked for.

    Raises:
        MlflowException: the run is missing or deleted, or an input is malformed.
    """
    checked = _check_datasets(_as_list(datasets, "datasets", DatasetInput))
    model_ids = _check_model_ids(_as_list(models, "models", LoggedModelInput))
    run = lock_active_run(session, run_id)
    if checked:
        _insert_dataset_inputs(session, run.id, run.experiment_id, checked)
    if model_ids:
        _insert_model_inputs(session, run.id, model_ids)


def log_outputs(session: Session, run_id: str, models: Sequence[LoggedModelOutput]) -> None:
    """Record logged models that an active run made, each at a step.

    Args:
        session: The transaction.
        run_id: The run.
        models: The models; their existence is not asked for.

    Raises:
        MlflowException: the run is missing or deleted, or an output is malformed.
    """
    outputs = _as_list(models, "models", LoggedModelOutput)
    model_ids = _check_model_ids(outputs)
    steps = [
        limits.validate_int64(model.step or 0, "step", f"output {model.model_id}")
        for model in outputs
    ]
    run = lock_active_run(session, run_id)
    if not outputs:
        return
    last = session.scalar("SELECT MAX(position) FROM hr_model_outputs WHERE run_id = ?", (run.id,))
    first = 0 if last is None else last + 1
    columns = ("run_id", "model_uuid", "step", "position")
    session.run_many(
        session.dialect.insert_ignore("hr_model_outputs", columns, columns[:3]),
        [
            (run.id, model_id, step, first + index)
            for index, (model_id, step) in enumerate(zip(model_ids, steps, strict=True))
        ],
    )


def load_inputs(session: Session, run_ids: Sequence[int]) -> dict[int, RunInputs]:
    """Return the inputs of many runs, in the order they were logged.

    Args:
        session: The transaction.
        run_ids: The runs, by their integer ids.

    Returns:
        An entry for each run that has inputs; two to four queries for a few thousand runs.
    """
    links = rows_for(
        session,
        "SELECT run_id, dataset_id FROM hr_dataset_inputs WHERE run_id IN ({})"
        " ORDER BY run_id, position",
        run_ids,
    )
    datasets: dict[int, list[DatasetInput]] = {}
    if links:
        known = _load_datasets(session, sorted({dataset_id for _, dataset_id in links}))
        tags = _load_input_tags(session, sorted({run_id for run_id, _ in links}))
        for run_id, dataset_id in links:
            item = DatasetInput(known[dataset_id], tags.get((run_id, dataset_id)))
            datasets.setdefault(run_id, []).append(item)
    models: dict[int, list[LoggedModelInput]] = {}
    for run_id, model_id in rows_for(
        session,
        "SELECT run_id, model_uuid FROM hr_model_inputs WHERE run_id IN ({})"
        " ORDER BY run_id, position",
        run_ids,
    ):
        models.setdefault(run_id, []).append(LoggedModelInput(model_id))
    return {
        run_id: RunInputs(datasets.get(run_id, []), models.get(run_id, []))
        for run_id in datasets.keys() | models.keys()
    }


def load_outputs(session: Session, run_ids: Sequence[int]) -> dict[int, RunOutputs]:
    """Return the outputs of many runs, in the order they were logged.

    Args:
        session: The transaction.
        run_ids: The runs, by their integer ids.

    Returns:
        An entry for each run that has outputs; one query for a few thousand runs.
    """
    outputs: dict[int, list[LoggedModelOutput]] = {}
    for run_id, model_id, step in rows_for(
        session,
        "SELECT run_id, model_uuid, step FROM hr_model_outputs WHERE run_id IN ({})"
        " ORDER BY run_id, position",
        run_ids,
    ):
        outputs.setdefault(run_id, []).append(LoggedModelOutput(model_id, step))
    return {run_id: RunOutputs(models) for run_id, models in outputs.items()}


# Reading


def _load_datasets(session: Session, ids: Sequence[int]) -> dict[int, Dataset]:
    rows = rows_for(
        session,
        'SELECT id, name, digest, source_type, source, "schema", profile FROM hr_datasets'
        " WHERE id IN ({})",
        ids,
    )
    return {row[0]: Dataset(*row[1:]) for row in rows}


def _load_input_tags(
    session: Session, run_ids: Sequence[int]
) -> dict[tuple[int, int], list[InputTag]]:
    tags: dict[tuple[int, int], list[InputTag]] = {}
    for run_id, dataset_id, name, value in rows_for(
        session,
        "SELECT run_id, dataset_id, name, value FROM hr_input_tags WHERE run_id IN ({})"
        " ORDER BY run_id, dataset_id, name",
        run_ids,
    ):
        tags.setdefault((run_id, dataset_id), []).append(InputTag(name, value))
    return tags


# Writing


def _insert_dataset_inputs(
    session: Session, run: int, experiment_id: int, inputs: dict[_Identity, _Checked]
) -> None:
    ids = _dataset_ids(session, experiment_id, inputs)
    had = session.rows(
        "SELECT dataset_id, position FROM hr_dataset_inputs WHERE run_id = ?", (run,)
    )
    taken = {dataset_id for dataset_id, _ in had}
    position = max((place for _, place in had), default=-1)
    links: list[tuple[object, ...]] = []
    tags: list[tuple[object, ...]] = []
    for identity, checked in inputs.items():
        dataset_id = ids[identity]
        if dataset_id in taken:
            continue
        position += 1
        links.append((run, dataset_id, new_uuid(), position))
        tags += [(run, dataset_id, name, value) for name, value in checked.tags.items()]
    session.run_many(
        "INSERT INTO hr_dataset_inputs (run_id, dataset_id, input_uuid, position)"
        " VALUES (?, ?, ?, ?)",
        links,
    )
    session.run_many(
        "INSERT INTO hr_input_tags (run_id, dataset_id, name, value) VALUES (?, ?, ?, ?)", tags
    )


def _dataset_ids(
    session: Session, experiment_id: int, inputs: dict[_Identity, _Checked]
) -> dict[_Identity, int]:
    """Return the ids of an experiment's datasets, made where they are missing."""
    names = sorted({name for name, _ in inputs})
    found = _find_datasets(session, experiment_id, names)
    missing = sorted(identity for identity in inputs if identity not in found)
    if not missing:
        return found
    sql = session.dialect.insert_ignore("hr_datasets", _DATASET_COLUMNS, _DATASET_COLUMNS[1:4])
    rows = [(new_uuid(), experiment_id, *inputs[identity].fields) for identity in missing]
    session.run_many(sql, rows)
    return _find_datasets(session, experiment_id, names)


def _find_datasets(
    session: Session, experiment_id: int, names: Sequence[str]
) -> dict[_Identity, int]:
    rows = rows_for(
        session,
        "SELECT name, digest, id FROM hr_datasets WHERE experiment_id = ? AND name IN ({})",
        names,
        before=(experiment_id,),
    )
    return {(name, digest): dataset_id for name, digest, dataset_id in rows}


def _insert_model_inputs(session: Session, run: int, model_ids: Sequence[str]) -> None:
    last = session.scalar("SELECT MAX(position) FROM hr_model_inputs WHERE run_id = ?", (run,))
    first = 0 if last is None else last + 1
    columns = ("run_id", "model_uuid", "position")
    session.run_many(
        session.dialect.insert_ignore("hr_model_inputs", columns, columns[:2]),
        [(run, model_id, first + index) for index, model_id in enumerate(model_ids)],
    )


# Checking


def _as_list(items: object, what: str, kind: type[Any]) -> list[Any]:
    """Return a list or tuple of one kind of entity as a list; None is none."""
    if items is None:
        return []
    if not isinstance(items, (list, tuple)):
        raise MlflowException.invalid_parameter_value(
            f"'{what}' must be a list of {kind.__name__}, not {type(items).__name__}."
        )
    for item in items:
        if not isinstance(item, kind):
            raise MlflowException.invalid_parameter_value(
                f"'{what}' must be a list of {kind.__name__}; it holds a {type(item).__name__}."
            )
    return list(items)


def _check_datasets(inputs: Iterable[DatasetInput]) -> dict[_Identity, _Checked]:
    """Return the inputs by identity; of several for one dataset, the first."""
    checked: dict[_Identity, _Checked] = {}
    for item in inputs:
        fields = tuple(
            _check_text(getattr(item.dataset, name), f"Dataset {name}", name, limit, missing)
            for name, limit, missing in _DATASET_FIELDS
        )
        tags = _check_tags(item.tags)
        checked.setdefault((item.dataset.name, item.dataset.digest), _Checked(fields, tags))
    return checked


def _check_tags(tags: Iterable[InputTag]) -> dict[str, str]:
    checked: dict[str, str] = {}
    for tag in tags:
        key = _check_text(tag.key, "InputTag key", "key", limits.MAX_INPUT_TAG_KEY_SIZE)
        value = _check_text(tag.value, "InputTag value", "value", limits.MAX_INPUT_TAG_VALUE_SIZE)
        if checked.setdefault(str(key), str(value)) != value:
            raise MlflowException.invalid_parameter_value(
                f"The input tag {key!r} is given twice, as {checked[str(key)]!r} and {value!r}."
            )
    return checked


def _check_text(
    value: object, what: str, name: str, limit: int, may_be_missing: bool = False
) -> str | None:
    if value is None:
        if may_be_missing:
            return None
        raise MlflowException.invalid_parameter_value(f"{what} cannot be None")
    return limits.validate_length(name, limit, limits.validate_text(value, name))


def _check_model_ids(models: Iterable[LoggedModelInput | LoggedModelOutput]) -> list[str]:
    return [
        limits.validate_key(model.model_id, "model_id", limit=_MAX_MODEL_ID_SIZE)
        for model in models
    ]
