"""What run documents hold, kept once however many runs hold it, under the SHA-256 of its bytes.

Who refers to a content locks its row first, for sharing; who removes those that nothing refers to
locks them alone and then looks, in a second statement, whether that is still so. Thus no document
loses its content, and no content stays because two transactions passed each other.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.dialect import DialectName, placeholders
from mlflow.store.sql.session import Session

_COLUMNS: Final = ("digest", "content", "size")
_LOCK_TO_REFER: Final[Mapping[DialectName, str]] = {
    "sqlite": "",  # which has one writer at a time
    "postgresql": " FOR SHARE",
    "mysql": " LOCK IN SHARE MODE",
}
_LOCK_TO_REMOVE: Final[Mapping[DialectName, str]] = {
    "sqlite": "",
    "postgresql": " FOR UPDATE",
    "mysql": " FOR UPDATE",
}
# Shorter ones are kept as they are.
_COMPRESSED_FROM: Final = 4_096
_FASTEST: Final = 1
_PAGE: Final = 500


def digest_of(content: bytes) -> str:
    """Return what a content is kept under."""
    return hashlib.sha256(content).hexdigest()


def keep(session: Session, contents: Mapping[str, bytes]) -> None:
    """Keep contents by digest, and let nobody remove them before this transaction ends."""
    lock = _LOCK_TO_REFER[session.dialect.name]
    find = f"SELECT size FROM hr_document_contents WHERE digest = ?{lock}"
    add = session.dialect.insert_ignore("hr_document_contents", _COLUMNS, _COLUMNS[:1])
    for digest in sorted(contents):  # in order, so that no two writers wait for each other
        content = contents[digest]
        while session.row(find, (digest,)) is None:
            # Another transaction may have added it meanwhile, even removed it again: look again.
            session.run(add, (digest, _packed(content), len(content)))


def unpacked(kept: bytes, size: int) -> bytes:
    """Return the bytes of a content as they were logged."""
    return kept if len(kept) == size else zlib.decompress(kept)


def _packed(content: bytes) -> bytes:
    if len(content) < _COMPRESSED_FROM:
        return content
    packed = zlib.compress(content, _FASTEST)
    return packed if len(packed) < len(content) else content


def digests_of_runs(session: Session, runs: Sequence[int]) -> list[str]:
    """Return the digests of what runs hold."""
    sql = "SELECT DISTINCT digest FROM hr_run_documents WHERE run_id IN ({})"
    return sorted({digest for (digest,) in rows_for(session, sql, runs)})


def unused_digests(session: Session, after: str) -> list[str]:
    """Return a page of the digests that nothing refers to, from after a digest on."""
    rows = session.rows(
        "SELECT c.digest FROM hr_document_contents c WHERE c.digest > ? AND NOT EXISTS"
        f" (SELECT 1 FROM hr_run_documents d WHERE d.digest = c.digest) ORDER BY 1 LIMIT {_PAGE}",
        (after,),
    )
    return [digest for (digest,) in rows]


def remove_unused(session: Session, digests: Iterable[str]) -> int:
    """Remove those of these contents that nothing refers to, and return how many."""
    chosen = sorted(digests)
    some = placeholders(len(chosen))
    lock = _LOCK_TO_REMOVE[session.dialect.name]
    session.rows(
        f"SELECT digest FROM hr_document_contents WHERE digest IN ({some}) ORDER BY digest{lock}",
        chosen,
    )
    return session.run(
        f"DELETE FROM hr_document_contents WHERE digest IN ({some}) AND NOT EXISTS"
        " (SELECT 1 FROM hr_run_documents d WHERE d.digest = hr_document_contents.digest)",
        chosen,
    )
