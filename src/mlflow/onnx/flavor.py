"""The ONNX flavor: graphs with large tensors in a file beside them; neither holds code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file
from mlflow._flavor.spec import Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.choke import admit_code
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE: Final = "model.onnx"
_PROVIDERS: Final = ("CUDAExecutionProvider", "CPUExecutionProvider")
_LEVELS: Final = {
    0: "ORT_DISABLE_ALL",
    1: "ORT_ENABLE_BASIC",
    2: "ORT_ENABLE_EXTENDED",
    99: "ORT_ENABLE_ALL",
}
_MODES: Final = {"parallel": "ORT_PARALLEL", "sequential": "ORT_SEQUENTIAL"}
_MODE: Final = "execution_mode"
_LEVEL: Final = "graph_optimization_level"
_EXTRA: Final = "extra_session_config"
_WRITING: Final = ("optimized_model_filepath", "profile_file_prefix")
_PLAIN: Final = (
    "enable_cpu_mem_arena",
    "enable_mem_pattern",
    "enable_mem_reuse",
    "enable_profiling",
    "inter_op_num_threads",
    "intra_op_num_threads",
    "log_severity_level",
    "log_verbosity_level",
    "logid",
    "use_deterministic_compute",
    *_WRITING,
)


def _dump(
    model: Any,
    folder: Path,
    *,
    onnx_execution_providers: Any,
    onnx_session_options: dict[str, Any] | None,
    save_as_external_data: bool,
) -> Dumped:
    import onnx  # noqa: PLC0415 - optional package

    _check_options(onnx_session_options)
    external = f"{_FILE}.data"
    onnx.save_model(
        model, str(folder / _FILE), save_as_external_data=save_as_external_data, location=external
    )
    if (folder / external).exists():  # writing moved the tensors out of the user's model
        onnx.load_external_data_for_model(model, str(folder))
    return Dumped(
        loader_module="mlflow.onnx",
        function={"data": _FILE},
        flavors={
            "onnx": {
                "onnx_version": installed_version("onnx"),
                "data": _FILE,
                "providers": onnx_execution_providers or list(_PROVIDERS),
                "onnx_session_options": onnx_session_options,
            }
        },
        distributions=("onnx", "onnxruntime", "numpy"),
    )


def _check_options(options: Any) -> None:
    """Refuse options that ONNX Runtime does not have.

    Raises:
        ValueError: an unknown key or value.
        TypeError: a value of another type.
    """
    given = options or {}
    for key in given.keys() - {*_PLAIN, _MODE, _LEVEL, _EXTRA}:
        raise ValueError(
            f"Key {key} in onnx_session_options is not a valid ONNX Runtime session options key"
        )
    if not isinstance(given.get(_EXTRA, {}), dict):
        raise TypeError(f"Value for key {_EXTRA} in onnx_session_options should be a dict")
    for key, allowed in ((_MODE, _MODES), (_LEVEL, _LEVELS)):
        if key in given and given[key] not in allowed:
            raise ValueError(
                f"Value for key {key} in onnx_session_options should be one of {list(allowed)},"
                f" not {given[key]}"
            )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    import onnx  # noqa: PLC0415 - optional package

    path = str(model_file(folder, conf["data"]))
    onnx.checker.check_model(path)
    return onnx.load(path)  # it refuses tensors in files outside the model's folder


class _OnnxModel:
    """A session of ONNX Runtime as a Python function."""

    keeps_input = True

    def __init__(self, source: str | bytes, conf: Mapping[str, Any]) -> None:
        import onnxruntime  # noqa: PLC0415 - optional package

        providers = conf.get("providers") or list(_PROVIDERS)
        listed = [providers] if isinstance(providers, str) else providers
        known = onnxruntime.get_available_providers()
        usable = [one for one in map(_provider, listed) if one[0] in known]
        options = _session_options(conf.get("onnx_session_options") or {})
        self._session = onnxruntime.InferenceSession(
            source, sess_options=options, providers=usable or None
        )
        self._inputs = {one.name: one.type for one in self._session.get_inputs()}
        self._outputs = [one.name for one in self._session.get_outputs()]

    def get_raw_model(self) -> Any:
        """Return the session."""
        return self._session

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002 - recorded
        """Return the outputs by name; a DataFrame for a DataFrame."""
        is_frame = type(data).__name__ == "DataFrame"
        fed = {name: self._cast(name, value) for name, value in self._feed(data, is_frame).items()}
        found = dict(zip(self._outputs, self._session.run(self._outputs, fed), strict=True))
        if not is_frame:
            return found
        return type(data).from_dict({key: _flat(one) for key, one in found.items()})

    def _feed(self, data: Any, is_frame: bool) -> dict[str, Any]:
        if isinstance(data, dict):
            return data
        names = list(self._inputs)
        if is_frame:
            if len(names) == 1:
                return {names[0]: data.to_numpy()}
            return {name: data[name].to_numpy() for name in names}
        if type(data).__name__ != "ndarray":
            raise TypeError(
                "Input should be a dictionary or a numpy array or a pandas.DataFrame, got"
                f" '{type(data)}'"
            )
        if len(names) != 1:
            raise MlflowException(
                f"A numpy array can be the input of a model with one input; this one has {names}."
                " Pass a dictionary or a DataFrame with these tensors."
            )
        return {names[0]: data}

    def _cast(self, name: str, value: Any) -> Any:
        """Return the value as single floats where the model takes those and it has doubles."""
        narrow = self._inputs.get(name) == "tensor(float)" and value.dtype == float
        return value.astype("float32") if narrow else value


def _flat(output: Any) -> Any:
    return output.reshape(-1) if hasattr(output, "reshape") else output


def _provider(given: Any) -> Any:
    return (given, {}) if isinstance(given, str) else tuple(given)


def _session_options(given: Mapping[str, Any]) -> Any:
    import onnxruntime  # noqa: PLC0415 - optional package

    _check_options(given)
    options = onnxruntime.SessionOptions()
    for key in given.keys() & set(_PLAIN):
        setattr(options, key, given[key])
    if _MODE in given:
        options.execution_mode = getattr(onnxruntime.ExecutionMode, _MODES[given[_MODE]])
    if _LEVEL in given:
        level = getattr(onnxruntime.GraphOptimizationLevel, _LEVELS[given[_LEVEL]])
        options.graph_optimization_level = level
    for key, value in given.get(_EXTRA, {}).items():
        options.add_session_config_entry(key, value)
    return options


def _open(folder: Path, conf: Mapping[str, Any], _config: Any) -> _OnnxModel:
    path = model_file(folder, conf["data"])
    for key in _WRITING:
        if key in (conf.get("onnx_session_options") or {}):
            admit_code(f"ONNX (with {key}, which writes a file anywhere)", path)
    return _OnnxModel(str(path), conf)


FLAVOR: Final = Flavor(
    name="onnx",
    title="an ONNX model",
    model="onnx_model",
    dump=_dump,
    load=_load,
    wrap=lambda model, conf: _OnnxModel(model.SerializeToString(), conf),
    open_function=_open,
    requirements=("onnx", "onnxruntime"),
    own={
        "onnx_execution_providers": Argument(
            None, list[Any] | None, "Where it runs; by default with CUDA if there is one."
        ),
        "onnx_session_options": Argument(
            None,
            dict[str, Any] | None,
            "Options of ONNX Runtime: its attributes, ``execution_mode`` (``parallel`` or\n"
            "        ``sequential``), ``graph_optimization_level`` (0, 1, 2, 99) and\n"
            "        ``extra_session_config``, a dictionary.",
        ),
        "save_as_external_data": Argument(True, bool, "Large tensors go to a file of their own."),
    },
    save=(
        "MODEL path ENV mlflow_model EXAMPLE PIP onnx_execution_providers onnx_session_options"
        " metadata save_as_external_data extra_files **kwargs"
    ),
    log=(
        "MODEL artifact_path ENV registered_model_name EXAMPLE await_registration_for PIP"
        " onnx_execution_providers onnx_session_options metadata save_as_external_data extra_files"
        " LOGGED **kwargs"
    ),
)
FUNCTIONS: Final = public_functions(FLAVOR)
