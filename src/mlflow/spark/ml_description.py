"""What an estimator of Spark ML is made of: its stages, their params, what a search tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

# Params that hold other estimators -> what the hierarchy calls them.
_INNER: Final = {
    "evaluator": "evaluator",
    "estimator": "tuned_estimator",
    "classifier": "classifier",
}
_CANDIDATES: Final = "estimatorParamMaps"


@dataclass(frozen=True)
class Parts:
    """An estimator and all that it is made of.

    Attributes:
        top: The estimator.
        all: It, and all that it is made of.
        names: For each part's uid, a name that no other part has.
    """

    top: Any
    all: list[Any]
    names: dict[str, str]

    @classmethod
    def of(cls, estimator: Any) -> Parts:
        """Return the parts of an estimator."""
        parts = list(_walk(estimator))
        counts = Counter(type(part).__name__ for part in parts)
        seen: Counter[str] = Counter()
        names = {}
        for part in parts:
            name = type(part).__name__
            seen[name] += 1
            names[part.uid] = name if counts[name] == 1 else f"{name}_{seen[name]}"
        return cls(estimator, parts, names)

    def name(self, part: Any) -> str:
        """Return the name of a part."""
        return self.names.get(part.uid, type(part).__name__)


def is_search(estimator: Any) -> bool:
    """Return whether an estimator tries candidates."""
    return bool(estimator.hasParam(_CANDIDATES) and estimator.isDefined(_CANDIDATES))


def _stages(estimator: Any) -> list[Any]:
    if type(estimator).__name__ != "Pipeline":
        return []
    stages: list[Any] = estimator.getStages()
    return stages


def _inner(estimator: Any) -> dict[str, Any]:
    """Return the estimators that an estimator's params hold, by the param's name."""
    return {
        name: estimator.getOrDefault(name)
        for name in _INNER
        if estimator.hasParam(name) and estimator.isDefined(name)
    }


def _walk(estimator: Any) -> Any:
    yield estimator
    for part in (*_stages(estimator), *_inner(estimator).values()):
        yield from _walk(part)


def _own(part: Any, parts: Parts) -> dict[str, Any]:
    """Return the params of one part, other estimators among them by their names."""
    found = {}
    for param in part.params:
        if param.name == _CANDIDATES or not part.isDefined(param):
            continue
        value = part.getOrDefault(param)
        if param.name == "stages":
            value = [parts.name(stage) for stage in value]
        found[param.name] = parts.name(value) if hasattr(value, "uid") else value
    return found


def params_of(parts: Parts) -> dict[str, Any]:
    """Return the params to log: the estimator's by name, its parts' by their names before.

    What a search tries is left out: the candidates have runs of their own.
    """
    top = parts.top
    found = _own(top, parts)
    inner = _inner(top)
    if is_search(top):
        inner.pop("estimator", None)
    for part in (*_stages(top), *inner.values()):
        found.update(_prefixed(part, parts))
    return found


def _prefixed(part: Any, parts: Parts) -> dict[str, Any]:
    """Return the params of a part and of what it is made of, with names before them."""
    found = {f"{parts.name(part)}.{name}": value for name, value in _own(part, parts).items()}
    for inner in (*_stages(part), *_inner(part).values()):
        found.update(_prefixed(inner, parts))
    return found


def candidate(values: Any, parts: Parts) -> dict[str, Any]:
    """Return one candidate's params, by the names of their estimators."""
    return {
        f"{parts.names.get(param.parent, param.parent)}.{param.name}": value
        for param, value in values.items()
    }


def estimator_info(parts: Parts) -> dict[str, Any] | None:
    """Return the hierarchy of an estimator, and what its searches try; None for a plain one."""
    if not _stages(parts.top) and not _inner(parts.top):
        return None
    info: dict[str, Any] = {"hierarchy": _tree(parts.top, parts)}
    for part in _walk(parts.top):
        if is_search(part):
            tuned = part.getOrDefault("estimator")
            maps = part.getOrDefault(_CANDIDATES)
            info[parts.name(part)] = {
                "tuning_parameter_map_list": [candidate(one, parts) for one in maps],
                "tuned_estimator_parameter_map": _prefixed(tuned, parts),
            }
    return info


def _tree(part: Any, parts: Parts) -> dict[str, Any]:
    tree: dict[str, Any] = {"name": parts.name(part)}
    if stages := _stages(part):
        tree["stages"] = [_tree(stage, parts) for stage in stages]
    for name, inner in _inner(part).items():
        tree[_INNER[name]] = _tree(inner, parts)
    return tree
