"""requirements.txt, conda.yaml and python_env.yaml, and what goes into them."""

from __future__ import annotations

import pickle
import platform
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mlflow.exceptions import MlflowException
from mlflow.models import yamlfile
from mlflow.models.choke import dump_pickle
from mlflow.models.environment import (
    check_arguments,
    installed_version,
    make_environment,
    metadata_values,
    read_requirements,
    requirement_name,
)
from mlflow.models.requirements import distribution_of, infer_requirements, pickled_modules
from mlflow.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

MLFLOW = f"mlflow=={VERSION}"


def test_the_three_files_agree(tmp_path: Path) -> None:
    """The same requirements stand in requirements.txt and in the conda environment."""
    make_environment(inferred=(MLFLOW, "numpy==1")).save(tmp_path)
    assert (tmp_path / "requirements.txt").read_text() == f"{MLFLOW}\nnumpy==1"
    conda = yamlfile.load(tmp_path / "conda.yaml")
    assert conda["name"] == "mlflow-env"
    assert conda["channels"] == ["conda-forge"]
    assert conda["dependencies"][0] == f"python={platform.python_version()}"
    assert conda["dependencies"][-1] == {"pip": [MLFLOW, "numpy==1"]}
    python_env = yamlfile.load(tmp_path / "python_env.yaml")
    assert list(python_env) == ["python", "build_dependencies", "dependencies"]
    assert python_env["dependencies"] == ["-r requirements.txt"]


def test_requirement_files_and_constraints_are_read_in(tmp_path: Path) -> None:
    """``-r`` and ``-c`` lines and paths are followed; comments are dropped."""
    (tmp_path / "r.txt").write_text("numpy # fast\n\n# comment\nscipy>=1\n-c c.txt\n")
    (tmp_path / "c.txt").write_text("numpy<3\n")
    assert read_requirements(str(tmp_path / "r.txt")) == (["numpy", "scipy>=1"], ["numpy<3"])
    lines = [f"-r {tmp_path / 'r.txt'}", "pandas"]
    environment = make_environment(inferred=None, pip_requirements=lines)
    environment.save(tmp_path)
    expected = f"{MLFLOW}\nnumpy\nscipy>=1\npandas\n-c constraints.txt"
    assert (tmp_path / "requirements.txt").read_text() == expected
    assert (tmp_path / "constraints.txt").read_text() == "numpy<3"
    with pytest.raises(MlflowException, match="cannot be read"):
        read_requirements(str(tmp_path / "absent.txt"))
    with pytest.raises(TypeError):
        read_requirements(3)


def test_what_the_user_says_wins(tmp_path: Path) -> None:
    """A given mlflow line is kept, an extra requirement replaces the inferred one."""
    own = make_environment(inferred=None, pip_requirements=["mlflow", "pandas==2"])
    assert own.lines() == ["mlflow", "pandas==2"]
    extra = make_environment(
        inferred=(MLFLOW, "numpy==2.1", "scipy==1"), extra_pip_requirements=["NumPy<3", "tqdm"]
    )
    assert extra.lines() == [MLFLOW, "scipy==1", "NumPy<3", "tqdm"]
    conda = {"name": "x", "dependencies": ["python=3.9", {"pip": ["numpy"]}]}
    (tmp_path / "conda.yaml").write_text(yamlfile.dump(conda))
    for given in (conda, str(tmp_path / "conda.yaml")):
        environment = make_environment(inferred=None, conda_env=given)
        assert environment.conda_env() == {
            "name": "x",
            "dependencies": ["python=3.9", {"pip": [MLFLOW, "numpy"]}],
        }


def test_contradicting_arguments_are_refused() -> None:
    """Only one of the three ways to give requirements is allowed."""
    check_arguments(None, ["a"], None)
    with pytest.raises(ValueError, match="Only one of"):
        check_arguments(None, ["a"], ["b"])
    with pytest.raises(ValueError, match="Only one of"):
        check_arguments({}, ["a"], None)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Scikit_Learn==1", "scikit-learn"),
        ("a[b]>=1", "a"),
        ("a @ https://x/y.whl", "a"),
        ("a; python_version<'3'", "a"),
        ("numpy (>=1)", "numpy"),
        ("-r x.txt", None),
        ("https://x/y.whl", None),
        ("./local", None),
    ],
)
def test_the_name_in_a_requirement(line: str, name: str | None) -> None:
    """Names are found and made canonical; options, paths and URLs have none."""
    assert requirement_name(line) == name


