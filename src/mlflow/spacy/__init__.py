"""The spaCy flavor."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped
from mlflow._flavor.names import FLAVOR_NAMES

NAMES: Final = grouped(
    {
        "mlflow.exceptions": "MlflowException",
        "mlflow.models.model": "Model",
        "mlflow.models.signature": "ModelSignature",
        "mlflow.spacy.flavor:FUNCTIONS": FLAVOR_NAMES,
        UNBUILT: "format_docstring get_total_file_size write_to",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
