"""Batch scoring on a real Spark: two threads of one machine, workers of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.pyfunc import spark_scoring
from mlflow.types.schema import Array, ColSpec, Object, Property, Schema

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("pyspark", reason="pyspark is not installed: just clusters")

import cloudpickle
import numpy as np
import pandas as pd
from pyspark import SparkFiles
from pyspark.errors import PythonException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name
from sklearn.linear_model import LinearRegression

pytestmark = [
    pytest.mark.filterwarnings("ignore:::pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Spark's sockets
    pytest.mark.timeout(900),
]
NEEDS_INDEX = pytest.mark.skipif(
    not os.environ.get("HEADRACE_TEST_INDEX"),
    reason="set HEADRACE_TEST_INDEX where packages can be had",
)
OTHER_PANDAS = "2.3.3"
ROWS = [(1.0, 2, "x"), (3.0, 4, "y"), (5.0, 6, None)]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A session of two workers, each with this interpreter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        settings = {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.session.timeZone": "UTC",
        }
        builder = SparkSession.builder.master("local[2]").config(map=settings)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


@pytest.fixture
def table(spark: Any) -> Any:
    return spark.createDataFrame(ROWS, "a double, b int, c string")


class Give(mlflow.pyfunc.PythonModel):
    """Returns what ``give`` makes of the number of rows."""

    def __init__(self, give: Any) -> None:
        self.give = give

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        return self.give(model_input, params)


def saved(folder: Path, give: Any, signature: Any = None) -> str:
    path = str(folder / "model")
    mlflow.pyfunc.save_model(
        path, python_model=Give(give), signature=signature, pip_requirements=["cloudpickle"]
    )
    return path


def scored(frame: Any, column: Any) -> list[Any]:
    return [row[0] for row in frame.select(column).collect()]


def inputs(*specs: Any) -> ModelSignature:
    return ModelSignature(Schema(list(specs)))


def test_a_regression_scores_as_it_does_here(spark: Any, tmp_path: Path) -> None:
    """Columns by position, as a struct in any order, and by the signature's names agree."""
    data = pd.DataFrame({"a": np.arange(50.0), "b": np.arange(50.0) ** 2})
    model = LinearRegression().fit(data, data.a * 2 + data.b)
    mlflow.sklearn.save_model(model, tmp_path / "m", input_example=data.head(2))
    frame = spark.createDataFrame(data).repartition(4)
    udf = mlflow.pyfunc.spark_udf(spark, str(tmp_path / "m"))
    columns = [
        udf("a", "b").alias("columns"),
        udf(F.struct("b", "a")).alias("struct"),
        udf().alias("names"),
        udf(F.col("a") + 0, "b").alias("expression"),
    ]
    found = np.array(frame.select("a", *columns).orderBy("a").collect())
    for position in range(1, 5):
        np.testing.assert_allclose(found[:, position], model.predict(data))


def test_inputs_arrive_as_the_signature_names_them(spark: Any, table: Any, tmp_path: Path) -> None:
    """Columns get the names of the signature in order; without one they are numbered."""

    def describe(data: Any, _: Any) -> list[str]:
        return [f"{list(data.columns)} {[str(kind) for kind in data.dtypes]}"] * len(data)

    named = inputs(ColSpec("double", "p"), ColSpec("integer", "q"))
    udf = mlflow.pyfunc.spark_udf(spark, saved(tmp_path, describe, named), "string")
    assert set(scored(table, udf("a", "b", "c"))) == {"['p', 'q'] ['float64', 'int32']"}
    udf = mlflow.pyfunc.spark_udf(spark, saved(tmp_path / "unnamed", describe), "string")
    assert set(scored(table, udf("a", "b"))) == {"['0', '1'] ['float64', 'int32']"}


