"""What is known of the files of a version when it is registered."""

from dataclasses import dataclass
from enum import Enum


class DigestStatus(str, Enum):
    """What came of holding a version's files to a manifest; numbered in this order in databases."""

    UNKNOWN = "unknown"  # there is no manifest, or nobody who may read the files
    VERIFIED = "verified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class VersionEvidence:
    """What a version is made of, as far as that is known.

    Attributes:
        run_id: The run that produced it.
        storage_location: Where its files are.
        model_id: The logged model behind it.
        digest: The digest of that model's manifest.
        digest_status: Whether the files are as the manifest says.
        fault: Why it cannot be used; None when it can.
    """

    run_id: str | None = None
    storage_location: str | None = None
    model_id: str | None = None
    digest: str | None = None
    digest_status: DigestStatus = DigestStatus.UNKNOWN
    fault: str | None = None
