"""Headrace: an independent, drop-in implementation of the MLflow interface."""
