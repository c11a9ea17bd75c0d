"""The public functions of a flavor, made from its spec.

How to write a flavor: a package ``mlflow/<name>`` with

* ``flavor.py``: a ``dump``, a ``load``, a ``wrap``, one ``Flavor(…)`` that names them, and
  ``FUNCTIONS = public_functions(FLAVOR)``;
* ``__init__.py``: the table of its public names, as every package has one;
* a row in the contract ``server`` of ``.importlinter``, and a case under ``tests/parity/flavors``.

``dump`` writes files and returns a ``Dumped``: the settings for MLmodel under upstream's keys, the
modules that the files name, from which requirements are told, and what else they need. Arguments of
its own are rows of ``own``; where they stand in the signatures is said by the layouts ``save``,
``log`` and ``read``, in which ``OWN`` is all of them (``tests/surface`` compares with the recorded
signatures). A flavor imports its library inside functions only.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mlflow._flavor.arguments import rows_of
from mlflow._flavor.load import load, load_function
from mlflow._flavor.made import made_function
from mlflow._flavor.save import save
from mlflow.models.environment import MLFLOW_LINE, conda_with_pip, pinned
from mlflow.models.info import ModelInfo
from mlflow.models.model import Model
from mlflow.models.saving import SaveOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow._flavor.spec import Flavor

T = TypeVar("T")
_OPTIONS: Final = tuple(field.name for field in fields(SaveOptions))
_REFUSED: Final = (
    "Raises:\n"
    "    MlflowException: RESOURCE_ALREADY_EXISTS where the folder has files;\n"
    "        INVALID_PARAMETER_VALUE for arguments that the flavor does not know."
)
_ABSENT: Final = (
    "Raises:\n"
    "    MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model; an error of the\n"
    "        policy where reading it could run code."
)


@dataclass(frozen=True)
class Functions:
    """What a flavor's module offers, under the names of ``mlflow._flavor.names``."""

    save_model: Callable[..., None]
    log_model: Callable[..., ModelInfo]
    load_model: Callable[..., Any]
    get_default_pip_requirements: Callable[..., list[str]]
    get_default_conda_env: Callable[..., dict[str, Any]]
    _load_pyfunc: Callable[..., Any]


def public_functions(flavor: Flavor) -> Functions:
    """Return the public functions of a flavor."""
    return Functions(
        save_function(flavor),
        log_function(flavor),
        load_model_function(flavor),
        *default_functions(flavor),
        loader_function(flavor),
    )


def loader_function(flavor: Flavor) -> Callable[..., Any]:
    """Return ``_load_pyfunc`` of a flavor."""
    return _function(
        flavor,
        "_load_pyfunc",
        "path model_config",
        Any,
        f"Load {flavor.title} with a Python function; the contract of a ``loader_module``.",
        lambda given: load_function(flavor, given["path"], given["model_config"]),
    )


def save_function(flavor: Flavor, name: str = "save_model") -> Callable[..., None]:
    """Return ``save_model`` of a flavor, or the function of another name that does its work."""

    def body(given: dict[str, Any]) -> None:
        model, path = given.pop(flavor.model), given.pop("path")
        options = SaveOptions(**{key: given.pop(key) for key in _OPTIONS if key in given})
        save(flavor, model, path, options, given)

    sentence = f"Save {flavor.title} into a folder."
    rest = "Passed to what writes the model."
    return _function(flavor, name, flavor.save, None, sentence, body, rest, _REFUSED)


def log_function(flavor: Flavor, name: str = "log_model") -> Callable[..., ModelInfo]:
    """Return ``log_model`` of a flavor, or the function of another name that does its work."""

    def body(given: dict[str, Any]) -> ModelInfo:
        return Model.log(flavor=sys.modules[flavor.public], **given)

    sentence = f"Log {flavor.title}, to the active run if there is one."
    rest = "Further arguments of ``Model.log`` or ``save_model``."
    closing = f"Returns:\n    The model's identity, place and description.\n\n{_REFUSED}"
    return _function(flavor, name, flavor.log, ModelInfo, sentence, body, rest, closing)


def load_model_function(flavor: Flavor, name: str = "load_model") -> Callable[..., Any]:
    """Return ``load_model`` of a flavor, or the function of another name that does its work."""

    def body(given: dict[str, Any]) -> Any:
        return load(flavor, given.pop("model_uri"), given.pop("dst_path", None), given)

    sentence, rest = f"Return {flavor.title}.", "Passed to what reads the model."
    return _function(flavor, name, flavor.read, Any, sentence, body, rest, _ABSENT)


def default_functions(
    flavor: Flavor,
) -> tuple[Callable[..., list[str]], Callable[..., dict[str, Any]]]:
    """Return ``get_default_pip_requirements`` and ``get_default_conda_env`` of a flavor."""

    def lines(given: dict[str, Any]) -> list[str]:
        needed = flavor.requirements
        return [pinned(name) for name in (needed(**given) if callable(needed) else needed)]

    def environment(given: dict[str, Any]) -> dict[str, Any]:
        return conda_with_pip(None, [MLFLOW_LINE, *lines(given)])

    layout = flavor.defaults
    return (
        _function(
            flavor,
            "get_default_pip_requirements",
            layout,
            list[str],
            f"Return what {flavor.title} needs by default.",
            lines,
        ),
        _function(
            flavor,
            "get_default_conda_env",
            layout,
            dict[str, Any],
            f"Return the conda environment of {flavor.title} by default.",
            environment,
        ),
    )


def _function(
    flavor: Flavor,
    name: str,
    layout: str,
    returns: Any,
    sentence: str,
    body: Callable[[dict[str, Any]], T],
    rest: str = "",
    closing: str = "",
) -> Callable[..., T]:
    """Return a function with the signature of a layout that gives its arguments to ``body``."""
    return made_function(
        name,
        flavor.public,
        rows_of(flavor, layout),
        body,
        sentence=sentence,
        returns=returns,
        rest=rest if layout.endswith("**kwargs") else "",
        closing=closing,
    )
