"""The public names: all are there, none costs anything before it is used."""

from __future__ import annotations

import copy
import importlib.util
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import mlflow
from mlflow._core.lazy import UNBUILT, Unbuilt
from tests.surface.recorded import interface

ROOT = Path(__file__).parent.parent.parent

# Every module that ``import mlflow`` may load beside the standard library's.
ALLOWED = {
    "mlflow",
    "mlflow._compat",
    "mlflow._compat.aliases",
    "mlflow._compat.finder",
    "mlflow._core",
    "mlflow._core.lazy",
    "mlflow.version",
}
# What programs read after a bare ``import mlflow``.
READ_WITHOUT_IMPORT = [
    "mlflow.artifacts.download_artifacts",
    "mlflow.entities.Metric",
    "mlflow.environment_variables.MLFLOW_TRACKING_URI",
    "mlflow.exceptions.MlflowException",
    "mlflow.h2o.log_model",
    "mlflow.models.infer_signature",
    "mlflow.paddle.autolog",
    "mlflow.pmdarima.log_model",
    "mlflow.prophet.log_model",
    "mlflow.pyfunc.PythonModel",
    "mlflow.shap.log_explainer",
    "mlflow.spacy.log_model",
    "mlflow.spark.log_model",
    "mlflow.tracking.MlflowClient",
    "mlflow.tracking.fluent.start_run",
    "mlflow.utils.mlflow_tags.MLFLOW_RUN_NAME",
    "mlflow.utils.validation.MAX_PARAMS_TAGS_PER_BATCH",
    "mlflow.utils.validation.MAX_PARAM_VAL_LENGTH",
    "mlflow.version.VERSION",
]

_PROBE = """
import json, sys
before = set(sys.modules)
opened = []
def watch(event, args):
    if event == "open" and not str(args[0]).endswith((".py", ".pyc")):
        opened.append(str(args[0]))
    if event.startswith(("socket.", "subprocess.")):
        opened.append(event)
sys.addaudithook(watch)
import mlflow
hook = list(opened)
import logging
print(json.dumps({
    "loaded": sorted(set(sys.modules) - before),
    "opened": hook,
    "handlers": len(logging.getLogger().handlers) + len(logging.getLogger("mlflow").handlers),
}))
"""


# Reads every lazy name where only the required distributions can be imported.
_BARE = """
import importlib, sys
barred = {"matplotlib", "numpy", "pandas", "PIL", "plotly", "polars", "psutil", "pymysql",
          "psycopg", "pynvml", "scipy", "skops", "sklearn"}
class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in barred:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent)
for package in sys.argv[1:]:
    module = importlib.import_module(package)
    for name in module.NAMES:
        getattr(module, name)
"""


def _lazy_packages() -> list[str]:
    source = ROOT / "src" / "mlflow"
    return sorted(
        ".".join(("mlflow", *path.parent.relative_to(source).parts))
        for path in source.rglob("__init__.py")
        if "attach(__name__, NAMES" in path.read_text("utf-8")
    )


def _rows() -> list[tuple[str, str]]:
    return [
        (package, name) for package in _lazy_packages() for name in import_module(package).NAMES
    ]


def _unbuilt() -> list[tuple[str, str]]:
    return [row for row in _rows() if import_module(row[0]).NAMES[row[1]] == UNBUILT]


def _probe() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_importing_the_root_loads_only_what_is_allowed() -> None:
    """``import mlflow`` loads seven small modules of ours and the standard library."""
    loaded = _probe()["loaded"]
    ours = {name for name in loaded if name.split(".")[0] == "mlflow"}
    others = {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names}
    assert ours <= ALLOWED
    assert others <= ALLOWED


def test_importing_the_root_has_no_effect_outside() -> None:
    """It opens no file but code, no socket, starts no process and configures no logging."""
    probe = _probe()
    assert probe["opened"] == []
    assert probe["handlers"] == 0


def test_every_recorded_name_is_in_the_root() -> None:
    """``dir(mlflow)`` holds every recorded public name."""
    assert set(interface()["mlflow"]) <= set(dir(mlflow))


def test_every_recorded_entity_is_in_the_entities() -> None:
    """``mlflow.entities`` offers every recorded class."""
    assert set(interface()["mlflow.entities"]) <= set(dir(mlflow.entities))


@pytest.mark.parametrize(("package", "name"), _rows())
def test_every_lazy_name_resolves(package: str, name: str) -> None:
    """A row of a table of names leads to something that exists."""
    assert getattr(import_module(package), name) is not None


@pytest.mark.parametrize(("package", "name"), _unbuilt())
def test_an_unbuilt_name_says_so_when_it_is_called(package: str, name: str) -> None:
    """Reading, copying and testing it work; calling it names COMPATIBILITY.md."""
    value = getattr(import_module(package), name)
    assert isinstance(value, Unbuilt)
    assert copy.deepcopy(value) is value
    assert not hasattr(value, "anything")
    with pytest.raises(NotImplementedError, match="COMPATIBILITY.md"):
        value()


@pytest.mark.parametrize("path", READ_WITHOUT_IMPORT)
def test_programs_read_these_after_a_bare_import(path: str) -> None:
    """Libraries read submodules that they never import."""
    code = f"import mlflow; {path}"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_every_name_can_be_read_without_extras() -> None:
    """Reading a name imports no optional library; only using it may ask for one."""
    done = subprocess.run(
        [sys.executable, "-c", _BARE, *_lazy_packages()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_class_can_copy_every_attribute() -> None:
    """A metaclass that copies ``dir(mlflow)``, as orchestrators' resources do, works."""
    copied = {name: getattr(mlflow, name) for name in dir(mlflow)}
    assert set(interface()["mlflow"]) <= set(copied)


@pytest.mark.parametrize("name", ["openai", "genai", "no_such_name"])
def test_what_is_not_built_as_a_module_is_absent(name: str) -> None:
    """Feature tests by attribute, by ``find_spec`` and by import agree that it is not there."""
    assert not hasattr(mlflow, name)
    assert importlib.util.find_spec(f"mlflow.{name}") is None
    with pytest.raises(ModuleNotFoundError, match="COMPATIBILITY.md"):
        import_module(f"mlflow.{name}")


def test_the_version_is_the_mirrored_one() -> None:
    """Libraries compare it, some of them as text."""
    assert mlflow.__version__ == mlflow.version.VERSION == "3.17.2"
    assert re.fullmatch(r"\d+\.\d+\.\d+", mlflow.version.HEADRACE_VERSION)


def test_stubs_and_coverage_are_fresh() -> None:
    """What tools/surface.py writes is what the tables say now."""
    done = subprocess.run(
        [sys.executable, "tools/surface.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
