"""The messages of our own operations on the model registry."""

from mlflow._wire.messages import Int64, Message
from mlflow._wire.registry_messages import OfModelVersion, OfRegisteredModel


class GetModelVersionByAliasAt(OfRegisteredModel):
    """Ask for the version that an alias named at a time."""

    alias: str | None = None
    time_ms: Int64 | None = None


class GetRegisteredModelHistory(OfRegisteredModel):
    """Ask for a page of the moves of aliases and stages."""

    alias: str | None = None
    max_results: Int64 | None = None
    page_token: str | None = None


class RegistryMove(Message):
    """A move: of an alias to a version (none when it was removed), or of a version to a stage."""

    time_ms: Int64 | None = None
    user_id: str | None = None
    alias: str | None = None
    version: Int64 | None = None
    stage: str | None = None


class RegistryMovesResponse(Message):
    """Moves, the newest first."""

    moves: list[RegistryMove] = []
    next_page_token: str | None = None


class GetModelVersionEvidence(OfModelVersion):
    """Ask what is known of a version's files."""


class ModelVersionEvidenceResponse(Message):
    """What is known of a version's files; ``digest_status`` is unknown, verified or failed."""

    run_id: str | None = None
    storage_location: str | None = None
    model_id: str | None = None
    digest: str | None = None
    digest_status: str | None = None
    fault: str | None = None
