"""Datasets know their digest, schema and source; downloads never leave their directory."""

from __future__ import annotations

import http.server
import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlflow.data
from mlflow.data import dataset_source_registry, sources
from mlflow.data.dataset import Dataset
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.filesystem_dataset_source import FileSystemDatasetSource
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.data.schema import TensorDatasetSchema
from mlflow.entities import DatasetInput
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FRAME = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"], "c": [1.5, 2.5, 3.5]})


def test_a_frame_is_recorded_with_schema_and_profile() -> None:
    """The record holds what the interface records, as JSON."""
    data = mlflow.data.from_pandas(FRAME, source="s3://b/x.csv", targets="c", name="n")
    record = data._to_mlflow_entity()
    assert record.to_dictionary() == {
        "name": "n",
        "digest": data.digest,
        "source_type": "s3",
        "source": '{"uri": "s3://b/x.csv"}',
        "schema": json.dumps(
            {
                "mlflow_colspec": [
                    {"type": "long", "name": "a", "required": True},
                    {"type": "string", "name": "b", "required": True},
                    {"type": "double", "name": "c", "required": True},
                ]
            }
        ),
        "profile": '{"num_rows": 3, "num_elements": 9}',
    }
    both = data.to_pyfunc()
    assert list(both.inputs.columns) == ["a", "b"]
    assert both.outputs.tolist() == [1.5, 2.5, 3.5]
    assert list(FRAME.columns) == ["a", "b", "c"]


def test_digests_are_those_that_are_in_peoples_stores() -> None:
    """Known data has the digest that upstream recorded for it."""
    array = np.arange(12).reshape(4, 3)
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    assert mlflow.data.from_pandas(frame, source="x").digest == "c0ccfdad"
    assert mlflow.data.from_numpy(array, source="x").digest == "4d001e9b"
    assert mlflow.data.from_numpy(array, source="x", targets=np.arange(4)).digest == "c915ab9a"
    assert MetaDataset(HTTPDatasetSource("http://x/y.csv")).digest == "e25ef058"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=20), st.integers(0, 19), st.booleans())
def test_a_digest_changes_exactly_with_the_content(
    values: list[int], place: int, as_array: bool
) -> None:
    """The same values have the same digest, one other value another."""

    def digest(numbers: list[int]) -> str:
        if as_array:
            return mlflow.data.from_numpy(np.array(numbers), source="x").digest
        return mlflow.data.from_pandas(pd.DataFrame({"a": numbers}), source="x").digest

    changed = list(values)
    changed[place % len(values)] += 1
    assert digest(values) == digest(list(values))
    assert digest(values) != digest(changed)


def test_arrays_are_recorded_with_shapes() -> None:
    """Arrays by name have schema and figures by name."""
    data = mlflow.data.from_numpy({"x": np.ones((4, 3)), "y": np.arange(4)}, source="x")
    assert data.profile == {
        "features_shape": {"x": (4, 3), "y": (4,)},
        "features_size": {"x": 12, "y": 4},
        "features_nbytes": {"x": 96, "y": 32},
    }
    schema = data.schema
    assert schema is not None
    assert TensorDatasetSchema.from_dict(json.loads(data.to_dict()["schema"])) == schema
    assert TensorDatasetSchema.from_dict(schema.to_dict()) == schema


def test_data_without_a_schema_is_still_a_dataset(caplog: pytest.LogCaptureFixture) -> None:
    """A column that has no type costs the schema and a warning, nothing else."""
    data = mlflow.data.from_pandas(pd.DataFrame({"a": [1 + 2j]}), source="x")
    assert data.schema is None
    assert json.loads(data.to_dict()["schema"]) is None
    assert "has no schema" in caplog.text


def test_without_a_source_the_program_is_the_source() -> None:
    """The tags of the running program are kept."""
    data = mlflow.data.from_pandas(FRAME)
    kept = json.loads(data.to_dict()["source"])
    assert data._get_source_type() == "code"
    assert {"mlflow.user", "mlflow.source.name", "mlflow.source.type"} <= kept["tags"].keys()
    with pytest.raises(NotImplementedError):
        data.source.load()


def test_the_source_of_a_dataset_is_found_however_it_is_held() -> None:
    """Datasets, records and inputs of runs lead to equal sources."""
    data = mlflow.data.from_pandas(FRAME, source="gs://b/x")
    record = data._to_mlflow_entity()
    for held in (data, record, DatasetInput(record, [])):
        source = mlflow.data.get_source(held)
        assert type(source) is sources.GCSArtifactDatasetSource
        assert source.to_dict() == {"uri": "gs://b/x"}
    with pytest.raises(MlflowException, match="Unrecognized dataset type"):
        mlflow.data.get_source(5)  # type: ignore[arg-type]  # refused
    assert isinstance(data, mlflow.data.Dataset)
    assert issubclass(mlflow.data.Dataset, Dataset)


def test_a_local_source_loads_its_own_path(tmp_path: Path) -> None:
    """Without a target nothing is copied, with one the file is."""
    (tmp_path / "x.csv").write_bytes(b"a")
    data = mlflow.data.from_pandas(FRAME, source=str(tmp_path / "x.csv"))
    assert isinstance(data.source, FileSystemDatasetSource)
    assert data.source.load() == str(tmp_path / "x.csv")
    copied = data.source.load(dst_path=str(tmp_path / "to"))
    assert copied == str(tmp_path / "to" / "x.csv")


