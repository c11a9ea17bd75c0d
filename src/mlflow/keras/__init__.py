"""The Keras flavor."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.keras.autologging": "autolog",
        "mlflow.keras.flavor": """
            _load_pyfunc get_default_conda_env get_default_pip_requirements load_model log_model
            save_model
        """,
    },
    MLflowCallback="mlflow._autolog.keras_callbacks:KerasCallback",
    MlflowCallback="mlflow._autolog.keras_callbacks:KerasCallback",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
