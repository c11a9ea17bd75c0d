"""Evaluation: metrics and curves of models on data; public as ``mlflow.models.evaluate``."""
