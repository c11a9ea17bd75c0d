"""Runs that a patched call opens where none is active, and closes."""

from __future__ import annotations

import functools
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.guard import contained
from mlflow._core.tags import MLFLOW_AUTOLOGGING
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_logger: Final = logging.getLogger("mlflow.utils.autologging_utils")


class Ending:
    """How the training in a managed run ended: what it raised."""

    error: BaseException | None = None


@contextmanager
def managed_run(flavor: str, tags: dict[str, str] | None = None) -> Iterator[Ending]:
    """Run the block in the active run, or in a new one that ends with it.

    The status of a new run is that of the training, if the block says what became of it, else that
    of the block.

    Args:
        flavor: The integration, noted as a tag of a new run.
        tags: Further tags of a new run.
    """
    if fluent.active_run() is not None:
        yield Ending()
        return
    run = fluent.start_run(tags={MLFLOW_AUTOLOGGING: flavor, **(tags or {})})
    run.ends_later = True
    _logger.info(
        "Created MLflow autologging run with ID '%s', which will track what the current %s"
        " workflow does",
        run.info.run_id,
        flavor,
    )
    ending, failure = Ending(), None
    try:
        yield ending
    except BaseException as error:
        failure = error
        raise
    finally:
        failure = ending.error or failure
        with contained(f"Ending the run {run.info.run_id}"):
            run.__exit__(type(failure) if failure is not None else None, failure, None)


def with_managed_run(
    autologging_integration: str,
    patch_function: Callable[..., Any],
    tags: dict[str, str] | None = None,
) -> Callable[..., Any]:
    """Return a patch that runs in the active run, or in a new one that ends with it.

    Args:
        autologging_integration: The integration.
        patch_function: The patch.
        tags: Further tags of a new run.
    """

    @functools.wraps(patch_function)
    def managed(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with managed_run(autologging_integration, tags) as ending:
            try:
                return patch_function(original, *args, **kwargs)
            finally:
                ending.error = getattr(original, "error", None)

    return managed
