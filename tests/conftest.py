"""What every test needs: journals of its own, and children that hear Ctrl-C."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _journals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the journals of this session, and of the programs that it starts, in one folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADRACE_JOURNAL_DIR", str(tmp_path_factory.mktemp("journals")))
        yield


def pytest_configure() -> None:
    """Hear SIGINT again: what a shell starts in the background ignores it, its children too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
