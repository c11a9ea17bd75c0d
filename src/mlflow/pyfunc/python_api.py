"""Models tried out from Python as they are from the command line and over HTTP."""

from __future__ import annotations

import io
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow._core.guard import contained
from mlflow.exceptions import MlflowException
from mlflow.models.example import convert_input_example_to_serving_input, encode
from mlflow.models.payload import PayloadPlan, parse_csv_text
from mlflow.models.requirements import infer_requirements
from mlflow.models.uv_project import UvChoice
from mlflow.models.virtualenv import LOCAL, check_manager
from mlflow.pyfunc.backend import PyFuncBackend
from mlflow.pyfunc.load import load_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlflow.pyfunc.loaded_model import PyFuncModel

_logger = logging.getLogger(__name__)


def validate_serving_input(model_uri: str, serving_input: str | dict[str, Any]) -> Any:
    """Return what a model answers to a scoring request, without a server.

    Args:
        model_uri: The model.
        serving_input: The body of the request, as JSON text or as the dictionary.

    Raises:
        MlflowException: BAD_REQUEST where it is no request; INVALID_PARAMETER_VALUE where it does
            not fit the model's signature.
    """
    body = serving_input if isinstance(serving_input, str) else json.dumps(serving_input)
    return _answer(load_model(model_uri), body, "json")


def _answer(model: PyFuncModel, body: str, content_type: str) -> Any:
    signature = model.metadata.signature
    if content_type == "csv":
        return model.predict(parse_csv_text(body, signature.inputs if signature else None))
    payload = PayloadPlan.of(signature).read(body)
    return model.predict(payload.data, params=payload.params)


def predict(
    model_uri: str,
    input_data: Any = None,
    input_path: str | None = None,
    content_type: str = "json",
    output_path: str | None = None,
    env_manager: str = "virtualenv",
    install_mlflow: bool = False,  # noqa: ARG001 - recorded; environments have it anyway
    pip_requirements_override: Sequence[str] | None = None,
    extra_envs: Mapping[str, str] | None = None,
) -> None:
    """Predict as ``mlflow models predict`` does: print the answer, or write it to a file.

    Args:
        model_uri: The model.
        input_data: What the model is given, or the text of a request.
        input_path: A file with a request.
        content_type: ``json`` or ``csv``.
        output_path: Where the answer is written.
        env_manager: ``local`` predicts in this process, the others in an environment made for it.
        install_mlflow: Not used.
        pip_requirements_override: Requirements for the environment that replace the model's.
        extra_envs: Environment variables for the other process.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where the arguments contradict one another, or the
            data do not fit.
    """
    if content_type not in ("json", "csv"):
        raise MlflowException.invalid_parameter_value("Content type must be one of json or csv.")
    if input_data is not None and input_path is not None:
        raise MlflowException.invalid_parameter_value(
            "Both input_data and input_path are provided. Only one of them should be specified."
        )
    if check_manager(env_manager) != LOCAL:
        _predict_elsewhere(
            PyFuncBackend({}, env_manager),
            (model_uri, input_path, output_path, content_type),
            None if input_data is None else _body(input_data, None, content_type),
            (pip_requirements_override, extra_envs),
        )
        return
    if extra_envs or pip_requirements_override:
        raise MlflowException.invalid_parameter_value(
            "`extra_envs` and `pip_requirements_override` are for environments made for the model:"
            " the local one is as it is."
        )
    body = _body(input_data, input_path, content_type)
    answer = {"predictions": plain_answer(_answer(load_model(model_uri), body, content_type))}
    text = json.dumps(answer, default=encode)
    if output_path is not None:
        Path(output_path).write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


def _predict_elsewhere(
    backend: PyFuncBackend, given: tuple[Any, ...], body: str | None, needs: tuple[Any, ...]
) -> None:
    """Predict in an environment made for the model; it reads what it is given from a file."""
    model_uri, input_path, output_path, content_type = given
    with tempfile.TemporaryDirectory() as folder:
        if body is not None:
            input_path = str(Path(folder) / "input")
            Path(input_path).write_text(body, "utf-8")
        backend.predict(model_uri, input_path, output_path, content_type, *needs)


def _body(data: Any, path: str | None, content_type: str) -> str:
    if path is not None:
        return Path(path).read_text("utf-8")
    if data is None:
        return sys.stdin.read()
    if content_type == "csv":
        return _csv(data)
    if isinstance(data, str) and _is_json(data):
        return data
    return str(convert_input_example_to_serving_input(data))


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _csv(data: Any) -> str:
    import pandas as pd  # noqa: PLC0415 - optional package

    frame = pd.read_csv(io.StringIO(data)) if isinstance(data, str) else pd.DataFrame(data)
    return str(frame.to_csv(index=False))


def plain_answer(answer: Any) -> Any:
    """Return predictions as a server writes them: a table as records, an array as lists."""
    if hasattr(answer, "to_dict") and hasattr(answer, "columns"):
        return answer.to_dict(orient="records")
    return answer.tolist() if hasattr(answer, "tolist") else answer


def infer_pip_requirements(
    model_uri: str,
    flavor: str,
    fallback: list[str] | None = None,
    timeout: float | None = None,  # noqa: ARG001 - recorded; nothing is waited for
    extra_env_vars: dict[str, str] | None = None,  # noqa: ARG001 - recorded; no process is started
    uv_project_dir: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
) -> list[str]:
    """Return the requirements that loading a model shows: the distributions of what it imports.

    The model is loaded in this process, as its flavor's Python function.

    Args:
        model_uri: The model.
        flavor: The flavor whose needs are asked.
        fallback: What is returned where the model cannot be loaded.
        timeout: Not used.
        extra_env_vars: Not used.
        uv_project_dir: The folder of a project of uv whose lock gives them instead; the working
            directory by default, if it is one.
        uv_groups: Groups of the project's dependencies besides.
        uv_extras: Extras of the project besides.

    Raises:
        MlflowException: the model cannot be loaded, and there is no fallback.
    """
    locked = UvChoice(uv_project_dir, uv_groups or (), uv_extras or ()).lines()
    if locked is not None:
        return locked
    if fallback is None:
        return _needs(model_uri, flavor)
    found = fallback
    with contained("Inferring the model's requirements"):
        found = _needs(model_uri, flavor)
    return found  # noqa: RET504 - the fallback where the block failed


def _needs(model_uri: str, flavor: str) -> list[str]:
    before = set(sys.modules)
    model = load_model(model_uri, suppress_warnings=True)
    if flavor not in model.metadata.flavors:
        raise MlflowException.invalid_parameter_value(f'Model does not have the "{flavor}" flavor')
    raw = getattr(model._model_impl, "get_raw_model", lambda: model)()  # noqa: SLF001 - its own
    loaded = {type(raw).__module__, *(set(sys.modules) - before)}
    return [line for line in infer_requirements(loaded, ()) if not line.startswith("mlflow")]
