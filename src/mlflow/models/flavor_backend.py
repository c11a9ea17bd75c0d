"""What a flavor's backend can do with a model beside loading it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class FlavorBackend(ABC):
    """The interface of a backend: score, serve, make environments and images."""

    __module__ = "mlflow.models"  # where it is public

    def __init__(self, config: dict[str, Any], **kwargs: Any) -> None:
        """Keep the settings.

        Args:
            config: The flavor's settings in MLmodel.
            kwargs: Those of the backend.
        """
        del kwargs
        self._config = config

    @abstractmethod
    def predict(
        self, model_uri: str, input_path: str | None, output_path: str | None, content_type: str
    ) -> None:
        """Predict what is in a file, and write the answer."""

    @abstractmethod
    def serve(
        self,
        model_uri: str,
        port: int,
        host: str,
        timeout: int,
        synchronous: bool = True,
        stdout: Any = None,
        stderr: Any = None,
    ) -> Any:
        """Serve a model."""

    def prepare_env(self, model_uri: str, capture_output: bool = False) -> Any:
        """Make the environment of a model."""
        raise NotImplementedError

    @abstractmethod
    def build_image(
        self,
        model_uri: str | None,
        image_name: str,
        install_java: bool = False,
        install_mlflow: bool = False,
        mlflow_home: str | None = None,
        base_image: str | None = None,
    ) -> None:
        """Build an image that serves a model."""

    @abstractmethod
    def generate_dockerfile(
        self,
        model_uri: str | None,
        output_dir: str,
        install_java: bool = False,
        install_mlflow: bool = False,
        mlflow_home: str | None = None,
        base_image: str | None = None,
    ) -> None:
        """Write the folder of such an image."""

    @abstractmethod
    def can_score_model(self) -> bool:
        """Return whether the backend can score models here."""

    def can_build_image(self) -> bool:
        """Return whether the backend can build images."""
        return callable(getattr(self.__class__, "build_image", None))
