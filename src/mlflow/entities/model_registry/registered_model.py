"""A name under which versions of a model are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow.entities._entity import ByValue, ReadOnly
from mlflow.entities.model_registry.model_version import WORKSPACE, ModelVersion, by_key

if TYPE_CHECKING:
    from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
    from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag


class RegisteredModel(ByValue):
    """A registered model: its description, tags and aliases, and the newest of each stage."""

    __slots__ = (
        "_aliases",
        "_creation_timestamp",
        "_deployment_job_id",
        "_deployment_job_state",
        "_description",
        "_last_updated_timestamp",
        "_latest_versions",
        "_name",
        "_tags",
        "_workspace",
    )

    def __init__(
        self,
        name: str,
        creation_timestamp: int | None = None,
        last_updated_timestamp: int | None = None,
        description: str | None = None,
        latest_versions: list[ModelVersion] | None = None,
        tags: list[RegisteredModelTag] | None = None,
        aliases: list[RegisteredModelAlias] | None = None,
        deployment_job_id: str | None = None,
        deployment_job_state: str | None = None,
        workspace: str | None = None,
    ) -> None:
        self._name = name
        self._creation_timestamp = creation_timestamp
        self._last_updated_timestamp = last_updated_timestamp
        self._description = description
        self._latest_versions = latest_versions or []
        self._tags = by_key(tags)
        self._aliases = {one.alias: one.version for one in aliases or ()}
        self._deployment_job_id = deployment_job_id
        self._deployment_job_state = deployment_job_state
        self._workspace = workspace or WORKSPACE

    name = ReadOnly[str]("_name", "The name, unique.")
    creation_timestamp = ReadOnly["int | None"](
        "_creation_timestamp", "Milliseconds since 1970, UTC."
    )
    last_updated_timestamp = ReadOnly["int | None"](
        "_last_updated_timestamp", "Milliseconds since 1970, UTC."
    )
    description = ReadOnly["str | None"]("_description", "A free text.")
    latest_versions = ReadOnly["list[ModelVersion]"](
        "_latest_versions", "The newest version of each stage."
    )
    tags = ReadOnly["dict[str, str]"]("_tags", "The tags by key.")
    aliases = ReadOnly["dict[str, int | str]"]("_aliases", "The version that each alias names.")
    deployment_job_id = ReadOnly["str | None"]("_deployment_job_id", "Its deployment job.")
    deployment_job_state = ReadOnly["str | None"](
        "_deployment_job_state", "How that job is connected."
    )
    workspace = ReadOnly[str]("_workspace", "Always the default one.")
