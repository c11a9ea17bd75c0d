"""Artifacts through servers in both directions: upstream's client and ours, its server and ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.parity.servers import server_process
from tests.parity.upstream import our_python, run_script, upstream_python

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPT = Path(__file__).with_name("artifact_proxy_script.py").read_text("utf-8")
_MIB = 1024 * 1024
_IN_PARTS = {
    "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": "true",
    "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "true",
    "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE": str(6 * _MIB),
    "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE": str(5 * _MIB),
    "MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE": str(6 * _MIB),
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server_process(our_python(), tmp_path_factory.mktemp("ours")) as uri:
        yield uri


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("theirs")
    with server_process(upstream_python(), folder, "--workers", "1") as uri:
        yield uri


@pytest.fixture(scope="module")
def expected(theirs: str) -> Any:
    """Return what upstream's client says of its own server."""
    return run_script(upstream_python(), _SCRIPT, {"uri": theirs, "big": 7 * _MIB})


@pytest.mark.parametrize("variables", [{}, _IN_PARTS], ids=["whole", "in parts"])
def test_upstream_client(ours: str, expected: Any, variables: dict[str, str]) -> None:
    """Upstream's client finds at our server what it finds at its own, also with parts."""
    payload = {"uri": ours, "big": 7 * _MIB}
    assert run_script(upstream_python(), _SCRIPT, payload, variables) == expected


@pytest.mark.parametrize("variables", [{}, _IN_PARTS], ids=["whole", "in parts"])
def test_our_client_at_upstream(theirs: str, expected: Any, variables: dict[str, str]) -> None:
    """Our client finds at upstream's server what upstream's does, which takes no parts."""
    payload = {"uri": theirs, "big": 7 * _MIB}
    assert run_script(our_python(), _SCRIPT, payload, variables) == expected


@pytest.mark.parametrize("size", [7 * _MIB, 70 * _MIB], ids=["whole", "in parts"])
def test_our_client_here(ours: str, expected: Any, size: int) -> None:
    """Our client finds the same at our server, small or large enough for parts."""
    found = run_script(our_python(), _SCRIPT, {"uri": ours, "big": size})
    assert found == {**expected, "big": [["m/big.bin", False, size]]}
