"""The recorded requests, replayed: our server answers each as it is recorded, or says why not."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.servers import Served, serving

_FACTS: Final = Path(__file__).parents[1] / "facts" / "rest_examples.json"
_SYMBOL: Final = re.compile(r"RUN\d|MODEL\d|RANDOM-NAME(?:-\d)?")
_LONG: Final = re.compile(r"(\w) x (?:x )?(\d+)")
_ITEMS: Final = re.compile(r"(\d+) items")
# Lists without an order.
_SETS: Final = {"tags", "params", "metrics"}
# What a server says in its own words: only status and code are compared.
_WORDS: Final = {"message"}

_INFINITIES: Final = {sys.float_info.max: "Infinity", -sys.float_info.max: "-Infinity"}
# Points that only our server took.
_OURS: Final = {"bad#key", "a/../b"}

_NAMES: Final = "keys may hold any character (COMPATIBILITY.md)"

# Number of the recorded request -> why the answer is another one on purpose.
DIFFERENCES: Final = {
    47: _NAMES,
    48: _NAMES,
    72: "page tokens are opaque",
    80: "page tokens are opaque",
    86: "OR is part of the search language",
    176: "a version is plain text",
    177: "parts of artifacts are taken, and there is no gateway",
    178: "unknown routes are answered in JSON",
    179: "wrong verbs are answered in JSON",
    181: "the path without a slash is none",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A fresh server."""
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


class Replay:
    """Sends recorded requests and notes what the server calls the recorded ids."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.ids: dict[str, str] = {}

    def send(self, fact: dict[str, Any]) -> tuple[int, str, Any]:
        """Return status, content type and the decoded answer."""
        body = None
        if "request_raw" in fact:
            body = fact["request_raw"].encode()
        elif fact.get("request") is not None:
            body = self._named(json.dumps(_grown(fact["request"]))).encode()
        kind = "text/plain" if "text/plain" in fact.get("note", "") else "application/json"
        headers = {"Content-Type": kind} if body is not None else {}
        if fact["method"] == "PUT":
            body, headers = b"hello", {"Content-Type": "application/octet-stream"}
        reply = self.server.ask(fact["method"], self._named(fact["path"]), body, headers=headers)
        found = reply.headers.get("content-type", "").split(";")[0]
        try:
            return reply.status, found, json.loads(reply.body)
        except ValueError:
            return reply.status, found, reply.body.decode()

    def learn(self, wanted: Any, found: Any) -> None:
        """Note ids and made up names where the record has symbols."""
        if isinstance(wanted, dict) and isinstance(found, dict):
            for key in wanted.keys() & found.keys():
                self.learn(wanted[key], found[key])
        elif isinstance(wanted, list) and isinstance(found, list):
            for one, other in zip(wanted, found, strict=False):
                self.learn(one, other)
        elif isinstance(wanted, str) and _SYMBOL.fullmatch(wanted):
            self.ids.setdefault(wanted, str(found))

    def differences(self, wanted: Any, found: Any, place: str = "") -> list[str]:
        """Return where an answer is not the recorded one."""
        if isinstance(wanted, dict) and isinstance(found, dict):
            lines = [f"{place} lacks {key}" for key in wanted.keys() - found.keys()]
            lines += [f"{place} has {key}" for key in found.keys() - wanted.keys()]
            for key in (wanted.keys() & found.keys()) - _WORDS:
                lines += self.differences(wanted[key], found[key], f"{place}.{key}")
            return lines
        if isinstance(wanted, list) and isinstance(found, list):
            found = [
                one for one in found if not isinstance(one, dict) or one.get("key") not in _OURS
            ]
            if len(wanted) != len(found):
                return [f"{place} has {len(found)} items, not {len(wanted)}"]
            if place.rpartition(".")[2] in _SETS:
                wanted, found = (sorted(some, key=_key) for some in (wanted, found))
            pairs = zip(wanted, found, strict=True)
            return [line for one, other in pairs for line in self.differences(one, other, place)]
        if isinstance(wanted, list):
            return [f"{place} is no list"]
        if wanted == "MILLIS":
            return [] if isinstance(found, int) and found > 1_500_000_000_000 else [place]
        if wanted in _INFINITIES:  # exact here; there the greatest double
            wanted = _INFINITIES[wanted]
        if isinstance(wanted, str):
            wanted = _grown(self._named(wanted))
        return [] if wanted == found else [f"{place}: {found!r:.100}, not {wanted!r:.100}"]

    def _named(self, text: str) -> str:
        return _SYMBOL.sub(lambda found: self.ids.get(found.group(), found.group()), text)


def _key(item: Any) -> str:
    return f"{item['key']} {item.get('step')}"


def _grown(value: Any, field: str = "") -> Any:
    """Return a recorded value in full: long texts and lists are recorded in short."""
    if isinstance(value, dict):
        return {name: _grown(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_grown(one) for one in value]
    if isinstance(value, str) and (found := _LONG.fullmatch(value)):
        return found[1] * int(found[2])
    if isinstance(value, str) and (found := _ITEMS.fullmatch(value)):
        point = {"value": "1"} if field == "params" else {"value": 1, "timestamp": 1, "step": 1}
        return [{"key": f"k{number}", **point} for number in range(int(found[1]))]
    return value


def test_recorded_requests_are_answered_as_recorded(server: Served) -> None:
    """Status, code, fields and values of 183 answers are upstream's, or the reason is listed."""
    facts = json.loads(_FACTS.read_text("utf-8"))
    replay = Replay(server)
    found: dict[int, list[str]] = {}
    for number, fact in enumerate(facts):
        status, kind, answer = replay.send(fact)
        wanted = fact.get("response")
        if wanted is None:
            wanted = fact.get("response_text", answer)
        replay.learn(wanted, answer)
        lines = [] if status == fact["status"] else [f"status {status}, not {fact['status']}"]
        if wanted is not answer:  # something is recorded
            lines += replay.differences(wanted, answer)
        if fact["content_type"] and kind != fact["content_type"].split(";")[0]:
            lines.append(f"{kind}, not {fact['content_type']}")
        if lines:
            found[number] = [f"{fact['method']} {fact['path']}", *lines]
    assert len(facts) == 183
    unlisted = {number: lines for number, lines in found.items() if number not in DIFFERENCES}
    assert not unlisted, json.dumps(unlisted, indent=1)
    assert found.keys() == DIFFERENCES.keys()
