"""Models written by hand to run code when they are loaded: one a flavor and format.

Each makes a marker file if any of its code runs. A row of ``MODELS`` is a flavor's entry in
MLmodel, the files, and whether this environment's loader would run it where code is admitted.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import pickle
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cloudpickle
import joblib
import numpy as np
import skops.io
import yaml
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from collections.abc import Callable

    Files = dict[str, bytes]


class Trap:
    """A pickle that makes a marker file when it is read."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return Path.touch, (self.marker,)


class Untrusted(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """An estimator that makes a marker when skops gives it its state."""

    def __setstate__(self, state: Any) -> None:
        Path(state["marker"]).touch()


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _tar(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _pickled(marker: Path) -> bytes:
    return pickle.dumps(Trap(marker))


def _joblib(marker: Path, **options: Any) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(Trap(marker), buffer, **options)
    return buffer.getvalue()


def _objects(marker: Path) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([Trap(marker)], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def _skops(marker: Path) -> bytes:
    model = Untrusted()
    model.marker = str(marker)
    return bytes(skops.io.dumps(model))


def _source(marker: Path) -> bytes:
    return f"import pathlib\npathlib.Path({str(marker)!r}).touch()\n".encode()


def _keras(marker: Path, **layer: Any) -> bytes:
    config = {"module": "keras", "class_name": "Sequential", "config": {"layers": [layer]}}
    members = {"config.json": json.dumps(config).encode(), "metadata.json": b"{}"}
    return _zip({**members, "note": str(marker).encode()})


_H5: Final = b"\x89HDF\r\n\x1a\n" + bytes(64)


@dataclass(frozen=True)
class Hostile:
    """A hostile model.

    Attributes:
        flavor: The flavor's name in MLmodel; "" for a Python function only.
        files: Makes the files of the folder from the marker's path.
        conf: The flavor's settings.
        function: Settings of the Python function.
        runs: Whether loading it where code is admitted makes the marker here.
    """

    flavor: str
    files: Callable[[Path], Files]
    conf: dict[str, Any] = field(default_factory=dict)
    function: dict[str, Any] = field(default_factory=dict)
    runs: bool = False

    def write(self, folder: Path, marker: Path) -> Path:
        """Write the model's folder."""
        loader = {"loader_module": f"mlflow.{self.flavor}"} if self.flavor else {}
        flavors: dict[str, Any] = {"python_function": {**loader, **self.function}}
        if self.flavor:
            flavors[self.flavor] = self.conf
        content = {"flavors": flavors, "model_uuid": "0" * 32}
        for name, data in {
            "MLmodel": yaml.safe_dump(content).encode(),
            **self.files(marker),
        }.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder


def _one(name: str, make: Callable[[Path], bytes]) -> Callable[[Path], Files]:
    return lambda marker: {name: make(marker)}


def _sklearn(name: str, make: Callable[[Path], bytes], format_name: str, **more: Any) -> Hostile:
    conf = {"pickled_model": name, "serialization_format": format_name, "sklearn_version": "1.9.0"}
    function = {"model_path": name, "predict_fn": "predict"}
    return Hostile("sklearn", _one(name, make), {**conf, **more}, function, runs=True)


def _data(
    flavor: str, name: str, make: Callable[[Path], bytes], *, runs: bool = False, **conf: Any
) -> Hostile:
    return Hostile(flavor, _one(name, make), {"data": name, **conf}, {"data": name}, runs=runs)


_UNTRUSTED: Final = f"{Untrusted.__module__}.{Untrusted.__qualname__}"
_TORCH: Final = {"model_data": "data", "pytorch_version": "2.6.0"}
_FOREIGN: Final = {"loader_module": "headrace_evil_loader", "code": "code"}
MODELS: Final[dict[str, Hostile]] = {
    "sklearn pickle": _sklearn("model.pkl", _pickled, "pickle"),
    "sklearn cloudpickle": _sklearn(
        "model.pkl", lambda marker: cloudpickle.dumps(Trap(marker)), "cloudpickle"
    ),
    "sklearn pickle of protocol 0": _sklearn(
        "model.json", lambda marker: pickle.dumps(Trap(marker), 0), "pickle"
    ),
    "sklearn pickle by another suffix": _sklearn("model.skops", _pickled, "pickle"),
    "sklearn skops with a trust list of its own": _sklearn(
        "model.skops", _skops, "skops", skops_trusted_types=[_UNTRUSTED]
    ),
    "python model": Hostile(
        "",
        _one("python_model.pkl", _pickled),
        function={"loader_module": "mlflow.pyfunc.model", "python_model": "python_model.pkl"},
        runs=True,
    ),
    "python model from code": Hostile(
        "",
        _one("model.py", _source),
        function={"loader_module": "mlflow.pyfunc.model", "model_code_path": "model.py"},
    ),
    "foreign loader with its code": Hostile(
        "", _one("code/headrace_evil_loader.py", _source), function=_FOREIGN, runs=True
    ),
    "langchain": Hostile(
        "langchain", _one("model.pkl", _pickled), {"model_data": "model.pkl"}, {"env": {}}
    ),
    "runnables as text": Hostile(
        "langchain", _one("model/model.yaml", _pickled), {"model_data": "model"}, {"env": {}}
    ),
    "dspy by another suffix": Hostile("dspy", _one("data/model.json", _pickled), {}, {}),
    "lightgbm estimator": _data(
        "lightgbm",
        "model.pkl",
        _pickled,
        runs=True,
        model_class="lightgbm.sklearn.LGBMClassifier",
        serialization_format="cloudpickle",
    ),
    "lightgbm skops with a trust list of its own": _data(
        "lightgbm",
        "model.skops",
        _skops,
        runs=True,
        model_class="lightgbm.sklearn.LGBMClassifier",
        serialization_format="skops",
        skops_trusted_types=[_UNTRUSTED],
    ),
    "lightgbm booster that is a pickle": _data("lightgbm", "model.lgb", _pickled),
    "xgboost that is a pickle": _data("xgboost", "model.ubj", _pickled),
    "catboost that is a pickle": _data("catboost", "model.cb", _pickled),
    "onnx that is a pickle": _data("onnx", "model.onnx", _pickled),
    "onnx with a library beside it": Hostile(
        "onnx",
        lambda _: {"model.onnx": b"", "custom_op.so": b"\x7fELF"},
        {"data": "model.onnx"},
        {"data": "model.onnx"},
    ),
    "statsmodels": _data("statsmodels", "model.statsmodels", _pickled, runs=True),
    "pmdarima": _data("pmdarima", "model.pmd", _pickled),
    "prophet": _data("prophet", "model.pr", _pickled),
    "pytorch pickle": Hostile(
        "pytorch", _one("data/model.pth", _pickled), _TORCH, {"data": "data"}
    ),
    "pytorch archive": Hostile(
        "pytorch",
        _one("data/model.pth", lambda marker: _zip({"archive/data.pkl": _pickled(marker)})),
        _TORCH,
        {"data": "data"},
    ),
    "pytorch state_dict": Hostile(
        "pytorch",
        _one("state_dict.pth", lambda marker: _zip({"archive/data.pkl": _pickled(marker)})),
        {"state_dict": "state_dict.pth"},
        {},
    ),
    "pt2": Hostile(
        "pytorch",
        _one("data/model.pt2", lambda marker: _zip({"m/archive_format": _pickled(marker)})),
        _TORCH,
        {"data": "data"},
    ),
    "TorchScript": Hostile(
        "pytorch",
        _one("data/model.pth", lambda _: _zip({"m/code/__torch__.py": b"", "m/data.pkl": b""})),
        _TORCH,
        {"data": "data"},
    ),
    "keras lambda": Hostile(
        "keras",
        _one(
            "data/model.keras",
            lambda marker: _keras(marker, module="keras.layers", class_name="Lambda"),
        ),
        {"data": "data"},
        {"data": "data"},
    ),
    "keras that imports": Hostile(
        "tensorflow",
        _one("data/model.keras", lambda marker: _keras(marker, module="os", class_name="system")),
        {"data": "data", "model_type": "keras"},
        {"data": "data"},
    ),
    "keras h5": Hostile("keras", _one("data/model.h5", lambda _: _H5), {"data": "data"}, {}),
    "tensorflow custom objects": Hostile(
        "tensorflow",
        _one("data/global_custom_objects.cloudpickle", _pickled),
        {"data": "data", "model_type": "keras"},
        {"data": "data"},
    ),
    "tensorflow saved model": Hostile(
        "tensorflow", _one("tf2model/saved_model.pb", lambda _: b"\x08\x01"), {}, {}
    ),
    "transformers": Hostile(
        "transformers", _one("model/pytorch_model.bin", _pickled), {"model_binary": "model"}, {}
    ),
    "sentence transformers": Hostile(
        "sentence_transformers", _one("model.sentence_transformer/weights.bin", _pickled), {}, {}
    ),
    "spacy": Hostile("spacy", _one("model.spacy/ner/model", _pickled), {"data": "model.spacy"}, {}),
    "shap": Hostile("shap", _one("explainer.shap", _pickled), {"serialized_explainer": "x"}, {}),
    "paddle": Hostile("paddle", _one("model.pdparams", _pickled), {"pickled_model": "model"}, {}),
    "numpy objects": Hostile("sklearn", _one("model.npy", _objects), {}, {}),
    "numpy objects in an archive": Hostile(
        "sklearn", _one("model.npz", lambda marker: _zip({"a.npy": _objects(marker)})), {}, {}
    ),
    "joblib": Hostile("sklearn", _one("model.joblib", _joblib), {}, {}),
    "joblib, compressed": Hostile(
        "sklearn", _one("model.bin", lambda marker: _joblib(marker, compress=3)), {}, {}
    ),
    "gzip": Hostile("", _one("data.gz", lambda marker: gzip.compress(_pickled(marker)))),
    "bzip2": Hostile("", _one("data", lambda marker: bz2.compress(_pickled(marker)))),
    "pickle in a tar": Hostile("", _one("data.tar", lambda marker: _tar("../x", _pickled(marker)))),
    "recipe card": Hostile("", _one("card.pkl", _pickled)),
    "compiled Python": Hostile("", _one("model.pyc", lambda _: b"\xa7\r\r\n" + bytes(12))),
}
