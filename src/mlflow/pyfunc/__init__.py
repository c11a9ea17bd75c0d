"""Models as Python functions: one way to call every flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.archive": "archive_directory extract_archive_to_dir",
        "mlflow.models.auth_policy": "AuthPolicy",
        "mlflow.models.model": "Model",
        "mlflow.models.resources": "Resource",
        "mlflow.models.saving": "add_to_model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.models.uv_project": "copy_uv_project_files",
        "mlflow.pyfunc.backend": "get_flavor_backend",
        "mlflow.pyfunc.chat_agent": "ChatAgent",
        "mlflow.pyfunc.chat_model": "ChatModel",
        "mlflow.pyfunc.context": "Context set_prediction_context",
        "mlflow.pyfunc.load": "FLAVOR_NAME get_model_dependencies load_model load_pyfunc",
        "mlflow.pyfunc.loaded_model": "PyFuncModel",
        "mlflow.pyfunc.mapping": "dask_map ray_map",
        "mlflow.pyfunc.mismatches": "warn_dependency_requirement_mismatches",
        "mlflow.pyfunc.model": "PythonModel PythonModelContext",
        "mlflow.pyfunc.packed_environment": "build_model_env",
        "mlflow.pyfunc.python_saving": "update_signature_for_type_hint_from_example",
        "mlflow.pyfunc.responses_agent": "ResponsesAgent",
        "mlflow.pyfunc.save": """
            get_default_conda_env get_default_pip_requirements log_model save_model
        """,
        "mlflow.pyfunc.spark_scoring": "spark_udf",
        "mlflow.types.agent": "ChatAgentRequest ChatAgentResponse",
        "mlflow.types.llm": "ChatCompletionResponse ChatMessage ChatParams",
        "mlflow.types.type_hints": "model_validate",
        UNBUILT: """
            DBConnectArtifactCache EnvType Prompt check_port_connectivity color_warning deprecated
            developer_stable find_free_port format_docstring get_dbconnect_udf_sandbox_info
            get_major_minor_py_version get_nfs_cache_root_dir get_or_create_nfs_tmp_dir
            get_or_create_tmp_dir get_total_file_size is_databricks_connect is_in_databricks_runtime
            is_in_databricks_serverless_runtime is_in_databricks_shared_cluster_runtime
            is_spark_connect_mode modified_environ parse_dbr_runtime_major_minor trace_disabled
            write_to
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
