"""The Keras flavor."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "MLflowCallback": "mlflow._autolog.keras_callbacks:KerasCallback",
    "MlflowCallback": "mlflow._autolog.keras_callbacks:KerasCallback",
    "_load_pyfunc": "mlflow.keras.flavor:_load_pyfunc",
    "autolog": "mlflow.keras.autologging:autolog",
    "get_default_conda_env": "mlflow.keras.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.keras.flavor:get_default_pip_requirements",
    "load_model": "mlflow.keras.flavor:load_model",
    "log_model": "mlflow.keras.flavor:log_model",
    "save_model": "mlflow.keras.flavor:save_model",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
