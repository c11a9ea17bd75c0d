"""A model's files on their way to other processes, which load them once each."""

from __future__ import annotations

import functools
import hashlib
import io
import shutil
import tempfile
import threading
import weakref
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from mlflow._core.variables import put
from mlflow.environment_variables import MLFLOW_ALLOW_PICKLE_DESERIALIZATION
from mlflow.models import yamlfile
from mlflow.models.archive import extract_archive_to_dir
from mlflow.models.choke import Origin, admit_folder, reading_from
from mlflow.models.enforce import ParamsPlan
from mlflow.models.location import MLMODEL_FILE, ModelFolder, fetch_model
from mlflow.models.model import Model
from mlflow.pyfunc.load import function_conf, load_folder

if TYPE_CHECKING:
    from mlflow.pyfunc.loaded_model import PyFuncModel

_CHUNK: Final = 1 << 20
_LOADING: Final = threading.Lock()


@dataclass(frozen=True)
class Shipment:
    """A model, how it is to be loaded, and under which policy; equal ones load the same."""

    digest: str  # of the files
    origin: Origin
    config_text: str
    config: dict[str, Any] | None = field(compare=False)
    variables: dict[str, str] = field(compare=False)
    content: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Prepared:
    """A model that was found fit to be shipped."""

    folder: Path
    meta: Model
    shipment: Shipment


def prepare(
    model_uri: str,
    params: dict[str, Any] | None,
    model_config: str | Path | dict[str, Any] | None,
    variables: dict[str, str] | None = None,
) -> Prepared:
    """Return a model that is to be shipped, checked as far as that goes without loading it.

    Args:
        model_uri: See ``mlflow.pyfunc.load_model``.
        params: Parameters of inference.
        model_config: See ``mlflow.pyfunc.load_model``.
        variables: Environment variables for the processes that load it.

    Raises:
        MlflowException: there is no such model, the parameters do not fit, or an error of the
            policy where reading the model could run code.
    """
    place = fetch_model(model_uri)
    meta = Model.load(place.path / MLMODEL_FILE)
    function_conf(meta)
    with reading_from(place.origin):
        admit_folder(place.path)
    ParamsPlan(meta.get_params_schema()).enforce(params)
    is_path = isinstance(model_config, (str, Path))
    config: Any = yamlfile.load(Path(str(model_config))) if is_path else model_config
    policy = MLFLOW_ALLOW_PICKLE_DESERIALIZATION
    shipment = Shipment(
        digest=digest_of(place.path),
        origin=place.origin,
        config_text=repr(config),
        config=config,
        variables={policy.name: str(policy.get()), **(variables or {})},
    )
    return Prepared(place.path, meta, shipment)


def digest_of(place: Path) -> str:
    """Return the digest of a file, or of all files in a folder and of their names."""
    digest = hashlib.sha256()
    for file in _files(place) if place.is_dir() else [place]:
        digest.update(f"{file.relative_to(place)}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as content:
            while piece := content.read(_CHUNK):
                digest.update(piece)
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def pack(folder: Path, target: Path | IO[bytes]) -> None:
    """Write a model's files into an archive."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in _files(folder):
            archive.write(file, file.relative_to(folder))


def packed(folder: Path) -> bytes:
    """Return a model's files as an archive in memory."""
    content = io.BytesIO()
    pack(folder, content)
    return content.getvalue()


def load_shipment(shipment: Shipment, folder: Path | None = None) -> PyFuncModel:
    """Return a shipped model, loaded once in this process.

    Args:
        shipment: The shipment.
        folder: Where its files are; by default its content is unpacked.
    """
    with _LOADING:  # threads that want it at once wait for one another
        return _load(shipment, folder)


@functools.lru_cache(maxsize=4)
def _load(shipment: Shipment, folder: Path | None) -> PyFuncModel:
    put(shipment.variables)
    if folder is not None:
        return load_folder(ModelFolder(folder, shipment.origin), model_config=shipment.config)
    place = Path(tempfile.mkdtemp(prefix="headrace-model-"))  # of mode 0o700
    archive = place / "content.zip"
    archive.write_bytes(shipment.content or b"")
    unpacked = Path(extract_archive_to_dir(archive, str(place / "model")))
    archive.unlink()
    unpacked.chmod(0o700)
    model = load_folder(ModelFolder(unpacked, shipment.origin), model_config=shipment.config)
    weakref.finalize(model, shutil.rmtree, place, ignore_errors=True)
    return model
