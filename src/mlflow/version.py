"""The two version numbers: the upstream API level that is mirrored, and our own."""

from typing import Final

VERSION: Final = "3.17.2"
HEADRACE_VERSION: Final = "0.1.0"
