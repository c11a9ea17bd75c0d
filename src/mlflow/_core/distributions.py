"""Where installed distributions keep their metadata, without ``importlib.metadata``.

The import of that module (with ``email``, ``csv`` and ``zipfile``) takes a tenth of a first
``start_run``, which only asks whether there are plugins and what is installed.
"""

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

_FOLDERS: Final = (".dist-info", ".egg-info")
_FOLDER_IN_EGG: Final = "egg-info"


def are_all_in_folders() -> bool:
    """Return whether ``iter_metadata_folders`` finds every distribution.

    It does not find those of other finders, and of archives on the module path.
    """
    finders = [finder for finder in sys.meta_path if hasattr(finder, "find_distributions")]
    return finders == [PathFinder] and not any(map(os.path.isfile, sys.path))


def iter_metadata_folders() -> Iterator[Path]:
    """Yield the metadata folders of distributions, in the order of the module path."""
    for name in sys.path:
        folder = Path(name)
        try:
            children = os.listdir(folder)  # noqa: PTH208 - names are enough, and faster
        except OSError:
            continue
        for child in children:
            low = child.lower()
            if low.endswith(_FOLDERS) or low == _FOLDER_IN_EGG:
                yield folder / child


def read_metadata(folder: Path, name: str, characters: int = -1) -> str:
    """Return the text, or its beginning, of a file in a metadata folder; empty without one."""
    try:
        with (folder / name).open(encoding="utf-8", errors="replace") as file:
            return file.read(characters)
    except OSError:
        return ""
