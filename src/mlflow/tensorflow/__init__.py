"""The TensorFlow flavor."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow._autolog.keras_callbacks": "MlflowModelCheckpointCallback load_checkpoint",
        "mlflow.tensorflow.autologging": "autolog",
        "mlflow.tensorflow.flavor": """
            _load_pyfunc get_default_conda_env get_default_pip_requirements
            get_global_custom_objects load_model log_model save_model
        """,
    },
    MLflowCallback="mlflow._autolog.keras_callbacks:TensorflowCallback",
    MlflowCallback="mlflow._autolog.keras_callbacks:TensorflowCallback",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
