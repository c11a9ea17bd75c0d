"""Loading a model of one flavor."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.models.choke import admit_code, admit_folder, reading_from
from mlflow.models.location import MLMODEL_FILE, fetch_model
from mlflow.models.model import Model
from mlflow.pyfunc.load import add_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlflow._flavor.spec import Flavor


def load(flavor: Flavor, model_uri: str, dst_path: str | None, own: Mapping[str, Any]) -> Any:
    """Return a model as the flavor's own library has it.

    Args:
        flavor: The flavor.
        model_uri: See ``mlflow.pyfunc.load_model``.
        dst_path: Copy the model's files into this folder.
        own: The flavor's own arguments.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model or it has another
            flavor; an error of the policy where reading it could run code.
    """
    folder = fetch_model(model_uri, dst_path)
    conf = flavor_conf(flavor, folder.path)
    with reading_from(folder.origin):
        admit_folder(folder.path)
        add_code(folder.path, conf)
        return flavor.load(folder.path, conf, **own)


def load_function(flavor: Flavor, path: str, config: Any = None) -> Any:
    """Return a model as an object with ``predict``; the body of a flavor's ``_load_pyfunc``.

    Args:
        flavor: The flavor.
        path: The model's folder, or the file in it that MLmodel calls its data.
        config: The model's configuration.
    """
    given = Path(path)
    inside = (folder for folder in (given, *given.parents[:2]) if (folder / MLMODEL_FILE).is_file())
    folder = next(inside, given)
    conf = flavor_conf(flavor, folder)
    if flavor.open_function is not None:
        return flavor.open_function(folder, conf, config)
    return flavor.wrap(flavor.load(folder, conf), conf)


def flavor_conf(flavor: Flavor, folder: Path) -> dict[str, Any]:
    """Return the flavor's settings in a folder's MLmodel.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where it has none.
    """
    conf: dict[str, Any] | None = Model.load(folder / MLMODEL_FILE).flavors.get(flavor.name)
    if conf is None:
        raise MlflowException(
            f'Model does not have the "{flavor.name}" flavor', RESOURCE_DOES_NOT_EXIST
        )
    return conf


def model_file(folder: Path, name: str) -> Path:
    """Return a file of a model's folder by the name that MLmodel gives.

    Raises:
        MlflowException: the name leads out of the folder, or there is no such file.
    """
    path = _inside(folder, name)
    if not path.is_file():
        raise _missing(folder, name)
    return path


def model_folder(folder: Path, name: str) -> Path:
    """Return a folder in a model's folder by the name that MLmodel gives.

    Raises:
        MlflowException: the name leads out of the folder, or there is no such folder.
    """
    path = _inside(folder, name)
    if not path.is_dir():
        raise _missing(folder, name)
    return path


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise MlflowException(f"The model names a file outside its folder: {name!r}")
    return path


def _missing(folder: Path, name: str) -> MlflowException:
    return MlflowException(
        f"The model's file {name!r} is missing from {folder}", RESOURCE_DOES_NOT_EXIST
    )


def named_class(name: str, bases: tuple[type, ...], path: Path) -> Any:
    """Return the class that MLmodel names as the model's.

    One outside the library's own package is somebody's code, so the policy decides over it.

    Args:
        name: ``module.Class``.
        bases: What it must be a subclass of; the first one's package is the library's.
        path: The model's file.

    Raises:
        MlflowException: it is no such class, or an error of the policy.
    """
    module, _, attribute = name.rpartition(".")
    if module.partition(".")[0] != bases[0].__module__.partition(".")[0]:
        admit_code(f"Python class {name}", path)
    try:
        found = getattr(import_module(module), attribute, None)
    except (ImportError, ValueError) as error:
        raise MlflowException(f"The model's class {name!r} cannot be imported: {error}") from error
    if not isinstance(found, type) or not issubclass(found, bases):
        raise MlflowException(f"{name!r} is no class of models of {bases[0].__module__}")
    return found


def qualified_name(value: Any) -> str:
    """Return what ``named_class`` finds the class of a model by."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


class _Predicting:
    """A model as a Python function that hands its parameters to the library."""

    keeps_input = True

    def __init__(self, model: Any, predict: Callable[[Any, Any, dict[str, Any]], Any]) -> None:
        self._model = model
        self._predict = predict

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return the library's predictions."""
        return self._predict(self._model, data, params or {})

    def get_raw_model(self) -> Any:
        """Return the library's model."""
        return self._model


def predicting(
    predict: Callable[[Any, Any, dict[str, Any]], Any],
) -> Callable[[Any, Mapping[str, Any]], Any]:
    """Return a flavor's ``wrap``, given how its library predicts.

    Args:
        predict: ``predict(model, data, params)``; it leaves ``data`` as it is.
    """
    return lambda model, _settings: _Predicting(model, predict)
