"""The wheel, installed into fresh environments: the name mlflow is taken, and given back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).parent.parent.parent
PROBE = "import importlib.metadata as m, mlflow; print(m.version('mlflow'), mlflow.__version__)"
MAX_WHEEL_BYTES = 2_000_000  # 620,000 of them are the pages, compressed twice
ALIAS = "mlflow-3.17.2.dist-info"


def run(*command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command far from the checkout, without settings of the machine."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "UV_", "PYTHON"))
    }
    return subprocess.run(
        [str(part) for part in command],
        cwd=Path(sys.prefix),
        env={**environment, "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"},
        capture_output=True,
        text=True,
        check=check,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and the source distribution from a copy of what is under version control."""
    folder = tmp_path_factory.mktemp("build")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "dist", "node_modules", "mlruns")
    shutil.copytree(ROOT, source, ignore=ignored)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel."""
    return next(built.glob("*.whl"))


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Make a fresh virtual environment and return the path of its Python."""
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    return tmp_path / "venv" / "bin" / "python"


def site_packages(python: Path) -> Path:
    """Where an environment keeps its distributions."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(run(python, "-c", code).stdout.strip())


def test_pip_sees_the_name_mlflow_satisfied(wheel: Path, environment: Path) -> None:
    """pip has nothing to install for mlflow>=3,<4, and removing headrace removes the name."""
    pip = (environment, "-m", "pip")
    run(*pip, "install", "--no-index", "--no-deps", wheel)
    assert run(environment, "-c", PROBE).stdout.split() == ["3.17.2", "3.17.2"]
    assert "already satisfied: mlflow" in run(*pip, "install", "--no-index", "mlflow>=3,<4").stdout
    assert not (site_packages(environment) / ALIAS / "INSTALLER").exists()
    run(*pip, "uninstall", "--yes", "headrace")
    assert not list(site_packages(environment).glob("mlflow*"))


def test_uv_sees_the_name_mlflow_satisfied(wheel: Path, environment: Path) -> None:
    """uv agrees with pip, on the same steps."""
    pip = (uv.find_uv_bin(), "pip")
    run(*pip, "install", "--python", environment, "--no-index", "--no-deps", wheel)
    assert run(environment, "-c", PROBE).stdout.split() == ["3.17.2", "3.17.2"]
    again = run(*pip, "install", "--python", environment, "--no-index", "mlflow>=3,<4")
    assert "Installed" not in again.stderr
    run(*pip, "uninstall", "--python", environment, "headrace")
    assert not list(site_packages(environment).glob("mlflow*"))


def test_the_record_of_the_alias_is_consistent(wheel: Path) -> None:
    """Its RECORD lists exactly its files, and the wheel's own RECORD lists them too."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if f".data/purelib/{ALIAS}/" in name]
        record = archive.read(next(n for n in names if n.endswith("RECORD"))).decode()
        own = archive.read(
            next(
                n
                for n in archive.namelist()
                if n.startswith("headrace") and ".data/" not in n and n.endswith("/RECORD")
            )
        ).decode()
    listed = {line.split(",")[0].rpartition("/")[2] for line in record.splitlines()}
    assert listed == {name.rpartition("/")[2] for name in names} == {"METADATA", "RECORD"}
    assert all(name in own for name in names)


def test_a_clean_installation_is_no_mix(wheel: Path, environment: Path) -> None:
    """The doctor's check of the package directory finds nothing to complain about."""
    run(environment, "-m", "pip", "install", "--no-index", "--no-deps", wheel)
    code = "from mlflow._compat.conflict import describe_mix; print(repr(describe_mix()))"
    assert run(environment, "-W", "error", "-c", code).stdout.strip() == "''"


def test_a_mix_with_other_files_is_noticed(wheel: Path, environment: Path) -> None:
    """A file of upstream in our package warns at import, and the check names it."""
    run(environment, "-m", "pip", "install", "--no-index", "--no-deps", wheel)
    foreign = site_packages(environment) / "mlflow" / "utils"
    foreign.mkdir()
    (foreign / "__init__.py").touch()
    code = "from mlflow._compat.conflict import describe_mix; print(describe_mix())"
    done = run(environment, "-c", code)
    assert "RuntimeWarning" in done.stderr
    assert "utils/__init__.py" in done.stdout
    assert "pip uninstall" in done.stdout


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Types marker and licence are in it, tests and tools are not; it is under a megabyte."""
    assert wheel.stat().st_size < MAX_WHEEL_BYTES
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "mlflow/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"mlflow", "headrace"}


def test_the_source_distribution_can_be_built_from(built: Path) -> None:
    """It holds the sources, the hook that the build needs, and the tests."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "hatch_build.py", "src/mlflow/__init__.py", "LICENSE"} <= names
    assert "tests/e2e/test_packaging.py" in names
