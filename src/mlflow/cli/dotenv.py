"""Files of environment variables."""

import re
from typing import Final

_LINE: Final = re.compile(
    r"""^\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*
    (?:'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<plain>[^#]*?))\s*(?:\#.*)?$""",
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}


def read_dotenv(text: str) -> dict[str, str]:
    r"""Return the variables in a text of ``NAME=VALUE`` lines; other lines are passed over.

    Args:
        text: Values may be in single quotes (as they are) or double ones (with ``\n``, ``\"``);
            ``#`` begins a comment.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        double = match["double"]
        if double is not None:
            value = _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), double)
        else:
            value = match["single"] if match["single"] is not None else match["plain"]
        found[match["name"]] = value
    return found
