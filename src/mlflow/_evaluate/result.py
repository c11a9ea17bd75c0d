"""What an evaluation found: numbers, and artifacts by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._evaluate import artifacts as kinds
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow._evaluate.artifacts import EvaluationArtifact

_METRICS: Final = "metrics.json"
_METADATA: Final = "artifacts_metadata.json"
_FOLDER: Final = "artifacts"


class EvaluationResult:
    """What an evaluation found."""

    def __init__(
        self,
        metrics: dict[str, Any],
        artifacts: dict[str, EvaluationArtifact],
        run_id: str | None = None,
    ) -> None:
        """Keep the parts.

        Args:
            metrics: Figures by name.
            artifacts: Artifacts by name.
            run_id: The run that they were logged to.
        """
        self._metrics = metrics
        self._artifacts = artifacts
        self._run_id = run_id

    @property
    def metrics(self) -> dict[str, Any]:
        """Figures by name."""
        return self._metrics

    @property
    def artifacts(self) -> dict[str, EvaluationArtifact]:
        """Artifacts by name."""
        return self._artifacts

    @property
    def run_id(self) -> str | None:
        """The run that they were logged to."""
        return self._run_id

    @property
    def tables(self) -> dict[str, Any]:
        """The artifacts that are tables, as DataFrames."""
        import pandas as pd  # noqa: PLC0415 - optional package

        found = {}
        for name, artifact in self._artifacts.items():
            if not isinstance(artifact, kinds.JsonEvaluationArtifact):
                continue
            content = artifact.content
            if isinstance(content, dict) and content.keys() == {"columns", "data"}:
                found[name] = pd.DataFrame(content["data"], columns=content["columns"])
        return found

    def save(self, path: str) -> None:
        """Write the result into a folder.

        Args:
            path: The folder.
        """
        folder = Path(path)
        (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
        (folder / _METRICS).write_text(json.dumps(self._metrics, default=_plain), "utf-8")
        metadata = {}
        for name, artifact in self._artifacts.items():
            kind = type(artifact)
            metadata[name] = {
                "uri": artifact.uri,
                "class_name": f"{kind.__module__}.{kind.__qualname__}",
            }
            _ = artifact.content
            artifact._save(str(folder / _FOLDER / _file_name(artifact)))  # noqa: SLF001 - ours
        (folder / _METADATA).write_text(json.dumps(metadata), "utf-8")

    @classmethod
    def load(cls, path: str) -> EvaluationResult:
        """Read a result from a folder.

        Args:
            path: The folder.

        Raises:
            MlflowException: the folder names a class or a file that is none of an evaluation's.
        """
        folder = Path(path)
        metrics = json.loads((folder / _METRICS).read_text("utf-8"))
        metadata = json.loads((folder / _METADATA).read_text("utf-8"))
        classes = {kind.__name__: kind for kind in kinds.KINDS.values()}
        artifacts = {}
        for name, row in metadata.items():
            kind = classes.get(str(row["class_name"]).rpartition(".")[2])
            if kind is None:  # never imported by name: whoever wrote the folder chose it
                raise MlflowException(f"{row['class_name']!r} is no class of evaluation artifacts")
            artifact = kind(row["uri"])
            file = (folder / _FOLDER / _file_name(artifact)).resolve()
            if not file.is_relative_to((folder / _FOLDER).resolve()):
                raise MlflowException(f"The artifact {name!r} leads out of its folder")
            artifact._load(str(file))  # noqa: SLF001 - ours
            artifacts[name] = artifact
        return cls(metrics, artifacts)


def _file_name(artifact: EvaluationArtifact) -> str:
    return artifact.uri.rpartition("/")[2]


def _plain(value: Any) -> Any:
    """Return a number of numpy as Python's."""
    return value.item()
