"""What every test needs: journals of its own, not those of whoever runs the tests."""

from __future__ import annotations

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
