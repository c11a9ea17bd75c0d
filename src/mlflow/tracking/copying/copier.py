"""Copies experiments, runs and logged models, with all they hold, from one store to another.

Experiments are found by their names, runs keep their ids where the target lets clients choose
them, and everything can be copied again: what is there is left as it is. Where ids cannot be kept,
copies carry the id of what they were made from in a tag, and what names a run or a model follows.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlflow._core.tags import (
    HEADRACE_COPY_OF,
    HEADRACE_EXPERIMENT_ID,
    MLFLOW_PARENT_RUN_ID,
)
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import INVALID_STATE, MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.tracking.batches import Batch, split_batch
from mlflow.tracking.copying.notes import MODEL, RUN, Notes
from mlflow.tracking.copying.side import Side, copy_files
from mlflow.tracking.run_artifacts import repository_of_model

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mlflow.entities.experiment import Experiment
    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.run import Run


@dataclass
class Copied:
    """How much a copy wrote."""

    experiments: int = 0
    runs: int = 0
    models: int = 0
    points: int = 0
    files: int = 0


class Copier:
    """One copy from a store to another."""

    def __init__(self, source: Side, target: Side, notes: Notes) -> None:
        """Prepare a copy.

        Args:
            source: Where from.
            target: Where to.
            notes: What was copied before.
        """
        self._source = source
        self._target = target
        self._notes = notes
        self._keeps_ids: bool | None = None
        self.copied = Copied()

    def copy(
        self, names: Collection[str] = (), on_run: Callable[[int], None] = lambda _count: None
    ) -> Copied:
        """Copy experiments.

        Args:
            names: Those with these names only; all active ones by default.
            on_run: Told of each run that is complete.

        Raises:
            MlflowException: a store refuses, or cannot be reached; run the same copy again.
        """
        for experiment in self._source.iter_experiments():
            if names and experiment.name not in names:
                continue
            runs = list(self._source.iter_runs(experiment.experiment_id))
            models = list(self._models(experiment))
            if not runs and not models and not names:
                continue  # such as an empty Default
            target_id = self._experiment(experiment)
            for run in runs:
                self._run(run, target_id)
            for model in models:
                self._model(model, target_id)
            for run in runs:
                self._fill_run(run)
                on_run(1)
            for model in models:
                self._fill_model(model)
            self.copied.experiments += 1
        return self.copied

    def _models(self, experiment: Experiment) -> list[LoggedModel]:
        try:
            return list(self._source.iter_models(experiment.experiment_id))
        except MlflowException as error:
            if error.error_code in ("NOT_IMPLEMENTED", "ENDPOINT_NOT_FOUND"):
                return []
            raise

    def _experiment(self, experiment: Experiment) -> str:
        """Return the id of the experiment in the target, made when it is not there."""
        store = self._target.store
        known = experiment.tags.get(HEADRACE_EXPERIMENT_ID)
        found = store.get_experiment(known) if known else None
        found = found or store.get_experiment_by_name(experiment.name)
        tags = [ExperimentTag(key, value) for key, value in experiment.tags.items()]
        if found is None:
            return store.create_experiment(experiment.name, None, tags)
        if found.lifecycle_stage != LifecycleStage.ACTIVE:
            raise MlflowException(
                f"The experiment {found.name!r} is deleted in the target. Restore it with "
                f"`mlflow experiments restore --experiment-id {found.experiment_id}`, or remove it "
                "for good with `mlflow gc`, and copy again.",
                INVALID_STATE,
            )
        for tag in tags:
            if found.tags.get(tag.key) != tag.value and tag.key != HEADRACE_EXPERIMENT_ID:
                store.set_experiment_tag(found.experiment_id, tag)
        return str(found.experiment_id)

    def _run(self, run: Run, experiment_id: str) -> None:
        """See to it that a run is in the target."""
        source_id = run.info.run_id
        if self._notes.find(RUN, source_id) is not None:
            return
        found = self._find_run(source_id, experiment_id)
        if found is None:
            found = self._create_run(run, experiment_id)
            self.copied.runs += 1
        self._notes.add(RUN, source_id, found)

    def _find_run(self, source_id: str, experiment_id: str) -> str | None:
        store = self._target.store
        with suppress(MlflowException):
            return str(store.get_run(source_id).info.run_id)
        if self._keeps_ids is True:
            return None
        query = f"tags.`{HEADRACE_COPY_OF}` = '{source_id}'"
        found = store.search_runs([experiment_id], query, ViewType.ALL, 1)
        return str(found[0].info.run_id) if found else None

    def _create_run(self, run: Run, experiment_id: str) -> str:
        store, source_id = self._target.store, run.info.run_id
        tags = [] if self._keeps_ids else [RunTag(HEADRACE_COPY_OF, source_id)]
        made = store.create_run(
            experiment_id,
            run.info.user_id,
            run.info.start_time,
            tags,
            run.info.run_name,
            run_id=source_id,
        )
        kept = made.info.run_id == source_id
        if kept and tags:
            store.delete_tag(source_id, HEADRACE_COPY_OF)
        self._keeps_ids = kept
        return str(made.info.run_id)

    def _model(self, model: LoggedModel, experiment_id: str) -> None:
        """See to it that a logged model is in the target."""
        if self._notes.find(MODEL, model.model_id) is not None:
            return
        store = self._target.store
        query = f"tags.`{HEADRACE_COPY_OF}` = '{model.model_id}'"
        found = store.search_logged_models([experiment_id], query, max_results=1)
        if found:
            self._notes.add(MODEL, model.model_id, found[0].model_id)
            return
        tags = [LoggedModelTag(key, value) for key, value in model.tags.items()]
        made = store.create_logged_model(
            experiment_id,
            model.name,
            self._now(RUN, model.source_run_id),
            [*tags, LoggedModelTag(HEADRACE_COPY_OF, model.model_id)],
            [LoggedModelParameter(key, value) for key, value in model.params.items()],
            model.model_type,
        )
        self._notes.add(MODEL, model.model_id, made.model_id)
        self.copied.models += 1

    def _now(self, kind: str, source_id: str | None) -> str | None:
        """Return what an id of the source is in the target; others stay as they are."""
        return source_id and (self._notes.find(kind, source_id) or source_id)

    def _fill_run(self, run: Run) -> None:
        """Copy everything that a run holds."""
        source_id = run.info.run_id
        run = self._source.store.get_run(source_id)
        mark = _mark(run.to_dictionary())
        if self._notes.is_complete(RUN, source_id, mark):
            return
        store, run_id = self._target.store, self._now(RUN, source_id) or source_id
        tags = [RunTag(key, self._tag(key, value)) for key, value in run.data.tags.items()]
        params = [Param(key, value) for key, value in run.data.params.items()]
        for part in split_batch(Batch((), params, tags)):
            store.log_batch(run_id, part.metrics, part.params, part.tags)
        for key in run.data.metrics:
            self._points(source_id, run_id, key)
        self._links(run, run_id)
        # Not what is remembered of a run: both sides may know one id.
        self.copied.files += copy_files(
            get_artifact_repository(run.info.artifact_uri or "", self._source.uri),
            get_artifact_repository(
                store.get_run(run_id).info.artifact_uri or "", self._target.uri
            ),
        )
        status = RunStatus.from_string(run.info.status)
        store.update_run_info(run_id, status, run.info.end_time, run.info.run_name)
        self._notes.add(RUN, source_id, run_id, mark)

    def _tag(self, key: str, value: str) -> str:
        return self._now(RUN, value) or value if key == MLFLOW_PARENT_RUN_ID else value

    def _points(self, source_id: str, run_id: str, key: str) -> None:
        token: str | None = None
        while True:
            page = self._source.store.get_metric_history(source_id, key, 10_000, token)
            points = [self._point(point, run_id) for point in page]
            for part in split_batch(Batch(points)):
                self._target.store.log_batch(run_id, part.metrics, (), ())
            self.copied.points += len(points)
            token = page.token
            if not token:
                return

    def _point(self, point: Metric, run_id: str) -> Metric:
        if point.model_id is None:
            return point
        return Metric.from_dictionary(
            {
                **point.to_dictionary(),
                "model_id": self._now(MODEL, point.model_id),
                "run_id": run_id,
            }
        )

    def _links(self, run: Run, run_id: str) -> None:
        """Copy what a run read and made."""
        store = self._target.store
        if run.inputs is not None and (run.inputs.dataset_inputs or run.inputs.model_inputs):
            models = [
                LoggedModelInput(self._now(MODEL, one.model_id) or one.model_id)
                for one in run.inputs.model_inputs
            ]
            store.log_inputs(run_id, run.inputs.dataset_inputs, models)
        if run.outputs is not None and run.outputs.model_outputs:
            made = [
                LoggedModelOutput(self._now(MODEL, one.model_id) or one.model_id, one.step)
                for one in run.outputs.model_outputs
            ]
            store.log_outputs(run_id, made)

    def _fill_model(self, model: LoggedModel) -> None:
        """Copy the files of a logged model, and then its status."""
        mark = _mark([str(model.status), model.last_updated_timestamp])
        if self._notes.is_complete(MODEL, model.model_id, mark):
            return
        model_id = self._now(MODEL, model.model_id) or model.model_id
        manifest = self._source.store.get_model_manifest(model.model_id)
        if manifest.files:
            self._target.store.log_model_manifest(model_id, manifest)
        self.copied.files += copy_files(
            repository_of_model(self._source.store, model.model_id, self._source.uri),
            repository_of_model(self._target.store, model_id, self._target.uri),
        )
        for point in model.metrics or ():
            # The run's history does not say which of its points measure a model.
            run_id = self._now(RUN, point.run_id)
            if run_id is not None:
                self._target.store.log_metric(run_id, self._point(point, run_id))
        if model.status in (LoggedModelStatus.READY, LoggedModelStatus.FAILED):
            self._target.store.finalize_logged_model(model_id, model.status)
        self._notes.add(MODEL, model.model_id, model_id, mark)


def _mark(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
