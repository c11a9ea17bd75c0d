"""The engine with a flavor of the test's own: what a new flavor has to bring, and nothing more."""

from __future__ import annotations

import inspect
import json
import pickle
import sys
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import mlflow
from mlflow._flavor.functions import Functions, public_functions
from mlflow._flavor.load import model_file
from mlflow._flavor.spec import Argument, Flavor
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature
from mlflow.models.saving import Dumped

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


def _dump(line: Line, folder: Path, *, factor: float, **more: Any) -> Dumped:
    (folder / "data").mkdir()
    (folder / "data" / "line.json").write_text(json.dumps(line.slope * factor))
    return Dumped(
        loader_module="mlflow.line",
        function={"data": "data"},
        flavors={"line": {"file": "data/line.json", **more}},
        modules=frozenset({"numpy", "json"}),
    )


def _load(folder: Path, conf: Mapping[str, Any], *, factor: float = 1) -> Line:
    return Line(json.loads(model_file(folder, conf["file"]).read_text()) * factor)


LINE = Flavor(
    name="line",
    title="a straight line",
    model="line",
    dump=_dump,
    load=_load,
    wrap=lambda line, _conf: line,
    requirements=lambda plotting: ["numpy", *(["matplotlib"] if plotting else [])],
    own={
        "factor": Argument(1, float, "Stretches it."),
        "plotting": Argument(False, bool, "Add matplotlib."),
    },
    save="MODEL path ENV mlflow_model factor EXAMPLE PIP metadata extra_files **kwargs",
    log="MODEL name factor EXAMPLE PIP **kwargs",
    read="model_uri factor dst_path",
    defaults="plotting",
)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Functions:
    """Offer the flavor as the module that its spec names."""
    functions = public_functions(LINE)
    module = ModuleType("mlflow.line")
    vars(module).update(vars(functions))
    monkeypatch.setitem(sys.modules, "mlflow.line", module)
    return functions


def test_a_flavor_of_three_functions_saves_and_loads(tmp_path: Path, line: Functions) -> None:
    """Dump, load and wrap are enough: the engine writes and reads the rest."""
    example = np.array([1.0, 2.0])
    line.save_model(Line(3.0), tmp_path / "m", input_example=example)
    assert line.load_model(str(tmp_path / "m")) == Line(3.0)
    assert line._load_pyfunc(str(tmp_path / "m")).predict([2.0]) == [6.0]
    assert mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(example).tolist() == [3.0, 6.0]
    meta = Model.load(tmp_path / "m")
    assert meta.flavors["line"] == {"file": "data/line.json", "code": None}
    assert meta.flavors["python_function"]["env"] == {
        "conda": "conda.yaml",
        "virtualenv": "python_env.yaml",
    }
    assert meta.signature is not None
    lines = (tmp_path / "m" / "requirements.txt").read_text().splitlines()
    names = [line.partition("==")[0] for line in lines]
    assert names[:2] == ["mlflow", "numpy"]
    assert set(names) <= {"mlflow", "numpy", "pandas"}  # pandas where the process has loaded it


def test_own_arguments_reach_the_flavor(tmp_path: Path, line: Functions) -> None:
    """By name or by place; what ``**kwargs`` collects is passed too."""
    line.save_model(Line(3.0), tmp_path / "m", None, None, None, 2, colour="red")
    assert Model.load(tmp_path / "m").flavors["line"]["colour"] == "red"
    assert line.load_model(str(tmp_path / "m"), factor=10) == Line(60.0)
    assert [one.partition("==")[0] for one in line.get_default_pip_requirements(True)] == [
        "numpy",
        "matplotlib",
    ]
    packages = line.get_default_conda_env(plotting=False)["dependencies"][-1]["pip"]
    assert [one.partition("==")[0] for one in packages] == ["mlflow", "numpy"]


def test_the_functions_say_what_they_are(line: Functions) -> None:
    """Signature, name, module, help and pickle are those of a function written by hand."""
    save, load = line.save_model, line.load_model
    assert list(inspect.signature(save).parameters)[:3] == ["line", "path", "conda_env"]
    assert inspect.getfullargspec(save).varkw == "kwargs"
    assert str(inspect.signature(load)) == (
        "(model_uri: str | os.PathLike[str], factor: float = 1, dst_path: str | None = None) -> Any"
    )
    assert (save.__module__, save.__qualname__) == ("mlflow.line", "save_model")
    assert pickle.loads(pickle.dumps(save)) is save  # noqa: S301 - our own
    doc = inspect.getdoc(save)
    assert doc is not None
    assert doc.startswith("Save a straight line into a folder.\n\nArgs:\n")
    assert "    factor: Stretches it.\n" in doc


def test_wrong_arguments_name_the_function(line: Functions) -> None:
    """A call that does not fit is Python's TypeError, with the function's own name."""
    with pytest.raises(TypeError, match=r"save_model\(\) missing a required argument: 'path'"):
        line.save_model(Line(1.0))
    with pytest.raises(TypeError, match=r"load_model\(\) got an unexpected keyword"):
        line.load_model("x", colour="red")


def test_a_flavor_may_know_its_signature(tmp_path: Path) -> None:
    """Where the user gives none, the flavor's own is written; False still leaves it out."""
    known = replace(LINE, signature=lambda *_, **_own: infer_signature(np.zeros(1)))
    functions = public_functions(known)
    functions.save_model(Line(1.0), tmp_path / "a")
    functions.save_model(Line(1.0), tmp_path / "b", signature=False)
    assert Model.load(tmp_path / "a").signature is not None
    assert Model.load(tmp_path / "b").signature is None


def test_a_flavor_may_open_its_function_otherwise(tmp_path: Path) -> None:
    """``open_function`` gets the folder, the settings and the configuration of the load."""
    seen = []

    def open_function(folder: Path, conf: Mapping[str, Any], config: Any) -> Line:
        seen.append((folder, conf["file"], config))
        return Line(1.0)

    functions = public_functions(replace(LINE, open_function=open_function))
    functions.save_model(Line(3.0), tmp_path / "m")
    assert functions._load_pyfunc(str(tmp_path / "m" / "data"), {"k": 1}) == Line(1.0)
    assert seen == [(tmp_path / "m", "data/line.json", {"k": 1})]


def test_a_folder_of_another_flavor_is_refused(tmp_path: Path, line: Functions) -> None:
    """Loading a folder that has another flavor is RESOURCE_DOES_NOT_EXIST."""
    line.save_model(Line(3.0), tmp_path / "m")
    other = public_functions(replace(LINE, name="other"))
    with pytest.raises(MlflowException, match='"other" flavor') as caught:
        other.load_model(str(tmp_path / "m"))
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
