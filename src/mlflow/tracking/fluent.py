"""The fluent interface: logging to an active run without naming it.

This module only holds the names; each subject has a file of its own in ``mlflow.tracking._fluent``.
"""

from __future__ import annotations

import sys
from types import ModuleType

from mlflow.entities.run_status import RunStatus
from mlflow.tracking._fluent.artifacts import (
    get_artifact_uri,
    load_table,
    log_artifact,
    log_artifacts,
    log_dict,
    log_figure,
    log_image,
    log_stream,
    log_table,
    log_text,
)
from mlflow.tracking._fluent.ending import end_run
from mlflow.tracking._fluent.experiments import (
    _get_experiment_id,
    create_experiment,
    delete_experiment,
    delete_experiment_tag,
    get_experiment,
    get_experiment_by_name,
    restore_experiment,
    search_experiments,
    set_experiment,
    set_experiment_tag,
    set_experiment_tags,
)
from mlflow.tracking._fluent.inputs import log_input, log_inputs, log_outputs
from mlflow.tracking._fluent.models import (
    ActiveModel,
    clear_active_model,
    create_external_model,
    delete_logged_model_tag,
    finalize_logged_model,
    get_logged_model,
    initialize_logged_model,
    last_logged_model,
    log_model_params,
    set_active_model,
    set_logged_model_tags,
)
from mlflow.tracking._fluent.registry import (
    register_model,
    search_model_versions,
    search_registered_models,
    set_model_version_tag,
)
from mlflow.tracking._fluent.runs import (
    _get_or_start_run,
    active_run,
    delete_run,
    get_parent_run,
    get_run,
    last_active_run,
    restore_run,
    start_run,
)
from mlflow.tracking._fluent.search import search_logged_models, search_runs
from mlflow.tracking._fluent.stack import ActiveRun
from mlflow.tracking._fluent.stack import active_runs as _active_run_stack
from mlflow.tracking._fluent.state import state as _state
from mlflow.tracking._fluent.values import (
    delete_tag,
    log_metric,
    log_metrics,
    log_param,
    log_params,
    set_tag,
    set_tags,
)
from mlflow.tracking.active_model import get_active_model_id
from mlflow.tracking.async_artifacts import flush_artifact_async_logging
from mlflow.tracking.async_logging import flush_async_logging
from mlflow.tracking.client import MlflowClient, _get_artifact_repo
from mlflow.tracking.stores import _get_store


class _FluentModule(ModuleType):
    """This module's class: old programs read and reset its private experiment id."""

    @property
    def _active_experiment_id(self) -> str | None:
        return _state.experiment_id

    @_active_experiment_id.setter
    def _active_experiment_id(self, value: str | None) -> None:
        _state.experiment_id = value


sys.modules[__name__].__class__ = _FluentModule

__all__ = [
    "ActiveModel",
    "ActiveRun",
    "MlflowClient",
    "RunStatus",
    "_active_run_stack",
    "_get_artifact_repo",
    "_get_experiment_id",
    "_get_or_start_run",
    "_get_store",
    "active_run",
    "clear_active_model",
    "create_experiment",
    "create_external_model",
    "delete_experiment",
    "delete_experiment_tag",
    "delete_logged_model_tag",
    "delete_run",
    "delete_tag",
    "end_run",
    "finalize_logged_model",
    "flush_artifact_async_logging",
    "flush_async_logging",
    "get_active_model_id",
    "get_artifact_uri",
    "get_experiment",
    "get_experiment_by_name",
    "get_logged_model",
    "get_parent_run",
    "get_run",
    "initialize_logged_model",
    "last_active_run",
    "last_logged_model",
    "load_table",
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_input",
    "log_inputs",
    "log_metric",
    "log_metrics",
    "log_model_params",
    "log_outputs",
    "log_param",
    "log_params",
    "log_stream",
    "log_table",
    "log_text",
    "register_model",
    "restore_experiment",
    "restore_run",
    "search_experiments",
    "search_logged_models",
    "search_model_versions",
    "search_registered_models",
    "search_runs",
    "set_active_model",
    "set_experiment",
    "set_experiment_tag",
    "set_experiment_tags",
    "set_logged_model_tags",
    "set_model_version_tag",
    "set_tag",
    "set_tags",
    "start_run",
]
