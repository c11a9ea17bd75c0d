"""The files of a PyTorch model, and how each is read: a graph, TorchScript, or a pickle."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile, is_zipfile

from mlflow._flavor.load import model_file
from mlflow.models.choke import admit_code, admitted, load_torch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PICKLE: Final = "pickle"
FOLDER: Final = "data"
PICKLED: Final = "model.pth"
TRACED: Final = "model.pt2"
MODULE_FILE: Final = "pickle_module_info.txt"
PICKLE_MODULE: Final = "mlflow.pytorch.pickle_module"


def read_model(folder: Path, conf: Mapping[str, Any], **options: Any) -> Any:
    """Return the module of a model's folder.

    Args:
        folder: The folder.
        conf: The flavor's settings.
        **options: ``device``, or arguments of ``torch.load``.
    """
    import torch  # noqa: PLC0415 - optional package

    data = f"{conf['model_data']}/"
    where = options.pop("device", None) or options.pop("map_location", None)
    if where is None and not torch.cuda.is_available():
        where = "cpu"
    if (folder / data / TRACED).is_file():
        path = model_file(folder, data + TRACED)
        graph = torch.export.load(admitted("pt2", path)).module()
        return graph if where is None else graph.to(where)
    path = model_file(folder, data + PICKLED)
    if _is_script(path):
        return torch.jit.load(str(admitted("TorchScript", path)), map_location=where)
    module = options.pop("pickle_module", None) or _pickle_module(folder, data)
    model = load_torch(path, map_location=where, **({"pickle_module": module} | options))
    model.eval()
    return model


def _pickle_module(folder: Path, data: str) -> Any:
    """Return the module that a model was pickled with; None where the usual one reads it."""
    path = folder / data / MODULE_FILE
    name = path.read_text("utf-8").strip() if path.is_file() else PICKLE
    if name in (PICKLE, "cloudpickle", PICKLE_MODULE):
        return None
    admit_code(f"pickle ({name})", path)
    return import_module(name)


def _is_script(path: Path) -> bool:
    if not is_zipfile(path):
        return False
    with ZipFile(path) as archive:
        return any(name.rpartition("/")[2] == "constants.pkl" for name in archive.namelist())
