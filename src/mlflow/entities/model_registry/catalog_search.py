"""What a search of Databricks' catalog returns: no such service is spoken to, programs name it."""

from typing import Any, NoReturn

from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.exceptions import MlflowException


def _absent(what: str, ask: str) -> MlflowException:
    return MlflowException(f"Results of a catalog's search hold no {what}; ask {ask} for them.")


class ModelVersionSearch(ModelVersion):
    """A version without tags and aliases."""

    __slots__ = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def tags(self) -> NoReturn:  # type: ignore[override]  # the recorded method
        """Refuse to answer: they were not asked for."""
        raise _absent("tags", "get_model_version")

    def aliases(self) -> NoReturn:  # type: ignore[override]  # the recorded method
        """Refuse to answer: they were not asked for."""
        raise _absent("aliases", "get_model_version")


class RegisteredModelSearch(RegisteredModel):
    """A registered model without tags and aliases."""

    __slots__ = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def tags(self) -> NoReturn:  # type: ignore[override]  # the recorded method
        """Refuse to answer: they were not asked for."""
        raise _absent("tags", "get_registered_model")

    def aliases(self) -> NoReturn:  # type: ignore[override]  # the recorded method
        """Refuse to answer: they were not asked for."""
        raise _absent("aliases", "get_registered_model")
