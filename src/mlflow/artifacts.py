"""Reading artifacts by URI: of runs (``runs:``), of models (``models:``), or of a place."""

from mlflow._core.lazy import unbuilt
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import MlflowException
from mlflow.tracking.artifact_access import (
    download_artifacts,
    get_artifact_repository,
    list_artifacts,
    load_dict,
    load_image,
    load_text,
)

__all__ = [
    "FileInfo",
    "MlflowException",
    "add_databricks_profile_info_to_artifact_uri",
    "download_artifacts",
    "get_artifact_repository",
    "list_artifacts",
    "load_dict",
    "load_image",
    "load_text",
]

add_databricks_profile_info_to_artifact_uri = unbuilt(
    "add_databricks_profile_info_to_artifact_uri", __name__
)
