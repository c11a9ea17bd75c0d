"""The choke point: who may read a format that can run code, and that nobody goes around it."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path
from typing import Any

import pytest

import mlflow.models.choke
from mlflow.exceptions import MlflowException
from mlflow.models.choke import Origin, admit_code, load_pickle, reading_from

SOURCE = Path(mlflow.models.choke.__file__).parents[1]
DENY = "MLFLOW_ALLOW_PICKLE_DESERIALIZATION"


class _Trap:
    """A pickle that writes a marker file when it is read."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return Path.touch, (self.marker,)


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, Path]:
    """Give a hostile pickle and the marker that it would make."""
    marker, file = tmp_path / "marker", tmp_path / "model.pkl"
    file.write_bytes(pickle.dumps(_Trap(marker)))
    return file, marker


def test_the_trap_works(trap: tuple[Path, Path]) -> None:
    """The fixture is hostile: read without a policy in the way it makes its marker."""
    file, marker = trap
    load_pickle(file)
    assert marker.exists()


def test_the_variable_denies_everywhere(
    trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the variable at false, no origin may be read, and nothing runs."""
    file, marker = trap
    monkeypatch.setenv(DENY, "false")
    for origin in Origin:
        with reading_from(origin), pytest.raises(MlflowException, match=DENY):
            load_pickle(file)
    assert not marker.exists()


def test_a_remote_location_is_denied_by_default(trap: tuple[Path, Path]) -> None:
    """What comes from a remote location that the caller named is refused, with advice."""
    file, marker = trap
    with (
        reading_from(Origin.REMOTE),
        pytest.raises(MlflowException, match="download_artifacts"),
    ):
        load_pickle(file)
    assert not marker.exists()
    with reading_from(Origin.STORE):
        admit_code("pickle", file)


def test_the_origin_ends_with_its_block(trap: tuple[Path, Path]) -> None:
    """After the block the origin is what it was, also after an error."""
    with pytest.raises(KeyError), reading_from(Origin.REMOTE):
        raise KeyError
    admit_code("pickle", trap[0])


def test_nothing_goes_around_the_choke_point() -> None:
    """No other file of the package reads a pickle, and skops is read in its own file only."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("load", "loads", "Unpickler"):
                owner = ast.unparse(node.value)
                if owner in ("pickle", "cloudpickle", "dill", "joblib", "skops.io"):
                    found.add((str(file.relative_to(SOURCE)), owner))
    assert found == {
        ("models/choke.py", "pickle"),
        ("sklearn/skops_format.py", "skops.io"),
    }
