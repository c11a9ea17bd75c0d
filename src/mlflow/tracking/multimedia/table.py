"""Tables as artifacts: rows are appended, images in cells become files of their own.

A JSON table is ``{"columns": […], "data": [[…], …]}``. The tag ``mlflow.loggedArtifacts`` of a run
names its tables, so that a search finds the runs that hold one.
"""

from __future__ import annotations

import io
import json
import logging
import math
import sys
import uuid
from posixpath import splitext
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.limits import MAX_TAG_VAL_LENGTH
from mlflow._core.tags import MLFLOW_LOGGED_ARTIFACTS
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.tracking.multimedia.image import encoded, is_image, pil_image, small_copy
from mlflow.tracking.multimedia.notes import (
    RunTags,
    WrongValueError,
    file_path,
    suffix_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from mlflow.entities.run import Run
    from mlflow.store.artifact.artifact_repo import ArtifactRepository

_logger: Final = logging.getLogger("mlflow.tracking.multimedia")
_SUFFIXES: Final = (".json", ".parquet")
_IMAGES: Final = "table_images"


def _pandas() -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    return pd


def log_table(repository: ArtifactRepository, tags: RunTags, data: Any, artifact_file: str) -> None:
    """Log a table, or append rows to the one that is there.

    Args:
        repository: Where the run's artifacts are.
        tags: The run's tags.
        data: A DataFrame, or a dictionary of columns (lists) or of one row's values. Cells may be
            images, if all of the column's are.
        artifact_file: The artifact's path, ending in ``.json`` or ``.parquet``.
    """
    path = file_path(artifact_file)
    if suffix_of(path) not in _SUFFIXES:
        raise WrongValueError(
            f"Invalid artifact file path {artifact_file!r}. Please ensure the file you are trying "
            "to log as a table has a file name with either '.json' or '.parquet' extension."
        )
    frame = _with_images_logged(repository, _frame(data), path)
    before = _content(repository, path)
    content = _parquet(before, frame) if path.endswith(".parquet") else _json(before, frame)
    with repository.writer(path) as file:
        file.write(content)
    _note(tags, path)


def _frame(data: Any) -> pd.DataFrame:
    pandas = _pandas()
    frame: pd.DataFrame
    if isinstance(data, pandas.DataFrame):
        frame = data
        return frame
    if not isinstance(data, dict):
        raise MlflowException.invalid_parameter_value(
            f"data must be a pandas.DataFrame or a dictionary, not {type(data).__name__}"
        )
    try:
        frame = pandas.DataFrame(data)
    except ValueError:  # values of one row, or lists of several lengths as such values
        frame = pandas.DataFrame([data])
    return frame


def _with_images_logged(
    repository: ArtifactRepository, frame: pd.DataFrame, path: str
) -> pd.DataFrame:
    """Return the table with each image replaced by the paths that it was logged under."""
    folder = f"{_IMAGES}/{splitext(path)[0]}"
    columns = [name for name in frame.columns if any(map(is_image, frame[name]))]
    for name in columns:
        if not all(map(is_image, frame[name])):
            raise WrongValueError(
                f"Column `{name}` contains a mix of images and non-images. Please ensure that all "
                "elements in the column are of the same type."
            )
    if not columns:
        return frame
    logged: pd.DataFrame = frame.copy()
    for name in columns:
        cells = [_log_cell(repository, folder, image) for image in frame[name]]
        logged[name] = _pandas().Series(cells, index=frame.index, dtype=object)
    return logged


def _log_cell(repository: ArtifactRepository, folder: str, cell: Any) -> dict[str, str]:
    image = pil_image(cell)
    base = f"{folder}/{uuid.uuid4()}"
    for suffix, picture in ((".png", image), (".webp", small_copy(image))):
        with repository.writer(base + suffix) as file:
            file.write(encoded(picture, suffix))
    return {"type": "image", "filepath": f"{base}.png", "compressed_filepath": f"{base}.webp"}


def _content(repository: ArtifactRepository, path: str) -> bytes | None:
    try:
        return repository.read_artifact(path)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return None
        raise


def _json(before: bytes | None, frame: pd.DataFrame) -> bytes:
    table = json.loads(frame.to_json(orient="split", index=False, date_format="iso"))
    for place, dtype in enumerate(frame.dtypes):
        if dtype == "float64":  # pandas writes ten digits
            _set_column(table["data"], place, frame.iloc[:, place].tolist())
    if before is not None:
        # The rows that are there stay as they are: a text "007" is not read as a number.
        old = json.loads(before)
        columns = list(dict.fromkeys([*old["columns"], *table["columns"]]))
        rows = [*_arranged(old, columns), *_arranged(table, columns)]
        table = {"columns": columns, "data": rows}
    text = json.dumps(table, separators=(",", ":"))
    return text.replace("/", "\\/").encode()


def _set_column(rows: list[list[Any]], place: int, values: list[float]) -> None:
    for row, value in zip(rows, values, strict=True):
        row[place] = value if math.isfinite(value) else None


def _arranged(table: dict[str, list[Any]], columns: list[Any]) -> list[list[Any]]:
    if table["columns"] == columns:
        return table["data"]
    place = {name: index for index, name in enumerate(table["columns"])}
    order = [place.get(name) for name in columns]
    return [[None if at is None else row[at] for at in order] for row in table["data"]]


def _parquet(before: bytes | None, frame: pd.DataFrame) -> bytes:
    pandas = _pandas()
    if before is not None:
        frame = pandas.concat([pandas.read_parquet(io.BytesIO(before)), frame], ignore_index=True)
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def _note(tags: RunTags, path: str) -> None:
    entries = _noted(tags.get(MLFLOW_LOGGED_ARTIFACTS))
    entry = {"path": path, "type": "table"}
    if entry in entries:
        return
    value = json.dumps([*entries, entry])
    if len(value) > MAX_TAG_VAL_LENGTH:
        _logger.warning(
            "The table %r was logged, but load_table will not find it: the run's tag %s has no "
            "room for its name. Log fewer tables in one run, or append to one.",
            path,
            MLFLOW_LOGGED_ARTIFACTS,
        )
        return
    tags.set(MLFLOW_LOGGED_ARTIFACTS, value)


def _noted(value: str | None) -> list[Any]:
    try:
        entries = json.loads(value) if value else []
    except ValueError:
        return []
    return entries if isinstance(entries, list) else []


def table_filter(artifact_file: str) -> str:
    """Return the search filter that finds the runs that may hold a table.

    Args:
        artifact_file: The table's path.
    """
    path = file_path(artifact_file)
    wanted = json.dumps({"path": path, "type": "table"})[1:-1]
    # What the filter's text cannot carry as it is, any character stands for.
    pattern = "".join("_" if character in "'\"\\" else character for character in wanted)
    return f"tags.`{MLFLOW_LOGGED_ARTIFACTS}` LIKE '%{pattern}%'"


def load_table(
    runs: Iterable[Run],
    repository_of: Callable[[Run], ArtifactRepository],
    artifact_file: str,
    extra_columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return a table of several runs as one DataFrame.

    Args:
        runs: The runs to look in, such as those that ``table_filter`` finds.
        repository_of: Gives the repository of a run's artifacts.
        artifact_file: The table's path.
        extra_columns: Columns to add with each run's own values: ``run_id``, ``experiment_id``,
            ``status``, ``artifact_uri``, ``start_time``, ``end_time``, ``params.…``,
            ``metrics.…``, ``tags.…``.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where none of the runs holds the table.
    """
    pandas = _pandas()
    path = file_path(artifact_file)
    entry = {"path": path, "type": "table"}
    found = [run for run in runs if entry in _noted(run.data.tags.get(MLFLOW_LOGGED_ARTIFACTS))]
    if not found:
        raise MlflowException(
            f"No runs found with the corresponding table artifact {path!r}.",
            RESOURCE_DOES_NOT_EXIST,
        )
    values = [_run_values(run) for run in found]
    for column in extra_columns or ():
        if not any(column in value for value in values):
            raise WrongValueError(
                f"None of the runs has {column!r}: extra columns are fields of runs, such as "
                "'run_id', 'start_time', 'params.x', 'metrics.x' or 'tags.x'."
            )
    frames = []
    for run, value in zip(found, values, strict=True):
        frame = _read(repository_of(run).read_artifact(path), path)
        for column in extra_columns or ():
            frame[column] = value.get(column)
        frames.append(frame)
    joined: pd.DataFrame = pandas.concat(frames, ignore_index=True)
    return joined


def _read(content: bytes, path: str) -> pd.DataFrame:
    pandas = _pandas()
    frame: pd.DataFrame
    if path.endswith(".parquet"):
        frame = pandas.read_parquet(io.BytesIO(content))
    else:
        frame = pandas.read_json(io.StringIO(content.decode()), orient="split")
        rows = json.loads(content)["data"]
        for place, dtype in enumerate(frame.dtypes):
            if dtype in ("float64", "int64"):  # pandas reads fifteen digits of a number
                read = zip((row[place] for row in rows), frame.iloc[:, place], strict=True)
                exact = [given if type(given) in (int, float) else value for given, value in read]
                column = pandas.Series(exact, index=frame.index)
                # The least of doubles is an integer to pandas: 0.
                is_same = dtype != "int64" or (column % 1 == 0).all()
                frame.isetitem(place, column.astype(dtype if is_same else "float64"))
    return frame


def _run_values(run: Run) -> dict[str, Any]:
    info, data = run.info, run.data
    pandas = sys.modules["pandas"]

    def moment(time_ms: int | None) -> Any:
        return pandas.to_datetime(time_ms, unit="ms", utc=True)

    return {
        "run_id": info.run_id,
        "experiment_id": info.experiment_id,
        "status": info.status,
        "artifact_uri": info.artifact_uri,
        "start_time": moment(info.start_time),
        "end_time": moment(info.end_time),
        **{f"params.{key}": value for key, value in data.params.items()},
        **{f"metrics.{key}": value for key, value in data.metrics.items()},
        **{f"tags.{key}": value for key, value in data.tags.items()},
    }
