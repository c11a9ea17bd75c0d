"""Headrace: an independent, drop-in implementation of the MLflow interface.

This file is a table of names. A name is imported when it is first used.
"""

from typing import Final

from mlflow._compat.finder import install
from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow.version import VERSION

__version__: Final = VERSION

NAMES: Final = grouped(
    {
        "mlflow.": """
            artifacts catboost client config data entities environment_variables exceptions h2o
            keras lightgbm metrics models onnx paddle pmdarima prophet protos pyfunc pytorch
            sentence_transformers shap sklearn spacy spark statsmodels store system_metrics
            tensorflow tracking transformers types utils version xgboost
        """,
        "mlflow._autolog.switch": "autolog",
        "mlflow._evaluate.evaluate": "evaluate",
        "mlflow._evaluate.validation": "validate_evaluation_results",
        "mlflow.cli.doctor": "doctor",
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.checkpoints": "import_checkpoints",
        "mlflow.system_metrics": """
            disable_system_metrics_logging enable_system_metrics_logging set_system_metrics_node_id
            set_system_metrics_samples_before_logging set_system_metrics_sampling_interval
        """,
        "mlflow.tracking": """
            get_registry_uri get_tracking_uri is_tracking_uri_set set_registry_uri set_tracking_uri
        """,
        "mlflow.tracking.async_logging": "flush_trace_async_logging",
        "mlflow.tracking.client": "MlflowClient",
        "mlflow.tracking.fluent": """
            ActiveModel ActiveRun active_run clear_active_model create_experiment
            create_external_model delete_experiment delete_experiment_tag delete_logged_model_tag
            delete_run delete_tag end_run finalize_logged_model flush_artifact_async_logging
            flush_async_logging get_active_model_id get_artifact_uri get_experiment
            get_experiment_by_name get_logged_model get_parent_run get_run initialize_logged_model
            last_active_run last_logged_model load_table log_artifact log_artifacts log_dict
            log_figure log_image log_input log_inputs log_metric log_metrics log_model_params
            log_outputs log_param log_params log_stream log_table log_text register_model
            restore_experiment restore_run search_experiments search_logged_models
            search_model_versions search_registered_models search_runs set_active_model
            set_experiment set_experiment_tag set_experiment_tags set_logged_model_tags
            set_model_version_tag set_tag set_tags start_run
        """,
        "mlflow.tracking.multimedia": "Image",
        UNBUILT: """
            add_trace context create_workspace delete_assessment delete_prompt_alias
            delete_trace_tag delete_workspace get_active_trace_id get_assessment
            get_current_active_span get_last_active_trace_id get_trace get_workspace list_workspaces
            load_prompt log_assessment log_expectation log_feedback log_issue log_trace login
            override_feedback register_prompt run search_prompts search_sessions search_traces
            set_prompt_alias set_trace_tag set_workspace start_span start_span_no_context test trace
            update_assessment update_current_trace update_workspace
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES, ["VERSION"])

install()
