"""DataFrames whose types alone say how they fit a schema: nothing is looked at column by column.

Served models get the same few layouts again and again. What each block of equal columns becomes is
worked out for the first frame of a layout, and done as one conversion a block for the next ones.
"""

from __future__ import annotations

import sys
from typing import Any, Final, NamedTuple

from mlflow.models.convert import is_safe
from mlflow.types.schema import DataType

_KEPT: Final = 8  # layouts
_TEXTS: Final = (DataType.string, DataType.binary)


class _Recipe(NamedTuple):
    targets: dict[Any, Any]  # numpy type -> what its columns become; other columns stay
    bits: frozenset[Any]  # types that may only hold 0 and 1


class FrameLayouts:
    """The layouts of DataFrames that a schema of named columns of plain types takes as they are."""

    def __init__(self, names: list[Any], kinds: list[Any]) -> None:
        """Note what is wanted; the layouts come with the data.

        Args:
            names: The columns.
            kinds: Their types.
        """
        self._names = names
        self._kinds = kinds
        # Replaced, never changed: other threads may be reading it.
        self._known: tuple[tuple[list[Any], _Recipe | None], ...] = ()

    def fit(self, data: Any, *, copy: bool) -> Any:
        """Return a DataFrame as the schema wants it, None where its columns must be looked at.

        Args:
            data: Any input.
            copy: Whether a frame that fits is passed on as a copy, without its data.
        """
        pandas = sys.modules.get("pandas")
        if pandas is None or type(data) is not pandas.DataFrame:
            return None
        # `dtypes` builds a Series in 15 microseconds; its manager has the same list for nothing.
        manager: Any = getattr(data, "_mgr", None)
        dtypes = list(manager.get_dtypes() if hasattr(manager, "get_dtypes") else data.dtypes)
        recipe = self._recipe(dtypes)
        if recipe is None or data.columns.tolist() != self._names:
            return None
        if recipe.targets:
            return _converted(data, recipe)
        return data.copy(deep=False) if copy else data

    def _recipe(self, dtypes: list[Any]) -> _Recipe | None:
        for known, recipe in self._known:
            if known == dtypes:
                return recipe
        made = _recipe_of(dtypes, self._kinds) if len(dtypes) == len(self._kinds) else None
        self._known = (*self._known[1 - _KEPT :], (dtypes, made))
        return made


def _recipe_of(dtypes: list[Any], kinds: list[Any]) -> _Recipe | None:
    import numpy as np  # noqa: PLC0415 - optional package

    targets: dict[Any, Any] = {}
    bits = set()
    for dtype, kind in zip(dtypes, kinds, strict=True):
        if kind in _TEXTS:
            if dtype.name not in ("object", "str", "string"):
                return None
            continue
        if not isinstance(dtype, np.dtype) or dtype.kind not in "biufM":
            return None
        wanted = kind.to_numpy()
        safe = kind is DataType.datetime if dtype.kind == "M" else is_safe(dtype, dtype, kind)
        if safe is False or targets.setdefault(dtype, wanted) != wanted:
            return None
        if safe is None:
            bits.add(dtype)
    changed = {dtype: wanted for dtype, wanted in targets.items() if dtype != wanted}
    return _Recipe(changed, frozenset(bits))


def _converted(frame: Any, recipe: _Recipe) -> Any:
    """Return a frame with its blocks converted, None where a value or this pandas forbids it."""
    manager = frame._mgr  # noqa: SLF001 - `astype` of columns costs a hundred times as much
    blocks = []
    try:
        for block in manager.blocks:
            dtype = block.dtype
            if dtype in recipe.bits and not ((block.values == 0) | (block.values == 1)).all():
                return None
            wanted = recipe.targets.get(dtype)
            blocks.append(block.copy(deep=False) if wanted is None else block.astype(wanted))
        made = type(manager)(tuple(blocks), manager.axes, verify_integrity=False)
        return frame._constructor_from_mgr(made, axes=made.axes)  # noqa: SLF001 - as above
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None
