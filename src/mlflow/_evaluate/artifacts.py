"""What evaluations leave besides numbers: one class a kind, each with its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar, Final

from mlflow.exceptions import MlflowException
from mlflow.models.choke import Origin, dump_pickle, load_pickle, origin_of, reading_from
from mlflow.tracking.artifact_access import download_artifacts

_MODULE: Final = "mlflow.models.evaluation.artifacts"  # where saved results name the classes


class EvaluationArtifact:
    """A piece of an evaluation: its content, and where it is kept."""

    suffix: ClassVar[str]
    _read: ClassVar[Any]  # a function of a path
    _write: ClassVar[Any]  # a function of the content and a path

    def __init__(self, uri: str, content: Any = None) -> None:
        """Keep both.

        Args:
            uri: Where it is kept.
            content: What it is; read from there when it is asked for.
        """
        self._uri = uri
        self._content = content

    @property
    def content(self) -> Any:
        """What it is."""
        if self._content is None:
            self._load()
        return self._content

    @property
    def uri(self) -> str:
        """Where it is kept."""
        return self._uri

    def _load(self, local_artifact_path: str | None = None) -> None:
        path = local_artifact_path or download_artifacts(artifact_uri=self._uri)
        with reading_from(Origin.LOCAL if local_artifact_path else origin_of(self._uri)):
            self._content = self._read(Path(path))

    def _save(self, output_artifact_path: str) -> None:
        self._write(self._content, Path(output_artifact_path))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(uri='{self._uri}')"


def _read_image(path: Path) -> Any:
    from PIL import Image  # noqa: PLC0415 - optional package

    image = Image.open(path)
    image.load()
    return image


def _read_csv(path: Path) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    return pd.read_csv(path)


def _read_parquet(path: Path) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    return pd.read_parquet(path)


def _read_numpy(path: Path) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package

    return np.load(path, allow_pickle=False)


def _write_numpy(value: Any, path: Path) -> None:
    import numpy as np  # noqa: PLC0415 - optional package

    np.save(path, value, allow_pickle=False)


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _write_json(value: Any, path: Path) -> None:
    path.write_text(json.dumps(value), "utf-8")


def _kind(name: str, suffix: str, read: Any, write: Any) -> type[EvaluationArtifact]:
    kind = type(
        f"{name}EvaluationArtifact",
        (EvaluationArtifact,),
        {
            "__doc__": f"An artifact in a file {suffix!r}.",
            "__module__": _MODULE,
            "suffix": suffix,
            "_read": staticmethod(read),
            "_write": staticmethod(write),
        },
    )
    KINDS[suffix.removeprefix(".")] = kind
    return kind


KINDS: Final[dict[str, type[EvaluationArtifact]]] = {}
"""The classes by suffix."""

ImageEvaluationArtifact: Final = _kind(
    "Image", ".png", _read_image, lambda value, path: value.save(path)
)
CsvEvaluationArtifact: Final = _kind(
    "Csv", ".csv", _read_csv, lambda value, path: value.to_csv(path, index=False)
)
ParquetEvaluationArtifact: Final = _kind(
    "Parquet", ".parquet", _read_parquet, lambda value, path: value.to_parquet(path)
)
NumpyEvaluationArtifact: Final = _kind("Numpy", ".npy", _read_numpy, _write_numpy)
JsonEvaluationArtifact: Final = _kind("Json", ".json", _read_json, _write_json)
TextEvaluationArtifact: Final = _kind(
    "Text",
    ".txt",
    lambda path: path.read_text("utf-8"),
    lambda value, path: path.write_text(value, "utf-8"),
)
PickleEvaluationArtifact: Final = _kind("Pickle", ".pickle", load_pickle, dump_pickle)
KINDS.update({"jpg": ImageEvaluationArtifact, "jpeg": ImageEvaluationArtifact})


def from_value(name: str, value: Any, folder: Path, where: str) -> tuple[EvaluationArtifact, Path]:
    """Return the artifact of what a user's function returned, written to a file.

    Args:
        name: The artifact's name.
        value: A path of a file, JSON text, a DataFrame, array, figure, or any object.
        folder: Where to write the file.
        where: What to say in an error of where the value came from.

    Raises:
        MlflowException: a text that is neither a path nor JSON, or a file of an unknown kind.
    """
    if isinstance(value, (str, Path)) and _is_file(Path(value)):
        path = Path(value)
        kind = KINDS.get(path.suffix.removeprefix(".").lower())
        if kind is None:
            raise MlflowException(
                f"{where} produced an artifact '{name}' with a file of an unsupported kind,"
                f" {path.suffix!r}: use one of {', '.join(sorted(KINDS))}."
            )
        made = kind("")
        made._load(str(path))  # noqa: SLF001 - the classes of this file
        return made, path
    kind, content = _kind_of(name, value, where)
    path = folder / f"{name}{kind.suffix}"
    if kind is ImageEvaluationArtifact:
        value.savefig(path, dpi=100, bbox_inches="tight")
        content = _read_image(path)
    else:
        kind._write(content, path)  # noqa: SLF001 - the classes of this file
    return kind("", content), path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # JSON text is no name that a file may have
        return False


def _kind_of(name: str, value: Any, where: str) -> tuple[type[EvaluationArtifact], Any]:
    if isinstance(value, (str, Path)):
        try:
            return JsonEvaluationArtifact, json.loads(str(value))
        except ValueError:
            raise MlflowException(
                f"{where} produced an artifact '{name}' with string representation '{value}' that"
                " is neither a valid path to a file nor a JSON string."
            ) from None
    if hasattr(value, "savefig"):
        return ImageEvaluationArtifact, None
    if hasattr(value, "to_csv") and hasattr(value, "columns"):
        return CsvEvaluationArtifact, value
    if type(value).__module__ == "numpy" and type(value).__name__ == "ndarray":
        return NumpyEvaluationArtifact, value
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return PickleEvaluationArtifact, value
    return JsonEvaluationArtifact, value
