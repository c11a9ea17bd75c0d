"""The Spark flavor: models of Spark ML, and autologging of what Spark reads."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "DatabricksArtifactRepository": UNBUILT,
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "SparkMLVector": "mlflow.types.schema:SparkMLVector",
    "TempDir": UNBUILT,
    "_load_pyfunc": "mlflow.spark.flavor:_load_pyfunc",
    "append_to_uri_path": UNBUILT,
    "autolog": "mlflow.spark.datasources:autolog",
    "autologging_integration": "mlflow._autolog.config:autologging_integration",
    "dbfs_hdfs_uri_to_fuse_path": UNBUILT,
    "format_docstring": UNBUILT,
    "generate_tmp_dfs_path": UNBUILT,
    "get_databricks_profile_uri_from_artifact_uri": UNBUILT,
    "get_default_conda_env": "mlflow.spark.flavor:get_default_conda_env",
    "get_default_pip_requirements": "mlflow.spark.flavor:get_default_pip_requirements",
    "get_total_file_size": UNBUILT,
    "is_databricks_acled_artifacts_uri": UNBUILT,
    "is_local_uri": UNBUILT,
    "is_valid_dbfs_uri": UNBUILT,
    "load_model": "mlflow.spark.flavor:load_model",
    "log_model": "mlflow.spark.flavor:log_model",
    "safe_patch": "mlflow._autolog.patch:safe_patch",
    "save_model": "mlflow.spark.flavor:save_model",
    "shutil_copytree_without_file_permissions": UNBUILT,
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
