"""Signed requests to S3: signature version 4 in the query, so that the URL is all there is.

Source: AWS, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from mlflow._core.clock import now_ms

if TYPE_CHECKING:
    from collections.abc import Mapping


class S3Keys(NamedTuple):
    """Credentials and the region that they are used in."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    region: str


def signed_url(
    keys: S3Keys,
    method: str,
    base: str,
    path: str,
    query: Mapping[str, str],
    *,
    headers: Mapping[str, str],
    seconds: int,
) -> str:
    """Return a URL that may be requested until it expires.

    Args:
        keys: Who signs.
        method: The request's method.
        base: Scheme, host and the path of the bucket.
        path: The key, not encoded.
        query: The request's parameters.
        headers: Those that must be sent with it, names in lower case.
        seconds: For how long.
    """
    moment = datetime.fromtimestamp(now_ms() / 1000, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{keys.region}/s3/aws4_request"
    parts = urlsplit(base)
    signed = {"host": parts.netloc, **headers}
    names = ";".join(sorted(signed))
    parameters = {
        **query,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{keys.access_key_id}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": names,
    }
    if keys.session_token:
        parameters["X-Amz-Security-Token"] = keys.session_token
    encoded = "&".join(
        sorted(
            f"{quote(name, safe='~')}={quote(text, safe='~')}" for name, text in parameters.items()
        )
    )
    resource = f"{parts.path}/{quote(path, safe='/~')}"
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    request = f"{method}\n{resource}\n{encoded}\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{keys.secret_access_key}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return f"{parts.scheme}://{parts.netloc}{resource}?{encoded}&X-Amz-Signature={signature}"
