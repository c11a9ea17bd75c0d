"""Artifacts in Azure: ``wasbs://container@account.blob.core.windows.net/path`` and ``abfss:``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._core.variables import read
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.object_access import Place, client_options, require_obstore, retries
from mlflow.store.artifact.object_files import ObjectFiles
from mlflow.store.artifact.object_uri import bucket_uri

if TYPE_CHECKING:
    from obstore.store import AzureConfig

_CONNECTION: Final = "AZURE_STORAGE_CONNECTION_STRING"
_PUT_HEADERS: Final = (("x-ms-blob-type", "BlockBlob"),)


def open_azure(uri: str) -> ObjectFiles:
    """Return the files below a ``wasb(s):`` or ``abfs(s):`` URI; nothing is sent before use.

    Args:
        uri: Container, account and prefix. Credentials come from
            ``AZURE_STORAGE_CONNECTION_STRING`` or the other ``AZURE_*`` variables, a managed
            identity, or the Azure command line.

    Raises:
        MlflowException: the URI is none, the connection string is of another account, or obstore
            is not installed.
    """
    require_obstore("azure")
    from obstore.store import AzureStore  # noqa: PLC0415 - optional

    place = bucket_uri(uri, with_host=True)
    account, _, domain = place.host.partition(".")
    if not domain.startswith(("blob.", "dfs.")):
        raise MlflowException.invalid_parameter_value(
            f"Invalid artifact location {uri!r}: the host must be like "
            "'account.blob.core.windows.net' or 'account.dfs.core.windows.net'."
        )
    settings = _connection(account)
    if "endpoint" not in settings and not domain.endswith(".core.windows.net"):
        settings["endpoint"] = f"https://{account}.blob.{domain.partition('.')[2]}"
    store = AzureStore(
        place.bucket,
        prefix=place.prefix or None,
        config={"account_name": account, **settings},
        client_options=client_options(),
        retry_config=retries(),
    )
    return ObjectFiles(Place(uri, store, {}, put_headers=_PUT_HEADERS, signs_plain_names_only=True))


def _connection(account: str) -> AzureConfig:
    text = read(_CONNECTION)
    if not text:
        return {}
    values = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    if values.get("AccountName", account) != account:
        raise MlflowException.invalid_parameter_value(
            f"{_CONNECTION} is of the account {values['AccountName']!r}, the artifacts are in "
            f"{account!r}."
        )
    settings: AzureConfig = {}
    if "AccountKey" in values:
        settings["account_key"] = values["AccountKey"]
    if "SharedAccessSignature" in values:
        settings["sas_key"] = values["SharedAccessSignature"]
    endpoint = values.get("BlobEndpoint")
    if endpoint:
        settings["endpoint"] = endpoint.rstrip("/")
    return settings
