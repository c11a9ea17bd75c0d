"""Text, dictionaries, figures, images, tables and streams become the files they should."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.figure
import numpy as np
import pandas as pd
import PIL.Image
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mlflow.entities import Metric, Param, Run, RunData, RunInfo, RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository
from mlflow.tracking.multimedia import Image, RunTags
from mlflow.tracking.multimedia.figure import log_figure
from mlflow.tracking.multimedia.image import log_image
from mlflow.tracking.multimedia.stream import log_stream
from mlflow.tracking.multimedia.table import load_table, log_table, table_filter
from mlflow.tracking.multimedia.text import log_dict, log_text

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def repository(tmp_path: Path) -> LocalArtifactRepository:
    """The repository of a run's artifacts."""
    return LocalArtifactRepository(str(tmp_path / "artifacts"))


@pytest.fixture
def kept() -> dict[str, str]:
    """The tags that were set."""
    return {}


@pytest.fixture
def tags(kept: dict[str, str]) -> RunTags:
    """The tags of a run."""
    return RunTags(get=kept.get, set=kept.__setitem__)


def names(repository: LocalArtifactRepository, path: str = "") -> list[str]:
    """Return the paths of all files."""
    found: list[str] = []
    for info in repository.list_artifacts(path):
        found.extend(names(repository, info.path) if info.is_dir else [info.path])
    return found


def image_at(repository: LocalArtifactRepository, path: str) -> PIL.Image.Image:
    """Read an image back."""
    return PIL.Image.open(io.BytesIO(repository.read_artifact(path)))


def test_text_is_kept_byte_for_byte(repository: LocalArtifactRepository) -> None:
    """Line ends and characters of every plane come back."""
    text = "a\r\nb\n\u2028é😀"
    log_text(repository, text, "./notes//a.txt")
    assert repository.read_artifact("notes/a.txt") == text.encode()


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_yaml_holds_no_python_objects(repository: LocalArtifactRepository, suffix: str) -> None:
    """Arrays, sets, tuples and objects of any kind are read back by the safe loader."""
    value = {
        "n": np.float32(1.5),
        "a": np.arange(2),
        "t": (1, 2),
        "p": Path("x"),
        "d": dt.date(2020, 1, 2),
        "e": {"f": [None, True, "é"]},
    }
    log_dict(repository, value, f"d{suffix}")
    content = repository.read_artifact(f"d{suffix}")
    assert b"python" not in content
    assert yaml.safe_load(content) == {**value, "a": [0, 1], "t": [1, 2], "p": "x"}


def test_other_suffixes_are_json(repository: LocalArtifactRepository) -> None:
    """What JSON does not know is written as text."""
    log_dict(repository, {"a": {"b": [1, None]}, "p": Path("x")}, "d.txt")
    assert json.loads(repository.read_artifact("d.txt")) == {"a": {"b": [1, None]}, "p": "x"}


def test_streams_are_logged_from_their_position(repository: LocalArtifactRepository) -> None:
    """The rest of a stream is one artifact."""
    stream = io.BytesIO(b"abcdef")
    stream.read(2)
    log_stream(repository, stream, "s.bin")
    assert repository.read_artifact("s.bin") == b"cdef"


def test_figures_take_the_format_of_the_suffix(repository: LocalArtifactRepository) -> None:
    """Formats and options reach matplotlib."""
    figure = matplotlib.figure.Figure()
    figure.subplots().plot([1, 2])
    for suffix, start in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")):
        log_figure(repository, figure, f"f{suffix}")
        assert repository.read_artifact(f"f{suffix}").startswith(start)
    log_figure(repository, figure, "small.png", {"dpi": 10})
    assert image_at(repository, "small.png").size < image_at(repository, "f.png").size


def test_plotly_figures_are_logged_as_pages(repository: LocalArtifactRepository) -> None:
    """HTML is written without the library's code in it."""
    graphs = pytest.importorskip("plotly.graph_objects")
    log_figure(repository, graphs.Figure(graphs.Scatter(y=[1, 2])), "p.html")
    page = repository.read_artifact("p.html")
    assert b"<html>" in page
    assert len(page) < 100_000
    with pytest.raises(TypeError, match=r"Unsupported file extension for plotly figure: '\.txt'"):
        log_figure(repository, graphs.Figure(), "p.txt")


def test_a_series_of_images_has_upstreams_names(
    repository: LocalArtifactRepository, tags: RunTags, kept: dict[str, str]
) -> None:
    """Key, step and time are in the name; a small copy lies beside; the run is tagged."""
    log_image(repository, tags, np.zeros((600, 300)), key="a/b c", step=3, timestamp=1234)
    pattern = r"images/a~b c\+step\+3\+timestamp\+1234\+[0-9a-f-]{36}(\+compressed\.webp|\.png)"
    found = names(repository)
    assert len(found) == 2
    assert all(re.fullmatch(pattern, name) for name in found)
    assert [image_at(repository, name).size for name in found] == [(128, 256), (300, 600)]
    assert kept == {"mlflow.loggedImages": "True"}


