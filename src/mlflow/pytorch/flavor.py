"""The PyTorch flavor: traced graphs (``pt2``) and whole modules (pickle)."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.guard import contained
from mlflow._flavor.devices import prediction_device
from mlflow._flavor.functions import public_functions
from mlflow._flavor.spec import Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.requirements import pickled_modules
from mlflow.models.saving import Dumped
from mlflow.pytorch.files import (
    FOLDER,
    MODULE_FILE,
    PICKLE,
    PICKLE_MODULE,
    PICKLED,
    TRACED,
    read_model,
)
from mlflow.pytorch.graphs import array_of, tensors_of, trace
from mlflow.pytorch.predictions import TorchModel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_logger = logging.getLogger(__name__)
_PT2: Final = "pt2"


def _format(model: Any, serialization_format: str | None, export: bool, tensors: Any) -> str:
    import torch  # noqa: PLC0415 - optional package

    if not isinstance(model, torch.nn.Module):
        raise TypeError("Argument 'pytorch_model' should be a torch.nn.Module")
    if serialization_format not in (None, PICKLE, _PT2):
        raise MlflowException.invalid_parameter_value(
            f"The `serialization_format` param value must be one of {PICKLE!r} or {_PT2!r}."
        )
    if export and serialization_format == PICKLE:
        raise MlflowException.invalid_parameter_value(
            "Cannot set both `export_model=True` and `serialization_format='pickle'`."
        )
    wanted = _PT2 if export else serialization_format
    if wanted == _PT2 and tensors is None:
        raise MlflowException.invalid_parameter_value(
            "With `serialization_format` 'pt2' an input_example is required: an array, a tensor,"
            " or a tuple or list of them, with which the model's graph is traced."
        )
    return wanted or ("" if tensors is not None else PICKLE)


def _dump(
    model: Any,
    folder: Path,
    *,
    pickle_module: Any,
    export_model: bool,
    serialization_format: str | None,
    input_example: Any,
    signature: Any,
    **options: Any,
) -> Dumped:
    import torch  # noqa: PLC0415 - optional package

    is_script = isinstance(model, torch.jit.ScriptModule)
    tensors = tensors_of(input_example) if not is_script else None
    chosen = _format(model, serialization_format, export_model, tensors)
    data = folder / FOLDER
    data.mkdir()
    graph = None
    if chosen == _PT2:
        graph = trace(model, tensors or (), signature)
    elif chosen != PICKLE:
        # Tracing runs the user's code and may fail in any way; then the model is pickled.
        with contained("Tracing the model's graph, which is then saved with pickle,"):
            graph = trace(model, tensors or (), signature)
    modules: frozenset[str] = frozenset()
    name = getattr(pickle_module, "__name__", PICKLE_MODULE)
    if graph is not None:
        torch.export.save(graph, data / TRACED, **options)
    elif is_script:
        (data / MODULE_FILE).write_text(name, "utf-8")
        torch.jit.save(model, str(data / PICKLED))
    else:
        if serialization_format is None:
            _logger.warning(
                "The model is saved with pickle, which can run code when it is loaded. An"
                " input_example, an array or a tensor, lets it be saved as a graph ('pt2')."
            )
        (data / MODULE_FILE).write_text(name, "utf-8")
        chosen_module = pickle_module or import_module(PICKLE_MODULE)
        torch.save(model, data / PICKLED, pickle_module=chosen_module, **options)
        modules = frozenset(pickled_modules(data / PICKLED))
    conf = {"model_data": FOLDER, "pytorch_version": str(torch.__version__)}
    function = {"data": FOLDER, "model_config": {"device": None}, "pickle_module_name": name}
    needed = ("torch", "cloudpickle") if graph is None else ("torch",)
    return Dumped("mlflow.pytorch", function, {"pytorch": conf}, modules, needed)


def _open(folder: Path, conf: Mapping[str, Any], config: Any) -> TorchModel:
    device = prediction_device(config)
    return TorchModel(read_model(folder, conf, device=device), device)


FLAVOR: Final = Flavor(
    name="pytorch",
    title="a PyTorch module",
    model="pytorch_model",
    dump=_dump,
    load=read_model,
    wrap=lambda model, _: TorchModel(model, "cpu"),
    open_function=_open,
    requirements=("torch", "cloudpickle"),
    needs=("input_example", "signature"),
    example=array_of,
    own={
        "pickle_module": Argument(None, Any, "What pickles; cloudpickle by default."),
        "export_model": Argument(False, bool, "The older way to ask for ``pt2``."),
        "serialization_format": Argument(
            None,
            str | None,
            "``pt2`` or ``pickle``. By default pt2 where the input example is arrays or\n"
            "        tensors and the model can be traced, else pickle with a warning.",
        ),
    },
    save=(
        "MODEL path conda_env mlflow_model code_paths pickle_module EXAMPLE extra_files PIP"
        " metadata export_model serialization_format **kwargs"
    ),
    log=(
        "MODEL artifact_path ENV pickle_module registered_model_name EXAMPLE"
        " await_registration_for extra_files PIP metadata LOGGED export_model"
        " serialization_format **kwargs"
    ),
    read="model_uri dst_path **kwargs",
)
FUNCTIONS: Final = public_functions(FLAVOR)
