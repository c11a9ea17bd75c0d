"""What a run read and made: datasets and logged models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._core.tags import MLFLOW_DATASET_CONTEXT
from mlflow.entities.dataset import Dataset as DatasetEntity
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.exceptions import MlflowException
from mlflow.tracking._fluent.runs import _get_or_start_run
from mlflow.tracking._fluent.state import client_of
from mlflow.tracking.recording import as_dict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlflow.entities.logged_model_input import LoggedModelInput
    from mlflow.entities.logged_model_output import LoggedModelOutput
    from mlflow.store.tracking.abstract_store import AbstractStore

_MANY_LINKS: Final = 10_000


class _Links:
    """The state of this module: which datasets were noted as inputs of which runs."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str, str]] = set()


_links: Final = _Links()


def _entity(dataset: Any) -> DatasetEntity:
    """Return what is kept of a dataset.

    Raises:
        MlflowException: it is no dataset.
    """
    if isinstance(dataset, DatasetEntity):
        return dataset
    convert = getattr(dataset, "_to_mlflow_entity", None)
    if not callable(convert):
        raise MlflowException.invalid_parameter_value(
            f"`dataset` must be a dataset of mlflow.data, not {type(dataset).__name__}. Make one "
            "with mlflow.data.from_pandas(df) or mlflow.data.from_numpy(array)."
        )
    entity: DatasetEntity = convert()
    return entity


def link_dataset(store: AbstractStore, run_id: str, dataset: Any) -> None:
    """Note once that a run measures on a dataset."""
    entity = _entity(dataset)
    link = (run_id, entity.name, entity.digest)
    if link in _links.seen:
        return
    store.log_inputs(run_id, [DatasetInput(entity, [])], None)
    if len(_links.seen) >= _MANY_LINKS:
        _links.seen.clear()
    _links.seen.add(link)


def log_input(
    dataset: Any = None,
    context: str | None = None,
    tags: dict[str, str] | None = None,
    model: LoggedModelInput | None = None,
) -> None:
    """Record a dataset or a model that the active run reads.

    Args:
        dataset: A dataset of ``mlflow.data``.
        context: What it is used for, such as ``training``.
        tags: Tags of this use.
        model: A logged model.
    """
    datasets = [] if dataset is None else [_input(dataset, context, tags)]
    models = [] if model is None else [model]
    _log(datasets, models)


def log_inputs(
    datasets: list[Any] | None = None,
    contexts: list[str | None] | None = None,
    tags_list: list[dict[str, str] | None] | None = None,
    models: list[LoggedModelInput | None] | None = None,
) -> None:
    """Record several datasets and models that the active run reads.

    Args:
        datasets: Datasets of ``mlflow.data``.
        contexts: What each is used for.
        tags_list: Tags of each use.
        models: Logged models.

    Raises:
        MlflowException: the three lists about datasets differ in length.
    """
    lengths = {len(values or ()) for values in (datasets, contexts, tags_list)}
    if len(lengths) != 1 or (not datasets and not models):
        raise MlflowException.invalid_parameter_value(
            "`mlflow.log_inputs` requires `datasets`, `contexts`, `tags_list` to be non-empty "
            f"lists of the same length, got {len(datasets or ())}, {len(contexts or ())} and "
            f"{len(tags_list or ())} entries. Use None where a dataset has no context or no tags."
        )
    uses = zip(datasets or (), contexts or (), tags_list or (), strict=True)
    _log(
        [_input(dataset, context, tags) for dataset, context, tags in uses if dataset is not None],
        [model for model in models or () if model is not None],
    )


def _input(dataset: Any, context: str | None, tags: Mapping[str, Any] | None) -> DatasetInput:
    made = [InputTag(str(key), str(value)) for key, value in as_dict(tags or {}, "tags").items()]
    if context:
        made.append(InputTag(MLFLOW_DATASET_CONTEXT, context))
    return DatasetInput(_entity(dataset), made)


def _log(datasets: Sequence[DatasetInput], models: Sequence[LoggedModelInput]) -> None:
    run = _get_or_start_run()
    client_of(run).log_inputs(run.info.run_id, datasets, models)


def log_outputs(models: list[LoggedModelOutput] | None = None) -> None:
    """Record logged models that the active run made.

    Args:
        models: Each with the step that it was made at.
    """
    run = _get_or_start_run()
    client_of(run).log_outputs(run.info.run_id, models or [])
