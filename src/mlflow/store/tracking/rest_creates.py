"""Creating over a network that loses answers: nothing is made twice.

Our server keeps the key of each create for a day and answers a repeated one with what it made. To
other servers a create goes once; when its answer is lost, what it made is looked up, by its name
or by a tag that it carries, before it goes again.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from mlflow._core.clock import sleep
from mlflow._core.ids import new_run_id, new_uuid
from mlflow._core.retry import backoff
from mlflow._core.tags import HEADRACE_REQUEST_ID
from mlflow._http import patience
from mlflow._http.errors import TransportError
from mlflow._wire import messages as m
from mlflow.entities.run import Run
from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_MAX_RETRIES
from mlflow.exceptions import MlflowException
from mlflow.store.entities.request_key import IdempotencyKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.entities.experiment import Experiment
    from mlflow.entities.logged_model import LoggedModel
    from mlflow.store.tracking.rest_client import RestClient


T = TypeVar("T")
E = TypeVar("E", Run, "LoggedModel")

_LONGEST_WAIT_SECONDS: Final = 60.0


def create_experiment(
    client: RestClient,
    request: m.CreateExperiment,
    find_by_name: Callable[[str], Experiment | None],
) -> str:
    """Create an experiment and return its id."""

    def find() -> str | None:
        found = find_by_name(request.name or "")
        return None if found is None else found.experiment_id

    def create() -> str:
        made = client.call(
            "create_experiment", request, m.CreateExperimentResponse, is_repeatable=is_keyed
        )
        return made.experiment_id or ""

    is_keyed = client.is_ours()
    return _keyed(client, create) if is_keyed else _careful(create, find)


def create_run(client: RestClient, request: m.CreateRun) -> m.Run:
    """Create a run."""

    def find() -> m.Run | None:
        asked = m.SearchRuns(
            experiment_ids=[request.experiment_id or ""],
            filter=_tag_filter(mark),
            run_view_type="ALL",
            max_results=1,
        )
        found = client.call("search_runs", asked, m.SearchRunsResponse).runs
        return found[0] if found else None

    def create() -> m.Run:
        made = client.call("create_run", request, m.RunResponse, is_repeatable=is_keyed)
        return made.run or m.Run()

    is_keyed = client.is_ours()
    mark = request.run_id = new_run_id() if request.run_id is None else request.run_id
    if is_keyed:
        return _keyed(client, create)
    request.tags = [*request.tags, m.KeyValue(key=HEADRACE_REQUEST_ID, value=mark)]
    return _careful(create, find)


def create_logged_model(client: RestClient, request: m.CreateLoggedModel) -> m.LoggedModel:
    """Create a logged model."""

    def find() -> m.LoggedModel | None:
        asked = m.SearchLoggedModels(
            experiment_ids=[request.experiment_id or ""], filter=_tag_filter(mark), max_results=1
        )
        found = client.call("search_logged_models", asked, m.SearchLoggedModelsResponse).models
        return found[0] if found else None

    def create() -> m.LoggedModel:
        made = client.call(
            "create_logged_model", request, m.LoggedModelResponse, is_repeatable=is_keyed
        )
        return made.model or m.LoggedModel()

    is_keyed = client.is_ours()
    if is_keyed:
        return _keyed(client, create)
    mark = new_uuid()
    request.tags = [*request.tags, m.KeyValue(key=HEADRACE_REQUEST_ID, value=mark)]
    return _careful(create, find)


def without_request_id(made: E) -> E:
    """Return a run or a logged model without the tag by which it is found again."""
    tags = made.data.tags if isinstance(made, Run) else made.tags
    tags.pop(HEADRACE_REQUEST_ID, None)
    return made


def _tag_filter(mark: str) -> str:
    return f"tags.`{HEADRACE_REQUEST_ID}` = '{mark}'"


def _keyed(client: RestClient, create: Callable[[], T]) -> T:
    if client.has_key():
        return create()
    with client.keyed(IdempotencyKey(new_uuid())):
        return create()


def _careful(create: Callable[[], T], find: Callable[[], T | None]) -> T:
    """Create something; when the answer is lost, look for it before another try."""
    is_doubtful = False
    waits = backoff(first=0.2, longest=_LONGEST_WAIT_SECONDS)
    for wait in islice(waits, MLFLOW_HTTP_REQUEST_MAX_RETRIES.get()):
        try:
            return create()
        except MlflowException as error:
            is_lost = isinstance(error, TransportError) and error.maybe_done
            is_doubtful = is_doubtful or is_lost
            found = find() if is_doubtful else None
            if found is not None:
                return found
            if not is_lost or patience.is_over():
                raise
        sleep(wait)
    return create()
