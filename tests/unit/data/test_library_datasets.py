"""Datasets of other libraries: names, digests, schemas, sources, and evaluation on them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import mlflow.data
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = {"a": [1, 2, 3], "b": ["x", "y", "z"], "c": [1.5, 2.5, 3.5]}
TYPES = [("a", "long"), ("b", "string"), ("c", "double")]


def _types(dataset: Any) -> list[tuple[str, str]]:
    return [(spec.name, spec.type.name) for spec in dataset.schema.inputs]


def test_polars_frames_are_those_of_pandas() -> None:
    """A polars frame has the schema, the profile and the digest of the same data in pandas."""
    pl = pytest.importorskip("polars")
    ours = mlflow.data.from_polars(pl.DataFrame(COLUMNS), source="s3://b/x", targets="a", name="n")
    same = mlflow.data.from_pandas(pd.DataFrame(COLUMNS), source="s3://b/x", targets="a", name="n")
    assert ours.to_dict() == same.to_dict()
    assert ours.to_pyfunc().outputs.tolist() == [1, 2, 3]
    assert ours.to_evaluation_dataset().hash == same.to_evaluation_dataset().hash
    with pytest.raises(MlflowException, match="zz"):
        mlflow.data.from_polars(pl.DataFrame(COLUMNS), targets="zz")
    with pytest.raises(MlflowException, match="LazyFrame"):
        mlflow.data.from_polars(pl.DataFrame(COLUMNS).lazy())


def test_datasets_of_the_hub_say_where_they_are() -> None:
    """A dataset's hub name is its source; its digest is that of the data in pandas."""
    datasets = pytest.importorskip("datasets")
    given = datasets.Dataset.from_dict(COLUMNS)
    ours = mlflow.data.from_huggingface(given, path="owner/name", targets="a", revision="r")
    same = mlflow.data.from_pandas(pd.DataFrame(COLUMNS))
    assert ours.digest == same.digest == "0a3d328e"  # as upstream's
    assert _types(ours) == TYPES
    assert ours.to_dict()["source_type"] == "hugging_face"
    assert ours.source.to_dict()["path"] == "owner/name"
    assert ours.profile == {"num_rows": 3, "dataset_size": None, "size_in_bytes": None}
    assert ours.to_evaluation_dataset().labels_data.tolist() == [1, 2, 3]
    for wrong in ([1], datasets.DatasetDict({"train": given})):
        with pytest.raises(MlflowException, match=r"datasets\.Dataset"):
            mlflow.data.from_huggingface(wrong)


def test_tensors_and_their_datasets() -> None:
    """Tensors have upstream's digest; datasets of tensors one of their elements and types."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    tf = pytest.importorskip("tensorflow")
    x, y = np.arange(6.0).reshape(3, 2), np.array([1, 2, 3], "i4")
    ours: Any = mlflow.data.from_tensorflow(tf.constant(x), targets=tf.constant(y))
    assert ours.digest == "fd45173c"
    assert ours.profile == {"features_cardinality": 6, "targets_cardinality": 3}
    assert ours.to_evaluation_dataset().features_data.shape == (3, 2)
    slices = tf.data.Dataset.from_tensor_slices
    whole: Any
    whole, other = (mlflow.data.from_tensorflow(slices(each)) for each in (x, x + 1))
    assert whole.digest == mlflow.data.from_tensorflow(slices(x)).digest != other.digest
    assert whole.schema.features.input_types() == [np.dtype("f8")]
    assert whole.schema.features.inputs[0].shape == (-1, 2)
    endless = mlflow.data.from_tensorflow(slices(x).repeat())
    assert len(endless.digest) == 8
    named: Any = mlflow.data.from_tensorflow(slices({"a": x, "b": y}))
    assert named.schema.features.input_names() == ["a", "b"]
    for features, targets in ((x, None), (tf.constant(x), y), (slices(x), tf.constant(y))):
        with pytest.raises(MlflowException):
            mlflow.data.from_tensorflow(features, targets=targets)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A local Spark."""
    sql = pytest.importorskip("pyspark.sql")
    place = tmp_path_factory.mktemp("warehouse")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", str(place))
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore")
def test_frames_of_spark(spark: Any, tmp_path: Path) -> None:
    """The digest is of the content, in any order of rows; the place is the source."""
    path = str(tmp_path / "data.parquet")
    frame = spark.createDataFrame(pd.DataFrame(COLUMNS))
    frame.write.parquet(path)
    frame.createOrReplaceTempView("seen")
    ours = mlflow.data.from_spark(spark.read.parquet(path), path=path, targets="a")
    assert _types(ours) == TYPES
    assert ours.profile == {"approx_count": 3}
    assert ours.source.to_dict() == {"path": path}
    assert ours.digest == mlflow.data.from_spark(frame.orderBy("a", ascending=False)).digest
    changed = spark.createDataFrame(pd.DataFrame({**COLUMNS, "a": [1, 2, 4]}))
    assert ours.digest != mlflow.data.from_spark(changed).digest
    assert ours.to_evaluation_dataset().labels_data.tolist() == [1, 2, 3]
    table = mlflow.data.from_spark(frame, table_name="seen")
    assert table.source.to_dict() == {"table_name": "seen"}
    assert mlflow.data.from_spark(frame, sql="select 1").source.to_dict() == {"sql": "select 1"}
    assert mlflow.data.from_spark(frame).to_dict()["source_type"] == "code"
    for wrong in (
        {"path": path, "table_name": "seen"},
        {"path": path, "version": "1"},
        {"table_name": "seen", "version": "1"},
        {"sql": "select 1", "version": "1"},
        {"targets": "zz"},
    ):
        with pytest.raises(MlflowException):
            mlflow.data.from_spark(frame, **wrong)
    (tmp_path / "delta" / "_delta_log").mkdir(parents=True)
    delta = mlflow.data.from_spark(frame, path=str(tmp_path / "delta"), version="3")
    assert delta.to_dict()["source_type"] == "delta_table"
    with pytest.raises(MlflowException, match="exactly one"):
        mlflow.data.load_delta()
