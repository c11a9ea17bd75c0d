"""Servers of object stores for the tests, each a process of its own on this machine."""

from __future__ import annotations

import hmac
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from threading import Thread
from typing import Final, NamedTuple

import pytest
import urllib3

BUCKET: Final = "bucket"
_ACCOUNT: Final = "devstoreaccount1"
# The key that every installation of the emulator has.
_KEY: Final = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


class ObjectServer(NamedTuple):
    """A running server: where it is, the URI of its bucket, and what a client has to set."""

    url: str
    uri: str
    variables: Mapping[str, str]

    def as_gcs(self) -> ObjectServer:
        """Return a server of S3's protocol as one of Google's, whose XML interface is the same.

        Only what is recorded with an object has other names there, and is lost here.
        """
        return self._replace(
            uri=f"gs://{BUCKET}",
            variables={
                "GOOGLE_BASE_URL": self.url,
                "GOOGLE_BEARER_TOKEN": "key/20260101/us-east-1/s3/aws4_request",
            },
        )

    def behind(self, url: str) -> ObjectServer:
        """Return the same server reached at another address."""
        variables = {name: text.replace(self.url, url) for name, text in self.variables.items()}
        return self._replace(url=url, variables=variables)


@contextmanager
def s3_server() -> Iterator[ObjectServer]:
    """Run a server that speaks S3's protocol."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with _running(command, r"Running on (http://\S+)") as url:
        assert urllib3.request("PUT", f"{url}/{BUCKET}", retries=False).status == 200
        yield ObjectServer(
            url,
            f"s3://{BUCKET}",
            {
                "MLFLOW_S3_ENDPOINT_URL": url,
                "AWS_ACCESS_KEY_ID": "key",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_REGION": "us-east-1",
            },
        )


@contextmanager
def azure_server(folder: Path) -> Iterator[ObjectServer]:
    """Run Azure's emulator, if ``HEADRACE_TEST_AZURITE`` names its program."""
    program = os.environ.get("HEADRACE_TEST_AZURITE") or shutil.which("azurite-blob")
    if program is None:
        pytest.skip("HEADRACE_TEST_AZURITE is not set")
    command = [program, "--blobPort", "0", "--location", str(folder), "--disableTelemetry"]
    command.append("--skipApiVersionCheck")
    with _running(command, r"successfully listens on (http://\S+)") as url:
        endpoint = f"{url}/{_ACCOUNT}"
        connection = (
            f"DefaultEndpointsProtocol=http;AccountName={_ACCOUNT};AccountKey={_KEY};"
            f"BlobEndpoint={endpoint};"
        )
        _make_container(endpoint)
        yield ObjectServer(
            url,
            f"wasbs://{BUCKET}@{_ACCOUNT}.blob.core.windows.net",
            {"AZURE_STORAGE_CONNECTION_STRING": connection},
        )


@contextmanager
def _running(command: list[str], ready: str) -> Iterator[str]:
    """Run a program until the end of the block; yield what it says of itself when it is ready."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            match = None
            while match is None:
                line = process.stdout.readline()
                assert line, f"{command[0]} ended: {said}"
                said += line
                match = re.search(ready, line)
            drain = Thread(target=process.stdout.read)  # a full pipe would stop the server
            drain.start()
            yield match.group(1)
        finally:
            process.terminate()
            process.wait()
        drain.join()


def _make_container(endpoint: str) -> None:
    """Make a container, by a request with a shared key's signature."""
    headers = {
        "x-ms-date": formatdate(usegmt=True),
        "x-ms-version": "2021-12-02",
    }
    named = "".join(f"{name}:{value}\n" for name, value in headers.items())
    signed = "PUT" + "\n" * 12 + named + f"/{_ACCOUNT}/{_ACCOUNT}/{BUCKET}\nrestype:container"
    digest = hmac.digest(b64decode(_KEY), signed.encode(), "sha256")
    headers["Authorization"] = f"SharedKey {_ACCOUNT}:{b64encode(digest).decode()}"
    url = f"{endpoint}/{BUCKET}?restype=container"
    reply = urllib3.request("PUT", url, headers=headers, retries=False)
    assert reply.status == 201, reply.data
