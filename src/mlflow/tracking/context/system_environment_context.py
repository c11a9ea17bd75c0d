"""Tags that a launcher hands down in an environment variable."""

import json
from collections.abc import Mapping
from typing import Any

from mlflow.environment_variables import MLFLOW_RUN_CONTEXT
from mlflow.exceptions import MlflowException
from mlflow.tracking.context.abstract_context import RunContextProvider


class SystemEnvironmentContext(RunContextProvider):
    """The tags in ``MLFLOW_RUN_CONTEXT``."""

    def in_context(self) -> bool:
        """Return whether the variable is set."""
        return MLFLOW_RUN_CONTEXT.is_set()

    def tags(self) -> Mapping[str, Any]:
        """Return the variable's JSON object.

        Raises:
            MlflowException: the text is not a JSON object.
        """
        text = MLFLOW_RUN_CONTEXT.get() or ""
        try:
            found = json.loads(text)
        except ValueError as error:
            raise _refused(str(error)) from None
        if not isinstance(found, dict):
            raise _refused(f"it holds a JSON {type(found).__name__}")
        return found


def _refused(why: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(
        f"{MLFLOW_RUN_CONTEXT.name} must be a JSON object of tags, "
        f'such as {{"team": "vision"}}: {why}'
    )
