"""Estimators in files: skops by default, pickle and cloudpickle on request.

What is trusted in a skops file is decided by the flavor that reads it, never by the file nor by the
MLmodel beside it: whoever wrote the model wrote both.
"""

from __future__ import annotations

import json
import logging
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from mlflow._flavor.spec import Argument
from mlflow.exceptions import MlflowException
from mlflow.models.choke import admit_code, dump_pickle
from mlflow.models.requirements import pickled_modules

_logger = logging.getLogger(__name__)
SKOPS: Final = "skops"
PICKLE: Final = "pickle"
CLOUDPICKLE: Final = "cloudpickle"
FORMATS: Final = (SKOPS, PICKLE, CLOUDPICKLE)
# The arguments of a flavor that writes estimators.
ARGUMENTS: Final = {
    "serialization_format": Argument(
        None,
        str | None,
        "``skops``, ``cloudpickle`` or ``pickle``. By default skops, or cloudpickle with a\n"
        "        warning where skops does not vouch for the model's types.",
    ),
    "skops_trusted_types": Argument(
        None, list[str] | None, "Types that skops does not vouch for and you do."
    ),
    "include_cloudpickle": Argument(False, bool, "Add cloudpickle."),
    "include_skops": Argument(False, bool, "Add skops."),
}
DEFAULTS: Final = "include_cloudpickle include_skops"
DAMAGE: Final = (
    *(AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError),
    *(MemoryError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error),
)


class SkopsFile(NamedTuple):
    """What is in a skops file: its modules, and the types that skops does not vouch for."""

    modules: frozenset[str]
    unknown: list[str]  # that nobody vouches for
    checked: tuple[str, ...] = ()  # that the flavor looks at when it reads them


DumpSkops = Callable[[Any, Path], SkopsFile]


class Written(NamedTuple):
    """An estimator's file, its format, the modules that it names, and what skops must trust."""

    path: Path
    format_name: str
    modules: frozenset[str]
    trusted: list[str] | None = None

    def distributions(self, library: str) -> tuple[str, ...]:
        """Return what is needed to read it."""
        return (library, *((self.format_name,) if self.format_name != PICKLE else ()))


def requirements(library: str) -> Callable[..., list[str]]:
    """Return what says a flavor's default requirements, given the arguments in ``DEFAULTS``."""

    def lines(include_cloudpickle: bool, include_skops: bool) -> list[str]:
        optional = {CLOUDPICKLE: include_cloudpickle, SKOPS: include_skops}
        return [library, *(name for name, wanted in optional.items() if wanted)]

    return lines


def check_format(format_name: str | None) -> None:
    """Refuse a format that nobody knows."""
    if format_name not in (None, *FORMATS):
        raise MlflowException.invalid_parameter_value(
            f"Unrecognized serialization format: {format_name}. Please specify one of the"
            f" following supported formats: {list(FORMATS)}."
        )


def write_estimator(
    estimator: Any, folder: Path, format_name: str | None, trusted: Any, *, dump: DumpSkops
) -> Written:
    """Write an estimator in the format that was asked for, or in the best one that holds it.

    Args:
        estimator: The estimator.
        folder: The model's folder.
        format_name: One of ``FORMATS``; None for skops where it holds, cloudpickle elsewhere.
        trusted: The types that the user vouches for; None where the user says nothing.
        dump: Writes a skops file, as ``dump_skops`` does.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for an unknown format, or types that nobody
            vouches for.
    """
    check_format(format_name)
    if format_name in (None, SKOPS):
        path = folder / "model.skops"
        found = dump(estimator, path)
        unknown = [name for name in found.unknown if name not in (trusted or ())]
        if not unknown:
            listed = list(dict.fromkeys((*(trusted or ()), *found.checked)))
            return Written(path, SKOPS, found.modules, listed or None)
        path.unlink(missing_ok=True)
        if format_name == SKOPS or trusted is not None:
            raise MlflowException.invalid_parameter_value(
                f"The model holds types that skops does not vouch for: {unknown}. If you are sure"
                " that loading them is safe, list them in `skops_trusted_types`; or set"
                " `serialization_format` to 'cloudpickle'."
            )
        _logger.warning(
            "skops does not vouch for %s in this %s: it is saved with cloudpickle, which can run"
            " code when it is loaded. Pass skops_trusted_types to save it with skops.",
            ", ".join(unknown),
            type(estimator).__name__,
        )
    chosen = CLOUDPICKLE if format_name in (None, SKOPS) else str(format_name)
    path = folder / "model.pkl"
    dump_pickle(estimator, path, format_name=chosen)
    return Written(path, chosen, frozenset(pickled_modules(path)), list(trusted or ()) or None)


def dump_skops(model: Any, path: Path, vouched: Collection[str] = ()) -> SkopsFile:
    """Write an estimator.

    Args:
        model: The estimator.
        path: The file; it is not written if skops cannot hold the model.
        vouched: Types that the flavor vouches for.
    """
    import skops.io  # noqa: PLC0415 - optional package
    from skops.io.exceptions import UnsupportedTypeException  # noqa: PLC0415 - optional package

    try:
        skops.io.dump(model, path)
    except UnsupportedTypeException:
        return SkopsFile(frozenset(), [f"{type(model).__module__}.{type(model).__qualname__}"])
    with zipfile.ZipFile(path) as archive:
        named = named_modules(json.loads(archive.read("schema.json")))
    untrusted = skops.io.get_untrusted_types(file=path)
    return SkopsFile(named, sorted(name for name in untrusted if name not in vouched))


def load_skops(
    path: Path, vouched: Collection[str] = (), *, check: Callable[[Path], None] | None = None
) -> Any:
    """Return the estimator in a skops file.

    A file with types that nobody vouches for can run code, so the policy for such formats decides
    over it.

    Args:
        path: The file.
        vouched: Types that the flavor vouches for.
        check: Looks at a file that the policy admitted before skops reads it.

    Raises:
        MlflowException: the file is damaged, or the policy refuses it.
    """
    import skops.io  # noqa: PLC0415 - optional package

    try:
        named = skops.io.get_untrusted_types(file=path)
        unknown = sorted(name for name in named if name not in vouched)
        if unknown:
            what = f"skops, with types that it does not vouch for ({', '.join(unknown)}),"
            admit_code(what, path)
            if check is not None:
                check(path)
        return skops.io.load(path, trusted=named)
    except DAMAGE as error:
        raise unreadable_skops(path, error) from error


def unreadable_skops(path: Path, error: BaseException) -> MlflowException:
    """Return the error for a skops file that is damaged."""
    return MlflowException(
        f"{path.name} is not a readable skops file: {type(error).__name__}: {error}"
    )


def named_modules(node: Any) -> frozenset[str]:
    """Return the modules that a schema names."""
    modules = (item.get("__module__") for item in nodes_of(node))
    return frozenset(name for name in modules if isinstance(name, str))


def nodes_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield all nodes of a schema."""
    rest = [schema]
    while rest:
        item = rest.pop()
        if isinstance(item, dict):
            yield item
        rest += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
