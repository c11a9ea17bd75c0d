"""The audit hook: what it stops while an untrusted model is read, and what it lets through."""

from __future__ import annotations

import ctypes
import importlib
import marshal
import os
import pickle
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from mlflow.exceptions import MlflowException
from mlflow.models.choke import Origin, reading_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ATTEMPTS: dict[str, Callable[[], Any]] = {
    "pickle": lambda: pickle.loads(pickle.dumps(os.getcwd)),  # noqa: S301 - the attempt
    "exec": lambda: exec("1"),  # noqa: S102 - the attempt
    "eval": lambda: eval("1"),  # noqa: S307 - the attempt
    "marshal": lambda: marshal.loads(marshal.dumps(1)),  # noqa: S302 - the attempt
    "dlopen": lambda: ctypes.CDLL(None),
    "system": lambda: os.system("true"),  # noqa: S605 - the attempt
    "Popen": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
}


@pytest.mark.parametrize("name", list(ATTEMPTS))
def test_what_is_stopped_and_where(name: str) -> None:
    """Each attempt is an error within an untrusted block, in this thread, and nowhere else."""
    attempt = ATTEMPTS[name]
    attempt()
    with reading_from(Origin.REMOTE):
        with pytest.raises(MlflowException, match=r"remote location"):
            attempt()
        other = threading.Thread(target=attempt)
        other.start()
        other.join()
    with reading_from(Origin.STORE):
        attempt()
    attempt()


def test_imports_are_let_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed module may run its code in the block; the block itself may not."""
    (tmp_path / "headrace_installed.py").write_text("exec('x = 1')")
    monkeypatch.syspath_prepend(tmp_path)
    with reading_from(Origin.REMOTE):
        assert importlib.import_module("headrace_installed").x == 1
        with pytest.raises(MlflowException):
            ATTEMPTS["exec"]()


def test_a_block_within_an_import_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that loads its model while it is imported itself is guarded as any other."""
    (tmp_path / "headrace_service.py").write_text(
        "from mlflow.models.choke import Origin, reading_from\n"
        "with reading_from(Origin.REMOTE):\n    exec('x = 1')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MlflowException):
        importlib.import_module("headrace_service")


def test_the_hook_comes_with_the_first_untrusted_model() -> None:
    """A process that reads no untrusted model has no hook."""
    program = (
        "import mlflow.models.audit as a; from mlflow.models.choke import Origin, reading_from\n"
        "with reading_from(Origin.STORE): pass\n"
        "assert not a._install.cache_info().currsize\n"
        "with reading_from(Origin.REMOTE): pass\n"
        "assert a._install.cache_info().currsize\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
