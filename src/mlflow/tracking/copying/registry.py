"""Copies registered models with their versions, tags and aliases from one registry to another.

A version of the target carries, in a tag, which version it was made from, so that a copy can be
made again. What names a run or a logged model follows to what that became in the target. A model
that is not in the target keeps the numbers of its versions; one that is there gets the versions as
its next ones, and keeps the aliases that it has given to versions of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mlflow._core.model_uris import SCHEME, parse_model_uri
from mlflow._core.tags import HEADRACE_COPY_OF, MLFLOW_PROMPT_IS_PROMPT
from mlflow._core.uri import join_uri, scheme_of
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
from mlflow.exceptions import MlflowException
from mlflow.store.model_registry.evidence import LOCATION
from mlflow.tracking.copying.notes import MODEL, REGISTERED, RUN, Notes
from mlflow.tracking.copying.side import all_pages

if TYPE_CHECKING:
    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.registered_model import RegisteredModel
    from mlflow.store.model_registry.abstract_store import AbstractStore
    from mlflow.tracking.copying.side import Side

_PAGE: Final = 100
_ABSENT: Final = ("NOT_IMPLEMENTED", "ENDPOINT_NOT_FOUND")
# What a target says of a source that it does not have, or does not open.
_REFUSED: Final = ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST")
_RUN_URI: Final = re.compile(r"runs:/+([^/]+)/(.+)", re.IGNORECASE)
_NO_STAGE: Final = (None, "", "None")


@dataclass
class CopiedModels:
    """How much a copy wrote, and what it could not."""

    models: int = 0
    versions: int = 0
    aliases: int = 0
    left_out: list[str] = field(default_factory=list)


class RegistryCopier:
    """One copy from a registry to another."""

    def __init__(
        self, source: AbstractStore, target: AbstractStore, runs: Side, notes: Notes
    ) -> None:
        """Prepare a copy.

        Args:
            source: Where from.
            target: Where to.
            runs: The source's store of runs.
            notes: What was copied before, the runs and logged models among it.
        """
        self._source = source
        self._target = target
        self._runs = runs
        self._notes = notes
        self._made: dict[tuple[str, str], str] = {}  # by name and version of the source
        self.copied = CopiedModels()

    def copy(self) -> CopiedModels:
        """Copy all registered models; versions in the order in which they were made.

        Raises:
            MlflowException: a registry refuses, or cannot be reached; run the same copy again.
        """
        models = {model.name: model for model in self._models()}
        for model in models.values():
            self._model(model)
        versions = [one for one in self._versions() if one.name in models]
        for version in sorted(versions, key=lambda one: (one.creation_timestamp, _number(one))):
            self._version(version)
        for model in models.values():
            self._aliases(model)
        return self.copied

    def _models(self) -> list[RegisteredModel]:
        search = self._source.search_registered_models
        try:
            found = list(all_pages(lambda token: search("", _PAGE, None, token)))
        except MlflowException as error:
            if error.error_code in _ABSENT:
                return []
            raise
        return [model for model in found if MLFLOW_PROMPT_IS_PROMPT not in model.tags]

    def _versions(self) -> list[ModelVersion]:
        search = self._source.search_model_versions
        return list(all_pages(lambda token: search("", _PAGE, None, token)))

    def _model(self, model: RegisteredModel) -> None:
        """See to it that a registered model is in the target, and learn which versions it has."""
        try:
            found = self._target.get_registered_model(model.name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            tags = [RegisteredModelTag(key, value) for key, value in model.tags.items()]
            self._target.create_registered_model(model.name, tags, model.description)
            self._notes.add(REGISTERED, model.name, model.name)
            self.copied.models += 1
            return
        for key, value in model.tags.items():
            if key not in found.tags:
                self._target.set_registered_model_tag(model.name, RegisteredModelTag(key, value))
        if model.description and not found.description:
            self._target.update_registered_model(model.name, model.description)
        search, filter_string = self._target.search_model_versions, _by_name(model.name)
        for version in all_pages(lambda token: search(filter_string, _PAGE, None, token)):
            origin = version.tags.get(HEADRACE_COPY_OF)
            if origin and version.name == model.name and _has(self._source, model.name, origin):
                self._made[model.name, origin.partition("@")[0]] = str(version.version)

    def _came_from(self, version: ModelVersion) -> str | None:
        """Return the version of the target that a version of the source was copied from."""
        origin = version.tags.get(HEADRACE_COPY_OF, "")
        number = origin.partition("@")[0]
        return number if origin and _has(self._target, version.name, origin) else None

    def _version(self, version: ModelVersion) -> None:
        """See to it that a version is in the target, with its tags, description and stage."""
        name, number = version.name, self._made.get((version.name, str(version.version)))
        if number is None:
            number = self._came_from(version)
        if number is None:
            number = self._create(version)
            if number is None:
                return
            self.copied.versions += 1
        self._made[name, str(version.version)] = number
        there = self._target.get_model_version(name, number)
        for key, value in version.tags.items():
            if there.tags.get(key) != value and key != HEADRACE_COPY_OF:
                self._target.set_model_version_tag(name, number, ModelVersionTag(key, value))
        if version.description and there.description != version.description:
            self._target.update_model_version(name, number, version.description)
        stage = version.current_stage
        if stage not in _NO_STAGE and stage != there.current_stage:
            self._target.transition_model_version_stage(name, number, str(stage), False)

    def _create(self, version: ModelVersion) -> str | None:
        """Return the number of the version that was made; None where the target refuses it."""
        tags = {**version.tags, HEADRACE_COPY_OF: _origin(version)}
        where = self._where(version)
        model_id = parse_model_uri(where).model_id if scheme_of(where) == SCHEME else None
        try:
            while True:
                made = self._target.create_model_version(
                    version.name,
                    where,
                    version.run_id and (self._notes.find(RUN, version.run_id) or version.run_id),
                    [ModelVersionTag(key, value) for key, value in tags.items()],
                    version.run_link,
                    version.description,
                    model_id=model_id,
                )
                is_own = self._notes.find(REGISTERED, version.name) is not None
                if not is_own or _number(made) >= _number(version):
                    return str(made.version)
                # A version was deleted in the source: its number stays unused here too.
                self._target.delete_model_version(made.name, made.version)
        except MlflowException as error:
            if error.error_code not in _REFUSED:
                raise
            self.copied.left_out.append(f"{version.name}/{version.version}: {error.message}")
            return None

    def _where(self, version: ModelVersion) -> str:
        """Return a version's source as the target knows it."""
        source = str(version.source)
        if scheme_of(source) == SCHEME:
            named = parse_model_uri(source)
            if named.model_id is not None:
                return self._logged(named.model_id) or source
            number = self._made.get((str(named.name), str(named.version)))
            return f"{SCHEME}:/{named.name}/{number}" if number else source
        if match := _RUN_URI.fullmatch(source):
            return f"runs:/{self._notes.find(RUN, match[1]) or match[1]}/{match[2]}"
        if match := LOCATION.search(source):
            return self._logged(match[1]) or source
        return self._in_run(version, source) or source

    def _logged(self, model_id: str) -> str | None:
        found = self._notes.find(MODEL, model_id)
        return f"{SCHEME}:/{found}" if found else None

    def _in_run(self, version: ModelVersion, source: str) -> str | None:
        """Return the URI of an artifact of the version's run; None where it is none."""
        run_id = version.run_id and self._notes.find(RUN, version.run_id)
        if not run_id:
            return None
        root = join_uri(str(self._runs.store.get_run(str(version.run_id)).info.artifact_uri), "")
        inner = source.removeprefix(root.rstrip("/") + "/")
        return f"runs:/{run_id}/{inner}" if inner != source else None

    def _aliases(self, model: RegisteredModel) -> None:
        """Let aliases name what they name in the source, but those that the target gave itself."""
        name = model.name
        have = {alias: str(v) for alias, v in self._aliases_there(name).items()}
        copies = {number for (owner, _), number in self._made.items() if owner == name}
        for alias, number in self._source.get_registered_model(name).aliases.items():
            wanted = self._made.get((name, str(number)))
            if wanted is None or have.get(alias) == wanted:
                continue
            if alias in have and have[alias] not in copies:
                self.copied.left_out.append(
                    f"{name}@{alias}: it names version {have[alias]} of the target's own"
                )
                continue
            self._target.set_registered_model_alias(name, alias, wanted)
            self.copied.aliases += 1

    def _aliases_there(self, name: str) -> dict[str, int | str]:
        return self._target.get_registered_model(name).aliases


def _number(version: ModelVersion) -> int:
    return int(version.version)


def _origin(version: ModelVersion) -> str:
    """Return what tells a version from those of the same number in other registries."""
    return f"{version.version}@{version.creation_timestamp}"


def _has(registry: AbstractStore, name: str, origin: str) -> bool:
    """Return whether a registry has the version that a copy names as its origin."""
    try:
        return _origin(registry.get_model_version(name, origin.partition("@")[0])) == origin
    except MlflowException as error:
        if error.error_code in _REFUSED:
            return False
        raise


def _by_name(name: str) -> str:
    """Return the filter for a name; a name that no quotes fit is found among all versions."""
    quote = next((quote for quote in "'\"" if quote not in name), None)
    return f"name = {quote}{name}{quote}" if quote else ""
