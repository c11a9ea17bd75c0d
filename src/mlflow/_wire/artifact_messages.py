"""The messages of our own operations on artifacts, under ``/api/headrace``."""

from mlflow._wire.messages import Int64, Message


class StoredPart(Message):
    """A part that has arrived."""

    part_number: Int64 | None = None
    etag: str | None = None
    size: Int64 | None = None


class StoredParts(Message):
    """What has arrived of an upload."""

    parts: list[StoredPart] = []


class CreatePreview(Message):
    """Ask for an address of a file that a browser shows."""

    run_id: str | None = None
    model_id: str | None = None
    path: str | None = None


class Preview(Message):
    """The address, and until when it is valid, in milliseconds."""

    url: str | None = None
    expires_at: Int64 | None = None
