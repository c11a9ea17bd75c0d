"""The transformers flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.pyfunc.python_api": "infer_pip_requirements",
        "mlflow.transformers.autologging": "autolog",
        "mlflow.transformers.flavor:FUNCTIONS": FLAVOR_NAMES,
        "mlflow.transformers.persisting": "persist_pretrained_model",
        UNBUILT: """
            FlavorKey Prompt TempDir autologging_integration build_flavor_config
            build_flavor_config_from_local_checkpoint convert_messages_to_prompt deprecated
            disable_discrete_autologging docstring_version_compatibility_warning format_docstring
            format_input_example_for_special_cases generate_signature_output get_artifact_repository
            get_model_with_peft_adapter get_peft_base_model get_total_file_size
            infer_or_get_default_signature infer_signature_from_llm_inference_task is_gpu_available
            is_peft_model is_valid_hf_repo_id load_model_and_components_from_huggingface_hub
            load_model_and_components_from_local load_model_and_components_from_local_base_path
            postprocess_output_for_llm_inference_task preprocess_llm_embedding_params
            preprocess_llm_inference_input safe_patch save_local_checkpoint save_pipeline_components
            save_pipeline_pretrained_weights suppress_logs
            update_flavor_conf_to_persist_pretrained_model write_to
        """,
    },
    postprocess_output_for_llm_v1_embedding_task="mlflow._flavor.embeddings:embeddings_answer",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
