"""Signatures of models, in the form of the OpenSSF model-signing library (the extra ``signing``).

With ``HEADRACE_MODEL_SIGNING_KEY`` every model is signed when it is logged, and the signature lies
beside its files. With ``HEADRACE_MODEL_VERIFY_KEY`` (or an identity of Sigstore) no model is loaded
without a good one: which key is trusted is the reader's word, never the model's.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from mlflow.environment_variables import (
    HEADRACE_MODEL_SIGNING_KEY,
    HEADRACE_MODEL_SIGNING_PASSWORD,
    HEADRACE_MODEL_VERIFY_IDENTITY,
    HEADRACE_MODEL_VERIFY_KEY,
)
from mlflow.exceptions import BAD_REQUEST, DATA_LOSS, MlflowException
from mlflow.store.entities.model_manifest import NOT_COVERED

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE_FILE: Final = "model.sig"
SIGSTORE: Final = "sigstore"


def sign(folder: Path) -> None:
    """Sign a model's files, if a key is configured.

    Args:
        folder: The model's folder, whole.
    """
    key = HEADRACE_MODEL_SIGNING_KEY.get()
    if not key:
        return
    library = _library("signing")
    ignored = [folder / name for name in (SIGNATURE_FILE, *NOT_COVERED)]
    hashing = _library("hashing").Config().set_ignored_paths(paths=ignored, ignore_git_paths=False)
    config = library.Config().set_hashing_config(hashing)
    if key == SIGSTORE:
        config.use_sigstore_signer()
    else:
        password = HEADRACE_MODEL_SIGNING_PASSWORD.get() or None
        config.use_elliptic_key_signer(private_key=key, password=password)
    config.sign(folder, folder / SIGNATURE_FILE)


def verify(folder: Path) -> None:
    """Refuse a model without a good signature, if signatures are asked for.

    Args:
        folder: The model's folder.

    Raises:
        MlflowException: DATA_LOSS where there is no signature, it is another key's, or the files
            are not those that were signed.
    """
    key, identity = HEADRACE_MODEL_VERIFY_KEY.get(), HEADRACE_MODEL_VERIFY_IDENTITY.get()
    if not key and not identity:
        return
    config = _library("verifying").Config()
    if key:
        config.use_elliptic_key_verifier(public_key=key)
    else:
        name, _, issuer = str(identity).rpartition(" ")
        config.use_sigstore_verifier(identity=name, oidc_issuer=issuer)
    signature = folder / SIGNATURE_FILE
    if not signature.is_file():
        raise MlflowException(f"The model in {folder} is not signed; it is not loaded.", DATA_LOSS)
    try:
        config.verify(folder, signature)
    except Exception as error:
        raise MlflowException(
            f"The signature of the model in {folder} is not good: {error}. It is not loaded.",
            DATA_LOSS,
        ) from error


def _library(name: str) -> Any:
    try:
        return importlib.import_module(f"model_signing.{name}")
    except ImportError as error:
        raise MlflowException(
            "Signatures of models need the library model-signing: pip install 'headrace[signing]'",
            BAD_REQUEST,
        ) from error
