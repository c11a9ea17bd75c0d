"""The sentence-transformers flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.pyfunc.python_api": "infer_pip_requirements",
        "mlflow.sentence_transformers.flavor": """
            _load_pyfunc get_default_conda_env get_default_pip_requirements load_model log_model
            save_model
        """,
        "mlflow.types.schema": "ColSpec Schema TensorSpec",
        UNBUILT: """
            Prompt docstring_version_compatibility_warning format_docstring get_total_file_size
            write_to
        """,
    },
    postprocess_output_for_llm_v1_embedding_task="mlflow._flavor.embeddings:embeddings_answer",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
