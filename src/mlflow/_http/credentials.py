"""Who we are to a server: the ``Authorization`` header.

The first that there is: user and password in the URI; ``MLFLOW_TRACKING_USERNAME`` and
``MLFLOW_TRACKING_PASSWORD``, each of them else from ``~/.mlflow/credentials``;
``MLFLOW_TRACKING_TOKEN``; the host's entry in ``~/.netrc``.
"""

from __future__ import annotations

from base64 import b64encode
from configparser import ConfigParser
from configparser import Error as ConfigError
from functools import lru_cache
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow.environment_variables import (
    MLFLOW_TRACKING_PASSWORD,
    MLFLOW_TRACKING_TOKEN,
    MLFLOW_TRACKING_USERNAME,
)
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow._http.address import Address

_FILE: Final = Path("~/.mlflow/credentials")
_NETRC: Final = Path("~/.netrc")
_SECTION: Final = "mlflow"
_VARIABLES: Final = (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN)


def from_environment() -> tuple[str | None, ...]:
    """Return user, password and token of the environment; they may change in a process's life."""
    return tuple([variable.get() for variable in _VARIABLES])


def authorization(address: Address, found: tuple[str | None, ...]) -> str | None:
    """Return the header for a server, None without credentials.

    Args:
        address: The server; credentials in it win.
        found: What ``from_environment`` returned.

    Raises:
        MlflowException: a user or password holds what a header cannot.
    """
    user, password, token = found
    if address.user is not None:
        return _basic(address.user, address.password or "")
    if not (user and password):
        kept_user, kept_password = _from_file(_FILE.expanduser())
        user, password = user or kept_user, password or kept_password
    if user and password:
        return _basic(user, password)
    if token:
        return _checked(f"Bearer {token}")
    entry = _from_netrc(_NETRC.expanduser(), address.host)
    return _basic(*entry) if entry else None


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _checked(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise MlflowException.invalid_parameter_value(
            f"{MLFLOW_TRACKING_TOKEN.name} holds a character that a header cannot carry, perhaps"
            " the end of a line."
        )
    return value


@lru_cache(maxsize=4)
def _from_file(path: Path) -> tuple[str | None, str | None]:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (ConfigError, OSError, UnicodeDecodeError) as error:
        raise MlflowException.invalid_parameter_value(
            f"The credentials in {str(path)!r} cannot be read: {type(error).__name__}. The file"
            f" has a section [{_SECTION}] with mlflow_tracking_username and"
            " mlflow_tracking_password."
        ) from None
    if not parser.has_section(_SECTION):
        return None, None
    section = parser[_SECTION]
    return section.get("mlflow_tracking_username"), section.get("mlflow_tracking_password")


@lru_cache(maxsize=16)
def _from_netrc(path: Path, host: str) -> tuple[str, str] | None:
    try:
        entry = netrc(path).authenticators(host)
    except (OSError, NetrcParseError):
        return None
    return (entry[0], entry[2] or "") if entry else None
