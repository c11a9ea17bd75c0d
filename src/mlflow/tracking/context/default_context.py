"""Who started a run, and from which program."""

import sys
from collections.abc import Mapping
from typing import Final

from mlflow._core.acting import machine_user
from mlflow._core.tags import MLFLOW_SOURCE_NAME, MLFLOW_SOURCE_TYPE, MLFLOW_USER
from mlflow.entities.source_type import SourceType
from mlflow.tracking.context.abstract_context import RunContextProvider

_CONSOLE: Final = "<console>"
_NOBODY: Final = "unknown"  # an account without a name, as containers have them


def user_name() -> str:
    """Return the name of the user of this process."""
    return machine_user() or _NOBODY


def main_file() -> str:
    """Return how this program was named when it was started; ``<console>`` when it was not."""
    return sys.argv[0] if sys.argv and sys.argv[0] else _CONSOLE


class DefaultRunContext(RunContextProvider):
    """The tags that every run has."""

    def in_context(self) -> bool:
        """Return true: there is always a user and a program."""
        return True

    def tags(self) -> Mapping[str, str]:
        """Return the user, and the name and type of the source."""
        return {
            MLFLOW_USER: user_name(),
            MLFLOW_SOURCE_NAME: main_file(),
            MLFLOW_SOURCE_TYPE: SourceType.to_string(SourceType.LOCAL),
        }
