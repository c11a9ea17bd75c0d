"""Register models and find them, without a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._core.lazy import not_built
from mlflow._core.model_uris import SCHEME, parse_model_uri
from mlflow._core.uri import join_uri, scheme_of
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.model_registry import (
    SEARCH_MODEL_VERSION_MAX_RESULTS_THRESHOLD,
    SEARCH_REGISTERED_MODEL_MAX_RESULTS_THRESHOLD,
)
from mlflow.tracking._fluent.state import logger
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.journal.artifacts import artifacts_of_run
from mlflow.tracking.registry_client import AWAIT_SECONDS
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.registered_model import RegisteredModel
    from mlflow.store.entities.paged_list import PagedList

    T = TypeVar("T")

_RUNS: Final = "runs"


def register_model(
    model_uri: str,
    name: str,
    await_registration_for: int | None = AWAIT_SECONDS,
    *,
    tags: dict[str, Any] | None = None,
    env_pack: Any = None,
) -> ModelVersion:
    """Make a version of a registered model, which is created if need be, of a model.

    Args:
        model_uri: ``models:/m-…``, ``runs:/<run id>/<name or path>``, or a location.
        name: The registered model.
        await_registration_for: Seconds to wait until it is ready; 0 or None for not at all.
        tags: Tags of the version.
        env_pack: Not supported: it packs environments for a service of Databricks.

    Raises:
        MlflowException: there is no such model, or its files are not whole.
    """
    if env_pack is not None:
        raise not_built("register_model(env_pack=…)")
    client = MlflowClient()
    client.ensure_registered_model(name)
    source, run_id, model_id = _source_of(client, str(model_uri))
    version = client.create_model_version(
        name,
        source,
        run_id,
        tags,
        await_creation_for=await_registration_for,
        model_id=model_id,
    )
    logger.info("Created version '%s' of model '%s'.", version.version, version.name)
    return version


def _source_of(client: MlflowClient, uri: str) -> tuple[str, str | None, str | None]:
    """Return the source of a version, the run and the logged model that it comes from."""
    if scheme_of(uri) == SCHEME:
        model_id = parse_model_uri(uri).model_id
        if model_id is None:
            return uri, None, None
        return uri, client.get_logged_model(model_id).source_run_id, model_id
    if scheme_of(uri) != _RUNS:
        return uri, None, None
    run_id, _, path = uri.partition(":")[2].strip("/").partition("/")
    run = client.get_run(run_id)
    outputs = run.outputs.model_outputs if run.outputs else []
    models = [client.get_logged_model(output.model_id) for output in outputs]
    named = [model for model in models if model.name == path]
    if named:
        newest = max(named, key=lambda model: model.creation_timestamp)
        return newest.model_uri, run_id, newest.model_id
    repository = artifacts_of_run(_get_store(), run_id)
    if path and repository.list_artifacts(path):
        return join_uri(str(run.info.artifact_uri), path), run_id, None
    raise MlflowException(
        f"Unable to find a logged_model with artifact_path {path} under run {run_id}",
        RESOURCE_DOES_NOT_EXIST,
    )


def search_registered_models(
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
) -> list[RegisteredModel]:
    """Return the registered models that a filter selects.

    Args:
        max_results: How many at most; all when None.
        filter_string: Such as ``"name LIKE 'fraud%' AND tags.team = 'risk'"``.
        order_by: Clauses such as ``"name DESC"``.
    """
    search = MlflowClient().search_registered_models
    return _all_pages(
        lambda most, token: search(filter_string, most, order_by, token),
        max_results,
        SEARCH_REGISTERED_MODEL_MAX_RESULTS_THRESHOLD,
    )


def search_model_versions(
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
) -> list[ModelVersion]:
    """Return the versions of registered models that a filter selects.

    Args:
        max_results: How many at most; all when None.
        filter_string: Such as ``"name = 'fraud' AND version_number > 3"``.
        order_by: Clauses such as ``"version_number DESC"``.
    """
    search = MlflowClient().search_model_versions
    return _all_pages(
        lambda most, token: search(filter_string, most, order_by, token),
        max_results,
        SEARCH_MODEL_VERSION_MAX_RESULTS_THRESHOLD,
    )


def _all_pages(
    search: Callable[[int, str | None], PagedList[T]], wanted: int | None, longest: int
) -> list[T]:
    found: list[T] = []
    token: str | None = None
    while True:
        left = longest if wanted is None else min(longest, wanted - len(found))
        page = search(left, token)
        found += page
        token = page.token
        if not token or (wanted is not None and len(found) >= wanted):
            return found


def set_model_version_tag(
    name: str, version: str | None = None, key: str | None = None, value: Any = None
) -> None:
    """Set a tag of a version; the value is kept as text."""
    MlflowClient().set_model_version_tag(name, version, key, value)
