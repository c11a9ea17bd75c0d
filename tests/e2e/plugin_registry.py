"""A model registry as other distributions ship one: in memory, with some of the methods only."""

from __future__ import annotations

from typing import Any

from mlflow.entities.model_registry import (
    ModelVersion,
    ModelVersionTag,
    RegisteredModel,
    RegisteredModelAlias,
    RegisteredModelTag,
)
from mlflow.exceptions import RESOURCE_ALREADY_EXISTS, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.model_registry.abstract_store import AbstractStore


class PluginRegistry(AbstractStore):
    """Models, versions and aliases; no tags, stages, history or evidence."""

    def __init__(self, store_uri: str | None = None, tracking_uri: str | None = None) -> None:
        """Start empty."""
        super().__init__(store_uri, tracking_uri)
        self.versions: dict[str, list[ModelVersion]] = {}
        self.aliases: dict[str, dict[str, str]] = {}

    def create_registered_model(
        self,
        name: str,
        tags: list[RegisteredModelTag] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        if name in self.versions:
            raise MlflowException(f"{name} is taken", RESOURCE_ALREADY_EXISTS)
        self.versions[name], self.aliases[name] = [], {}
        return self.get_registered_model(name)

    def get_registered_model(self, name: str) -> RegisteredModel:
        if name not in self.versions:
            raise MlflowException(f"no model {name}", RESOURCE_DOES_NOT_EXIST)
        aliases = [RegisteredModelAlias(*pair) for pair in self.aliases[name].items()]
        return RegisteredModel(name, 1, latest_versions=self.versions[name][-1:], aliases=aliases)

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: list[ModelVersionTag] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        local_model_path: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        number = str(len(self.versions[name]) + 1)
        made = ModelVersion(name, number, 1, source=source, run_id=run_id, model_id=model_id)
        self.versions[name].append(made)
        return made

    def get_model_version(self, name: str, version: str | int) -> ModelVersion:
        return self.versions[name][int(version) - 1]

    def get_model_version_download_uri(self, name: str, version: str | int) -> str:
        return str(self.get_model_version(name, version).source)

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        found: list[Any] = [one for versions in self.versions.values() for one in versions]
        return PagedList(found, None)

    def set_registered_model_alias(self, name: str, alias: str, version: str | int) -> None:
        self.aliases[name][alias] = str(version)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        return self.get_model_version(name, self.aliases[name][alias])