def test_structs_and_arrays_arrive_as_dictionaries_and_lists(
    spark: Any, table: Any, tmp_path: Path
) -> None:
    """A struct beside other columns is a dictionary, an array fits a column of arrays."""
    signature = inputs(
        ColSpec(Object([Property("a", "double"), Property("b", "long")]), "s"),
        ColSpec(Array("double"), "v"),
    )

    def describe(data: Any, _: Any) -> list[str]:
        return [
            f"{s['a']} {s['b']} {list(map(float, v))}" for s, v in zip(data.s, data.v, strict=True)
        ]

    udf = mlflow.pyfunc.spark_udf(spark, saved(tmp_path, describe, signature), "string")
    found = scored(table, udf(F.struct("a", "b"), F.array("a", "a")))
    assert found == ["1.0 2 [1.0, 1.0]", "3.0 4 [3.0, 3.0]", "5.0 6 [5.0, 5.0]"]


def test_missing_values_arrive_as_missing(spark: Any, table: Any, tmp_path: Path) -> None:
    """A null of a double is NaN to the model, and a missing text stays one."""

    def missing(data: Any, _: Any) -> list[str]:
        return [str(tuple(bool(one) for one in row)) for row in data.isna().to_numpy()]

    signature = inputs(ColSpec("double", "a"), ColSpec("string", "c"))
    udf = mlflow.pyfunc.spark_udf(spark, saved(tmp_path, missing, signature), "string")
    found = scored(table, udf(F.when(F.col("a") > 1, F.col("a")), "c"))
    assert found == ["(True, False)", "(False, False)", "(False, True)"]


def test_params_and_configuration_reach_the_model(spark: Any, table: Any, tmp_path: Path) -> None:
    """Parameters override the signature's defaults; a wrong one is refused before any job runs."""
    signature = mlflow.models.infer_signature(
        pd.DataFrame({"a": [1.0]}), ["x"], params={"p": 1, "q": "z"}
    )
    path = saved(tmp_path, lambda data, params: [str(params)] * len(data), signature)
    udf = mlflow.pyfunc.spark_udf(spark, path, params={"p": 5})
    assert set(scored(table, udf("a"))) == {"{'p': 5, 'q': 'z'}"}
    with pytest.raises(MlflowException, match="p"):
        mlflow.pyfunc.spark_udf(spark, path, params={"p": "text"})


def test_a_model_is_shipped_once_and_loaded_once_a_worker(
    spark: Any, table: Any, tmp_path: Path
) -> None:
    """Two functions of one model share its archive, and a worker process keeps what it loaded."""
    marks = tmp_path / "marks"
    marks.mkdir()

    class Counting(mlflow.pyfunc.PythonModel):
        def load_context(self, context: Any) -> None:
            (marks / f"{os.getpid()}-{os.urandom(4).hex()}").touch()

        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            return [float(os.getpid())] * len(model_input)

    path = str(tmp_path / "model")
    mlflow.pyfunc.save_model(path, python_model=Counting(), pip_requirements=["cloudpickle"])
    before = len(list(spark.sparkContext.listArchives))
    for _ in range(3):
        udf = mlflow.pyfunc.spark_udf(spark, path)
        workers = set(scored(table.repartition(4), udf("a")))
    assert len(list(spark.sparkContext.listArchives)) == before + 1
    loaded = [mark.name.split("-")[0] for mark in marks.iterdir()]
    assert len(loaded) == len(set(loaded)) < 3 * len(ROWS)  # Spark starts new workers now and then
    assert workers


def test_no_rows_give_no_results(spark: Any, table: Any, tmp_path: Path) -> None:
    """An empty table has an empty column of the type, and the model is not loaded for it."""
    udf = mlflow.pyfunc.spark_udf(spark, saved(tmp_path, lambda *_: 1 / 0))
    assert scored(table.where("a > 100"), udf("a")) == []