def test_a_late_image_is_the_one_that_was_given(
    repository: LocalArtifactRepository, tags: RunTags
) -> None:
    """What is drawn after the call does not reach the file."""
    waiting: list[Callable[[], None]] = []
    image = PIL.Image.new("L", (4, 4))
    log_image(repository, tags, image, key="k", submit=waiting.append)
    image.paste(255, (0, 0, 4, 4))
    assert names(repository) == []
    waiting.pop()()
    found = next(name for name in names(repository) if name.endswith(".png"))
    assert image_at(repository, found).getextrema() == (0, 0)


def test_floats_out_of_range_are_stretched_with_a_warning(
    repository: LocalArtifactRepository, tags: RunTags
) -> None:
    """NaN is black and infinity white; nothing else warns."""
    with pytest.warns(UserWarning, match="Rescaling"):
        log_image(repository, tags, np.array([[0.0, 2.0, 4.0, np.nan, np.inf]]), "a.png")
    pixels = np.asarray(image_at(repository, "a.png")).tolist()
    assert pixels == [[0, 127, 255, 0, 255]]
    log_image(repository, tags, np.array([[0.5, np.nan]]), "b.png")
    assert np.asarray(image_at(repository, "b.png")).tolist() == [[127, 0]]


def test_an_image_offers_its_pixels(tmp_path: Path) -> None:
    """Arrays, lists, PIL images and files are images with the same methods."""
    pixels = np.arange(12, dtype="u1").reshape(3, 4)
    Image(pixels).save(str(tmp_path / "a.png"))
    for source in (pixels, pixels.tolist(), PIL.Image.fromarray(pixels), str(tmp_path / "a.png")):
        image = Image(source)
        assert image.size == (4, 3)
        assert image.to_array().tolist() == pixels.tolist()
        assert image.to_list() == list(range(12))
        assert image.to_pil().mode == "L"
        assert image.resize((2, 2)).size == (2, 2)


REFUSED: list[tuple[type[Exception], str, Callable[[Any, Any], None]]] = [
    (TypeError, "takes text, not int", lambda r, _: log_text(r, 5, "a.txt")),  # type: ignore[arg-type]  # refused
    (ValueError, "path of a file", lambda r, _: log_text(r, "x", "")),
    (MlflowException, "contains '..'", lambda r, _: log_text(r, "x", "../a.txt")),
    (TypeError, "BytesIO", lambda r, _: log_stream(r, b"x", "a")),  # type: ignore[arg-type]  # refused
    (TypeError, "mode 'rb'", lambda r, _: log_stream(r, io.StringIO("x"), "a")),  # type: ignore[arg-type]  # refused
    (TypeError, "Unsupported figure", lambda r, _: log_figure(r, object(), "a.png")),
    (TypeError, "Unsupported image", lambda r, t: log_image(r, t, "x.png", "a.png")),
    (TypeError, "exactly one", lambda r, t: log_image(r, t, np.zeros((2, 2)))),
    (TypeError, "conjunction", lambda r, t: log_image(r, t, np.zeros((2, 2)), "a.png", step=1)),
    (ValueError, "alphanumerics", lambda r, t: log_image(r, t, np.zeros((2, 2)), key="a#b")),
    (ValueError, "file extension", lambda r, t: log_image(r, t, np.zeros((2, 2)), "a.xyz")),
    (ValueError, "2D or 3D", lambda r, t: log_image(r, t, np.zeros(3), "a.png")),
    (ValueError, "channel length", lambda r, t: log_image(r, t, np.zeros((2, 2, 2)), "a.png")),
    (ValueError, "no pixels", lambda r, t: log_image(r, t, np.zeros((0, 2)), "a.png")),
    (ValueError, "330", lambda r, t: log_image(r, t, np.array([[0, 330]]), "a.png")),
    (TypeError, "complex128", lambda r, t: log_image(r, t, np.zeros((2, 2), complex), "a.png")),
    (ValueError, "extension", lambda r, t: log_table(r, t, {"a": [1]}, "a.csv")),
    (MlflowException, "DataFrame", lambda r, t: log_table(r, t, [1], "a.json")),
    (
        ValueError,
        "mix of images",
        lambda r, t: log_table(r, t, {"a": [Image([[1]]), "x"]}, "a.json"),
    ),
]


@pytest.mark.parametrize(("kind", "message", "call"), REFUSED)
def test_bad_input_is_explained_and_leaves_nothing(
    repository: LocalArtifactRepository,
    tags: RunTags,
    kept: dict[str, str],
    kind: type[Exception],
    message: str,
    call: Callable[[Any, Any], None],
) -> None:
    """The error is an MlflowException and what upstream raises; no file and no tag is left."""
    with pytest.raises(MlflowException, match=message) as caught:
        call(repository, tags)
    assert isinstance(caught.value, kind)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert names(repository) == []
    assert kept == {}


