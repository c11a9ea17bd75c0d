"""Secrets of webhooks: kept only under the operator's key, never in the open.

The key is a Fernet key (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec), as upstream
takes it; ``cryptography`` is an extra.
"""

from typing import Any, Final

from mlflow.environment_variables import MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY
from mlflow.exceptions import MlflowException

_HOW: Final = (
    'Make a key with: python -c "from cryptography.fernet import Fernet;'
    ' print(Fernet.generate_key().decode())" and set MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY to it'
    " where the server runs."
)


def _fernet() -> Any:
    key = MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY.get()
    if not key:
        raise MlflowException.invalid_parameter_value(
            f"This server has no key to keep secrets under, so it takes none. {_HOW}"
        )
    try:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - optional package
    except ImportError:
        raise MlflowException.invalid_parameter_value(
            "Keeping a webhook's secret needs the package `cryptography`, which is not installed"
            " where the server runs: pip install 'headrace[webhooks]'"
        ) from None
    try:
        return Fernet(key)
    except ValueError:
        raise MlflowException.invalid_parameter_value(
            f"MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY is no Fernet key. {_HOW}"
        ) from None


def seal(secret: str | None) -> str | None:
    """Return a secret as it is kept; None for none.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where there is no key.
    """
    if not secret:
        return None
    return str(_fernet().encrypt(secret.encode()).decode())


def unseal(sealed: str | None) -> str | None:
    """Return a secret.

    Raises:
        MlflowException: it was sealed with another key.
    """
    if sealed is None:
        return None
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - optional package

    try:
        return str(_fernet().decrypt(sealed.encode()).decode())
    except InvalidToken:
        raise MlflowException(
            "A webhook's secret was kept under another MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY:"
            " update the webhook with its secret."
        ) from None
