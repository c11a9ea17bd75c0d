"""The model registry of a server: exactly once, in a database of its own, and who did what."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mlflow.store.model_registry.rest_store import RestStore
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as TrackingStore
from tests.e2e.servers import serving
from tests.losing_proxy import losing_proxy

if TYPE_CHECKING:
    from pathlib import Path

_CREATORS = 200
_PASSWORD = "Correct-Horse-9"  # noqa: S105 - of this test's server


def test_creators_whose_answers_are_lost_make_one_version_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred at once, a third of the answers lost: numbers 1 to 200, each made once."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.01")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "30")
    with (
        serving(tmp_path) as server,
        losing_proxy(server.url, share=0.3) as proxy,
        ThreadPoolExecutor(16) as pool,
    ):
        registry = RestStore(proxy.uri)
        registry.create_registered_model("m")
        made = list(
            pool.map(lambda _: registry.create_model_version("m", "s3://b/x"), range(_CREATORS))
        )
        registry.close()
        assert proxy.lost > _CREATORS / 5
        assert sorted(int(one.version) for one in made) == list(range(1, _CREATORS + 1))
        (model,) = server.api("GET", "/registered-models/search")["registered_models"]
        assert model["latest_versions"][0]["version"] == str(_CREATORS)


def test_a_registry_in_a_database_of_its_own(tmp_path: Path) -> None:
    """Models lie where ``--registry-store-uri`` says; runs and logged models are found beside."""
    registry = f"sqlite:///{tmp_path / 'registry.db'}"
    with serving(tmp_path, "--registry-store-uri", registry) as server:
        model = server.api("POST", "/logged-models", {"experiment_id": "0"})["model"]["info"]
        server.api("POST", "/registered-models/create", {"name": "m"})
        source = {"source": f"models:/{model['model_id']}", "model_id": model["model_id"]}
        made = server.api("POST", "/model-versions/create", {"name": "m", **source})
        assert made["model_version"]["version"] == "1"
        found = server.api("GET", "/model-versions/get-download-uri?name=m&version=1")
        assert found["artifact_uri"] == model["artifact_uri"]
    kept = SqlAlchemyStore(registry)
    assert [one.name for one in kept.search_registered_models()] == ["m"]
    other = f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert SqlAlchemyStore(other).search_registered_models() == []
    for uri in (registry, other):
        TrackingStore.forget(uri)


def test_who_is_known_by_a_password_cannot_be_another(tmp_path: Path) -> None:
    """The history says who signed in, whatever the client says; without passwords, what it says."""
    command = "from mlflow.cli.main import main; main()"
    arguments = ("server", "hash-password", "--user", "ada", "--password", _PASSWORD)
    done = subprocess.run(
        [sys.executable, "-c", command, *arguments], capture_output=True, text=True, check=True
    )
    passwords = tmp_path / "passwords"
    passwords.write_text(done.stdout, "utf-8")
    signed = b64encode(f"ada:{_PASSWORD}".encode()).decode()
    for options, headers, wanted in (
        (("--basic-auth-file", str(passwords)), {"Authorization": f"Basic {signed}"}, "ada"),
        ((), {}, "eve ü"),
    ):
        folder = tmp_path / wanted
        folder.mkdir()
        sent = {"Headrace-User": "eve%20%C3%BC", **headers}
        with serving(folder, *options) as server:
            for path, body in (
                ("registered-models/create", {"name": "m"}),
                ("model-versions/create", {"name": "m", "source": "s3://b/x"}),
                ("registered-models/alias", {"name": "m", "alias": "a", "version": "1"}),
            ):
                reply = server.ask("POST", f"/api/2.0/mlflow/{path}", body, headers=sent)
                assert reply.status == 200, reply
            own = "/api/headrace/registered-models/history?name=m"
            (move,) = server.ask("GET", own, headers=headers).json["moves"]
            assert (move["user_id"], move["alias"], move["version"]) == (wanted, "a", 1)
