"""The choke point: every format that can run code when it is read is read here, nowhere else.

For a flavor: read pickles with ``load_pickle``, joblib files with ``load_joblib``, ``torch.load``
files with ``load_torch``; before a library's own loader of another format that can run code (a
native library, TorchScript, ``pt2``, a SavedModel, Python source), call
``admitted("its name", path)``, which gives the path back. Flavors whose format has no code need
nothing: a folder from an untrusted place is searched for code first (``admit_folder``).

The policy, in this order:

1. ``MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false`` refuses every such format, from everywhere.
2. A remote location that the caller named is refused, unless the caller trusts it: for a block of
   calls (``mlflow.models.trust``), or with ``HEADRACE_TRUSTED_MODEL_SOURCES``.
3. What the tracking or registry store resolved is read, with one warning a load; so are local
   paths, without a warning.

What a model's own files say about trust is never asked: an attacker writes them too. Nor is a
file's suffix: its content decides (``mlflow.models.sniff``). While a model from an untrusted place
is read, an audit hook (``mlflow.models.audit``) stops what went around all this.
"""

from __future__ import annotations

import logging
import pickle
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mlflow._core.uri import is_local_uri, scheme_of
from mlflow.environment_variables import (
    HEADRACE_TRUSTED_MODEL_SOURCES,
    MLFLOW_ALLOW_PICKLE_DESERIALIZATION,
)
from mlflow.exceptions import MlflowException
from mlflow.models.audit import Watch
from mlflow.models.signing import verify
from mlflow.models.sniff import code_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextvars import Token
    from pathlib import Path

_logger = logging.getLogger(__name__)
_FIRST_SAFE_TORCH: Final = (2, 6)  # before, weights_only=True could be made to run code


class Origin(Enum):
    """Where a model's files come from."""

    LOCAL = "local"  # a path on this machine
    STORE = "store"  # a location that the tracking or registry store gave for an id
    TRUSTED = "trusted"  # a remote location that the caller named, and trusts
    REMOTE = "remote"  # a remote location that the caller named


