"""A tracking store as other distributions ship one: in memory, with the recorded methods only."""

import uuid
from collections import defaultdict
from typing import Any

from mlflow.entities import (
    Experiment,
    ExperimentTag,
    LifecycleStage,
    Metric,
    Run,
    RunData,
    RunInfo,
    RunStatus,
    RunTag,
    ViewType,
)
from mlflow.exceptions import RESOURCE_ALREADY_EXISTS, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.tracking.abstract_store import AbstractStore


class PluginStore(AbstractStore):
    """It defines what upstream's class marks as abstract, and nothing more."""

    def __init__(self, store_uri: str | None = None, artifact_uri: str | None = None) -> None:
        """Start empty."""
        super().__init__()
        self.store_uri = store_uri
        self.root = artifact_uri or "/plugin"
        self.experiments: dict[str, Experiment] = {}
        self.runs: dict[str, Run] = {}
        self.points: dict[tuple[str, str], list[Metric]] = defaultdict(list)
        self.create_experiment("Default", None, [])

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = 1000,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        # One on each page.
        found = list(self.experiments.values())
        at = int(page_token or 0)
        return PagedList(found[at : at + 1], str(at + 1) if at + 1 < len(found) else None)

    def create_experiment(  # type: ignore[override]  # the recorded signature
        self, name: str, artifact_location: str | None, tags: list[ExperimentTag]
    ) -> str:
        if any(one.name == name for one in self.experiments.values()):
            raise MlflowException(f"{name} is taken", RESOURCE_ALREADY_EXISTS)
        number = str(len(self.experiments))
        place = artifact_location or f"{self.root}/{number}"
        self.experiments[number] = Experiment(number, name, place, LifecycleStage.ACTIVE, tags)
        return number

    def get_experiment(self, experiment_id: str) -> Experiment:
        return self.experiments[experiment_id]

    def create_run(  # type: ignore[override]  # the recorded signature
        self,
        experiment_id: str,
        user_id: str,
        start_time: int,
        tags: list[RunTag],
        run_name: str,
    ) -> Run:
        run_id = uuid.uuid4().hex
        info = RunInfo(
            run_id, experiment_id, user_id, "RUNNING", start_time, None, "active",
            f"{self.root}/{experiment_id}/{run_id}/artifacts", run_name,
        )  # fmt: skip
        self.runs[run_id] = Run(info, RunData([], [], list(tags)))
        return self.runs[run_id]

    def get_run(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise MlflowException(f"no run {run_id}", RESOURCE_DOES_NOT_EXIST)
        return self.runs[run_id]

    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        old = self.runs[run_id]
        status = RunStatus.to_string(run_status or RunStatus.RUNNING)
        info = RunInfo(
            run_id, old.info.experiment_id, old.info.user_id, status,
            old.info.start_time, end_time, "active", old.info.artifact_uri,
            run_name or old.info.run_name,
        )  # fmt: skip
        self.runs[run_id] = Run(info, old.data)
        return info

    def _search_runs(self, experiment_ids: list[str], *_others: Any) -> Any:
        return [r for r in self.runs.values() if r.info.experiment_id in experiment_ids], None

    def log_batch(self, run_id: str, metrics: Any, params: Any, tags: Any) -> None:
        old = self.runs[run_id]
        for point in metrics:
            self.points[run_id, point.key].append(point)
        latest = [self.points[owner, key][-1] for owner, key in self.points if owner == run_id]
        all_params = {**old.data.params, **{p.key: p.value for p in params}}
        all_tags = {**old.data.tags, **{t.key: t.value for t in tags}}
        as_tags = [RunTag(*pair) for pair in all_tags.items()]
        param_tags: Any = [RunTag(*pair) for pair in all_params.items()]
        self.runs[run_id] = Run(old.info, RunData(latest, param_tags, as_tags))

    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[Metric]:
        return PagedList(self.points[run_id, metric_key], None)
