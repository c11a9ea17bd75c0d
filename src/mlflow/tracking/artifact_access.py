"""Reading artifacts by URI: of runs (``runs:``), of models (``models:``), or of a place.

Public as ``mlflow.artifacts``.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow._core.model_uris import parse_model_uri
from mlflow._core.paths import join_path, relative_path, split_path
from mlflow._core.uri import is_local_uri, scheme_of
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import BAD_REQUEST, INVALID_PARAMETER_VALUE, MlflowException
from mlflow.store.artifact.artifact_repository_registry import (
    get_artifact_repository as _repository_of_place,
)
from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository, artifact_directory
from mlflow.store.artifact.streams import no_such_artifact
from mlflow.tracking.artifact_locations import (
    LocatedRepository,
    ModelsArtifactRepository,
    RunsArtifactRepository,
    parse_runs_uri,
)
from mlflow.tracking.async_artifacts import flush_aside

if TYPE_CHECKING:
    import PIL.Image

    from mlflow.store.artifact.artifact_repo import ArtifactRepository


def get_artifact_repository(
    artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
) -> ArtifactRepository:
    """Return the repository of an artifact URI.

    Args:
        artifact_uri: A run's (``runs:/<id>/…``), a logged model's (``models:/<id>/…``), or a place.
        tracking_uri: The store that knows the run or model; the one in force by default.
        registry_uri: The registry that knows the model; the one in force by default.

    Raises:
        MlflowException: nothing serves the URI's scheme.
    """
    return _repository_of_place(artifact_uri, tracking_uri, registry_uri)


def download_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    dst_path: str | None = None,
    tracking_uri: str | None = None,
    registry_uri: str | None = None,
) -> str:
    """Return a local path of a file or folder of artifacts, downloading it if need be.

    Args:
        artifact_uri: What to download; not together with ``run_id``.
        run_id: The run whose artifacts to download.
        artifact_path: A path in the run; everything by default.
        dst_path: A directory to download to, made if it is missing. Without one, what lies on
            this machine is returned where it is, and a run's artifact as a temporary copy.
        tracking_uri: The store that knows the run or model; the one in force by default.
        registry_uri: The registry that knows the model; the one in force by default.

    Raises:
        MlflowException: neither or both of URI and run are given, or nothing is there.
    """
    flush_aside()
    uri = _checked(artifact_uri, run_id, artifact_path)
    if dst_path is not None:
        Path(dst_path).mkdir(parents=True, exist_ok=True)
    if uri is not None and is_local_uri(uri):
        return _download_local(artifact_directory(uri), dst_path)
    repository, name = _folder_and_name(uri, run_id, artifact_path, tracking_uri, registry_uri)
    return repository.download_artifacts(name, dst_path)


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[FileInfo]:
    """Return the files and folders in a folder of artifacts, ordered by path.

    Args:
        artifact_uri: The folder; not together with ``run_id``. Paths begin with its name.
        run_id: The run whose artifacts to list.
        artifact_path: A folder in the run; its root by default.
        tracking_uri: The store that knows the run or model; the one in force by default.

    Raises:
        MlflowException: neither or both of URI and run are given.
    """
    flush_aside()
    uri = _checked(artifact_uri, run_id, artifact_path)
    if uri is None:
        return RunsArtifactRepository(f"runs:/{run_id}", tracking_uri).list_artifacts(artifact_path)
    if is_local_uri(uri):
        return _list_local(Path(os.path.normpath(artifact_directory(uri))))
    repository, name = _folder_and_name(uri, None, None, tracking_uri, None)
    return repository.list_artifacts(name)


def _checked(uri: object, run_id: str | None, artifact_path: str | None) -> str | None:
    """Return the URI as text, None when a run is named instead."""
    if (uri is None) == (run_id is None):
        raise MlflowException(
            "Exactly one of `run_id` or `artifact_uri` must be specified", INVALID_PARAMETER_VALUE
        )
    if uri is None:
        return None
    if artifact_path is not None:
        raise MlflowException(
            "`artifact_path` cannot be specified if `artifact_uri` is specified",
            INVALID_PARAMETER_VALUE,
        )
    if not isinstance(uri, (str, os.PathLike)):
        raise MlflowException.invalid_parameter_value(
            f"An artifact URI is text or a path, not {type(uri).__name__}: {uri!r}"
        )
    return os.fspath(uri) if isinstance(uri, str) else Path(uri).as_posix()


def _folder_and_name(
    uri: str | None,
    run_id: str | None,
    artifact_path: str | None,
    tracking_uri: str | None,
    registry_uri: str | None,
) -> tuple[ArtifactRepository, str]:
    """Return the repository of the folder that a thing lies in, and the thing's name there."""
    located: LocatedRepository
    if uri is None:
        located = RunsArtifactRepository(f"runs:/{run_id}", tracking_uri)
        folder, name = split_path(relative_path(artifact_path or ""))
        return located.below(folder), name
    scheme = scheme_of(uri)
    if scheme == "runs":
        run_id, path = parse_runs_uri(uri)
        located = RunsArtifactRepository(f"runs:/{run_id}", tracking_uri)
    elif scheme == "models":
        named = parse_model_uri(uri)
        path = named.path
        located = ModelsArtifactRepository(named.root, tracking_uri, registry_uri)
    else:
        parent, _, name = uri.rstrip("/").rpartition("/")
        return get_artifact_repository(parent, tracking_uri, registry_uri), name
    folder, name = split_path(path)
    return located.below(folder), name