class _Reading:
    """The block in which a model is read: its origin, and whether it was warned of."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.warned = False
        self._token: Token[_Reading | None] | None = None
        self._watch: Watch | None = None

    def __enter__(self) -> None:
        self._token = _reading.set(self)
        if is_untrusted():
            self._watch = Watch(_complaint)
            self._watch.start()

    def __exit__(self, *_: object) -> None:
        if self._watch is not None:
            self._watch.stop()
        if self._token is not None:
            _reading.reset(self._token)


_reading: Final[ContextVar[_Reading | None]] = ContextVar("mlflow_model_reading", default=None)
_trusted: Final[ContextVar[tuple[str, ...]]] = ContextVar("mlflow_trusted_sources", default=())


def reading_from(origin: Origin) -> _Reading:
    """Return a block (``with``) in which files are read that come from a place."""
    return _Reading(origin)


@contextmanager
def trust(source: str) -> Iterator[None]:
    """Let the models below a location run code when they are loaded in the block.

    ``MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false`` holds all the same.

    Args:
        source: The URI of a model, or of a folder of models: ``s3://bucket/models``.
    """
    token = _trusted.set((*_trusted.get(), source))
    try:
        yield
    finally:
        _trusted.reset(token)


def origin_of(uri: str) -> Origin:
    """Return what a location is that a caller named."""
    if is_local_uri(uri):
        return Origin.LOCAL
    if scheme_of(uri) == "mlflow-artifacts" and not urlsplit(uri).netloc:
        return Origin.STORE  # the tracking store's own
    sources = (*_trusted.get(), *HEADRACE_TRUSTED_MODEL_SOURCES.get())
    is_trusted = any(_is_below(uri, source) for source in sources)
    return Origin.TRUSTED if is_trusted else Origin.REMOTE


def _is_below(uri: str, source: str) -> bool:
    if uri == source:
        return True
    inner, outer = _place(uri), _place(source)
    return inner is not None and outer is not None and inner[: len(outer)] == outer


def _place(uri: str) -> tuple[str, ...] | None:
    """Return the parts of a URI; None where it may mean another place than it seems to."""
    split = urlsplit(uri)
    parts = split.path.strip("/").split("/") if split.path.strip("/") else []
    has_more = any(sign in uri for sign in "?#%\\@;") or not split.scheme
    if has_more or any(part in ("", ".", "..") for part in parts):
        return None
    return (split.scheme.lower(), split.netloc.lower(), *parts)


def is_untrusted() -> bool:
    """Return whether what is read now must not run code."""
    reading = _reading.get()
    if reading is not None and reading.origin is Origin.REMOTE:
        return True
    return not MLFLOW_ALLOW_PICKLE_DESERIALIZATION.get()


def _complaint(what: str) -> MlflowException:
    if not MLFLOW_ALLOW_PICKLE_DESERIALIZATION.get():
        return MlflowException(
            f"{what} can run any code when it is read, and the environment variable"
            " MLFLOW_ALLOW_PICKLE_DESERIALIZATION is false. Save the model in a format without"
            " code ('skops' for scikit-learn), or set the variable to true if you trust whoever"
            " wrote it."
        )
    return MlflowException(
        f"{what} can run any code when it is read, and it comes from a remote location that is"
        " not this tracking store's. If you trust that place, load the model in a block `with"
        " mlflow.models.trust(<its URI>)`, or name the place in HEADRACE_TRUSTED_MODEL_SOURCES;"
        " or download it first (mlflow.artifacts.download_artifacts) and load the local copy."
    )


def admit_code(format_name: str, path: Path) -> None:
    """Refuse a file in a format that can run code, where the policy says so.

    Args:
        format_name: What to call the format.
        path: The file that is about to be read.

    Raises:
        MlflowException: INTERNAL_ERROR, saying how to load the model all the same.
    """
    if is_untrusted():
        raise _complaint(f"{path.name} is in the {format_name} format, which")
    reading = _reading.get()
    if reading and reading.origin is Origin.STORE and not reading.warned:
        reading.warned = True
        _logger.warning(
            "%s is in the %s format, which can run any code when it is read: load it only if you"
            " trust whoever may write to the store.",
            path.name,
            format_name,
        )


def admitted(format_name: str, path: Path) -> Path:
    """Return a file for a library's own loader, if the policy admits it; see ``admit_code``.

    Args:
        format_name: What to call the format.
        path: The file or folder.
    """
    admit_code(format_name, path)
    return path


def admit_folder(folder: Path) -> None:
    """Refuse an untrusted model that has code in it, whatever its files are called.

    Args:
        folder: The model's folder.

    Raises:
        MlflowException: see ``admit_code``; its signature is not good where one is asked for.
    """
    verify(folder)
    if not is_untrusted():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (name := code_in(path)):
            admit_code(name, path)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: Any, find: Callable[..., Any] | None) -> None:
        super().__init__(file)
        self._find = find

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        default = super().find_class
        if self._find is None:
            return default(module_name, global_name)
        return self._find(default, module_name, global_name)


def load_pickle(
    path: Path,
    *,
    format_name: str = "pickle",
    find: Callable[..., Any] | None = None,
) -> Any:
    """Return the object in a file that pickle or cloudpickle wrote, if the policy admits it.

    Args:
        path: The file.
        format_name: What to call the format in an error.
        find: Returns what a pickle names, given the way that pickle does it, the module and the
            name.
    """
    admit_code(format_name, path)
    with path.open("rb") as file:
        return _Unpickler(file, find).load()  # the one place, after the policy


def load_joblib(path: Path) -> Any:
    """Return the object in a file that joblib wrote, if the policy admits it.

    Args:
        path: The file.
    """
    import joblib  # noqa: PLC0415 - optional package

    return joblib.load(admitted("joblib", path))


def load_torch(path: Path, **options: Any) -> Any:
    """Return what ``torch.save`` wrote: tensors without any code, all else if it is admitted.

    Args:
        path: The file.
        **options: Of ``torch.load``: ``map_location``, ``pickle_module``, …
    """
    import torch  # noqa: PLC0415 - optional package

    version = tuple(int(part) for part in torch.__version__.split(".")[:2])
    if version >= _FIRST_SAFE_TORCH and options.get("pickle_module") is None:
        try:
            return torch.load(path, **{**options, "pickle_module": None, "weights_only": True})
        except pickle.UnpicklingError:
            pass  # more than tensors
    admit_code("torch pickle", path)
    return torch.load(path, **{**options, "weights_only": False})


def dump_pickle(value: Any, path: Path, *, format_name: str = "cloudpickle") -> None:
    """Write an object with pickle or cloudpickle.

    Args:
        value: The object.
        path: The file.
        format_name: ``pickle`` or ``cloudpickle``.
    """
    dump: Any = pickle.dump
    if format_name != "pickle":
        import cloudpickle  # noqa: PLC0415 - 20 ms that models in skops do not need

        dump = cloudpickle.dump
    with path.open("wb") as file:
        dump(value, file, protocol=pickle.DEFAULT_PROTOCOL)
