"""The sentence-transformers flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.pyfunc.python_api": "infer_pip_requirements",
        "mlflow.sentence_transformers.flavor:FUNCTIONS": FLAVOR_NAMES,
        "mlflow.types.schema": "ColSpec Schema TensorSpec",
        UNBUILT: """
            Prompt docstring_version_compatibility_warning format_docstring get_total_file_size
            write_to
        """,
    },
    postprocess_output_for_llm_v1_embedding_task="mlflow._flavor.embeddings:embeddings_answer",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
