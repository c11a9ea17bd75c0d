"""The TensorFlow flavor."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "MLflowCallback": "mlflow._autolog.keras_callbacks:TensorflowCallback",
    "MlflowCallback": "mlflow._autolog.keras_callbacks:TensorflowCallback",
    "MlflowModelCheckpointCallback": (
        "mlflow._autolog.keras_callbacks:MlflowModelCheckpointCallback"
    ),
    "_load_pyfunc": "mlflow.tensorflow.flavor:_load_pyfunc",
    "autolog": "mlflow.tensorflow.autologging:autolog",
    "get_default_conda_env": "mlflow.tensorflow.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.tensorflow.flavor:get_default_pip_requirements",
    "get_global_custom_objects": "mlflow.tensorflow.flavor:get_global_custom_objects",
    "load_checkpoint": "mlflow._autolog.keras_callbacks:load_checkpoint",
    "load_model": "mlflow.tensorflow.flavor:load_model",
    "log_model": "mlflow.tensorflow.flavor:log_model",
    "save_model": "mlflow.tensorflow.flavor:save_model",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
