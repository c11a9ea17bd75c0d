"""Artifacts in Google Cloud Storage: ``gs://bucket/prefix``."""

from __future__ import annotations

from mlflow.store.artifact.object_access import Place, client_options, require_obstore, retries
from mlflow.store.artifact.object_files import ObjectFiles
from mlflow.store.artifact.object_uri import bucket_uri


def open_gcs(uri: str) -> ObjectFiles:
    """Return the files below a ``gs:`` URI; nothing is sent before the first use.

    Args:
        uri: The bucket and the prefix. Credentials are Google's application default ones, or
            what the variables ``GOOGLE_*`` hold.

    Raises:
        MlflowException: the URI is none, or obstore is not installed.
    """
    require_obstore("gcs")
    from obstore.store import GCSStore  # noqa: PLC0415 - optional

    place = bucket_uri(uri)
    store = GCSStore(
        place.bucket,
        prefix=place.prefix or None,
        client_options=client_options(),
        retry_config=retries(),
    )
    return ObjectFiles(Place(uri, store, {}))
