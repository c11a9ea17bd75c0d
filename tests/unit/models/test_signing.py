"""Signatures of models: made with a real key at log time, checked at load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import mlflow
from mlflow._core.uri import local_path
from mlflow.exceptions import MlflowException
from mlflow.models import update_model_requirements
from mlflow.models.choke import Origin, reading_from
from mlflow.models.signing import SIGNATURE_FILE, verify
from mlflow.store.artifact.model_files import manifest_of

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("model_signing", reason="the extra `signing` is not installed")
primitives = "cryptography.hazmat.primitives"
serialization = pytest.importorskip(f"{primitives}.serialization")
ec = pytest.importorskip(f"{primitives}.asymmetric.ec")


def _double(model_input: list[int]) -> list[int]:
    return model_input * 2


def _keys(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a fresh pair of keys."""
    made = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    private.write_bytes(
        made.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(made.public_key().public_bytes(pem, form))
    return private, public


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """Log a signed model; give its URI and folder. Its public key is the one to check with."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'store.db'}")
    private, public = _keys(tmp_path, "own")
    monkeypatch.setenv("HEADRACE_MODEL_SIGNING_KEY", str(private))
    info = mlflow.pyfunc.log_model(name="m", python_model=_double)
    monkeypatch.delenv("HEADRACE_MODEL_SIGNING_KEY")
    monkeypatch.setenv("HEADRACE_MODEL_VERIFY_KEY", str(public))
    model = mlflow.MlflowClient().get_logged_model(str(info.model_id))
    return info.model_uri, local_path(model.artifact_location)


def test_a_good_signature_loads(logged: tuple[str, Path]) -> None:
    """What was signed with the key is loaded, also where code is watched."""
    uri, folder = logged
    assert (folder / SIGNATURE_FILE).is_file()
    assert mlflow.pyfunc.load_model(uri).predict([1]) == [1, 1]
    (folder / "registered_model_meta").touch()  # what other clients leave there
    with reading_from(Origin.REMOTE):
        verify(folder)


@pytest.mark.parametrize("change", ["content", "more", "less", "unsigned", "garbage"])
def test_a_bad_signature_refuses(logged: tuple[str, Path], change: str) -> None:
    """Other content, a file more or less, and no signature are errors before anything is read."""
    uri, folder = logged
    target = folder / ("python_model.pkl" if change in ("content", "less") else SIGNATURE_FILE)
    if change == "more":
        (folder / "more").touch()
    elif change in ("less", "unsigned"):
        target.unlink()
    else:
        target.write_bytes(b"{}")
    with pytest.raises(MlflowException, match="not loaded") as caught:
        mlflow.pyfunc.load_model(uri)
    assert caught.value.error_code == "DATA_LOSS"


def test_another_key_refuses(
    logged: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature of somebody else is none."""
    _, public = _keys(tmp_path, "other")
    monkeypatch.setenv("HEADRACE_MODEL_VERIFY_KEY", str(public))
    with pytest.raises(MlflowException, match="not good"):
        mlflow.pyfunc.load_model(logged[0])


def test_a_signed_model_is_signed_again_or_not_changed(
    logged: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the key it stays as it is; with it, the changed model has a good signature."""
    uri, folder = logged
    before = manifest_of(folder, "")
    with pytest.raises(MlflowException, match="is signed") as caught:
        update_model_requirements(uri, "add", ["z==1"])
    assert caught.value.error_code == "INVALID_STATE"
    assert manifest_of(folder, "") == before
    monkeypatch.setenv("HEADRACE_MODEL_SIGNING_KEY", str(tmp_path / "own.key"))
    update_model_requirements(uri, "add", ["z==1"])
    assert "z==1" in (folder / "requirements.txt").read_text("utf-8")
    assert mlflow.pyfunc.load_model(uri, suppress_warnings=True).predict([1]) == [1, 1]
    assert mlflow.register_model(uri, "m").status == "READY"
    monkeypatch.delenv("HEADRACE_MODEL_VERIFY_KEY")
    (folder / "more").touch()  # nobody's signature covers it
    with pytest.raises(MlflowException, match="'more' .* is not one that was logged"):
        update_model_requirements(uri, "add", ["y"])
    assert "y" not in (folder / "requirements.txt").read_text("utf-8").splitlines()
