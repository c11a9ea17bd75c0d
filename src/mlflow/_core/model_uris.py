"""What a ``models:`` URI names: a logged model, or a version of a registered one, and a path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mlflow._core.paths import relative_path
from mlflow._core.registry_names import LATEST
from mlflow.exceptions import MlflowException

SCHEME: Final = "models"
_REST: Final = re.compile(r"models:(?:///|/+(?!/))?(.*)", re.IGNORECASE | re.DOTALL)
_MODEL_ID: Final = re.compile(r"m-[^/@]+")
_WITH_ALIAS: Final = re.compile(r"([^/]+)@([^/@]+)(?:/(.*))?", re.DOTALL)
_WITH_SUFFIX: Final = re.compile(r"([^/]+)/([^/]+)(?:/(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ModelUri:
    """A parsed URI; of the model id and the name exactly one is there.

    Attributes:
        model_id: The logged model.
        name: The registered model.
        version: Its version.
        alias: The alias that names the version; ``latest`` for the newest.
        stage: The stage whose newest version is meant.
        path: A path below the model's folder, "" for all of it.
    """

    model_id: str | None = None
    name: str | None = None
    version: str | None = None
    alias: str | None = None
    stage: str | None = None
    path: str = ""

    @property
    def root(self) -> str:
        """The URI of the model itself, without a path in it."""
        if self.model_id is not None:
            return f"{SCHEME}:/{self.model_id}"
        suffix = f"@{self.alias}" if self.alias else f"/{self.version or self.stage}"
        return f"{SCHEME}:/{self.name}{suffix}"


def parse_model_uri(uri: str) -> ModelUri:
    """Return what a ``models:`` URI names.

    Args:
        uri: ``models:/m-…``, ``models:/name/version``, ``models:/name/stage``,
            ``models:/name/latest`` or ``models:/name@alias``, each with a path behind if wanted.

    Raises:
        MlflowException: it is of another form.
    """
    match = _REST.fullmatch(uri)
    rest = match.group(1).rstrip("/") if match and uri[7:8] == "/" else ""
    if uri[7:9] == "//" and uri[9:10] != "/":
        rest = ""  # a host, which no registry of a URI is
    head, _, tail = rest.partition("/")
    if _MODEL_ID.fullmatch(head):
        return ModelUri(model_id=head, path=_path(uri, tail))
    if found := _WITH_ALIAS.fullmatch(rest):
        return ModelUri(name=found[1], alias=found[2], path=_path(uri, found[3]))
    if found := _WITH_SUFFIX.fullmatch(rest):
        name, suffix, path = found[1], found[2], _path(uri, found[3])
        if suffix.isascii() and suffix.isdigit():
            return ModelUri(name=name, version=suffix, path=path)
        if suffix.lower() == LATEST:
            return ModelUri(name=name, alias=LATEST, path=path)
        return ModelUri(name=name, stage=suffix, path=path)
    if rest and "@" not in rest:
        return ModelUri(model_id=rest)
    raise MlflowException.invalid_parameter_value(
        f"Not a proper models:/ URI: {uri}. Models URIs are of the form 'models:/m-<id>',"
        " 'models:/<name>/<version>', 'models:/<name>/<stage>', 'models:/<name>/latest' or"
        " 'models:/<name>@<alias>'."
    )


def _path(uri: str, path: str | None) -> str:
    if path and any(mark in path for mark in "?#"):
        raise MlflowException.invalid_parameter_value(
            f"The artifact URI {uri!r} has a query or fragment, which artifacts have not."
        )
    return relative_path(path or "")
