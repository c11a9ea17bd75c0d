"""Text and dictionaries as artifacts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mlflow.tracking.multimedia.notes import WrongTypeError, file_path, suffix_of

if TYPE_CHECKING:
    from mlflow.store.artifact.artifact_repo import ArtifactRepository

_YAML: Final = (".yaml", ".yml")


def log_text(repository: ArtifactRepository, text: str, artifact_file: str) -> None:
    """Log text as UTF-8, its line ends unchanged.

    Args:
        repository: Where the run's artifacts are.
        text: The text.
        artifact_file: The artifact's path.
    """
    path = file_path(artifact_file)
    if not isinstance(text, str):
        raise WrongTypeError(f"log_text takes text, not {type(text).__name__}: pass str(value).")
    content = text.encode()
    with repository.writer(path) as file:
        file.write(content)


def log_dict(repository: ArtifactRepository, dictionary: Any, artifact_file: str) -> None:
    """Log a dictionary or list, as YAML by the suffix ``.yaml`` or ``.yml``, else as JSON.

    Values that the format does not know are written as their text.

    Args:
        repository: Where the run's artifacts are.
        dictionary: What to log.
        artifact_file: The artifact's path.
    """
    path = file_path(artifact_file)
    if suffix_of(path) in _YAML:
        content = _yaml(dictionary)
    else:
        content = json.dumps(dictionary, indent=2, default=str)
    log_text(repository, content, path)


def _yaml(value: object) -> str:
    """Return YAML that any safe loader reads: no tags that name Python objects."""
    import yaml  # noqa: PLC0415 - only this format needs it

    class Dumper(yaml.SafeDumper):
        """The safe dumper, and text for what it does not know."""

    def as_plain(dumper: yaml.SafeDumper, data: Any) -> yaml.Node:
        return dumper.represent_data(plain_value(data))

    Dumper.add_multi_representer(object, as_plain)
    return yaml.dump(value, Dumper=Dumper, default_flow_style=False)


def plain_value(data: Any) -> Any:
    """Return a number, list or text for a value of another library.

    Args:
        data: An array or scalar of an array library, or anything else.
    """
    to_list = getattr(data, "tolist", None)
    plain = to_list() if callable(to_list) else None
    if isinstance(plain, (bool, int, float, str, list)):
        return plain
    if isinstance(data, dict):
        return dict(data)
    return list(data) if isinstance(data, list) else str(data)
