"""The one place that contains any failure: no sensor, plugin or patch stops a program."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_logger = logging.getLogger("mlflow")


@contextmanager
def contained(
    what: str, *, level: int = logging.WARNING, logger: logging.Logger = _logger
) -> Iterator[None]:
    """Run the block; log its failure instead of raising it.

    Args:
        what: What the block does, as the log line says it: "<what> failed: <error>".
        level: Level of the log line; the traceback goes to DEBUG.
        logger: Where to.
    """
    try:
        yield
    except Exception as error:
        logger.log(level, "%s failed: %s: %s", what, type(error).__name__, error)
        logger.debug("%s failed", what, exc_info=True)
