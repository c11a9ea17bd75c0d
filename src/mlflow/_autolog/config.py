"""The configuration of each integration: what its ``autolog`` function was called with last."""

from __future__ import annotations

import inspect
import logging
import threading
from contextlib import contextmanager
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mlflow._autolog.patch import revert_patches
from mlflow._autolog.state import AUTOLOGGING_INTEGRATIONS, SWITCH
from mlflow._autolog.versions import LIBRARIES, unsupported
from mlflow._core.lazy import resolve
from mlflow.environment_variables import MLFLOW_AUTOLOGGING_TESTING
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_logger: Final = logging.getLogger("mlflow.utils.autologging_utils")
_LOCK: Final = threading.RLock()
GLOBALLY_CONFIGURED: Final = "globally_configured"

F = TypeVar("F", bound="Callable[..., Any]")


def autologging_conf_lock(fn: F) -> F:
    """Return a function that runs while no other thread changes the configuration.

    Args:
        fn: The function.
    """

    @wraps(fn)
    def locked(*args: Any, **kwargs: Any) -> Any:
        with _LOCK:
            return fn(*args, **kwargs)

    return locked  # type: ignore[return-value]  # it has the same parameters


def autologging_integration(name: str) -> Callable[[F], F]:
    """Make a function the ``autolog`` function of an integration.

    Each call of it replaces the integration's configuration and patches; with ``disable=True`` no
    new ones are made. If it raises, the integration is off.

    Args:
        name: The integration.

    Raises:
        MlflowException: the function lacks ``disable=False`` or ``silent=False``.
    """

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        for required in ("disable", "silent"):
            parameter = signature.parameters.get(required)
            if parameter is None or parameter.default is not False:
                raise MlflowException.invalid_parameter_value(
                    f"Invalid `autolog()` function for integration '{name}'. `autolog()` functions"
                    f" must specify a '{required}' argument with default value 'False'"
                )
        AUTOLOGGING_INTEGRATIONS.setdefault(name, {})

        @wraps(function)
        def autolog(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            return _enable(name, partial(function, *bound.args, **bound.kwargs), bound.arguments)

        autolog.__signature__ = signature  # type: ignore[attr-defined]  # functions take any
        return autolog  # type: ignore[return-value]  # it has the same parameters

    return decorate


def _enable(name: str, function: Callable[[], Any], arguments: Mapping[str, Any]) -> Any:
    with _LOCK:
        revert_patches(name)
        config = dict(arguments)
        AUTOLOGGING_INTEGRATIONS[name] = config
        if config["disable"]:
            return None
        problem = unsupported(name)
        if problem and config.get("disable_for_unsupported_versions"):
            config["disable"] = True
            return None
        if problem and not config["silent"]:
            _logger.warning("%s. Set disable_for_unsupported_versions to switch it off.", problem)
        try:
            return function()
        except BaseException:
            config["disable"] = True
            revert_patches(name)
            raise


def autologging_is_disabled(integration_name: str) -> bool:
    """Return whether an integration logs nothing now.

    Args:
        integration_name: The integration.
    """
    config = AUTOLOGGING_INTEGRATIONS.get(integration_name)
    return SWITCH.blocks > 0 or not config or bool(config.get("disable", False))


def get_autologging_config(flavor_name: str, config_key: str, default_value: Any = None) -> Any:
    """Return a value of an integration's configuration.

    Args:
        flavor_name: The integration.
        config_key: The argument of its ``autolog`` function.
        default_value: What to return where there is none.
    """
    return AUTOLOGGING_INTEGRATIONS.get(flavor_name, {}).get(config_key, default_value)


@contextmanager
def disable_autologging() -> Iterator[None]:
    """Switch all integrations off, in all threads, while the block runs."""
    with _LOCK:
        SWITCH.blocks += 1
    try:
        yield
    finally:
        with _LOCK:
            SWITCH.blocks -= 1


@contextmanager
def disable_discrete_autologging(flavors_to_disable: list[str]) -> Iterator[None]:
    """Switch some integrations off, in all threads, while the block runs.

    Args:
        flavors_to_disable: The integrations.
    """
    configs = [AUTOLOGGING_INTEGRATIONS.get(name, {}) for name in flavors_to_disable]
    switched = [config for config in configs if config and not config.get("disable")]
    for config in switched:
        config["disable"] = True
    try:
        yield
    finally:
        for config in switched:
            config["disable"] = False


def is_autolog_supported(integration_name: str) -> bool:
    """Return whether there is such an integration."""
    return any(row.flavor == integration_name for row in LIBRARIES.values())


def get_autolog_function(integration_name: str) -> Callable[..., Any] | None:
    """Return the ``autolog`` function of an integration, None where there is none."""
    if not is_autolog_supported(integration_name):
        return None
    function: Callable[..., Any] = resolve(f"mlflow.{integration_name}:autolog")
    return function


def is_testing() -> bool:
    """Return whether failures of logging code are raised, ``MLFLOW_AUTOLOGGING_TESTING``."""
    return MLFLOW_AUTOLOGGING_TESTING.get()