def test_types_are_given_as_text_and_kept_through_spark(
    spark: Any, table: Any, tmp_path: Path
) -> None:
    """Scalars, arrays, structs and maps come back from Spark as what they were."""
    asked = {
        "double": lambda n: [None if i % 2 else 0.5 for i in range(n)],
        "array<string>": lambda n: [["a", "b"]] * n,
        "array<array<double>>": lambda n: np.ones((n, 1, 2)),
        "map<string,double>": lambda n: [{"k": 0.5}] * n,
        "w string, v array<float>": lambda n: pd.DataFrame({"v": [[1.0]] * n, "w": ["s"] * n}),
    }
    columns = []
    for place, (kind, give) in enumerate(asked.items()):
        path = saved(tmp_path / str(place), lambda data, _, give=give: give(len(data)))
        columns.append(mlflow.pyfunc.spark_udf(spark, path, result_type=kind)("a"))
    row = table.coalesce(1).select(*columns).collect()[0]
    expected = [0.5, ["a", "b"], [[1.0, 1.0]], {"k": 0.5}]
    assert (list(row[:4]), row[4].asDict()) == (expected, {"w": "s", "v": [1.0]})


def test_a_failing_model_fails_the_job_with_its_own_error(
    spark: Any, table: Any, tmp_path: Path
) -> None:
    """The worker's error says what the model gave and what was asked for."""
    udf = mlflow.pyfunc.spark_udf(spark, saved(tmp_path, lambda data, _: ["text"] * len(data)))
    with pytest.raises(PythonException, match="compatible with the requested type 'double'"):
        scored(table, udf("a"))


def test_mistakes_are_found_before_a_job_runs(spark: Any, table: Any, tmp_path: Path) -> None:
    """Unknown types, models, environments, and calls without columns are refused at once."""
    path = saved(tmp_path, lambda data, _: [1.0] * len(data))
    make = mlflow.pyfunc.spark_udf
    with pytest.raises(MlflowException, match="Invalid result type 'nonsense'"):
        make(spark, path, result_type="nonsense")
    with pytest.raises(MlflowException, match="nowhere"):
        make(spark, str(tmp_path / "nowhere"))
    with pytest.raises(MlflowException, match="Invalid value for `env_manager`"):
        make(spark, path, env_manager="nonsense")
    with pytest.raises(MlflowException, match="not with conda"):
        make(spark, path, env_manager="conda")
    with pytest.raises(MlflowException, match="there is none"):
        make(spark, path, env_manager="local", prebuilt_env_uri="environment.tar.gz")
    with pytest.raises(MlflowException, match="build_model_env writes them"):
        make(spark, path, prebuilt_env_uri="environment.zip")
    with pytest.raises(MlflowException, match="cannot be passed"):
        make(spark, path, env_manager="uv", model_config={"a": object()})
    (Path(path) / "requirements.txt").write_text("nonsense; of a line\n")
    with pytest.raises(MlflowException, match="no requirement"):
        make(spark, path, env_manager="virtualenv")
    with pytest.raises(MlflowException, match="without columns"):
        table.select(make(spark, path)())


