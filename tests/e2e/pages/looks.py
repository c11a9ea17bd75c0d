"""What the tests of the pages share: sizes of screens, and content that must never run."""

from __future__ import annotations

from typing import Any, Final

HOSTILE: Final = (
    "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
)
PHONE: Final[Any] = {"width": 390, "height": 800}
DESK: Final[Any] = {"width": 1440, "height": 900}
