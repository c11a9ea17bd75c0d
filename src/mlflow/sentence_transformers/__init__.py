"""The sentence-transformers flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "ColSpec": "mlflow.types.schema:ColSpec",
    "MlflowException": "mlflow.exceptions:MlflowException",
    "Model": "mlflow.models.model:Model",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "Prompt": UNBUILT,
    "Schema": "mlflow.types.schema:Schema",
    "TensorSpec": "mlflow.types.schema:TensorSpec",
    "_load_pyfunc": "mlflow.sentence_transformers.flavor:_load_pyfunc",
    "docstring_version_compatibility_warning": UNBUILT,
    "format_docstring": UNBUILT,
    "get_default_conda_env": "mlflow.sentence_transformers.flavor:get_default_conda_env",
    "get_default_pip_requirements": (
        "mlflow.sentence_transformers.flavor:get_default_pip_requirements"
    ),
    "get_total_file_size": UNBUILT,
    "infer_pip_requirements": "mlflow.pyfunc.python_api:infer_pip_requirements",
    "load_model": "mlflow.sentence_transformers.flavor:load_model",
    "log_model": "mlflow.sentence_transformers.flavor:log_model",
    "postprocess_output_for_llm_v1_embedding_task": "mlflow._flavor.embeddings:embeddings_answer",
    "save_model": "mlflow.sentence_transformers.flavor:save_model",
    "write_to": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
