"""Environments that several processes of a machine want at once."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from mlflow.models import virtualenv
from mlflow.models.needs import read_needs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock")
def test_who_waited_for_an_environment_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one process makes an environment the others wait, and then they take it."""
    import fcntl  # noqa: PLC0415 - not everywhere

    root, model = tmp_path / "environments", tmp_path / "model"
    for folder in (root, model):
        folder.mkdir()
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(root))
    monkeypatch.setenv("PATH", "")  # so that none can be made
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    place = root / f"headrace-{virtualenv._key(read_needs(model), ())}"
    maker = os.open(root, os.O_RDONLY)
    fcntl.flock(maker, fcntl.LOCK_EX)
    found: list[Path] = []
    waiting = threading.Thread(target=lambda: found.append(virtualenv.model_environment(model)))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive()
    place.mkdir()
    os.close(maker)
    waiting.join(60)
    assert found == [virtualenv.python_of(place)]
    assert list(root.iterdir()) == [place]
