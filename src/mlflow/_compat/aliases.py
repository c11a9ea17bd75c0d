"""Old import paths that programs in use rely on, and where each thing lives now.

A text maps a whole module; a table maps single names (``"module:attribute"``), and its row ``"*"``
all names that it does not have to those of one module. A path goes in when a public program needs
it and what it leads to exists.
"""

from collections.abc import Mapping
from typing import Final

from mlflow._core.lazy import grouped

ALIASES: Final[Mapping[str, str | Mapping[str, str]]] = {
    "mlflow.entities._mlflow_object": {"_MlflowObject": "mlflow.entities._entity:Entity"},
    "mlflow.models.evaluation": {
        "EvaluationArtifact": "mlflow._evaluate.artifacts:EvaluationArtifact",
        "EvaluationMetric": "mlflow._evaluate.metric:EvaluationMetric",
        "EvaluationResult": "mlflow._evaluate.result:EvaluationResult",
        "MetricThreshold": "mlflow._evaluate.validation:MetricThreshold",
        "ModelEvaluator": "mlflow._evaluate.evaluators:ModelEvaluator",
        "evaluate": "mlflow._evaluate.evaluate:evaluate",
        "list_evaluators": "mlflow._evaluate.evaluators:list_evaluators",
        "make_metric": "mlflow._evaluate.metric:make_metric",
    },
    "mlflow.models.evaluation.artifacts": "mlflow._evaluate.artifacts",
    "mlflow.models.evaluation.base": {
        "EvaluationMetric": "mlflow._evaluate.metric:EvaluationMetric",
        "EvaluationResult": "mlflow._evaluate.result:EvaluationResult",
        "ModelEvaluator": "mlflow._evaluate.evaluators:ModelEvaluator",
        "make_metric": "mlflow._evaluate.metric:make_metric",
    },
    "mlflow.models.evaluation.validation": "mlflow._evaluate.validation",
    "mlflow.models.utils": {"_save_example": "mlflow._compat.flavor_template:save_example"},
    "mlflow.protos.databricks_pb2": {
        "*": "mlflow.exceptions",
        "ErrorCode": "mlflow._compat.shims:ErrorCode",
    },
    "mlflow.pyspark.ml": {"autolog": "mlflow.spark.autologging:autolog"},
    "mlflow.store.artifact.azure_blob_artifact_repo": "mlflow.store.artifact.remote_repo",
    "mlflow.store.artifact.azure_data_lake_artifact_repo": "mlflow.store.artifact.remote_repo",
    "mlflow.store.artifact.b2_artifact_repo": "mlflow.store.artifact.remote_repo",
    "mlflow.store.artifact.gcs_artifact_repo": "mlflow.store.artifact.remote_repo",
    "mlflow.store.artifact.http_artifact_repo": "mlflow.store.artifact.remote_repo",
    "mlflow.store.artifact.models_artifact_repo": {
        "ModelsArtifactRepository": "mlflow.tracking.artifact_locations:ModelsArtifactRepository",
    },
    "mlflow.store.artifact.r2_artifact_repo": "mlflow.store.artifact.remote_repo",
    "mlflow.store.artifact.runs_artifact_repo": {
        "RunsArtifactRepository": "mlflow.tracking.artifact_locations:RunsArtifactRepository",
    },
    "mlflow.store.artifact.s3_artifact_repo": "mlflow.store.artifact.remote_repo",
    "mlflow.tracking._model_registry": {
        "DEFAULT_AWAIT_MAX_SLEEP_SECONDS": "mlflow.tracking.registry_client:AWAIT_SECONDS",
    },
    "mlflow.tracking._model_registry.fluent": "mlflow.tracking._fluent.registry",
    "mlflow.tracking._model_registry.utils": {
        "_get_store": "mlflow.tracking.registry_stores:_get_store",
        "get_registry_uri": "mlflow.tracking.stores:get_registry_uri",
        "set_registry_uri": "mlflow.tracking.stores:set_registry_uri",
    },
    "mlflow.tracking._tracking_service.utils": {
        "_get_store": "mlflow.tracking.stores:_get_store",
        "_resolve_tracking_uri": "mlflow.tracking.stores:resolve_tracking_uri",
        "_use_tracking_uri": "mlflow._compat.shims:use_tracking_uri",
        "get_tracking_uri": "mlflow.tracking.stores:get_tracking_uri",
        "is_tracking_uri_set": "mlflow.tracking.stores:is_tracking_uri_set",
        "set_tracking_uri": "mlflow.tracking.stores:set_tracking_uri",
    },
    "mlflow.tracking.artifact_utils": {
        "_download_artifact_from_uri": "mlflow._compat.shims:download_artifact_from_uri",
    },
    "mlflow.tracking.request_auth.abstract_request_auth_provider": {
        "RequestAuthProvider": "mlflow._http.auth_plugins:RequestAuthProvider",
    },
    "mlflow.tracking.request_header.abstract_request_header_provider": {
        "RequestHeaderProvider": "mlflow._http.request_headers:RequestHeaderProvider",
    },
    "mlflow.tracking.request_header.registry": grouped(
        {
            "mlflow._http.request_headers": """
                RequestHeaderProviderRegistry _request_header_provider_registry
                resolve_request_headers
            """,
        }
    ),
    "mlflow.utils.async_logging.run_operations": {
        "RunOperations": "mlflow.tracking.async_logging:RunOperations",
    },
    "mlflow.utils.autologging_utils": grouped(
        {
            "mlflow._autolog.arguments": """
                get_instance_method_first_arg_value get_method_call_arg_value
                get_mlflow_run_params_for_fn_args log_fn_args_as_params
            """,
            "mlflow._autolog.batch": "BatchMetricsLogger batch_metrics_logger",
            "mlflow._autolog.client": "MlflowAutologgingQueueingClient",
            "mlflow._autolog.config": """
                autologging_conf_lock autologging_integration autologging_is_disabled
                disable_autologging disable_discrete_autologging get_autolog_function
                get_autologging_config is_autolog_supported is_testing
            """,
            "mlflow._autolog.examples": """
                INPUT_EXAMPLE_SAMPLE_ROWS InputExampleInfo resolve_input_example_and_signature
            """,
            "mlflow._autolog.patch": "revert_patches safe_patch update_wrapper_extended",
            "mlflow._autolog.run": "with_managed_run",
            "mlflow._autolog.state": "AUTOLOGGING_INTEGRATIONS",
        }
    ),
    "mlflow.utils.autologging_utils.client": "mlflow._autolog.client",
    "mlflow.utils.autologging_utils.safety": {
        "is_testing": "mlflow._autolog.config:is_testing",
        "revert_patches": "mlflow._autolog.patch:revert_patches",
        "safe_patch": "mlflow._autolog.patch:safe_patch",
        "update_wrapper_extended": "mlflow._autolog.patch:update_wrapper_extended",
        "with_managed_run": "mlflow._autolog.run:with_managed_run",
    },
    "mlflow.utils.environment": {
        "_CONDA_ENV_FILE_NAME": "mlflow.models.environment:CONDA_FILE",
        "_CONSTRAINTS_FILE_NAME": "mlflow.models.environment:CONSTRAINTS_FILE",
        "_PYTHON_ENV_FILE_NAME": "mlflow.models.environment:PYTHON_ENV_FILE",
        "_PythonEnv": "mlflow._compat.flavor_template:PythonEnv",
        "_REQUIREMENTS_FILE_NAME": "mlflow.models.environment:REQUIREMENTS_FILE",
        "_mlflow_conda_env": "mlflow._compat.flavor_template:mlflow_conda_env",
        "_process_conda_env": "mlflow._compat.flavor_template:process_conda_env",
        "_process_pip_requirements": "mlflow._compat.flavor_template:process_pip_requirements",
        "_validate_env_arguments": "mlflow.models.environment:check_arguments",
    },
    "mlflow.utils.file_utils": {
        "TempDir": "mlflow._compat.shims:TempDir",
        "local_file_uri_to_path": "mlflow._compat.shims:local_file_uri_to_path",
        "path_to_local_file_uri": "mlflow._compat.shims:path_to_local_file_uri",
        "write_to": "mlflow._compat.shims:write_to",
    },
    "mlflow.utils.mlflow_tags": "mlflow._core.tags",
    "mlflow.utils.model_utils": {
        "_add_code_from_conf_to_system_path": "mlflow._compat.flavor_template:add_code_from_conf",
        "_get_flavor_configuration": "mlflow._compat.flavor_template:get_flavor_configuration",
        "_validate_and_copy_code_paths": (
            "mlflow._compat.flavor_template:validate_and_copy_code_paths"
        ),
        "_validate_and_prepare_target_save_path": (
            "mlflow._compat.flavor_template:prepare_target_save_path"
        ),
    },
    "mlflow.utils.name_utils": {
        "_generate_random_name": "mlflow._core.names:random_run_name",
    },
    "mlflow.utils.requirements_utils": {
        "_get_pinned_requirement": "mlflow._compat.flavor_template:get_pinned_requirement",
    },
    "mlflow.utils.time": {"get_current_time_millis": "mlflow._core.clock:now_ms"},
    "mlflow.utils.uri": {
        "append_to_uri_path": "mlflow._core.uri:join_uri",
        "get_uri_scheme": "mlflow._core.uri:scheme_of",
        "is_local_uri": "mlflow._core.uri:is_local_uri",
    },
    "mlflow.utils.validation": {
        "*": "mlflow._core.limits",
        "_validate_batch_log_limits": "mlflow._core.limits:validate_batch_limits",
        "_validate_experiment_name": "mlflow._core.limits:validate_experiment_name",
        "_validate_length_limit": "mlflow._core.limits:validate_length",
    },
}
