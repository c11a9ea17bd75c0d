"""What a model needs, told in this process: the packages that its file names.

No second interpreter is started and the model is not loaded again. A pickle names every class and
function in it, and a skops file lists its types: the modules of these names lead to installed
distributions, whose versions are pinned. The packages of arrays and tables that those build on
are pinned with them when they are loaded, because their versions decide what predictions are.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import sys
import zipfile
from functools import cache
from importlib import metadata
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import IO, TYPE_CHECKING, Any, Final

from mlflow.models.environment import (
    MLFLOW_LINE,
    canonical,
    metadata_values,
    pinned,
    requirement_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Modules whose distribution has another name; the rest is asked of the installed metadata.
_DISTRIBUTIONS: Final = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_DATA_PACKAGES: Final = ("numpy", "pandas", "scipy", "pyarrow", "polars")
# Ours, and what every model folder needs anyway.
_LEFT_OUT: Final = frozenset({"mlflow", "headrace"})


@cache
def _module_table() -> dict[str, tuple[str, ...]]:
    """Return each importable top-level name with its distributions; reads all metadata, slow."""
    return {name: tuple(found) for name, found in metadata.packages_distributions().items()}


def distribution_of(module: str) -> str | None:
    """Return the distribution that a module belongs to; None for local and standard modules."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top in ("__main__", "__mp_main__", "builtins"):
        return None
    candidate = _DISTRIBUTIONS.get(top, top)
    try:
        names = metadata_values(candidate, "Name")
        return canonical(names[0] if names else candidate)
    except metadata.PackageNotFoundError:
        found = _module_table().get(top, ())
        return canonical(found[0]) if found else None


def pickled_modules(path: Path) -> set[str]:
    """Return the modules that a pickle names, without unpickling it.

    Args:
        path: A file that pickle, cloudpickle or ``torch.save`` wrote.
    """
    modules: set[str] = set()
    memo: dict[int, str] = {}
    before, last = "", ""  # the two texts that were pushed last, empty for other values
    with path.open("rb") as archive, _pickle_in(archive) as file:
        for opcode, given, _ in pickletools.genops(file):
            argument: Any = given
            name = opcode.name
            if name in ("PROTO", "FRAME"):
                continue
            if name == "MEMOIZE":
                memo[len(memo)] = last
                continue
            if name in ("BINPUT", "LONG_BINPUT", "PUT"):
                memo[int(argument)] = last
                continue
            if name == "STACK_GLOBAL":
                modules.add(before)
            pushed = ""
            if name == "GLOBAL":
                modules.add(argument.split(" ")[0])
            elif name in ("BINGET", "LONG_BINGET", "GET"):
                pushed = memo.get(int(argument), "")
            elif isinstance(argument, str):
                pushed = argument
                # A module pickled by reference is its name, given to cloudpickle's importer.
                if argument in sys.modules and "." not in argument:
                    modules.add(argument)
            before, last = last, pushed
    return modules - {""}


def _pickle_in(file: IO[bytes]) -> IO[bytes]:
    """Return the pickle of a file that ``torch.save`` wrote, which is a zip; others as they are."""
    if not zipfile.is_zipfile(file):
        file.seek(0)
        return file
    archive = zipfile.ZipFile(file)
    inside = (name for name in archive.namelist() if name.rpartition("/")[2] == "data.pkl")
    name = next(inside, None)
    return io.BytesIO(pickle.dumps(None)) if name is None else archive.open(name)


def infer_requirements(modules: Iterable[str], defaults: Iterable[str]) -> tuple[str, ...]:
    """Return pinned requirements for a model: mlflow's line, then the others by name.

    Args:
        modules: The modules that the model's file names.
        defaults: Distributions that the flavor needs to load it.
    """
    needed = {canonical(name) for name in defaults}
    seen: set[str] = set()
    rest = list(modules)
    while rest:
        module = rest.pop()
        top = module.partition(".")[0]
        if module in seen or top in needed:
            continue
        seen.add(module)
        found = distribution_of(top)
        if found is not None:
            needed.add(found)
        elif top not in sys.stdlib_module_names:
            rest += _named_by(module)
    needed |= _data_packages(needed)
    return (MLFLOW_LINE, *(pinned(name) for name in sorted(needed - _LEFT_OUT)))


def _named_by(module: str) -> set[str]:
    """Return the modules whose contents a module of the user's own has at hand."""
    values = list(vars(sys.modules[module]).values()) if module in sys.modules else []
    named = {value.__name__ for value in values if isinstance(value, ModuleType)}
    kinds = (type, FunctionType, BuiltinFunctionType)
    return named | {str(value.__module__) for value in values if isinstance(value, kinds)}


def _data_packages(needed: set[str]) -> set[str]:
    """Return the array and table packages that are loaded and that the others build on."""
    loaded = {name for name in _DATA_PACKAGES if name in sys.modules}
    reached = {name for one in needed for name in _direct_dependencies(one)}
    # Predictions take DataFrames wherever pandas is there.
    return {name for name in loaded if name in reached or name == "pandas"}


def _direct_dependencies(distribution: str) -> set[str]:
    try:
        if metadata.distribution(distribution).read_text("METADATA") is None:
            lines = metadata.requires(distribution) or []  # an egg keeps them in another file
        else:
            lines = metadata_values(distribution, "Requires-Dist")
    except metadata.PackageNotFoundError:
        return set()
    named = (requirement_name(line) for line in lines if "extra ==" not in line)
    return {name for name in named if name is not None}