def test_what_may_run_code_is_refused_where_the_policy_says_so(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deny switch holds for the driver, so nothing is shipped."""
    path = saved(tmp_path, lambda data, _: [1.0] * len(data))
    before = list(spark.sparkContext.listArchives)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        mlflow.pyfunc.spark_udf(spark, path)
    assert list(spark.sparkContext.listArchives) == before


def test_a_worker_loads_no_model_that_others_could_have_changed(tmp_path: Path) -> None:
    """A folder is loaded from a place that nobody else enters, or that nobody else writes to."""
    (folder := tmp_path / "files" / "model").mkdir(parents=True)
    for place, mode in ((tmp_path, 0o755), (folder.parent, 0o755), (folder, 0o755)):
        place.chmod(mode)
    spark_scoring._check_private(folder, folder.parent)
    for place in (folder, folder.parent):
        place.chmod(0o777)
        with pytest.raises(MlflowException, match="others may write"):
            _as_if_entered(folder)
        place.chmod(0o755)
    folder.parent.chmod(0o700)
    folder.chmod(0o777)
    spark_scoring._check_private(folder, folder.parent)


def describe(model_input: Any, _: Any) -> list[str]:
    """Say what the model runs in, or die where the first number is large."""
    if model_input.iloc[0, 0] > 100:
        sys.stderr.write("the last words\n")
        sys.stderr.flush()
        os._exit(7)
    return [f"{pd.__version__} {os.getpid()} {sys.executable}"] * len(model_input)


@pytest.fixture(scope="module")
def demanding(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """A model that needs another pandas than this, and where its environment is made."""
    folder = tmp_path_factory.mktemp("demanding")
    path = str(folder / "model")
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    try:
        mlflow.pyfunc.save_model(
            path,
            python_model=Give(describe),
            signature=inputs(ColSpec("double", "a")),
            pip_requirements=["cloudpickle", f"pandas=={OTHER_PANDAS}"],
        )
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    return path, {"MLFLOW_ENV_ROOT": str(folder / "environments")}


@NEEDS_INDEX
def test_a_model_is_scored_in_an_environment_of_its_own(
    spark: Any, table: Any, demanding: tuple[str, dict[str, str]]
) -> None:
    """It is made once, and each worker keeps one process in it from job to job."""
    path, variables = demanding
    udf = mlflow.pyfunc.spark_udf(
        spark, path, result_type="string", env_manager="virtualenv", extra_env=variables
    )
    found = [one.split() for _ in range(2) for one in scored(table.repartition(4), udf("a"))]
    (environment,) = Path(variables["MLFLOW_ENV_ROOT"]).iterdir()
    assert {one[0] for one in found} == {OTHER_PANDAS} != {pd.__version__}
    assert {one[2] for one in found} == {str(environment / "bin" / "python")}
    assert len({one[1] for one in found}) < len(found) == 2 * len(ROWS)


@NEEDS_INDEX
def test_a_process_that_dies_is_told_of_and_started_again(
    spark: Any, table: Any, demanding: tuple[str, dict[str, str]]
) -> None:
    """The job's error has its last words; the next job has a new one."""
    path, variables = demanding
    udf = mlflow.pyfunc.spark_udf(
        spark, path, result_type="string", env_manager="uv", extra_env=variables
    )
    with pytest.raises(PythonException, match=r"(?s)exit code 7.*the last words"):
        scored(table, udf(F.col("a") + 100))
    assert len(scored(table, udf("a"))) == 3


@NEEDS_INDEX
def test_an_environment_is_made_here_and_shipped(
    spark: Any,
    table: Any,
    demanding: tuple[str, dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Workers unpack it and make none; what may run code is refused where the policy says so."""
    path, variables = demanding
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    packed = mlflow.pyfunc.build_model_env(path, str(tmp_path / "packed"))
    elsewhere = {"MLFLOW_ENV_ROOT": str(tmp_path / "environments")}
    udf = mlflow.pyfunc.spark_udf(
        spark, path, result_type="string", prebuilt_env_uri=packed, extra_env=elsewhere
    )
    version, _, python = scored(table, udf("a"))[0].split()
    assert version == OTHER_PANDAS
    assert Path(python).is_relative_to(SparkFiles.getRootDirectory())
    assert not (tmp_path / "environments").exists()
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    safe = str(tmp_path / "safe")
    mlflow.sklearn.save_model(LinearRegression().fit([[1.0]], [1.0]), safe)
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        mlflow.pyfunc.spark_udf(spark, safe, prebuilt_env_uri=packed)


def _as_if_entered(folder: Path) -> None:
    """Check a folder whose parents are open, as those of pytest's may not be."""
    closed = [one for one in folder.parents if not one.stat().st_mode & 0o077]
    for one in closed:
        one.chmod(0o755)
    try:
        spark_scoring._check_private(folder, folder.parent)
    finally:
        for one in closed:
            one.chmod(0o700)


def test_a_shipped_model_lies_where_nobody_else_comes(
    spark: Any, table: Any, tmp_path: Path
) -> None:
    """With the loosest umask, the archive and what workers unpack are closed to others."""
    old = os.umask(0)
    try:
        path = saved(tmp_path, lambda data, _: [1.0] * len(data))
        udf = mlflow.pyfunc.spark_udf(spark, path)
        assert scored(table, udf("a")) == [1.0] * 3
    finally:
        os.umask(old)
    archives = [uri.removeprefix("file:") for uri in spark.sparkContext.listArchives]
    for archive in archives:
        assert Path(archive).parent.stat().st_mode & 0o077 == 0
