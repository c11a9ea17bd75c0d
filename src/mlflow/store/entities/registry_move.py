"""A move in the model registry: an alias to a version, or a version to a stage."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegistryMove:
    """Who moved what, when.

    Attributes:
        time_ms: When, in milliseconds since 1970 by the database's clock.
        user_id: Who; None when nobody knows.
        alias: The alias; None for a stage.
        version: What the alias names since then, or the version that changed its stage; None when
            the alias was removed.
        stage: The version's stage since then; None for an alias.
    """

    time_ms: int
    user_id: str | None
    alias: str | None
    version: int | None
    stage: str | None = None
