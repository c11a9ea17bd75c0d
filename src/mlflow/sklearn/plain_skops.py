"""The skops file format for plain estimators, without importing skops.

Importing skops loads all of scikit-learn to list its estimators, a second that every first
``log_model`` would pay. What most models are made of needs no list: scikit-learn's own estimator
classes, numpy arrays, containers and scalars. They are written and read here, as skops writes and
reads them (protocol 2); anything else raises ``NotPlainError`` and goes to skops itself.

What is trusted is what skops trusts: public estimator classes of the installed scikit-learn, each
found under the very name that the file gives.
"""

from __future__ import annotations

import importlib
import inspect
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

from mlflow.models.environment import installed_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PROTOCOL: Final = 2
_FIRST_VERSION: Final = (0, 16)  # of skops, that reads the protocol
_SCHEMA: Final = "schema.json"
_PRIMITIVES: Final = (str, int, float, bool)
_ARRAY_KINDS: Final = "biufcSU"
# Parts of module names where scikit-learn's own list of estimators does not look either.
_NOT_PUBLIC: Final = frozenset(
    {"tests", "externals", "setup", "conftest", "experimental", "estimator_checks"}
)


class NotPlainError(Exception):
    """The model is made of more than this module knows."""


def is_usable() -> bool:
    """Return whether the installed skops reads what is written here."""
    version = installed_version("skops")
    if version is None:
        return True
    major, minor = (int(part) for part in version.split(".")[:2])
    return (major, minor) >= _FIRST_VERSION


def _estimator_class(module: str, name: str) -> type:
    """Return a public estimator class of scikit-learn.

    Raises:
        NotPlainError: there is none of this name.
    """
    parts = module.split(".")
    if parts[0] != "sklearn" or _NOT_PUBLIC.intersection(parts) or name.startswith("_"):
        raise NotPlainError(f"{module}.{name}")
    from sklearn.base import BaseEstimator  # noqa: PLC0415 - optional package

    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise NotPlainError(module) from error
    if (
        not isinstance(found, type)
        or not issubclass(found, BaseEstimator)
        or inspect.isabstract(found)
        or (found.__module__, found.__qualname__) != (module, name)
    ):
        raise NotPlainError(f"{module}.{name}")
    return found


class _Writer:
    """Turns a model into nodes of the schema and files of the archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        # Every object that has a number is held, so that no other one takes its identity.
        self._numbered: dict[int, tuple[int, Any]] = {}
        self._open: set[int] = set()

    def node(self, value: Any) -> dict[str, Any]:
        """Return the node of a value.

        Raises:
            NotPlainError: the value, or one in it, is not plain.
        """
        identity = id(value)
        if identity in self._open:
            raise NotPlainError("the model contains itself")
        self._open.add(identity)
        number, _ = self._numbered.setdefault(identity, (len(self._numbered) + 1, value))
        node = self._content(value, number)
        self._open.discard(identity)
        return {**node, "__id__": number}

    def _content(self, value: Any, number: int) -> dict[str, Any]:  # noqa: PLR0911 - a line a kind
        import numpy as np  # noqa: PLC0415 - optional package

        kind = type(value)
        if value is None or kind in _PRIMITIVES:
            return {**_head(str, "JsonNode"), "content": json.dumps(value), "is_json": True}
        if kind in (list, tuple, set):
            loader = f"{kind.__name__.capitalize()}Node"
            return {**_head(kind, loader), "content": [self._child(item) for item in value]}
        if kind is dict:
            return self._dictionary(value)
        if kind is np.ndarray:
            return self._array(value, number)
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            return self._file(np.asarray(value), kind, number)
        if kind is slice:
            return self._slice(value)
        if kind is type and (value in _PRIMITIVES or issubclass(value, np.generic)):
            return _head(value, "TypeNode")
        return self._estimator(value)

    def _child(self, value: Any) -> dict[str, Any]:
        # A scalar may stand in many places; only what has content can contain itself.
        if value is None or type(value) in (*_PRIMITIVES, type):
            self._open.discard(id(value))
        return self.node(value)

    def _dictionary(self, value: dict[Any, Any]) -> dict[str, Any]:
        if any(type(key) not in (str, int) for key in value):
            raise NotPlainError("a dictionary with keys that are neither text nor integers")
        if len({str(key) for key in value}) < len(value):
            raise NotPlainError("a dictionary with keys that JSON does not tell apart")
        return {
            **_head(dict, "DictNode"),
            "content": {key: self._child(item) for key, item in value.items()},
            "key_types": self._child([type(key) for key in value]),
        }

    def _slice(self, value: slice) -> dict[str, Any]:
        content = {"start": value.start, "stop": value.stop, "step": value.step}
        if any(item is not None and type(item) is not int for item in content.values()):
            raise NotPlainError("a slice of other than integers")
        return {**_head(slice, "SliceNode"), "content": content}

    def _array(self, array: Any, number: int) -> dict[str, Any]:
        if array.dtype.kind != "O":
            return self._file(array, type(array), number)
        if array.ndim != 1:
            raise NotPlainError("an array of objects with several dimensions")
        return {
            **_head(type(array), "NdArrayNode"),
            "content": [self._child(item) for item in array.tolist()],
            "type": "json",
            "shape": self._child(tuple(array.shape)),
        }

    def _file(self, array: Any, kind: type, number: int) -> dict[str, Any]:
        import numpy as np  # noqa: PLC0415 - optional package

        if array.dtype.kind not in _ARRAY_KINDS:
            raise NotPlainError(f"an array of {array.dtype}")
        name = f"{number}.npy"
        if name not in self._archive.NameToInfo:
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            self._archive.writestr(name, buffer.getbuffer())
        return {**_head(kind, "NdArrayNode"), "type": "numpy", "file": name}

    def _estimator(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        _estimator_class(kind.__module__, kind.__qualname__)
        if getattr(kind, "__reduce__", None) is not object.__reduce__:
            raise NotPlainError(f"{kind} pickles in its own way")
        state = value.__getstate__()
        if type(state) is not dict:
            raise NotPlainError(f"{kind} has a state of its own")
        return {**_head(kind, "ObjectNode"), "content": self._child(state)}


def _head(kind: type, loader: str) -> dict[str, Any]:
    return {"__class__": kind.__name__, "__module__": kind.__module__, "__loader__": loader}


def write(model: Any, path: Path) -> frozenset[str]:
    """Write a plain estimator; return the modules that the file names.

    Args:
        model: The estimator.
        path: The file; nothing is written if the model is not plain.

    Raises:
        NotPlainError: the model is made of more than is known here.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        node = _Writer(archive).node(model)
        version = installed_version("skops") or ".".join(map(str, (*_FIRST_VERSION, 0)))
        schema = {**node, "protocol": _PROTOCOL, "_skops_version": version}
        archive.writestr(_SCHEMA, json.dumps(schema, indent=2))
    path.write_bytes(buffer.getbuffer())
    return named_modules(node)


