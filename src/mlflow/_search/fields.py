"""The tables of fields: all that differs between searching runs, experiments and logged models."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from mlflow._search.ast import Field, FieldKind, ValueType

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT: Final = ValueType.TEXT
_NUMBER: Final = ValueType.NUMBER

_ATTRIBUTES: Final = dict.fromkeys(("attributes", "attribute", "attr"), FieldKind.ATTRIBUTE)
_METRICS: Final = dict.fromkeys(("metrics", "metric"), FieldKind.METRIC)
_PARAMS: Final = dict.fromkeys(("params", "parameters", "param", "parameter"), FieldKind.PARAM)
_TAGS: Final = dict.fromkeys(("tags", "tag"), FieldKind.TAG)
_DATASETS: Final = dict.fromkeys(("datasets", "dataset"), FieldKind.DATASET)


@dataclass(frozen=True)
class FieldTable:
    """What can be searched by and ordered by, and under which names.

    Attributes:
        subject: What is searched, in the plural, as error messages say it.
        prefixes: Every spelling of a prefix, the usual one first within a kind.
        attributes: Every spelling of an attribute: its canonical name and type.
        orderable: The kinds an ordering may name.
        dataset_keys: The fields of the prefix ``datasets``.
        aggregates: Whether an ordering may name ``min:metrics.loss`` and ``max:metrics.loss``.
        repeats: Whether an ordering may name a field again, which changes nothing.
        loose_text: Whether a bare word or a number stands for the text it is written as.
        quoted_numbers: Whether a number may stand in quotes.
    """

    subject: str
    prefixes: Mapping[str, FieldKind]
    attributes: Mapping[str, tuple[str, ValueType]]
    orderable: frozenset[FieldKind]
    dataset_keys: tuple[str, ...] = ()
    aggregates: bool = False
    repeats: bool = False
    loose_text: bool = False
    quoted_numbers: bool = False

    def kind(self, prefix: str) -> FieldKind | None:
        """Return the kind a prefix names, or None."""
        return self.prefixes.get(prefix)

    def field(self, kind: FieldKind, key: str) -> Field | None:
        """Return the field of this kind and key, or None when an attribute is unknown."""
        if kind is FieldKind.METRIC:
            return Field(kind, key, _NUMBER)
        if kind is FieldKind.ATTRIBUTE:
            known = self.attributes.get(key)
            return known and Field(kind, *known)
        if kind is FieldKind.DATASET and key not in self.dataset_keys:
            return None
        return Field(kind, key, _TEXT)

    def names(self, kind: FieldKind) -> list[str]:
        """Return the canonical names an attribute or dataset field can have."""
        if kind is FieldKind.DATASET:
            return list(self.dataset_keys)
        return sorted({name for name, _ in self.attributes.values()})

    def suggestion(self, kind: FieldKind, key: str) -> str | None:
        """Return the name that an unknown one probably stands for, or None."""
        names = self.names(kind)
        folded = key.lower().replace(" ", "_")
        close = get_close_matches(folded, names, 1, 0.6)
        return close[0] if close else None

    def prefix_suggestion(self, prefix: str) -> str | None:
        """Return the prefix that an unknown one probably stands for, or None."""
        close = get_close_matches(prefix.lower(), self.prefixes, 1, 0.6)
        return close[0] if close else None


_RUN_NAME: Final = ("run_name", _TEXT)
_START_TIME: Final = ("start_time", _NUMBER)

RUNS: Final = FieldTable(
    subject="runs",
    prefixes=_ATTRIBUTES | {"run": FieldKind.ATTRIBUTE} | _METRICS | _PARAMS | _TAGS | _DATASETS,
    attributes={
        "run_id": ("run_id", _TEXT),
        "run_name": _RUN_NAME,
        "run name": _RUN_NAME,
        "Run name": _RUN_NAME,
        "Run Name": _RUN_NAME,
        "status": ("status", _TEXT),
        "user_id": ("user_id", _TEXT),
        "artifact_uri": ("artifact_uri", _TEXT),
        "start_time": _START_TIME,
        "created": _START_TIME,
        "Created": _START_TIME,
        "end_time": ("end_time", _NUMBER),
        "duration": ("duration", _NUMBER),
    },
    orderable=frozenset({FieldKind.ATTRIBUTE, FieldKind.METRIC, FieldKind.PARAM, FieldKind.TAG}),
    dataset_keys=("name", "digest", "context"),
    aggregates=True,
)

EXPERIMENTS: Final = FieldTable(
    subject="experiments",
    prefixes=_ATTRIBUTES | {"experiment": FieldKind.ATTRIBUTE} | _TAGS,
    attributes={
        "experiment_id": ("experiment_id", ValueType.ID),
        "name": ("name", _TEXT),
        "creation_time": ("creation_time", _NUMBER),
        "last_update_time": ("last_update_time", _NUMBER),
    },
    orderable=frozenset({FieldKind.ATTRIBUTE}),
    repeats=True,
)

_CREATION: Final = ("creation_timestamp", _NUMBER)
_UPDATE: Final = ("last_updated_timestamp", _NUMBER)

LOGGED_MODELS: Final = FieldTable(
    subject="logged models",
    prefixes=_ATTRIBUTES | _METRICS | _PARAMS | _TAGS,
    attributes={
        "name": ("name", _TEXT),
        "model_id": ("model_id", _TEXT),
        "model_type": ("model_type", _TEXT),
        "status": ("status", _TEXT),
        "status_message": ("status_message", _TEXT),
        "source_run_id": ("source_run_id", _TEXT),
        "experiment_id": ("experiment_id", ValueType.ID),
        "artifact_location": ("artifact_location", _TEXT),
        "lifecycle_stage": ("lifecycle_stage", _TEXT),
        "creation_timestamp": _CREATION,
        "creation_timestamp_ms": _CREATION,
        "creation_time": _CREATION,
        "last_updated_timestamp": _UPDATE,
        "last_updated_timestamp_ms": _UPDATE,
        "last_updated_time": _UPDATE,
    },
    orderable=frozenset({FieldKind.ATTRIBUTE, FieldKind.METRIC}),
    loose_text=True,
)

_REGISTRY_TIMES: Final = {
    "creation_timestamp": _CREATION,
    "creation_time": _CREATION,
    "last_updated_timestamp": _UPDATE,
    "last_updated_time": _UPDATE,
}

REGISTERED_MODELS: Final = FieldTable(
    subject="registered models",
    prefixes=_ATTRIBUTES | _TAGS,
    attributes={
        "name": ("name", _TEXT),
        "description": ("description", _TEXT),
        "timestamp": _UPDATE,
        **_REGISTRY_TIMES,
    },
    orderable=frozenset({FieldKind.ATTRIBUTE, FieldKind.TAG}),
)

_STAGE: Final = ("current_stage", _TEXT)

MODEL_VERSIONS: Final = FieldTable(
    subject="model versions",
    prefixes=_ATTRIBUTES | _TAGS,
    attributes={
        "name": ("name", _TEXT),
        "version_number": ("version_number", _NUMBER),
        "version": ("version_number", _NUMBER),
        "run_id": ("run_id", _TEXT),
        "source_path": ("source_path", _TEXT),
        "source": ("source_path", _TEXT),
        "description": ("description", _TEXT),
        "current_stage": _STAGE,
        "stage": _STAGE,
        "status": ("status", _TEXT),
        **_REGISTRY_TIMES,
    },
    orderable=frozenset({FieldKind.ATTRIBUTE, FieldKind.TAG}),
    quoted_numbers=True,
)
