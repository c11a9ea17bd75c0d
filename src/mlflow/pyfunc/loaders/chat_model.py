"""The loader that MLmodel files name for this kind of model."""

from mlflow.pyfunc.chat_model import _load_pyfunc

__all__ = ["_load_pyfunc"]