def test_rows_are_appended_and_none_is_changed(
    repository: LocalArtifactRepository, tags: RunTags, kept: dict[str, str]
) -> None:
    """Old rows stay exactly as they were; new columns are empty in them."""
    log_table(repository, tags, {"a": ["007", "x/y"], "n": [2**53 + 1, 1]}, "t.json")
    log_table(repository, tags, {"a": ["8"], "f": [0.123456789012345]}, "t.json")
    assert json.loads(repository.read_artifact("t.json")) == {
        "columns": ["a", "n", "f"],
        "data": [["007", 2**53 + 1, None], ["x/y", 1, None], ["8", None, 0.123456789012345]],
    }
    assert json.loads(kept["mlflow.loggedArtifacts"]) == [{"path": "t.json", "type": "table"}]


@given(st.lists(st.floats(), min_size=1))
@example([5e-324])
@example([5e-324, 1.7976931348623157e308, 1 / 3, 0.1 + 0.2, -0.0, 1e-20, float("inf")])
def test_floats_come_back_exactly(values: list[float]) -> None:
    """Every finite float is read as it was logged; the others are missing values."""
    kept: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        repository = LocalArtifactRepository(folder)
        log_table(repository, RunTags(kept.get, kept.__setitem__), {"f": values}, "t.json")
        run = a_run("r", kept["mlflow.loggedArtifacts"], {})
        found = load_table([run], lambda _: repository, "t.json")["f"].tolist()
    assert [value for value in found if not math.isnan(value)] == [
        value for value in values if math.isfinite(value)
    ]


def test_images_in_cells_become_files(repository: LocalArtifactRepository, tags: RunTags) -> None:
    """A cell holds the paths of the image and of its small copy."""
    frame = pd.DataFrame({0: [Image([[1, 2]]), PIL.Image.new("RGB", (2, 2))]}, index=[7, 9])
    log_table(repository, tags, frame, "d/t.json")
    assert isinstance(frame[0][7], Image)
    rows = json.loads(repository.read_artifact("d/t.json"))["data"]
    for (cell,) in rows:
        assert cell["type"] == "image"
        assert re.fullmatch(r"table_images/d/t/[0-9a-f-]{36}\.png", cell["filepath"])
        assert max(image_at(repository, cell["compressed_filepath"]).size) == 256


def test_the_tag_never_outgrows_its_limit(
    repository: LocalArtifactRepository,
    tags: RunTags,
    kept: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A table whose name has no room in the tag is logged, with a warning."""
    for number in range(5):
        log_table(repository, tags, {"a": [1]}, _long(number))
    assert len(kept["mlflow.loggedArtifacts"]) <= 8000
    assert len(json.loads(kept["mlflow.loggedArtifacts"])) == 4
    assert "has no room" in caplog.text


def _long(number: int) -> str:
    return "/".join([str(number), *["x" * 180] * 10]) + ".json"


def a_run(run_id: str, tagged: str, params: dict[str, str]) -> Run:
    """Return a run with tags and params."""
    info = RunInfo(run_id, "1", "u", "FINISHED", 1000, None, "active", f"/{run_id}", "n")
    data = RunData(
        [Metric("m", 1.5, 1, 1)],
        [Param(key, value) for key, value in params.items()],
        [RunTag("mlflow.loggedArtifacts", tagged)],
    )
    return Run(info, data)


def test_tables_of_several_runs_are_one_frame(tmp_path: Path) -> None:
    """Rows come in the order of the runs, with the runs' own values where asked for."""
    repositories: dict[str, LocalArtifactRepository] = {}
    runs = []
    for run_id, data, params in (
        ("r1", {"a": [1, 2]}, {"p": "x"}),
        ("r2", {"a": [3], "b": ["y"]}, {}),
    ):
        repositories[run_id] = LocalArtifactRepository(str(tmp_path / run_id))
        noted: dict[str, str] = {}
        log_table(repositories[run_id], RunTags(noted.get, noted.__setitem__), data, "t.json")
        runs.append(a_run(run_id, noted["mlflow.loggedArtifacts"], params))
    runs.append(a_run("r3", "[]", {}))
    extra = ["run_id", "params.p", "metrics.m", "start_time"]
    frame = load_table(runs, lambda run: repositories[run.info.run_id], "./t.json", extra)
    assert list(frame.columns) == ["a", *extra, "b"]
    assert frame["a"].tolist() == [1, 2, 3]
    assert frame["run_id"].tolist() == ["r1", "r1", "r2"]
    assert frame["params.p"].fillna("").tolist() == ["x", "x", ""]
    assert frame["start_time"][0] == pd.Timestamp(1, unit="s", tz="UTC")
    with pytest.raises(MlflowException, match="None of the runs has 'nope'"):
        load_table(runs, lambda run: repositories[run.info.run_id], "t.json", ["nope"])
    with pytest.raises(MlflowException, match="No runs found") as caught:
        load_table(runs, lambda run: repositories[run.info.run_id], "other.json")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_the_filter_for_a_table_cannot_be_broken_out_of() -> None:
    """Quotes in a path are wildcards in the filter, never its syntax."""
    text = table_filter("a'b\"c.json")
    assert text.count("'") == 2
    assert '"' not in text
    assert text.startswith("tags.`mlflow.loggedArtifacts` LIKE '%")
