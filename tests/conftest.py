"""What every test needs: journals of its own, and children that hear Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATEFUL = ("stores", "_fluent.state")


@pytest.fixture(scope="session", autouse=True)
def _journals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the journals and models of this session, and of its programs, in folders of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADRACE_JOURNAL_DIR", str(tmp_path_factory.mktemp("journals")))
        patch.setenv("HEADRACE_MODEL_CACHE_DIR", str(tmp_path_factory.mktemp("models")))
        yield


@pytest.fixture(scope="module", autouse=True)
def _own_choices() -> Iterator[None]:
    """Let no module leave an experiment, URIs or autologging in force for the next one."""
    chosen = {name: text for name, text in os.environ.items() if name.startswith("MLFLOW_")}
    yield
    for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
        del os.environ[name]
    os.environ.update(chosen)
    places, fluent = (sys.modules.get(f"mlflow.tracking.{name}") for name in _STATEFUL)
    if places is not None:
        places._locations.tracking_uri = places._locations.registry_uri = None
    if fluent is not None:
        fluent.state.experiment_id = None
    _stop_autologging()


def _stop_autologging() -> None:
    autolog, patch = (sys.modules.get(f"mlflow._autolog.{name}") for name in ("state", "patch"))
    if autolog is None or patch is None:
        return
    for name in [name for name in autolog.AUTOLOGGING_INTEGRATIONS if name != "mlflow"]:
        patch.revert_patches(name)
        del autolog.AUTOLOGGING_INTEGRATIONS[name]
    autolog.AUTOLOGGING_INTEGRATIONS["mlflow"] = {}


def pytest_configure() -> None:
    """Hear SIGINT again: what a shell starts in the background ignores it, its children too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
