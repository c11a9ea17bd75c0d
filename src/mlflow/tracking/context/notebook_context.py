"""Whether this program is a Jupyter notebook."""

import sys
from collections.abc import Mapping

from mlflow._core.tags import MLFLOW_SOURCE_TYPE
from mlflow.entities.source_type import SourceType
from mlflow.tracking.context.abstract_context import RunContextProvider


def in_notebook() -> bool:
    """Return whether code runs in a notebook's kernel; an IPython terminal is none."""
    ipython = sys.modules.get("IPython")
    get_shell = getattr(ipython, "get_ipython", None)
    return get_shell is not None and hasattr(get_shell(), "kernel")


class JupyterNotebookRunContext(RunContextProvider):
    """The tags of runs that are started in a notebook."""

    def in_context(self) -> bool:
        """Return whether code runs in a notebook's kernel."""
        return in_notebook()

    def tags(self) -> Mapping[str, str]:
        """Return the type of the source."""
        return {MLFLOW_SOURCE_TYPE: SourceType.to_string(SourceType.NOTEBOOK)}
