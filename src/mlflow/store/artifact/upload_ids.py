"""Ids of uploads in parts, and the checks of what a caller says of one."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from mlflow._core.ids import new_uuid
from mlflow.exceptions import INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.artifact.streams import differs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from typing_extensions import Buffer

    from mlflow.store.artifact.contract import Part

UPLOADS: Final = ".headrace-uploads.part"  # the hidden folder at a destination's root
_ID: Final = re.compile(r"[0-9a-f]{48}")


def new_upload_id(path: str) -> str:
    """Return an id for an upload, which serves for no other path.

    Args:
        path: Where the file will appear.
    """
    return f"{new_uuid()}{_mark(path)}"


def require_upload_id(path: str, upload_id: str) -> None:
    """Refuse an id that was not made for a path.

    Raises:
        MlflowException: there can be no such upload.
    """
    if not _ID.fullmatch(upload_id) or not upload_id.endswith(_mark(path)):
        raise no_such_upload(path, upload_id)


def marked_id(path: str, upload_id: str) -> str:
    """Return a destination's own id as one that serves for no other path."""
    return f"{_mark(path)}{upload_id}"


def unmarked_id(path: str, upload_id: str) -> str:
    """Return the destination's own id.

    Raises:
        MlflowException: the id was made for another path.
    """
    mark = _mark(path)
    if not upload_id.startswith(mark) or len(upload_id) == len(mark):
        raise no_such_upload(path, upload_id)
    return upload_id[len(mark) :]


def no_such_upload(path: str, upload_id: str) -> MlflowException:
    """Return the error for an upload that is over, or never was."""
    return MlflowException(
        f"There is no upload {upload_id!r} of {path!r}: it was completed, aborted or cleaned away.",
        RESOURCE_DOES_NOT_EXIST,
    )


def require_number(number: int, most: int) -> None:
    """Refuse the number of a part that cannot be.

    Raises:
        MlflowException: it is not from 1 to ``most``.
    """
    if not 1 <= number <= most:
        raise MlflowException.invalid_parameter_value(
            f"Invalid part number {number}: it must be from 1 to {most}."
        )


def matched_parts(path: str, asked: Sequence[Part], stored: Sequence[Part]) -> list[Part]:
    """Return the stored parts that a file is to be made of, ordered by number.

    Args:
        path: Where the file will appear, for the message.
        asked: What the caller names: numbers and tags.
        stored: What is there.

    Raises:
        MlflowException: one is missing or another one, or there are none.
    """
    by_tag = {(part.number, part.etag): part for part in stored}
    missing = [part.number for part in asked if (part.number, part.etag) not in by_tag]
    if missing or not asked:
        raise MlflowException(
            f"Cannot complete the upload of {path!r}: parts {missing} are not stored.",
            INVALID_PARAMETER_VALUE,
        )
    return sorted(by_tag[part.number, part.etag] for part in asked)


def counted(path: str, chunks: Iterable[Buffer], size: int) -> Iterator[memoryview]:
    """Yield the chunks of a part as bytes.

    Args:
        path: Where the file will appear, for the message.
        chunks: The part.
        size: How many bytes it must have.

    Raises:
        MlflowException: it has fewer or more (DATA_LOSS).
    """
    passed = 0
    for chunk in chunks:
        view = memoryview(chunk).cast("B")
        passed += len(view)
        if passed > size:
            raise differs(path, f"a part of more than {size} bytes")
        yield view
    if passed < size:
        raise differs(path, f"a part of {passed} bytes instead of {size}")


def _mark(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:16]
