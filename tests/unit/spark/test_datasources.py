"""Autologging of what Spark reads: the tag is what upstream 3.17.2 was seen to write."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow.spark import datasources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("pyspark", reason="pyspark is not installed: just clusters")

from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.filterwarnings("ignore:::pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Spark's sockets
    pytest.mark.timeout(900),
]
TAG = "sparkDatasourceInfo"


@pytest.fixture(autouse=True)
def _autologging(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    mlflow.spark.autolog()
    datasources.READS.forget()
    yield
    settled(spark)
    mlflow.spark.autolog(disable=True)
    datasources.READS.forget()


@pytest.fixture
def files(spark: Any, tmp_path: Path) -> dict[str, str]:
    """A path of each format; what writes them reads none."""
    found = {}
    for kind in ("csv", "parquet", "json", "text", "orc"):
        found[kind] = f"{tmp_path}/{kind}"
        spark.range(3).selectExpr("cast(id as string) as value").write.format(kind).save(
            found[kind]
        )
    settled(spark)
    return found


def settled(spark: Any) -> None:
    """Wait until Spark has told of all queries, and what was logged has arrived."""
    spark.sparkContext._jsc.sc().listenerBus().waitUntilEmpty()
    mlflow.flush_async_logging()


def tag_of(run: Any) -> str | None:
    tags: dict[str, str] = mlflow.get_run(run.info.run_id).data.tags
    return tags.get(TAG)


def line(files: dict[str, str], kind: str) -> str:
    return f"path=file:{files[kind]},format={kind}"


def read(spark: Any, files: dict[str, str], *kinds: str) -> None:
    for kind in kinds:
        assert spark.read.format(kind).load(files[kind]).count() == 3


def test_what_a_run_reads_is_its_tag(spark: Any, files: dict[str, str]) -> None:
    """A line for each path in the order of reading, once, whatever became of the rows."""
    with mlflow.start_run() as run:
        read(spark, files, "csv", "parquet", "csv", "json", "text", "orc")
        settled(spark)
    expected = [line(files, kind) for kind in ("csv", "parquet", "json", "text", "orc")]
    assert tag_of(run) == "\n".join(expected)


def test_a_query_of_several_tables_names_them_all(
    spark: Any, files: dict[str, str], tmp_path: Path
) -> None:
    """In joins, in what is written, and where a reader is given several paths."""
    with mlflow.start_run() as run:
        both = spark.read.parquet(files["parquet"]).join(spark.read.json(files["json"]), "value")
        both.write.parquet(f"{tmp_path}/written")
        spark.read.text([files["text"], files["csv"]]).toPandas()
        settled(spark)
    found = (tag_of(run) or "").splitlines()
    assert sorted(found[:2]) == sorted(line(files, kind) for kind in ("parquet", "json"))
    assert sorted(found[2:]) == sorted(
        [line(files, "text"), f"path=file:{files['csv']},format=text"]
    )


def test_spark_s_newer_readers_are_seen(spark: Any, files: dict[str, str]) -> None:
    """Their plans are made of other classes."""
    spark.conf.set("spark.sql.sources.useV1SourceList", "")
    try:
        with mlflow.start_run() as run:
            read(spark, files, "csv", "parquet")
            settled(spark)
    finally:
        spark.conf.unset("spark.sql.sources.useV1SourceList")
    assert tag_of(run) == "\n".join(line(files, kind) for kind in ("csv", "parquet"))


def test_what_is_read_before_a_run_is_said_of_those_that_follow(
    spark: Any, files: dict[str, str]
) -> None:
    """And what a run reads itself comes after it, and stays with that run."""
    read(spark, files, "csv")
    settled(spark)
    with mlflow.start_run() as first:
        read(spark, files, "json")
        settled(spark)
    with mlflow.start_run() as second:
        pass
    assert tag_of(first) == "\n".join(line(files, kind) for kind in ("csv", "json"))
    assert tag_of(second) == line(files, "csv")


def test_the_run_that_was_started_last_is_tagged(spark: Any, files: dict[str, str]) -> None:
    """A nested one while it lasts, and whichever thread reads."""
    with mlflow.start_run() as outer:
        with mlflow.start_run(nested=True) as inner:
            read(spark, files, "csv")
            settled(spark)
        reader = threading.Thread(target=read, args=(spark, files, "json"))
        reader.start()
        reader.join()
        settled(spark)
    assert (tag_of(outer), tag_of(inner)) == (line(files, "json"), line(files, "csv"))


def test_nothing_is_said_when_it_is_off(spark: Any, files: dict[str, str]) -> None:
    """Neither of what was read before nor of what a run reads; on again, it is."""
    read(spark, files, "csv")
    settled(spark)
    mlflow.spark.autolog(disable=True)
    with mlflow.start_run() as run:
        read(spark, files, "json")
        settled(spark)
    assert tag_of(run) is None
    mlflow.spark.autolog()
    with mlflow.start_run() as run:
        read(spark, files, "json")
        settled(spark)
    assert tag_of(run) == "\n".join(line(files, kind) for kind in ("csv", "json"))


def test_a_query_that_reads_no_file_or_fails_says_nothing(
    spark: Any, files: dict[str, str]
) -> None:
    """And the failure is the program's own."""
    with mlflow.start_run() as run:
        assert spark.range(3).count() == 3
        failing = spark.read.text(files["text"]).selectExpr("raise_error('no')")
        with pytest.raises(Exception, match="no"):  # of Spark's classes
            failing.collect()
        settled(spark)
    assert tag_of(run) is None


def test_a_session_that_is_made_later_calls_back(spark: Any) -> None:
    """Making one goes through the patch, and returns the session."""
    datasources.READS.sessions.discard(spark)
    assert SparkSession.builder.getOrCreate() is spark
    assert spark in datasources.READS.sessions


def test_a_long_tag_is_cut() -> None:
    """To what a tag may hold, with dots at its end."""
    lines = [f"path=file:/long/{number},format=parquet" for number in range(400)]
    found = datasources.tag_value(lines)
    assert len(found) == 8000
    assert "\n".join(lines).startswith(found.removesuffix("..."))
    assert datasources.tag_value(lines[:2]) == "\n".join(lines[:2])
