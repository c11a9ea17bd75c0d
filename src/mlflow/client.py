"""The public home of the explicit client."""

from mlflow.tracking.client import MlflowClient

__all__ = ["MlflowClient"]
