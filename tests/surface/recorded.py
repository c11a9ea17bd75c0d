"""The recorded interface, and the comparison of one of our signatures with a recorded one."""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parent.parent / "facts"
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


@cache
def interface() -> dict[str, dict[str, Any]]:
    """Return for each module its names, with a signature or a class's members."""
    facts: dict[str, dict[str, Any]] = json.loads((FACTS / "python_api.json").read_text("utf-8"))
    return facts


def parameters(signature: str) -> list[tuple[str, str | None]]:
    """Return the names and default texts of a recorded signature, without annotations."""
    found = []
    for part in _split(signature[1 : _closing(signature)]):
        head, default = _cut(part, "=")
        name, _ = _cut(head, ":")
        found.append((name.strip(), default.strip() if default else None))
    return found


def our_parameters(value: Any) -> list[tuple[str, str | None]]:
    """Return the same of a function, class or descriptor of ours."""
    signature = inspect.signature(value)
    stripped = signature.replace(
        parameters=[
            parameter.replace(annotation=inspect.Parameter.empty)
            for parameter in signature.parameters.values()
        ],
        return_annotation=inspect.Signature.empty,
    )
    return normal_parameters(str(stripped))


def normal_parameters(signature: str) -> list[tuple[str, str | None]]:
    """Return ``parameters`` with the addresses in default texts removed."""
    return [(name, _normal(default)) for name, default in parameters(signature)]


def _normal(default: str | None) -> str | None:
    if default is None or default.startswith("<function "):
        return default and "<function>"
    return _ADDRESS.sub("", default)


def _closing(signature: str) -> int:
    depth = 0
    for place, char in enumerate(signature):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return place
    raise ValueError(signature)


def _split(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    quote = ""
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{<":
            depth += 1
        elif char in ")]}" or (char == ">" and text[place - 1] != "-"):
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return [part for part in parts if part.strip()]


def _cut(text: str, mark: str) -> tuple[str, str | None]:
    depth, quote = 0, ""
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{<":
            depth += 1
        elif char in ")]}" or (char == ">" and text[place - 1] != "-"):
            depth -= 1
        elif char == mark and depth == 0:
            return text[:place], text[place + 1 :]
    return text, None
