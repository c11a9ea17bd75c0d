"""The decorator for functions that are models; the path is named inside pickles, so it stays."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.pyfunc.utils.data_validation": "pyfunc",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
