"""Loading a model of one flavor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.models.choke import reading_from
from mlflow.models.location import MLMODEL_FILE, fetch_model
from mlflow.models.model import Model
from mlflow.pyfunc.load import add_code

if TYPE_CHECKING:
    from mlflow._flavor.spec import Flavor


def load(flavor: Flavor, model_uri: str, dst_path: str | None = None) -> Any:
    """Return a model as the flavor's own library has it.

    Args:
        flavor: The flavor.
        model_uri: See ``mlflow.pyfunc.load_model``.
        dst_path: Copy the model's files into this folder.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model or it has another
            flavor; an error of the policy where reading it could run code.
    """
    folder = fetch_model(model_uri, dst_path)
    conf = flavor_conf(flavor, folder.path)
    with reading_from(folder.origin):
        add_code(folder.path, conf)
        return flavor.load(folder.path, conf)


def load_function(flavor: Flavor, path: str) -> Any:
    """Return a model as an object with ``predict``; the body of a flavor's ``_load_pyfunc``.

    Args:
        flavor: The flavor.
        path: The model's folder.
    """
    conf = flavor_conf(flavor, Path(path))
    return flavor.wrap(flavor.load(Path(path), conf))


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
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise MlflowException(f"The model names a file outside its folder: {name!r}")
    if not path.is_file():
        raise MlflowException(
            f"The model's file {name!r} is missing from {folder}", RESOURCE_DOES_NOT_EXIST
        )
    return path