def test_plugins_sources_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind that was registered last is taken, with a warning that it was not the only one."""
    registry = dataset_source_registry._dataset_source_registry
    monkeypatch.setattr(registry, "sources", list(registry.sources))

    class Mine(DatasetSource):
        @staticmethod
        def _get_source_type() -> str:
            return "mine"

        @staticmethod
        def _can_resolve(raw_source: Any) -> bool:
            return bool(raw_source == "s3://mine")

        @classmethod
        def _resolve(cls, raw_source: Any) -> Mine:
            assert raw_source == "s3://mine"
            return cls()

        def to_dict(self) -> dict[str, Any]:
            return {}

        @classmethod
        def from_dict(cls, source_dict: dict[Any, Any]) -> Mine:
            assert source_dict == {}
            return cls()

    dataset_source_registry.register_dataset_source(Mine)
    with pytest.warns(UserWarning, match="S3ArtifactDatasetSource, Mine"):
        data = mlflow.data.from_pandas(FRAME, source="s3://mine")
    assert isinstance(data.source, Mine)
    assert isinstance(mlflow.data.get_source(data._to_mlflow_entity()), Mine)
    assert Mine in mlflow.data.get_registered_sources()


BAD: list[tuple[str, str, Any]] = [
    ("INVALID_PARAMETER_VALUE", "takes a pandas DataFrame", lambda d: d.from_pandas([1])),
    ("INVALID_PARAMETER_VALUE", "targets column 'q'", lambda d: d.from_pandas(FRAME, targets="q")),
    (
        "INVALID_PARAMETER_VALUE",
        "predictions column 'q'",
        lambda d: d.from_pandas(FRAME, predictions="q"),
    ),
    ("INVALID_PARAMETER_VALUE", "numpy arrays", lambda d: d.from_numpy([1])),
    ("INVALID_PARAMETER_VALUE", "as targets", lambda d: d.from_numpy(np.ones(2), targets=[1])),
    ("RESOURCE_DOES_NOT_EXIST", "resolver", lambda d: d.from_pandas(FRAME, source="nope://x")),
    ("RESOURCE_DOES_NOT_EXIST", "source type", lambda d: d.get_dataset_source_from_json("{}", "x")),
    (
        "INVALID_PARAMETER_VALUE",
        'expected key: "url"',
        lambda d: d.get_dataset_source_from_json("{}", "http"),
    ),
    ("INVALID_PARAMETER_VALUE", "exactly one", lambda d: d.load_delta()),
]


@pytest.mark.parametrize(("code", "message", "call"), BAD)
def test_bad_input_is_explained(code: str, message: str, call: Any) -> None:
    """What was wrong is said with upstream's code."""
    with pytest.raises(MlflowException, match=message) as caught:
        call(mlflow.data)
    assert caught.value.error_code == code


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("from_spark", "pyspark"),
        ("from_huggingface", "datasets"),
        ("from_tensorflow", "tensorflow"),
    ],
)
def test_a_missing_library_is_named(name: str, library: str) -> None:
    """Datasets of libraries that are not installed say which one to install."""
    pytest.importorskip("mlflow")
    try:
        __import__(library)
    except ModuleNotFoundError:
        with pytest.raises(ModuleNotFoundError, match=f"pip install {library}"):
            getattr(mlflow.data, name)(None)
    else:
        with pytest.raises(NotImplementedError, match=r"COMPATIBILITY\.md"):
            getattr(mlflow.data, name)(None)


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers as the query says: status, the header and how much of the body is sent."""

    def do_GET(self) -> None:
        """Answer."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.send_response(int(query.get("status", "200")))
        if "name" in query:
            self.send_header("Content-Disposition", f"attachment; filename={query['name']}")
        self.send_header("Content-Length", query.get("length", "5"))
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_args: object) -> None:
        """Print nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """A server on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a/b.csv?x=1", "b.csv"),
        ("/", "dataset_source"),
        ("/a/", "dataset_source"),
        ("/x?name=q.csv", "q.csv"),
        ('/x?name="q r.csv"', "q r.csv"),
        ("/%2e%2e", "dataset_source"),
        ("/a%2f..%2fb", "b"),
    ],
)
def test_a_download_is_named_by_the_answer_or_the_address(
    server: str, tmp_path: Path, path: str, name: str
) -> None:
    """The file lies in the directory, whatever the address looks like."""
    url = (server + path).replace(" ", "%20").replace('"', "%22")
    found = HTTPDatasetSource(url).load(str(tmp_path))
    assert found == str(tmp_path / name)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"hello"


@pytest.mark.parametrize(
    "name", ["../../x", "/srv/x", "..", "a%5Cb", "..%5Cx", "C:x", "%252e%252e%252fx"]
)
def test_a_server_cannot_choose_the_directory(server: str, tmp_path: Path, name: str) -> None:
    """A name that is a path is refused and nothing is written."""
    with pytest.raises(MlflowException, match="Content-Disposition"):
        HTTPDatasetSource(f"{server}/x?name={name}").load(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("query", ["status=404", "length=50"])
def test_a_failed_or_short_download_leaves_nothing(server: str, tmp_path: Path, query: str) -> None:
    """An error page or half a file never becomes the data."""
    with pytest.raises(MlflowException, match="was not downloaded"):
        HTTPDatasetSource(f"{server}/a.csv?{query}").load(str(tmp_path))
    assert list(tmp_path.iterdir()) == []