def _download_local(place: Path, target: str | None) -> str:
    """Return a path that the caller named, or copy what is there; links in it are followed."""
    place = Path(os.path.normpath(place))
    if not place.exists():
        raise no_such_artifact(place.name)
    if target is None:
        return str(place)
    folder = Path(target).absolute()
    LocalArtifactRepository(str(folder)).log_artifact(place)
    return str(folder / place.name)


def _list_local(place: Path) -> list[FileInfo]:
    """Return what a directory holds that the caller named; links in it are followed."""
    if not place.is_dir():
        return []
    found = []
    for entry in sorted(place.iterdir()):
        path = join_path(place.name, entry.name)
        if entry.is_dir():
            found.append(FileInfo(path, is_dir=True, file_size=None))
        elif entry.is_file():
            found.append(FileInfo(path, is_dir=False, file_size=entry.stat().st_size))
    return found


def _read(artifact_uri: str) -> bytes:
    uri = _checked(artifact_uri, None, None) or ""
    if is_local_uri(uri):
        real = artifact_directory(uri).resolve()
        return LocalArtifactRepository(str(real.parent)).read_artifact(real.name)
    repository, name = _folder_and_name(uri, None, None, None, None)
    return repository.read_artifact(name)


def load_text(artifact_uri: str) -> str:
    """Return the content of a text artifact in UTF-8, with every line end as a newline.

    Args:
        artifact_uri: The file.

    Raises:
        MlflowException: nothing is there (RESOURCE_DOES_NOT_EXIST), or no UTF-8 (BAD_REQUEST).
    """
    try:
        text = _read(artifact_uri).decode()
    except UnicodeDecodeError as error:
        raise MlflowException(
            f"Artifact {artifact_uri!r} is not valid UTF-8. To read a file in another encoding, "
            "download it with `mlflow.artifacts.download_artifacts` and open it with the correct "
            "`encoding`.",
            BAD_REQUEST,
        ) from error
    return io.StringIO(text, newline=None).read()


def load_dict(artifact_uri: str) -> dict[str, Any]:
    """Return the content of a JSON artifact.

    Args:
        artifact_uri: The file.

    Raises:
        MlflowException: nothing is there (RESOURCE_DOES_NOT_EXIST), or no JSON (BAD_REQUEST).
    """
    text = load_text(artifact_uri)
    try:
        content: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise MlflowException(
            f"Unable to form a JSON object from file content: {error}", BAD_REQUEST
        ) from error
    return content


def load_image(artifact_uri: str) -> PIL.Image.Image:
    """Return an image artifact as a PIL image.

    Args:
        artifact_uri: The file.

    Raises:
        MlflowException: nothing is there (RESOURCE_DOES_NOT_EXIST), or no image (BAD_REQUEST).
    """
    import PIL.Image  # noqa: PLC0415 - optional package

    content = _read(artifact_uri)
    try:
        image = PIL.Image.open(io.BytesIO(content))
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise MlflowException(
            f"Unable to form a PIL Image object from file content: {error}", BAD_REQUEST
        ) from error
    return image
