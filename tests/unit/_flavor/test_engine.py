"""The engine with a flavor of the test's own: what a new flavor has to bring, and nothing more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mlflow._flavor.load import load, load_function, model_file
from mlflow._flavor.save import save
from mlflow._flavor.spec import Flavor
from mlflow.exceptions import MlflowException
from mlflow.models import Model
from mlflow.models.saving import Dumped, SaveOptions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Line:
    """The model of the test: a straight line."""

    slope: float

    def predict(self, data: Any) -> Any:
        """Return the line's values."""
        return np.asarray(data) * self.slope


def _dump(line: Line, folder: Path) -> Dumped:
    (folder / "line.json").write_text(json.dumps(line.slope))
    return Dumped(
        loader_module="mlflow.line",
        function={"model_path": "line.json"},
        flavors={"line": {"data": "line.json"}},
        modules=frozenset({"numpy", "json"}),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Line:
    return Line(json.loads(model_file(folder, conf["data"]).read_text()))


LINE = Flavor(name="line", dump=_dump, load=_load, wrap=lambda line: line)


def test_a_flavor_of_three_functions_saves_and_loads(tmp_path: Path) -> None:
    """Dump, load and wrap are enough: the engine writes and reads the rest."""
    example = np.array([1.0, 2.0])
    save(LINE, Line(3.0), tmp_path / "m", SaveOptions(input_example=example))
    assert load(LINE, str(tmp_path / "m")) == Line(3.0)
    assert load_function(LINE, str(tmp_path / "m")).predict([2.0]) == [6.0]
    meta = Model.load(tmp_path / "m")
    assert meta.flavors["line"] == {"data": "line.json", "code": None}
    assert meta.flavors["python_function"]["env"] == {
        "conda": "conda.yaml",
        "virtualenv": "python_env.yaml",
    }
    assert meta.signature is not None
    lines = (tmp_path / "m" / "requirements.txt").read_text().splitlines()
    names = [line.partition("==")[0] for line in lines]
    assert names[:2] == ["mlflow", "numpy"]
    assert set(names) <= {"mlflow", "numpy", "pandas"}  # pandas where the process has loaded it


def test_a_folder_of_another_flavor_is_refused(tmp_path: Path) -> None:
    """Loading a folder that has another flavor is RESOURCE_DOES_NOT_EXIST."""
    save(LINE, Line(3.0), tmp_path / "m", SaveOptions())
    other = Flavor(name="other", dump=_dump, load=_load, wrap=lambda line: line)
    with pytest.raises(MlflowException, match='"other" flavor') as caught:
        load(other, str(tmp_path / "m"))
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_files_are_looked_for_in_the_folder_only(tmp_path: Path) -> None:
    """A name that leads out of the folder, and a file that is missing, are errors."""
    folder = tmp_path / "m"
    folder.mkdir()
    (tmp_path / "outside").write_text("1")
    for name in ("../outside", str(tmp_path / "outside")):
        with pytest.raises(MlflowException, match="outside its folder"):
            model_file(folder, name)
    with pytest.raises(MlflowException, match="missing"):
        model_file(folder, "absent")
