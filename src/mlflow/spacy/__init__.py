"""The spaCy flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.spacy.flavor": """
            _load_pyfunc get_default_conda_env get_default_pip_requirements load_model log_model
            save_model
        """,
        UNBUILT: "format_docstring get_total_file_size write_to",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
