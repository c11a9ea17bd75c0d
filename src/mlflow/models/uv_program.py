"""Where the program uv is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from mlflow.exceptions import MlflowException

_NO_UV: Final = (
    "The model's environment is made with uv, which is not installed: pip install uv. Or use this"
    " environment as it is: --env-manager local"
)


def find_uv(absent: str = _NO_UV) -> str:
    """Return the path of uv.

    Args:
        absent: What to say where there is none.

    Raises:
        MlflowException: it is not installed.
    """
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        raise MlflowException(absent)
    return found
