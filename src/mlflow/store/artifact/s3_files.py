"""Artifacts in S3 (``s3://bucket/prefix``) and in what speaks its protocol.

Cloudflare R2 and Backblaze B2 name their host in the URI: ``r2://bucket@host/prefix``, ``b2:``.
"""

from __future__ import annotations

import json
import re
from configparser import ConfigParser, Error
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast
from urllib.parse import parse_qsl

from mlflow._core.uri import scheme_of
from mlflow._core.variables import read
from mlflow.environment_variables import (
    MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE,
    MLFLOW_S3_ENDPOINT_URL,
    MLFLOW_S3_EXPECTED_BUCKET_OWNER,
    MLFLOW_S3_IGNORE_TLS,
    MLFLOW_S3_UPLOAD_EXTRA_ARGS,
)
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.object_access import Place, client_options, require_obstore, retries
from mlflow.store.artifact.object_files import ObjectFiles
from mlflow.store.artifact.object_uri import BucketUri, bucket_uri
from mlflow.store.artifact.s3_parts import S3Bucket
from mlflow.store.artifact.s3_signing import S3Keys

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import S3Config

# Arguments of an upload as boto3 names them -> what they are here.
_ATTRIBUTES: Final = {
    "CacheControl": "Cache-Control",
    "ContentDisposition": "Content-Disposition",
    "ContentEncoding": "Content-Encoding",
    "ContentLanguage": "Content-Language",
    "ContentType": "Content-Type",
    "StorageClass": "Storage-Class",
}
_SETTINGS: Final = {
    "ServerSideEncryption": "server_side_encryption",
    "SSEKMSKeyId": "sse_kms_key_id",
    "BucketKeyEnabled": "sse_bucket_key_enabled",
    "RequestPayer": "request_payer",
}
_REGION_IN_HOST: Final = re.compile(r"s3\.([a-z0-9-]+)\.")
_HEADERS: Final = {
    "ServerSideEncryption": "x-amz-server-side-encryption",
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
    "BucketKeyEnabled": "x-amz-server-side-encryption-bucket-key-enabled",
    "RequestPayer": "x-amz-request-payer",
}


class _Arguments(NamedTuple):
    """What ``MLFLOW_S3_UPLOAD_EXTRA_ARGS`` asks for, by where it goes."""

    settings: S3Config
    attributes: Attributes
    tags: dict[str, str] | None
    headers: dict[str, str]  # the same, but for the attributes


def open_s3(uri: str) -> ObjectFiles:
    """Return the files below an ``s3:``, ``r2:`` or ``b2:`` URI; nothing is sent before the use.

    Args:
        uri: The bucket and the prefix. Endpoint, region and credentials come from
            ``MLFLOW_S3_ENDPOINT_URL``, the ``AWS_*`` variables and the files of the AWS tools.

    Raises:
        MlflowException: the URI is none, a setting is wrong, or obstore is not installed.
    """
    require_obstore("s3")
    from obstore.store import S3Store  # noqa: PLC0415 - optional

    place = bucket_uri(uri, with_host=scheme_of(uri) != "s3")
    if MLFLOW_S3_EXPECTED_BUCKET_OWNER.get():
        raise MlflowException.invalid_parameter_value(
            f"{MLFLOW_S3_EXPECTED_BUCKET_OWNER.name} is set, and Headrace cannot check the owner "
            "of a bucket. Unset it, and restrict the credentials to buckets that you trust."
        )
    arguments = _upload_arguments()
    settings: S3Config = {**_credentials(), **_endpoint(place), **arguments.settings}
    store = S3Store(
        place.bucket,
        prefix=place.prefix or None,
        config=settings,
        client_options=client_options(insecure_tls=MLFLOW_S3_IGNORE_TLS.get()),
        retry_config=retries(),
    )
    keys = _keys(settings)
    bucket = keys and S3Bucket(
        _base(place.bucket, settings, keys.region),
        place.prefix,
        keys,
        arguments.headers,
        MLFLOW_S3_IGNORE_TLS.get(),
    )
    return ObjectFiles(Place(uri, store, arguments.attributes, arguments.tags), s3=bucket)


def _keys(settings: S3Config) -> S3Keys | None:
    """Return the access key of this process, None where the machine's role stands for one."""
    region = (
        settings.get("region") or read("AWS_REGION") or read("AWS_DEFAULT_REGION") or "us-east-1"
    )
    key, secret = settings.get("access_key_id"), settings.get("secret_access_key")
    token = settings.get("session_token")
    if key is None:
        key, secret = read("AWS_ACCESS_KEY_ID"), read("AWS_SECRET_ACCESS_KEY")
        token = read("AWS_SESSION_TOKEN")
    return S3Keys(key, secret, token, region) if key and secret else None


