"""No credentials, no proxies and no waits from outside; short waits inside."""

from pathlib import Path

import pytest

from mlflow._core.variables import snapshot
from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _PROXIES:
        for spelled in (name, name.upper()):
            monkeypatch.delenv(spelled, raising=False)
    for name in snapshot(("MLFLOW_", "REQUESTS_", "CURL_")):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR.name, "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.01")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
