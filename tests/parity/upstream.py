"""Runs one script in upstream's interpreter and in ours; upstream is a black box.

A script defines ``main(payload)``; what it returns is compared. Arguments and answers travel as
JSON in files, so that nothing an implementation prints can disturb them.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

VARIABLE: Final = "HEADRACE_UPSTREAM_PYTHON"
_TIMEOUT_SECONDS: Final = 280
_DRIVER: Final = """\
import json, pathlib, sys
script, payload, answer = (pathlib.Path(name) for name in sys.argv[1:])
names = {"__name__": "parity_script"}
exec(compile(script.read_text("utf-8"), str(script), "exec"), names)
result = names["main"](json.loads(payload.read_text("utf-8")))
answer.write_text(json.dumps(result), "utf-8")
"""


def upstream_python() -> str:
    """Return the interpreter that has upstream installed.

    Skips the test when the variable is not set, but in continuous integration that is an error.
    """
    python = os.environ.get(VARIABLE, "")
    if python:
        return python
    reason = f"set {VARIABLE} to an interpreter that has mlflow==3.17.2 to compare with it"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"in continuous integration this test must run: {reason}")
    pytest.skip(reason)


def our_python() -> str:
    """Return the interpreter that runs this test."""
    return sys.executable


def run_script(
    python: str, script_text: str, payload: object, variables: Mapping[str, str] | None = None
) -> Any:
    """Run a script's ``main(payload)`` in an interpreter of its own and return what it returns.

    Args:
        python: The interpreter.
        script_text: Python source that defines ``main``; it runs in an empty directory.
        payload: Its argument; JSON (NaN and the infinities included).
        variables: More of its environment.

    Returns:
        The answer after a round trip through JSON.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        texts = {"driver.py": _DRIVER, "script.py": script_text, "payload": json.dumps(payload)}
        for name, text in texts.items():
            (place / name).write_text(text, "utf-8")
        (place / "work").mkdir()
        done = subprocess.run(
            [
                python,
                *(str(place / name) for name in ("driver.py", "script.py", "payload", "answer")),
            ],
            cwd=place / "work",
            env={**clean_environment(), **(variables or {})},
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            pytest.fail(f"{python} failed:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
        return json.loads((place / "answer").read_text("utf-8"))


def clean_environment() -> dict[str, str]:
    """Return this process's variables without those that configure either implementation."""
    foreign = ("MLFLOW_", "_MLFLOW_", "HEADRACE_", "PYTHONPATH", "PYTHONHOME", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONWARNINGS": "ignore"}