def test_modules_lead_to_distributions() -> None:
    """A module's distribution is found where its name differs; local modules have none."""
    assert distribution_of("sklearn.linear_model") == "scikit-learn"
    assert distribution_of("yaml") == "pyyaml"
    assert distribution_of("json.decoder") is None
    assert distribution_of("__main__") is None
    assert distribution_of("no_such_module_anywhere") is None


@pytest.mark.parametrize("format_name", ["pickle", "cloudpickle"])
def test_a_pickle_tells_its_modules_without_being_loaded(tmp_path: Path, format_name: str) -> None:
    """The modules of every class in a pickle are found by reading its instructions."""
    model = {"m": LogisticRegression().fit([[0.0], [1.0]], [0, 1]), "a": np.float32(1)}
    path = tmp_path / "m.pkl"
    dump_pickle(model, path, format_name=format_name)
    found = {name.partition(".")[0] for name in pickled_modules(path)}
    assert {"sklearn", "numpy"} <= found


class _Trap:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return print, ("this must never run",)


def test_reading_a_hostile_pickle_runs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Listing the modules of a hostile pickle does not run it."""
    path = tmp_path / "trap.pkl"
    path.write_bytes(pickle.dumps(_Trap()))
    assert pickled_modules(path) == {"builtins"}
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol_is_understood(tmp_path: Path, protocol: int) -> None:
    """The modules are found in every protocol, the second class from the memo as well."""
    path = tmp_path / "m.pkl"
    value = [LogisticRegression(), LogisticRegression(), np.dtype("f4")]
    path.write_bytes(pickle.dumps(value, protocol))
    tops = {name.partition(".")[0] for name in pickled_modules(path)}
    assert {"sklearn", "numpy"} <= tops


def test_requirements_are_pinned_to_what_is_installed() -> None:
    """The model's packages and the array packages under them are pinned, mlflow's line first."""
    lines = infer_requirements({"sklearn.svm", "builtins"}, ("scikit-learn", "skops"))
    assert lines[0] == MLFLOW
    assert f"scikit-learn=={metadata.version('scikit-learn')}" in lines
    assert f"numpy=={metadata.version('numpy')}" in lines
    assert list(lines[1:]) == sorted(lines[1:])
    assert not any(line.startswith("headrace") for line in lines)


def test_what_a_users_own_module_imports_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class pickled by its name needs what its module, and that one's local ones, import."""
    (tmp_path / "own_leaf_module.py").write_text("from sklearn.svm import SVC\nimport json\n")
    (tmp_path / "own_root_module.py").write_text("import own_leaf_module\nimport yaml\n")
    monkeypatch.syspath_prepend(tmp_path)
    import_module("own_root_module")
    lines = infer_requirements({"own_root_module"}, ())
    names = {line.partition("==")[0] for line in lines}
    assert {"pyyaml", "scikit-learn"} <= names
    assert not {"json", "own-leaf-module"} & names


def test_metadata_is_read_as_the_standard_library_reads_it() -> None:
    """Name, version and dependencies of everything installed here come out the same."""
    for one in metadata.distributions():
        name = one.metadata["Name"]
        if one.read_text("METADATA") is None:
            continue
        assert metadata_values(name, "Name") == [metadata.distribution(name).metadata["Name"]]
        assert metadata_values(name, "Version") == [metadata.version(name)]
        assert metadata_values(name, "Requires-Dist") == (metadata.requires(name) or [])


def test_metadata_ends_at_the_first_empty_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folded line is one value, and the description after the header is no metadata."""
    folder = tmp_path / "folded_thing-1.2.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Name: folded-thing\nVersion: 1.2+local\nRequires-Dist: numpy\n  (>=1)\n"
        "License: some\n        \n        words\n\nVersion: 9\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert installed_version("folded-thing") == "1.2"
    assert metadata_values("folded-thing", "Requires-Dist") == ["numpy (>=1)"]
    assert metadata_values("folded-thing", "Author") == []


def test_a_distribution_that_is_absent_has_no_version() -> None:
    """What is not installed is named without a version."""
    assert installed_version("no-such-distribution-anywhere") is None
