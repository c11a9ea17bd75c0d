"""The small things that only old paths offer."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlflow._compat import shims
from mlflow._compat.conflict import describe_mix, foreign_files, rival_distributions
from mlflow.exceptions import INVALID_PARAMETER_VALUE
from mlflow.tracking import stores


def test_error_codes_go_both_ways() -> None:
    """Names and numbers of the protobuf enum map to each other; others are refused."""
    assert shims.ErrorCode.Name(INVALID_PARAMETER_VALUE) == "INVALID_PARAMETER_VALUE"
    assert all(shims.ErrorCode.Value(name) == code for name, code in shims.ErrorCode.items())
    assert list(zip(shims.ErrorCode.keys(), shims.ErrorCode.values(), strict=True))
    with pytest.raises(ValueError, match="no error code"):
        shims.ErrorCode.Name(-1)
    with pytest.raises(ValueError, match="no error code"):
        shims.ErrorCode.Value("NO_SUCH")


def test_a_temporary_directory_ends_with_its_block() -> None:
    """It is there inside, gone after, and kept when that is asked for."""
    with shims.TempDir() as folder:
        place = Path(folder.path())
        shims.write_to(folder.path("file.txt"), "text")
        assert (place / "file.txt").read_text("utf-8") == "text"
    assert not place.exists()
    with shims.TempDir(remove_on_exit=False) as folder:
        place = Path(folder.path())
    assert place.is_dir()
    place.rmdir()


def test_a_temporary_directory_can_be_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside, paths are relative to it; afterwards the program is where it was."""
    monkeypatch.chdir(tmp_path)
    with shims.TempDir(chdr=True) as folder:
        assert Path.cwd() != tmp_path
        assert folder.path("a") == "a"
    assert Path.cwd() == tmp_path


def test_a_directory_that_was_not_entered_has_no_path() -> None:
    """The error says how to use it."""
    with pytest.raises(RuntimeError, match="with TempDir"):
        shims.TempDir().path()


def test_file_uris_and_paths(tmp_path: Path) -> None:
    """A path with a space comes back from its URI."""
    path = str(tmp_path / "a b")
    assert shims.local_file_uri_to_path(shims.path_to_local_file_uri(path)) == path


def test_another_tracking_uri_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """The URI in force comes back, also after an error, and also when none was set."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///before.db")
    stores.set_tracking_uri("sqlite:///before.db")

    def fail_inside() -> None:
        with shims.use_tracking_uri("sqlite:///inside.db"):
            assert stores.get_tracking_uri() == "sqlite:///inside.db"
            raise KeyError

    with pytest.raises(KeyError):
        fail_inside()
    assert stores.get_tracking_uri() == "sqlite:///before.db"
    stores.set_tracking_uri("")
    with shims.use_tracking_uri("sqlite:///inside.db"):
        pass
    assert not stores.is_tracking_uri_set()


def test_foreign_files_are_named(tmp_path: Path) -> None:
    """What upstream ships and Headrace never does is a sign of a mix."""
    assert foreign_files(tmp_path) == []
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "handlers.py").touch()
    assert foreign_files(tmp_path) == ["server/handlers.py"]


def test_this_environment_is_no_mix() -> None:
    """The metadata that our own wheel lays down is no rival."""
    assert rival_distributions() == []
    assert describe_mix() == ""
