"""The arguments of the flavors' public functions: one table, and layouts that name their order.

A layout is a line of argument names. Capitals stand for several: ``MODEL`` for the flavor's model,
``OWN`` for its own arguments in the order of its table, the others for the groups below.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.spec import REQUIRED, Argument
from mlflow.models.model import Model
from mlflow.models.signature import ModelSignature

if TYPE_CHECKING:
    from mlflow._flavor.spec import Flavor

_GROUPS: Final = {
    "ENV": "conda_env code_paths",
    "EXAMPLE": "signature input_example",
    "PIP": "pip_requirements extra_pip_requirements",
    "LOGGED": "name params tags model_type step model_id",
}
_PATH: Final = str | os.PathLike[str]
_DICT: Final = dict[str, Any] | None
_PATHS: Final = list[str] | None
_TEXT: Final = str | None

ARGUMENTS: Final = {
    "path": Argument(REQUIRED, _PATH, "The folder; empty, or not there yet."),
    "conda_env": Argument(None, Any, "A conda environment, as a dictionary or a file."),
    "code_paths": Argument(None, _PATHS, "Files and folders of Python code that it imports."),
    "mlflow_model": Argument(None, Model | None, "The MLmodel to fill in."),
    "signature": Argument(
        None,
        ModelSignature | bool | None,
        "The signature; by default it is inferred from the example; False leaves it out.",
    ),
    "input_example": Argument(None, Any, "An example of the input."),
    "pip_requirements": Argument(None, Any, "What it needs, instead of what is inferred."),
    "extra_pip_requirements": Argument(None, Any, "What it needs besides."),
    "metadata": Argument(None, _DICT, "What you want to say about the model."),
    "extra_files": Argument(None, _PATHS, "Further files for the folder."),
    "artifact_path": Argument(None, _TEXT, "The older way to give the name."),
    "registered_model_name": Argument(None, _TEXT, "Register the model under this name."),
    "await_registration_for": Argument(300, int | None, "Seconds to wait for the registration."),
    "name": Argument(None, _TEXT, "The model's name."),
    "params": Argument(None, _DICT, "Parameters of the model."),
    "tags": Argument(None, _DICT, "Tags of the model."),
    "model_type": Argument(None, _TEXT, "A free text."),
    "step": Argument(0, int, "The step of the run at which it is logged."),
    "model_id": Argument(None, _TEXT, "Log into this logged model instead of a new one."),
    "prompts": Argument(None, list[Any] | None, "Prompts that the model uses."),
    "model_uri": Argument(
        REQUIRED, _PATH, "``models:/m-…``, ``runs:/<run id>/<name>``, a path, or a URI."
    ),
    "dst_path": Argument(None, _TEXT, "Copy the model's files into this folder."),
    "model_config": Argument(None, Any, "The configuration for this load."),
}


def rows_of(flavor: Flavor, layout: str) -> dict[str, Argument]:
    """Return the arguments of a layout, in order, without ``**kwargs``.

    Each is the flavor's own row of that name, the model's, or the table's.
    """
    groups = {**_GROUPS, "MODEL": flavor.model, "OWN": " ".join(flavor.own)}
    words = " ".join(groups.get(word, word) for word in layout.split()).split()
    known = {**ARGUMENTS, flavor.model: Argument(REQUIRED, Any, "The model."), **flavor.own}
    return {word: known[word] for word in words if not word.startswith("**")}
