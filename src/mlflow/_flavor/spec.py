"""What a flavor is: a few functions and names; everything else is the engine's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mlflow.models.saving import Dumped


@dataclass(frozen=True)
class Flavor:
    """A flavor.

    Attributes:
        name: Its name in MLmodel.
        dump: Writes a model into a folder; says what it wrote and what that needs.
        load: Reads a model from a folder, given the flavor's settings. It reads formats that can
            run code through ``mlflow.models.choke`` only.
        wrap: Makes the object with ``predict`` of a loaded model.
    """

    name: str
    dump: Callable[[Any, Path], Dumped]
    load: Callable[[Path, Mapping[str, Any]], Any]
    wrap: Callable[[Any], Any]
