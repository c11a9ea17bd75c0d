"""Bringing the weights of a model that names a repository into the model itself."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.load import flavor_conf
from mlflow.models.changing import change_files
from mlflow.models.choke import reading_from
from mlflow.models.location import MLMODEL_FILE, find_place
from mlflow.models.model import Model
from mlflow.transformers.flavor import FLAVOR
from mlflow.transformers.reading import components
from mlflow.transformers.writing import COMPONENTS, MODEL, write_model, write_part

if TYPE_CHECKING:
    from collections.abc import Mapping

_logger = logging.getLogger(__name__)
_REFERENCES: Final = ("_name", "_revision", "local_base_model_path")
_SOURCE: Final = "source_model_name"  # where the weights come from is said all the same


def persist_pretrained_model(model_uri: str) -> None:
    """Put the weights that a model's MLmodel only names into the model's own files.

    Args:
        model_uri: The model: ``models:/m-…``, ``runs:/…``, a path.

    Raises:
        MlflowException: there is no such model, its weights cannot be found, or its files cannot
            be changed: it is a version of a registered model, or signed by another.
    """
    origin = find_place(model_uri).origin
    with tempfile.TemporaryDirectory(prefix="headrace-") as work:

        def change(folder: Path) -> Mapping[str, str | Path]:
            with reading_from(origin):
                return _brought_in(folder, Path(work))

        change_files(model_uri, (MLMODEL_FILE,), change)


def _brought_in(folder: Path, work: Path) -> Mapping[str, str | Path]:
    """Write what a model names into a folder; return it by its places in the model."""
    conf = flavor_conf(FLAVOR, folder)
    if conf.get("model_binary"):
        _logger.warning("The weights are part of the model already; nothing is done.")
        return {}
    found = components(folder, conf, {}, only_named=True)
    told = write_model(work, found.pop("model"))
    for name, part in found.items():
        write_part(work, name, part)
    meta = Model.load(folder / MLMODEL_FILE)
    meta.flavors[FLAVOR.name] = {**_without_references(conf), **told}
    places = [MODEL, *(f"{COMPONENTS}/{name}" for name in found)]
    return {MLMODEL_FILE: meta.to_yaml(), **{place: work / place for place in places}}


def _without_references(conf: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in conf.items() if key == _SOURCE or not key.endswith(_REFERENCES)
    }
