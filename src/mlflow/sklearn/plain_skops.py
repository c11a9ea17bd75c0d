"""The skops file format for plain models, without importing skops.

Importing skops loads all of scikit-learn to list its estimators, a second that every first
``log_model`` would pay. What most models are made of needs no list: scikit-learn's own classes,
numpy arrays, containers and scalars. They are written and read here, as skops writes and reads
them (protocol 2); anything else raises ``NotPlainError`` and goes to skops itself.

Which classes may be made is ``mlflow.sklearn.plain_types``; what is made of trees is looked at by
``mlflow.sklearn.node_checks`` before it is handed out.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from contextlib import contextmanager
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.estimators import SkopsFile, named_modules, nodes_of
from mlflow.models.environment import installed_version
from mlflow.sklearn import plain_random, plain_types
from mlflow.sklearn.node_checks import HostileError, check_made, check_state, check_tree
from mlflow.sklearn.plain_arrays import read_npy
from mlflow.sklearn.plain_types import NotPlainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PROTOCOL: Final = 2
_FIRST_VERSION: Final = (0, 16)  # of skops, that reads the protocol
_SCHEMA: Final = "schema.json"
_PRIMITIVES: Final = (str, int, float, bool)
_KEYS: Final = (str, int, float)
_MASKED: Final = {"__module__": "numpy.ma", "__loader__": "MaskedArrayNode"}
_ARRAY_KINDS: Final = "biufcSUmMV"
_ARRAY_TREES: Final = ("TreePredictor", "KDTree", "BallTree")
_FREE_BYTES: Final = 1 << 26  # that a file may unpack to however small it is
_MOST_RATIO: Final = 100


def is_usable() -> bool:
    """Return whether the installed skops reads what is written here."""
    version = installed_version("skops")
    if version is None:
        return True
    major, minor = (int(part) for part in version.split(".")[:2])
    return (major, minor) >= _FIRST_VERSION


class _Writer:
    """Turns a model into nodes of the schema and files of the archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        import numpy as np  # noqa: PLC0415 - optional package

        self._archive = archive
        self._makers: dict[type, Callable[[Any], dict[str, Any]]] = {
            **dict.fromkeys((list, tuple, set), self._items),
            slice: self._slice,
            partial: self._partial,
            np.ufunc: lambda value: self._function(value, "numpy"),
            FunctionType: lambda value: self._function(value, value.__module__),
            np.ma.MaskedArray: self._masked,
            np.random.RandomState: self._random,
            np.random.Generator: self._generator,
        }
        # Every object that has a number is held, so that no other one takes its identity.
        self._numbered: dict[int, tuple[int, Any]] = {}
        self._nodes: dict[int, dict[str, Any]] = {}
        self._open: set[int] = set()
        self.vouched_here: set[str] = set()  # names of types that skops does not vouch for

    def node(self, value: Any) -> dict[str, Any]:
        """Return the node of a value.

        Raises:
            NotPlainError: the value, or one in it, is not plain.
        """
        identity = id(value)
        if identity in self._nodes:
            return self._nodes[identity]
        if identity in self._open:
            raise NotPlainError("the model contains itself")
        self._open.add(identity)
        number, _ = self._numbered.setdefault(identity, (len(self._numbered) + 1, value))
        node = {**self._content(value, number), "__id__": number}
        self._open.discard(identity)
        self._nodes[identity] = node
        return node

    def _content(self, value: Any, number: int) -> dict[str, Any]:
        import numpy as np  # noqa: PLC0415 - optional package

        kind = type(value)
        if value is None or kind in _PRIMITIVES:
            return {**_head(str, "JsonNode"), "content": json.dumps(value), "is_json": True}
        if kind is np.ndarray:
            return self._array(value, number)
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            return self._file(np.asarray(value), kind, number)
        if kind is type and (value in _PRIMITIVES or issubclass(value, np.generic)):
            return _head(value, "TypeNode")
        if isinstance(value, dict):
            return self._dictionary(value)
        return self._makers.get(kind, self._object)(value)

    def _items(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        loader = f"{kind.__name__.capitalize()}Node"
        return {**_head(kind, loader), "content": [self.node(item) for item in value]}

    def _masked(self, value: Any) -> dict[str, Any]:
        content = {"data": self.node(value.data), "mask": self.node(value.mask)}
        return {"__class__": type(value).__name__, **_MASKED, "content": content}

    def _random(self, value: Any) -> dict[str, Any]:
        state = plain_random.state_of(value)
        return {**_head(type(value), plain_random.STATE), "content": self.node(state)}

    def _generator(self, value: Any) -> dict[str, Any]:
        state = plain_random.state_of(value)
        content = {name: self.node(item) for name, item in state.items()}
        return {**_head(type(value), plain_random.GENERATOR), "content": content}

    def _dictionary(self, value: dict[Any, Any]) -> dict[str, Any]:
        import numpy as np  # noqa: PLC0415 - optional package

        kind = type(value)
        self._vouch(plain_types.mapping_class(kind.__module__, kind.__name__))
        if any(type(key) not in _KEYS and not isinstance(key, np.integer) for key in value):
            raise NotPlainError("a dictionary with keys that are neither text nor numbers")
        keys = [key.item() if isinstance(key, np.integer) else key for key in value]
        if len({str(key) for key in keys}) < len(value):
            raise NotPlainError("a dictionary with keys that JSON does not tell apart")
        items = zip(keys, value.values(), strict=True)
        return {
            **_head(kind, "DictNode"),
            "content": {key: self.node(item) for key, item in items},
            "key_types": self.node([type(key) for key in value]),
        }

    def _vouch(self, kind: type) -> None:
        if plain_types.vouched_here_only(kind.__module__, kind.__name__):
            self.vouched_here.add(f"{kind.__module__}.{kind.__name__}")

    def _slice(self, value: slice) -> dict[str, Any]:
        content = {"start": value.start, "stop": value.stop, "step": value.step}
        if any(item is not None and type(item) is not int for item in content.values()):
            raise NotPlainError("a slice of other than integers")
        return {**_head(slice, "SliceNode"), "content": content}

    def _array(self, array: Any, number: int) -> dict[str, Any]:
        if array.dtype.kind != "O":
            return self._file(array, type(array), number)
        return {
            **_head(type(array), "NdArrayNode"),
            "content": [self.node(item) for item in array.tolist()],
            "type": "json",
            "shape": self.node(tuple(array.shape)),
        }

    def _file(self, array: Any, kind: type, number: int) -> dict[str, Any]:
        import numpy as np  # noqa: PLC0415 - optional package

        if array.dtype.kind not in _ARRAY_KINDS or array.dtype.hasobject:
            raise NotPlainError(f"an array of {array.dtype}")
        name = f"{number}.npy"
        if name not in self._archive.NameToInfo:
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            self._archive.writestr(name, buffer.getbuffer())
        return {**_head(kind, "NdArrayNode"), "type": "numpy", "file": name}

    def _function(self, value: Any, module: str) -> dict[str, Any]:
        if plain_types.function(module, value.__name__) is not value:
            raise NotPlainError(f"{module}.{value.__name__}")
        if plain_types.vouched_here_only(module, value.__name__):
            self.vouched_here.add(f"{module}.{value.__name__}")
        return {"__class__": value.__name__, "__module__": module, "__loader__": "FunctionNode"}

    def _partial(self, value: partial[Any]) -> dict[str, Any]:
        if not isinstance(value.func, FunctionType):  # which is then looked for in the table
            raise NotPlainError("a call of a foreign function")
        self._vouch(partial)
        parts = {"func": value.func, "args": value.args, "kwds": value.keywords}
        content = {name: self.node(item) for name, item in {**parts, "namespace": {}}.items()}
        return {**_head(partial, "PartialNode"), "content": content}

    def _object(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        module, name = kind.__module__, kind.__qualname__
        is_tree = plain_types.is_tree(module, name)
        if is_tree or plain_types.is_loss(module, name):
            return self._reduced(value, "TreeNode" if is_tree else "LossNode")
        made = plain_types.object_class(module, name)
        if getattr(kind, "__reduce__", None) is not object.__reduce__ and not is_array_tree(made):
            raise NotPlainError(f"{kind} pickles in its own way")
        self._vouch(kind)
        try:
            check_made(value)
        except HostileError as error:  # it would not be read
            raise NotPlainError(str(error)) from error
        return {**_head(kind, "ObjectNode"), "content": self.node(_state_of(value))}

    def _reduced(self, value: Any, loader: str) -> dict[str, Any]:
        """Return the node of an object that is made from arguments, as pickle would make it."""
        kind = type(value)
        self._vouch(kind)
        maker, args, *rest = value.__reduce__()
        if maker is not kind:  # through a function of the compiler's
            args = () if rest else args[2]
        content = rest[0] if rest and maker is kind else {}
        reduced = {"args": self.node(args)}
        return {**_head(kind, loader), "__reduce__": reduced, "content": self.node(content)}


def is_array_tree(kind: type) -> bool:
    """Return whether a class is of trees in arrays, whose state is a tuple."""
    return kind.__module__.startswith(("sklearn.neighbors._", "sklearn.metrics._dist"))


def _state_of(value: Any) -> Any:
    if hasattr(value, "__getstate__"):  # of every object since Python 3.11
        return value.__getstate__()
    return vars(value)


def _head(kind: type, loader: str) -> dict[str, Any]:
    return {"__class__": kind.__name__, "__module__": kind.__module__, "__loader__": loader}


def write(model: Any, path: Path) -> SkopsFile:
    """Write a plain model.

    Args:
        model: The estimator.
        path: The file; nothing is written if the model is not plain.

    Raises:
        NotPlainError: the model is made of more than is known here.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        writer = _Writer(archive)
        node = writer.node(model)
        version = installed_version("skops") or ".".join(map(str, (*_FIRST_VERSION, 0)))
        schema = {**node, "protocol": _PROTOCOL, "_skops_version": version}
        archive.writestr(_SCHEMA, json.dumps(schema))
    path.write_bytes(buffer.getbuffer())
    return SkopsFile(named_modules(node), [], tuple(sorted(writer.vouched_here)))


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
            "MaskedArrayNode": self._masked,
            "FunctionNode": lambda node: plain_types.function(
                node["__module__"], node["__class__"]
            ),
            "PartialNode": self._partial,
            "ObjectNode": self._object,
            "LossNode": self._loss,
            "TreeNode": self._tree,
            plain_random.STATE: lambda node: plain_random.state(self.make(node["content"])),
            plain_random.GENERATOR: self._generator,
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
        import numpy as np  # noqa: PLC0415 - optional package

        made: dict[Any, Any] = plain_types.mapping_class(node["__module__"], node["__class__"])()
        kinds = self.make(node["key_types"])
        if any(kind not in _KEYS and not issubclass(kind, np.integer) for kind in kinds):
            raise NotPlainError("a dictionary with keys that are neither text nor numbers")
        for kind, (key, item) in zip(kinds, node["content"].items(), strict=True):
            made[kind(key)] = self.make(item)
        return made

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
            shape, items = self.make(node["shape"]), node["content"]
            for _ in shape[1:]:
                items = [inner for item in items for inner in item["content"]]
            if math.prod(shape) != len(items):
                raise HostileError("an array of another shape")
            array = np.empty(len(items), dtype=object)
            for index, item in enumerate(items):
                array[index] = self.make(item)
            return array.reshape(shape)
        if node["type"] != "numpy":
            raise NotPlainError(f"an array stored as {node['type']}")
        value = read_npy(self._archive.read(node["file"]))
        return value if is_array else _scalar_type(node)(value)

    def _object(self, node: dict[str, Any]) -> Any:
        kind = plain_types.object_class(node["__module__"], node["__class__"])
        state = self.make(node["content"])
        check_state(kind, state)
        instance: Any = kind.__new__(kind)
        if hasattr(instance, "__setstate__"):
            instance.__setstate__(state or {})
        else:
            vars(instance).update(state or {})
        check_made(instance)
        return instance

    def _tree(self, node: dict[str, Any]) -> Any:
        if not plain_types.is_tree(node["__module__"], node["__class__"]):
            raise NotPlainError(f"{node['__module__']}.{node['__class__']}")
        args, state = self.make(node["__reduce__"]["args"]), self.make(node["content"])
        check_tree(args, state)
        tree = plain_types.tree_class()(*args)
        tree.__setstate__(state)
        return tree

    def _loss(self, node: dict[str, Any]) -> Any:
        kind = plain_types.loss_class(node["__module__"], node["__class__"])
        args = self.make(node["__reduce__"]["args"])
        if any(type(item) not in (int, float) for item in args) or self.make(node["content"]):
            raise NotPlainError(f"{kind} has a state of its own")
        return kind(*args)

    def _masked(self, node: dict[str, Any]) -> Any:
        import numpy as np  # noqa: PLC0415 - optional package

        content = node["content"]
        return np.ma.MaskedArray(self.make(content["data"]), self.make(content["mask"]))

    def _partial(self, node: dict[str, Any]) -> Any:
        parts = node["content"]
        if parts["func"]["__loader__"] != "FunctionNode" or self.make(parts["namespace"]):
            raise NotPlainError("a call of a foreign function")
        function, args, named = (self.make(parts[name]) for name in ("func", "args", "kwds"))
        return partial(function, *args, **named)

    def _generator(self, node: dict[str, Any]) -> Any:
        return plain_random.generator(
            {name: self.make(item) for name, item in node["content"].items()}
        )


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
        HostileError: the file describes a model that would crash, or unpacks to too much.
    """
    with _opened(path) as (archive, schema):
        if schema.get("protocol") != _PROTOCOL or isinstance(schema["protocol"], bool):
            raise NotPlainError("another protocol")
        return _Reader(archive).make(schema)


def check_trees(path: Path) -> None:
    """Look at the trees of a file that skops itself will read.

    Args:
        path: The file.

    Raises:
        HostileError: one of them would crash, or the file unpacks to too much.
    """
    with _opened(path) as (archive, schema):
        reader = _Reader(archive)
        for node in nodes_of(schema):
            if node.get("__loader__") == "TreeNode" or node.get("__class__") in _ARRAY_TREES:
                try:
                    reader.make(node)
                except NotPlainError as error:
                    raise HostileError(f"a tree that is made from {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > max(_FREE_BYTES, _MOST_RATIO * path.stat().st_size):
            raise HostileError(f"{unpacked} bytes in a file of {path.stat().st_size}")
        yield archive, json.loads(archive.read(_SCHEMA))
