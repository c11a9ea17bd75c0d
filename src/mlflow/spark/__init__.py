"""The Spark flavor: models of Spark ML, and autologging of what Spark reads."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow._autolog.config": "autologging_integration",
        "mlflow._autolog.patch": "safe_patch",
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.spark.datasources": "autolog",
        "mlflow.spark.flavor:FUNCTIONS": FLAVOR_NAMES,
        "mlflow.types.schema": "SparkMLVector",
        UNBUILT: """
            DatabricksArtifactRepository TempDir append_to_uri_path dbfs_hdfs_uri_to_fuse_path
            format_docstring generate_tmp_dfs_path get_databricks_profile_uri_from_artifact_uri
            get_total_file_size is_databricks_acled_artifacts_uri is_local_uri is_valid_dbfs_uri
            shutil_copytree_without_file_permissions write_to
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
