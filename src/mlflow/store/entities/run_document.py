"""A named piece of evidence kept with a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunDocument:
    """A named piece of evidence kept with a run: neither a tag nor an artifact.

    Attributes:
        name: Unique within the run, such as ``git.diff``.
        content: The bytes as they were logged.
        content_type: A media type, such as ``text/x-diff``.
        creation_time: Milliseconds since 1970.
    """

    name: str
    content: bytes
    content_type: str
    creation_time: int
