"""The choke point: who may read a format that can run code, and that nobody goes around it."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path
from typing import Any

import joblib
import pytest

import mlflow.models.choke
from mlflow.exceptions import MlflowException
from mlflow.models.choke import (
    Origin,
    admit_code,
    admit_folder,
    admitted,
    load_joblib,
    load_pickle,
    origin_of,
    reading_from,
    trust,
)

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
        pytest.raises(MlflowException, match=r"mlflow\.models\.trust"),
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


def test_joblib_is_read_where_a_pickle_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A joblib file comes back, and is refused like any other pickle."""
    joblib.dump({"a": 1}, tmp_path / "m.joblib")
    assert load_joblib(tmp_path / "m.joblib") == {"a": 1}
    monkeypatch.setenv(DENY, "false")
    with pytest.raises(MlflowException, match="joblib"):
        load_joblib(tmp_path / "m.joblib")


def test_the_store_s_models_warn_once_a_load(
    trap: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    """What a store resolved is read with one warning; local and trusted files without."""
    for origin in (Origin.LOCAL, Origin.TRUSTED):
        with reading_from(origin):
            assert admitted("pickle", trap[0]) == trap[0]
    assert not caplog.records
    for _ in range(2):
        with reading_from(Origin.STORE):
            admit_code("pickle", trap[0])
            admit_code("Python source", trap[0])
    assert [record.message.partition(" format")[0] for record in caplog.records] == [
        "model.pkl is in the pickle"
    ] * 2


def test_where_a_location_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are local, the store's own proxy is the store's, all else is remote."""
    for uri in ("relative/path", "/a/path", "file:///a"):
        assert origin_of(uri) is Origin.LOCAL
    assert origin_of("mlflow-artifacts:/0/r/artifacts/m") is Origin.STORE
    for uri in ("mlflow-artifacts://host/0/r", "s3://b/m", "file://host/a", "hf:/x", "//host/a"):
        assert origin_of(uri) is Origin.REMOTE
    monkeypatch.setenv("HEADRACE_TRUSTED_MODEL_SOURCES", "s3://team/models/, https://h/m%20x")
    for uri in ("s3://team/models", "S3://team/models/a/b", "https://h/m%20x"):
        assert origin_of(uri) is Origin.TRUSTED
    odd: tuple[str, ...] = (
        "s3://team/models-evil/a",
        "s3://team",
        "s3://team/models/../x",
        "gs://team/models/a",
    )
    odd += ("s3://team/models/%2e%2e/x", "s3://team/models//x", "s3://team/models/a?x=1")
    odd += ("s3://team@evil/models/a", "s3://team/models/a#b", "s3://team/models\\..\\x")
    for uri in odd:
        assert origin_of(uri) is Origin.REMOTE, uri


def test_trust_is_for_a_block_and_a_place() -> None:
    """A caller's trust holds for the named place, nested and to the end of the block."""
    with trust("s3://a"):
        with trust("s3://b/c"):
            assert origin_of("s3://a/x") is Origin.TRUSTED
            assert origin_of("s3://b/c/d") is Origin.TRUSTED
            assert origin_of("s3://b/d") is Origin.REMOTE
        assert origin_of("s3://b/c/d") is Origin.REMOTE
    assert origin_of("s3://a/x") is Origin.REMOTE


def test_an_untrusted_folder_is_searched(
    trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code anywhere in the folder refuses it, whatever the file is called, if it is untrusted."""
    disguised = trap[0].rename(trap[0].parent / "weights.json")
    admit_folder(disguised.parent)
    for origin in (Origin.STORE, Origin.TRUSTED):
        with reading_from(origin):
            admit_folder(disguised.parent)
    with reading_from(Origin.REMOTE), pytest.raises(MlflowException, match=r"weights\.json"):
        admit_folder(disguised.parent)
    monkeypatch.setenv(DENY, "false")
    with pytest.raises(MlflowException, match=DENY):
        admit_folder(disguised.parent)


def test_nothing_goes_around_the_choke_point() -> None:
    """No other file of the package reads a pickle, and skops is read in its own file only."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("load", "loads", "Unpickler"):
                owner = ast.unparse(node.value)
                if owner in ("pickle", "cloudpickle", "dill", "joblib", "skops.io", "torch"):
                    found.add((str(file.relative_to(SOURCE)), owner))
    assert found == {
        ("models/choke.py", "joblib"),
        ("models/choke.py", "pickle"),
        ("models/choke.py", "torch"),
        ("_flavor/estimators.py", "skops.io"),
    }
