"""The Keras flavor."""

from typing import Final

from mlflow._core.lazy import attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow.keras.autologging": "autolog",
        "mlflow.keras.flavor:FUNCTIONS": FLAVOR_NAMES,
    },
    MLflowCallback="mlflow._autolog.keras_callbacks:KerasCallback",
    MlflowCallback="mlflow._autolog.keras_callbacks:KerasCallback",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
