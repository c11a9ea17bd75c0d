"""The same requests to two servers, and whether their answers are the same.

Requests name what was created by symbols such as ``<run 3>``. Each server knows its own ids for
them; in answers the ids become symbols again, so that two answers can be compared.
"""

import json
import re
from typing import Any, Final

import urllib3

_SYMBOL: Final = re.compile(r"<\w+ \d+>")
# The number of an experiment in the places of its artifacts; other ids are long.
_ROOT: Final = re.compile(r"^mlflow-artifacts:/\d+")
_LONG: Final = 8
# What a server makes up by itself: times that it took, names that it invented, pages' tokens.
_OWN: Final = {"creation_time", "last_update_time", "creation_timestamp_ms", "workspace"}
_OWN_TOO: Final = {"last_updated_timestamp_ms", "next_page_token"}
# Lists that have no order; nor have the metrics of a run or model, but for a history.
_SETS: Final = {"tags", "params", "model_outputs"}  # those by their random ids upstream


class Server:
    """One server and what it calls things."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager(retries=False, timeout=60.0)
        self._ids: dict[str, str] = {}

    def ask(self, verb: str, path: str, fields: dict[str, Any]) -> tuple[int, Any]:
        """Send a request and return the status and the answer, with symbols in both."""
        path = self._with_ids(path)
        text = self._with_ids(json.dumps(fields))
        if verb == "GET":
            reply = self._pool.request(verb, self.url + path, fields=_pairs(json.loads(text)))
        else:
            headers = {"Content-Type": "application/json"}
            reply = self._pool.request(verb, self.url + path, body=text, headers=headers)
        try:
            return reply.status, json.loads(reply.data or b"null")
        except ValueError:
            return reply.status, {"error_code": "NO_JSON", "text": reply.data.decode()[:200]}

    def learn(self, symbol: str, value: str) -> None:
        """Note what this server calls something."""
        self._ids[symbol] = value

    def normal(self, answer: Any, key: str = "") -> Any:
        """Return an answer with symbols for ids and without what servers make up."""
        if isinstance(answer, dict):
            return {
                name: self.normal(value, name)
                for name, value in sorted(answer.items())
                if name not in _OWN | _OWN_TOO
            }
        if isinstance(answer, list):
            values = [self.normal(value) for value in answer]
            return sorted(values, key=json.dumps) if _is_set(key, values) else values
        return self._with_symbols(answer, key) if isinstance(answer, str) else answer

    def _with_symbols(self, text: str, key: str) -> str:
        if key == "experiment_id":
            return next((one for one, value in self._ids.items() if value == text), text)
        for symbol, value in self._ids.items():
            if len(value) >= _LONG:
                text = text.replace(value, symbol)
        return _ROOT.sub("mlflow-artifacts:/<experiment>", text)

    def _with_ids(self, text: str) -> str:
        return _SYMBOL.sub(lambda found: self._ids.get(found.group(), found.group()), text)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


def _is_set(key: str, values: list[Any]) -> bool:
    if key != "metrics":
        return key in _SETS
    # A run has each metric once, a model has points of many runs; all others are histories.
    once = len({one["key"] for one in values}) == len(values)
    return once or any("model_id" in one for one in values)


def _pairs(fields: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, str(item))
        for name, value in fields.items()
        for item in (value if isinstance(value, list) else [value])
    ]