def _base(bucket: str, settings: S3Config, region: str) -> str:
    """Return the URL of a bucket."""
    virtual = settings["virtual_hosted_style_request"]
    endpoint = settings.get("endpoint")
    if endpoint is None:
        host = f"s3.{region}.amazonaws.com"
        endpoint = f"https://{bucket}.{host}" if virtual else f"https://{host}"
    return endpoint if virtual else f"{endpoint}/{bucket}"


def _endpoint(place: BucketUri) -> S3Config:
    if place.host:
        settings: S3Config = {
            "endpoint": f"https://{place.host}",
            "virtual_hosted_style_request": False,
        }
        region = _REGION_IN_HOST.match(place.host)
        return {**settings, "region": region.group(1) if region else "auto"}
    endpoint = (
        MLFLOW_S3_ENDPOINT_URL.get() or read("AWS_ENDPOINT_URL_S3") or read("AWS_ENDPOINT_URL")
    )
    style = MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE.get()
    virtual = style == "virtual" or (style == "auto" and not endpoint and "." not in place.bucket)
    if not endpoint:
        return {"virtual_hosted_style_request": virtual}
    if virtual:
        scheme, _, host = endpoint.partition("://")
        endpoint = f"{scheme}://{place.bucket}.{host}"
    return {"endpoint": endpoint.rstrip("/"), "virtual_hosted_style_request": virtual}


def _credentials() -> S3Config:
    """Return what the files of the AWS tools say; the environment's own keys come first."""
    settings: S3Config = {}
    profile = read("AWS_PROFILE") or read("AWS_DEFAULT_PROFILE")
    name = profile or "default"
    config = _section("AWS_CONFIG_FILE", "config", name if name == "default" else f"profile {name}")
    if not (read("AWS_REGION") or read("AWS_DEFAULT_REGION")) and "region" in config:
        settings["region"] = config["region"]
    if profile is None and read("AWS_ACCESS_KEY_ID"):
        return settings
    keys = {**config, **_section("AWS_SHARED_CREDENTIALS_FILE", "credentials", name)}
    if "aws_access_key_id" in keys and "aws_secret_access_key" in keys:
        settings["access_key_id"] = keys["aws_access_key_id"]
        settings["secret_access_key"] = keys["aws_secret_access_key"]
        if "aws_session_token" in keys:
            settings["session_token"] = keys["aws_session_token"]
        return settings
    if profile is not None:
        raise MlflowException.invalid_parameter_value(
            f"The AWS profile {profile!r} (AWS_PROFILE) holds no access key. Headrace reads keys "
            "from profiles; for single sign-on and assumed roles put temporary credentials into "
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN."
        )
    return settings


def _section(variable: str, name: str, section: str) -> dict[str, str]:
    file = Path(read(variable) or Path.home() / ".aws" / name).expanduser()
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
    except Error as error:
        raise MlflowException.invalid_parameter_value(
            f"Cannot read the AWS settings in {str(file)!r}: {error}"
        ) from error
    return dict(parser[section]) if parser.has_section(section) else {}


def _upload_arguments() -> _Arguments:
    text = MLFLOW_S3_UPLOAD_EXTRA_ARGS.get()
    if not text:
        return _Arguments({}, {}, None, {})
    try:
        given = json.loads(text)
    except ValueError as error:
        raise _bad_arguments(f"it is no JSON ({error})") from None
    if not isinstance(given, dict):
        raise _bad_arguments("it is no JSON object")
    settings: dict[str, object] = {}
    headers: dict[str, str] = {}
    attributes: Attributes = {}
    tags = None
    for name, value in given.items():
        if name in _SETTINGS:
            settings[_SETTINGS[name]] = value
            headers[_HEADERS[name]] = str(value).lower() if isinstance(value, bool) else str(value)
        elif name in _ATTRIBUTES:
            attributes[_ATTRIBUTES[name]] = str(value)
        elif name == "Metadata" and isinstance(value, dict):
            attributes.update({key: str(text) for key, text in value.items()})
        elif name == "Tagging":
            tags = dict(parse_qsl(str(value), keep_blank_values=True))
            headers["x-amz-tagging"] = str(value)
        else:
            known = ", ".join((*_SETTINGS, *_ATTRIBUTES, "Metadata", "Tagging"))
            raise _bad_arguments(f"{name!r} is not supported; {known} are")
    return _Arguments(cast("S3Config", settings), attributes, tags, headers)


def _bad_arguments(why: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"Invalid value of {MLFLOW_S3_UPLOAD_EXTRA_ARGS.name}: {why}."
    )
