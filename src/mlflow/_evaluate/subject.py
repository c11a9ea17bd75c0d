"""What is evaluated: a model, a function or predictions that lie ready, seen alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.clock import monotonic
from mlflow._evaluate.metric import MetricValue
from mlflow.exceptions import MlflowException
from mlflow.pyfunc.load import load_model
from mlflow.pyfunc.loaded_model import PyFuncModel

if TYPE_CHECKING:
    from collections.abc import Callable

ENV_MANAGERS: Final = ("local", "conda", "virtualenv", "uv")


@dataclass(frozen=True)
class Subject:
    """What is evaluated.

    Attributes:
        predict: Predicts for a DataFrame; None where predictions lie ready.
        raw: The model of its own library; None where it is not known.
        model_id: The logged model.
    """

    predict: Callable[[Any], Any] | None = None
    raw: Any = None
    model_id: str | None = None

    def probabilities(self, features: Any) -> Any:
        """Return the probability of each class for each row; None where it is not known."""
        function = getattr(self.raw, "predict_proba", None)
        return None if function is None else function(features)

    def score(self, features: Any, targets: Any, sample_weight: Any) -> float | None:
        """Return what the model's own ``score`` says; None where it has none."""
        function = getattr(self.raw, "score", None)
        if function is None or not hasattr(self.raw, "get_params"):
            return None
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        return float(function(features, targets, **weights))


def subject_of(model: Any, *, env_manager: str, model_config: Any, model_id: str | None) -> Subject:
    """Return what to evaluate of what a user gave.

    Args:
        model: A URI, a loaded model, a function, or None.
        env_manager: Where the model runs: ``local``.
        model_config: The model's configuration.
        model_id: The logged model, where the model does not say it itself.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for something else.
    """
    if env_manager not in ENV_MANAGERS:
        raise MlflowException.invalid_parameter_value(
            f"Invalid value for `env_manager`: {env_manager}. Must be one of {list(ENV_MANAGERS)}"
        )
    if env_manager != "local":
        raise MlflowException.invalid_parameter_value(
            f"Models are evaluated in this process; env_manager={env_manager!r} is not supported."
            " Predict in the model's environment first (mlflow.models.predict), then evaluate the"
            " predictions: evaluate(data=…, predictions='column')."
        )
    if model is None:
        return Subject(model_id=model_id)
    if isinstance(model, str):
        if model.startswith("endpoints:"):
            raise MlflowException.invalid_parameter_value(
                "Endpoints of a deployments server are not supported; pass a function that calls"
                " yours."
            )
        model = load_model(model, model_config=model_config)
    if isinstance(model, PyFuncModel):
        return Subject(model.predict, _raw(model), model_id or model.model_id)
    if callable(model):
        return Subject(model, None, model_id)
    raise MlflowException.invalid_parameter_value(
        "The model argument must be a string URI referring to an MLflow model, an instance of"
        f" `mlflow.pyfunc.PyFuncModel`, a function, or None, not {type(model).__name__}."
    )


def _raw(model: PyFuncModel) -> Any:
    try:
        return model.get_raw_model()
    except NotImplementedError:
        return None


def column_of(output: Any, name: str | None) -> tuple[Any, dict[str, Any]]:
    """Return the predictions in a model's output, and its other columns.

    Args:
        output: What the model returned: an array, a Series, a DataFrame, a list.
        name: The column of the predictions.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is not clear which column it is.
    """
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    rows = output if isinstance(output, list) else []
    if isinstance(output, dict) or (rows and all(isinstance(row, dict) for row in rows)):
        output = pd.DataFrame(output)
    if isinstance(output, pd.DataFrame):
        columns = {str(column): output[column] for column in output.columns}
        if name is None and len(columns) > 1:
            raise MlflowException.invalid_parameter_value(
                "Output column name is not specified for the multi-output model. Please set the"
                " correct output column name using the `predictions` parameter."
            )
        chosen = name if name is not None else next(iter(columns), None)
        if chosen not in columns:
            raise MlflowException.invalid_parameter_value(
                f"The model's output has no column {chosen!r}; it has {sorted(columns)}."
            )
        others = {key: column for key, column in columns.items() if key != chosen}
        return columns[str(chosen)].to_numpy(), others
    array = output.to_numpy() if isinstance(output, pd.Series) else np.asarray(output)
    if array.ndim > 1 and array.shape[1:] == (1,):
        array = array[:, 0]
    return array, {}


def timed(predict: Callable[[Any], Any], features: Any) -> tuple[list[Any], MetricValue]:
    """Return what a model predicts row by row, and the seconds that each row took.

    Args:
        predict: The model.
        features: A DataFrame.
    """
    outputs, seconds = [], []
    for place in range(len(features)):
        start = monotonic()
        outputs.append(predict(features.iloc[place : place + 1]))
        seconds.append(monotonic() - start)
    return outputs, MetricValue(scores=seconds)
