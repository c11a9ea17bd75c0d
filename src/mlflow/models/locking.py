"""All that a model's requirements need, to the last version, where a variable asks for it."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow.environment_variables import MLFLOW_LOCK_MODEL_DEPENDENCIES
from mlflow.exceptions import MlflowException
from mlflow.models.uv_program import find_uv

if TYPE_CHECKING:
    from collections.abc import Sequence

_logger: Final = logging.getLogger(__name__)
_SECONDS: Final = 120.0
_NO_UV: Final = "uv is not installed: pip install uv"
_COMPILE: Final = ("pip", "compile", "--universal", "--quiet", "--no-annotate", "--no-header")


def lock(requirements: Sequence[str], constraints: Sequence[str]) -> tuple[str, ...] | None:
    """Return the lines of a requirements file that names every distribution with its version.

    They begin with the given requirements as comments. What uv resolves holds on every platform.

    Args:
        requirements: The lines to resolve.
        constraints: Lines that bound the versions.

    Returns:
        The lines; None where the variable does not ask for them, or where uv is missing or fails,
        of which a warning tells.
    """
    if not MLFLOW_LOCK_MODEL_DEPENDENCIES.get():
        return None
    with tempfile.TemporaryDirectory() as work:
        wanted, bounds = Path(work, "requirements.in"), Path(work, "constraints.txt")
        wanted.write_text("\n".join(requirements), "utf-8")
        bounds.write_text("\n".join(constraints), "utf-8")
        version = ".".join(map(str, sys.version_info[:3]))
        command = [*_COMPILE, "--python-version", version, "--constraint", str(bounds)]
        try:
            done = subprocess.run(  # noqa: S603 - a list of words; no shell
                [find_uv(_NO_UV), *command, str(wanted)],
                check=True,
                capture_output=True,
                timeout=_SECONDS,
            )
        except (MlflowException, OSError, subprocess.SubprocessError) as error:
            said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
            _logger.warning("The requirements are not locked: %s", said or error)
            return None
    comments = [f"# {line}" for line in requirements]
    found = [line for line in done.stdout.decode().splitlines() if line.strip()]
    return ("# Original requirements", *comments, "#", "# Locked requirements", *found)
