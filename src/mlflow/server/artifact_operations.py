"""What the operations on artifacts do that are messages on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._core.uri import scheme_of
from mlflow._wire import messages as m
from mlflow.environment_variables import MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from mlflow.server.artifacts import ArtifactService, Place

# Recorded clients of the proxy ask for one page only, so that it must hold large folders.
_PAGE: Final = 50_000
_MOST_SECONDS: Final = 7 * 86_400


def _page(place: Place, base: int, token: str | None) -> m.ListArtifactsResponse:
    """Return some of a folder; paths lose so many characters at the front."""
    page = place.files.list_page(place.path, token=token or None, limit=_PAGE)
    files = [
        m.FileInfo(path=info.path[base:], is_dir=info.is_dir, file_size=info.file_size)
        for info in page.entries
    ]
    return m.ListArtifactsResponse(files=files, next_page_token=page.next_token)


def _below(root: Place, path: str | None, token: str | None) -> m.ListArtifactsResponse:
    base = len(root.path) + 1 if root.path else 0
    found = _page(root.below(path), base, token)
    found.root_uri = root.uri
    return found


def _list_artifacts(service: ArtifactService, ask: m.ListArtifacts) -> m.Message:
    return _below(service.of_run(ask.run_id or ""), ask.path, ask.page_token)


def _list_model(service: ArtifactService, ask: m.ListLoggedModelArtifacts) -> m.Message:
    root = service.of_model(ask.model_id or "")
    return _below(root, ask.artifact_directory_path, ask.page_token)


def _list_proxied(service: ArtifactService, ask: m.ListProxiedArtifacts) -> m.Message:
    place = service.proxied(ask.path)
    return _page(place, len(place.path) + 1 if place.path else 0, ask.page_token)


def _direct(place: Place, what: str, whose: str, needed: str) -> Place:
    """Return a place that clients may reach themselves.

    Raises:
        MlflowException: they may not.
    """
    scheme = scheme_of(place.uri)
    if scheme == "mlflow-artifacts":
        raise MlflowException.invalid_parameter_value(
            f"Presigned {what} is not supported for {whose}proxied artifact storage (artifact URI"
            f" scheme: {scheme}). This endpoint requires {needed} direct cloud storage artifact"
            " URI."
        )
    if place.files.presigner is None:
        raise MlflowException.invalid_parameter_value(
            f"Presigned {what} is not supported for artifacts at a location with the scheme"
            f" {scheme or 'file'!r}."
        )
    return place


def _seconds(asked: int | None) -> int:
    usual = MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS.get()
    return usual if asked is None else max(1, min(asked, _MOST_SECONDS))


def _presign_upload(service: ArtifactService, ask: m.CreatePresignedUploadUrl) -> m.Message:
    if bool(ask.run_id) == bool(ask.model_id):
        raise MlflowException.invalid_parameter_value(
            "Exactly one of 'run_id' and 'model_id' must be given."
        )
    root = service.of_model(ask.model_id) if ask.model_id else service.of_run(ask.run_id or "")
    place = _direct(root, "upload", "", "a").below(ask.path)
    assert place.files.presigner is not None  # noqa: S101 - _direct saw it
    found = place.files.presigner.presign_put(place.path, seconds=_seconds(ask.expiration))
    return m.PresignedUrlResponse(presigned_url=found.url, headers=found.headers)


def _presign_download(service: ArtifactService, ask: m.CreatePresignedDownloadUrl) -> m.Message:
    root = service.of_run(ask.run_id or "")
    place = _direct(root, "download", "runs with ", "a run with a").below(ask.path)
    assert place.files.presigner is not None  # noqa: S101 - _direct saw it
    found = place.files.presigner.presign_get(place.path, seconds=_seconds(ask.expiration))
    size = place.files.stat(place.path).size
    return m.PresignedUrlResponse(presigned_url=found.url, headers=found.headers, file_size=size)


OPERATIONS: Final[Mapping[str, Callable[[ArtifactService, Any], m.Message]]] = {
    "list_artifacts": _list_artifacts,
    "list_logged_model_artifacts": _list_model,
    "list_proxied_artifacts": _list_proxied,
    "create_presigned_upload_url": _presign_upload,
    "create_presigned_download_url": _presign_download,
}
