"""The command ``mlflow`` itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlflow.cli.dotenv import read_dotenv
from mlflow.cli.main import cli
from mlflow.version import HEADRACE_VERSION

MLFLOW = (sys.executable, "-c", "from mlflow.cli.main import main; main()")
HEAVY = ("sqlalchemy", "alembic", "numpy", "pandas", "sklearn", "yaml", "msgspec", "urllib3")


def test_version_begins_as_upstreams() -> None:
    """The first line is what scripts compare; our own version stands below."""
    lines = CliRunner().invoke(cli, ["--version"]).stdout.splitlines()
    assert lines == ["mlflow, version 3.17.2", f"headrace, version {HEADRACE_VERSION}"]


def test_help_imports_no_command() -> None:
    """Help comes from a table: it imports neither a command nor a heavy library."""
    code = (
        "import sys\n"
        "from mlflow.cli.main import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "experiments" in done.stdout
    loaded = set(eval(done.stderr))  # noqa: S307 - a list of names that we printed
    assert not loaded & set(HEAVY)
    assert not {name for name in loaded if name.startswith(("mlflow.store", "mlflow.tracking"))}


@pytest.mark.parametrize("command", ["experiments", "runs", "artifacts", "gc", "db", "doctor"])
def test_commands_import_no_heavy_library(command: str) -> None:
    """Commands on a local SQLite store need neither arrays nor an SQL toolkit."""
    code = (
        "import sys\n"
        "from mlflow.cli.main import cli\n"
        f"cli([{command!r}, '--help'], standalone_mode=False)\n"
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(eval(done.stderr))  # noqa: S307 - a list of names that we printed
    assert not loaded & {"sqlalchemy", "alembic", "numpy", "pandas", "sklearn"}


def test_misspelt_command_is_guessed() -> None:
    """A misspelt command names the one that was meant."""
    result = CliRunner().invoke(cli, ["experimets", "search"])
    assert result.exit_code == 2
    assert "Did you mean" in result.stderr
    assert "experiments" in result.stderr


def test_errors_are_one_line(tmp_path: Path) -> None:
    """A real process that fails says why on stderr, exits with 1 and shows no traceback."""
    env = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/s.db"}
    done = subprocess.run(
        [*MLFLOW, "experiments", "get", "--experiment-name", "absent"],
        check=False,
        capture_output=True,
        text=True,
        env=env,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: Experiment with name 'absent' does not exist")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "uri",
    ["gopher://x", "http://127.0.0.1:1", "sqlite:////dev/null/store.db", "mysql+nodriver://x/y"],
)
def test_unusable_stores_are_one_line(uri: str, tmp_path: Path) -> None:
    """A store that cannot be opened is told in words."""
    done = subprocess.run(
        [*MLFLOW, "experiments", "search"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "MLFLOW_TRACKING_URI": uri, "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"},
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error: ")


def test_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """Output that nobody reads to the end, as with head, causes no error message."""
    process = subprocess.Popen(
        [*MLFLOW, "doctor"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in errors
    assert b"Error" not in errors


def test_env_file_fills_what_is_not_set(tmp_path: Path) -> None:
    """--env-file sets variables for the command; those of the environment win."""
    file = tmp_path / "settings.env"
    file.write_text(
        f"MLFLOW_TRACKING_URI=sqlite:///{tmp_path}/from-file.db\nMLFLOW_RUN_ID=file\n",
        encoding="utf-8",
    )
    env = {name: text for name, text in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    done = subprocess.run(
        [*MLFLOW, "--env-file", str(file), "doctor"],
        check=True,
        capture_output=True,
        text=True,
        env={**env, "MLFLOW_RUN_ID": "environment"},
    )
    assert "from-file.db" in done.stdout
    assert "MLFLOW_RUN_ID: environment" in done.stdout


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A=1", {"A": "1"}),
        ("export A = x y # note", {"A": "x y"}),
        ("A='as # is'", {"A": "as # is"}),
        ('A="two\\nlines \\"q\\""', {"A": 'two\nlines "q"'}),
        ("A=", {"A": ""}),
        ("# A=1", {}),
        ("no assignment", {}),
        ("1A=1", {}),
    ],
)
def test_lines_of_env_files(line: str, expected: dict[str, str]) -> None:
    """Values may be plain, in single quotes, or in double quotes with escapes."""
    assert read_dotenv(line) == expected