def named_modules(node: Any) -> frozenset[str]:
    """Return the modules that a schema names."""
    modules: set[str] = set()
    rest = [node]
    while rest:
        item = rest.pop()
        if isinstance(item, dict):
            if isinstance(item.get("__module__"), str):
                modules.add(item["__module__"])
            rest += item.values()
        elif isinstance(item, list):
            rest += item
    return frozenset(modules)


class _Reader:
    """Makes the objects that the nodes of a schema describe."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._made: dict[int, Any] = {}
        self._loaders: dict[str, Callable[[dict[str, Any]], Any]] = {
            "JsonNode": lambda node: json.loads(node["content"]),
            "DictNode": self._dictionary,
            "ListNode": lambda node: self._items(node, list),
            "TupleNode": lambda node: self._items(node, tuple),
            "SetNode": lambda node: self._items(node, set),
            "SliceNode": self._slice,
            "TypeNode": self._type,
            "NdArrayNode": self._array,
            "ObjectNode": self._estimator,
        }

    def make(self, node: dict[str, Any]) -> Any:
        """Return the object of a node, the same one for the same number.

        Raises:
            NotPlainError: the node, or one in it, is not plain.
        """
        number = node.get("__id__")
        if isinstance(number, int) and number in self._made:
            return self._made[number]
        loader = self._loaders.get(node["__loader__"])
        if loader is None:
            raise NotPlainError(node["__loader__"])
        value = loader(node)
        if isinstance(number, int):
            self._made[number] = value
        return value

    def _items(self, node: dict[str, Any], kind: Any) -> Any:
        if (node["__module__"], node["__class__"]) != ("builtins", kind.__name__):
            raise NotPlainError(f"{node['__module__']}.{node['__class__']}")
        return kind([self.make(item) for item in node["content"]])

    def _dictionary(self, node: dict[str, Any]) -> dict[Any, Any]:
        if (node["__module__"], node["__class__"]) != ("builtins", "dict"):
            raise NotPlainError(f"{node['__module__']}.{node['__class__']}")
        kinds = self.make(node["key_types"])
        if any(kind not in (str, int) for kind in kinds):
            raise NotPlainError("a dictionary with keys that are neither text nor integers")
        pairs = zip(kinds, node["content"].items(), strict=True)
        return {kind(key): self.make(item) for kind, (key, item) in pairs}

    def _slice(self, node: dict[str, Any]) -> slice:
        content = node["content"]
        return slice(content["start"], content["stop"], content["step"])

    def _type(self, node: dict[str, Any]) -> type:
        for kind in _PRIMITIVES:
            if (node["__module__"], node["__class__"]) == ("builtins", kind.__name__):
                return kind
        return _scalar_type(node)

    def _array(self, node: dict[str, Any]) -> Any:
        import numpy as np  # noqa: PLC0415 - optional package

        is_array = (node["__module__"], node["__class__"]) == ("numpy", "ndarray")
        if node["type"] == "json" and is_array:
            items = [self.make(item) for item in node["content"]]
            if self.make(node["shape"]) != (len(items),):
                raise NotPlainError("an array of objects with several dimensions")
            array = np.empty(len(items), dtype=object)
            array[:] = items
            return array
        if node["type"] != "numpy":
            raise NotPlainError(f"an array stored as {node['type']}")
        value = np.load(io.BytesIO(self._archive.read(node["file"])), allow_pickle=False)
        return value if is_array else _scalar_type(node)(value)

    def _estimator(self, node: dict[str, Any]) -> Any:
        kind = _estimator_class(node["__module__"], node["__class__"])
        state = self.make(node["content"])
        if type(state) is not dict:
            raise NotPlainError(f"{kind} has a state of its own")
        instance: Any = object.__new__(kind)
        instance.__setstate__(state)
        return instance


def _scalar_type(node: dict[str, Any]) -> type:
    import numpy as np  # noqa: PLC0415 - optional package

    found = getattr(np, node["__class__"], None) if node["__module__"] == "numpy" else None
    if not isinstance(found, type) or not issubclass(found, np.generic):
        raise NotPlainError(f"{node['__module__']}.{node['__class__']}")
    return found


def read(path: Path) -> Any:
    """Return the plain estimator in a file.

    Args:
        path: A file in the skops format.

    Raises:
        NotPlainError: the file has more than is known here, or is of another protocol.
    """
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read(_SCHEMA))
        if schema.get("protocol") != _PROTOCOL or isinstance(schema["protocol"], bool):
            raise NotPlainError("another protocol")
        return _Reader(archive).make(schema)
