"""Uploads in parts to S3, by its own multipart uploads: what is stored is never moved again.

obstore has no uploads that outlive a process, so these requests are made here. They need an access
key; where credentials come from the machine's role, parts are kept as ``object_parts`` does.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape

from urllib3.exceptions import HTTPError

from mlflow._core.clock import sleep
from mlflow._core.paths import join_path
from mlflow._core.retry import backoff
from mlflow.exceptions import (
    INVALID_PARAMETER_VALUE,
    PERMISSION_DENIED,
    TEMPORARILY_UNAVAILABLE,
    MlflowException,
)
from mlflow.store.artifact.contract import Part, Presigned
from mlflow.store.artifact.object_sink import attributes_of
from mlflow.store.artifact.s3_signing import S3Keys, signed_url
from mlflow.store.artifact.streams import differs, require_visible
from mlflow.store.artifact.upload_ids import (
    counted,
    marked_id,
    matched_parts,
    no_such_upload,
    require_number,
    unmarked_id,
)
from mlflow.store.artifact.web_pool import web_pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from typing_extensions import Buffer
    from urllib3 import BaseHTTPResponse

    from mlflow.store.artifact.contract import FileStat
    from mlflow.store.artifact.object_bucket import ObjectBucket

_SECONDS: Final = 900  # that a request of ours may wait before it is sent
_STANDARD: Final = frozenset(
    {
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-type",
    }
)
_NOT_FOUND: Final = 404
_FORBIDDEN: Final = 403
_BAD: Final = 400
_FAILED: Final = 500
_MOVED: Final = 300
_MD5: Final = 32  # digits
_TRIES: Final = 4


class S3Bucket(NamedTuple):
    """Where requests go and who signs them."""

    base: str  # URL of the bucket, without a slash at its end
    prefix: str
    keys: S3Keys
    headers: dict[str, str]  # that an upload is begun with, names in lower case
    insecure_tls: bool


class S3Parts:
    """Uploads in parts to one bucket; see ``contract.Multipart`` for what holds."""

    part_size: Final = 64 * 1024 * 1024
    most_parts: Final = 10_000

    def __init__(self, objects: ObjectBucket, bucket: S3Bucket) -> None:
        """Take the bucket.

        Args:
            objects: The bucket.
            bucket: The same for requests of our own.
        """
        self._objects = objects
        self._place = objects.place
        self.bucket = bucket
        self._pool = web_pool(bucket.base, insecure_tls=bucket.insecure_tls)

    def begin(self, path: str, *, sha256: str | None = None) -> str:
        """Begin an upload and return its id."""
        headers = dict(self.bucket.headers)
        for name, text in attributes_of(self._place, require_visible(path), sha256).items():
            lower = name.lower()
            if lower == "storage-class":
                headers["x-amz-storage-class"] = text
            else:
                headers[lower if lower in _STANDARD else f"x-amz-meta-{lower}"] = text
        answer = self._send("POST", path, {"uploads": ""}, headers=headers)
        return marked_id(path, _texts(answer, "UploadId")[0])

    def write_part(
        self, path: str, upload_id: str, number: int, chunks: Iterable[Buffer], *, size: int
    ) -> Part:
        """Store a part; one with the same number is replaced."""
        require_number(number, self.most_parts)
        digest = hashlib.sha256()
        checked = hashlib.md5(usedforsecurity=False)

        def body() -> Iterator[bytes]:
            for chunk in counted(path, chunks, size):
                digest.update(chunk)
                checked.update(chunk)
                yield bytes(chunk)

        query = {"partNumber": str(number), "uploadId": unmarked_id(path, upload_id)}
        reply = self._request("PUT", path, query, body=body(), length=size)
        etag = reply.headers.get("ETag", "").strip('"')
        encryption = reply.headers.get("x-amz-server-side-encryption", "AES256")
        if encryption == "AES256" and len(etag) == _MD5 and etag != checked.hexdigest():
            raise differs(path, "the stored part has another digest")
        return Part(number, size, etag, digest.hexdigest())

    def list_parts(self, path: str, upload_id: str) -> list[Part]:
        """Return the parts that are stored, ordered by number."""
        found: list[Part] = []
        marker = "0"
        while marker:
            query = {"uploadId": unmarked_id(path, upload_id), "part-number-marker": marker}
            answer = self._send("GET", path, query)
            found += [
                Part(
                    int(_texts(part, "PartNumber")[0]),
                    int(_texts(part, "Size")[0]),
                    _texts(part, "ETag")[0].strip('"'),
                )
                for part in _elements(answer, "Part")
            ]
            more = _texts(answer, "IsTruncated") == ["true"]
            marker = _texts(answer, "NextPartNumberMarker")[0] if more else ""
        return found

    def complete(
        self,
        path: str,
        upload_id: str,
        parts: Sequence[Part],
        *,
        sha256: str | None = None,  # noqa: ARG002 - each part was checked; the whole stays there
    ) -> FileStat:
        """Let the file appear, made of parts in the order of their numbers."""
        chosen = matched_parts(path, parts, self.list_parts(path, upload_id))
        listed = "".join(
            f"<Part><PartNumber>{part.number}</PartNumber><ETag>{escape(part.etag)}</ETag></Part>"
            for part in chosen
        )
        body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
        answer = self._send("POST", path, {"uploadId": unmarked_id(path, upload_id)}, body=body)
        if _elements(answer, "Error"):  # S3 answers 200 before it knows
            raise self._refused(path, upload_id, _FAILED, answer)
        return self._objects.stat(path)

    def abort(self, path: str, upload_id: str) -> None:
        """Forget an upload and its parts; nothing happens when there is none."""
        query = {"uploadId": unmarked_id(path, upload_id)}
        try:
            self._send("DELETE", path, query)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise

    def clean(self, *, before_ms: int) -> int:
        """Forget the uploads that were begun before a time, and return how many."""
        prefix = f"{self.bucket.prefix}/" if self.bucket.prefix else ""
        markers = {"key-marker": "", "upload-id-marker": ""}
        count = 0
        while markers:
            answer = self._send("GET", None, {"uploads": "", "prefix": prefix, **markers})
            for upload in _elements(answer, "Upload"):
                begun = datetime.fromisoformat(
                    _texts(upload, "Initiated")[0].replace("Z", "+00:00")
                )
                key = _texts(upload, "Key")[0]
                if begun.timestamp() * 1000 < before_ms and key.startswith(prefix):
                    path = key.removeprefix(prefix)
                    self.abort(path, marked_id(path, _texts(upload, "UploadId")[0]))
                    count += 1
            more = _texts(answer, "IsTruncated") == ["true"]
            markers = (
                {
                    "key-marker": _texts(answer, "NextKeyMarker")[0],
                    "upload-id-marker": _texts(answer, "NextUploadIdMarker")[0],
                }
                if more
                else {}
            )
        return count

    def presign_part(self, path: str, upload_id: str, number: int, *, seconds: int) -> Presigned:
        """Return a request that uploads a part."""
        query = {"partNumber": str(number), "uploadId": unmarked_id(path, upload_id)}
        return Presigned("PUT", self._url("PUT", path, query, {}, seconds), {})

    def _url(
        self,
        method: str,
        path: str | None,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        seconds: int,
    ) -> str:
        key = "" if path is None else join_path(self.bucket.prefix, path)
        return signed_url(
            self.bucket.keys,
            method,
            self.bucket.base,
            key,
            query,
            headers=headers,
            seconds=seconds,
        )

    def _send(
        self,
        method: str,
        path: str | None,
        query: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> str:
        """Send a request that may be repeated, and return the answer's text."""
        waits = backoff(first=0.2, longest=5.0)
        for attempt in range(1, _TRIES + 1):
            try:
                reply = self._request(
                    method, path, query, headers=headers, body=body, length=len(body or b"")
                )
                return str(reply.data, "utf-8")
            except MlflowException as error:
                if attempt == _TRIES or error.error_code != "TEMPORARILY_UNAVAILABLE":
                    raise
            sleep(next(waits))
        raise AssertionError  # the last try returned or raised

    def _request(
        self,
        method: str,
        path: str | None,
        query: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterator[bytes] | None = None,
        length: int = 0,
    ) -> BaseHTTPResponse:
        url = self._url(method, path, query, headers or {}, _SECONDS)
        sent = {**(headers or {}), "Content-Length": str(length)}
        try:
            reply = self._pool.request(method, url, headers=sent, body=body, redirect=False)
        except (HTTPError, OSError) as error:
            raise MlflowException(
                f"Cannot write artifact {path!r} at {self._place.uri!r}: {error}",
                TEMPORARILY_UNAVAILABLE,
            ) from error
        if reply.status >= _MOVED:
            raise self._refused(
                path or "", query.get("uploadId", ""), reply.status, str(reply.data, "utf-8")
            )
        return reply

    def _refused(self, path: str, upload_id: str, status: int, answer: str) -> MlflowException:
        reason = " ".join(_texts(answer, "Code") + _texts(answer, "Message"))
        if status == _NOT_FOUND and upload_id:
            return no_such_upload(path, upload_id)
        codes = {_FORBIDDEN: PERMISSION_DENIED, _BAD: INVALID_PARAMETER_VALUE}
        return MlflowException(
            f"Cannot write artifact {path!r} at {self._place.uri!r}: {status} {reason}",
            codes.get(status, TEMPORARILY_UNAVAILABLE),
        )


def _elements(xml: str, name: str) -> list[str]:
    """Return the inner texts of an answer's elements; its schema is flat and has no attributes."""
    return re.findall(rf"<{name}>(.*?)</{name}>", xml, re.DOTALL)


def _texts(xml: str, name: str) -> list[str]:
    return [unescape(text) for text in _elements(xml, name)]
