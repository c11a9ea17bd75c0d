"""What ``mlflow.tracking.fluent`` offers, one file for each subject; names are in that module."""
