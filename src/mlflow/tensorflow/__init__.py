"""The TensorFlow flavor."""

from typing import Final

from mlflow._core.lazy import attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow._autolog.keras_callbacks": "MlflowModelCheckpointCallback load_checkpoint",
        "mlflow.tensorflow.autologging": "autolog",
        "mlflow.tensorflow.flavor": "get_global_custom_objects",
        "mlflow.tensorflow.flavor:FUNCTIONS": FLAVOR_NAMES,
    },
    MLflowCallback="mlflow._autolog.keras_callbacks:TensorflowCallback",
    MlflowCallback="mlflow._autolog.keras_callbacks:TensorflowCallback",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
