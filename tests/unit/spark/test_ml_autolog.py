"""Autologging of Spark ML logs the keys that upstream 3.17.2 was seen to log."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.spark.autologging import autolog

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("pyspark", reason="pyspark is not installed: just clusters")

from pyspark.ml import Pipeline
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

pytestmark = [
    pytest.mark.filterwarnings("ignore:::pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Spark's sockets
    pytest.mark.timeout(900),
]
X = pd.DataFrame({"a": np.arange(8.0), "b": np.arange(8.0)[::-1] ** 2}).assign(
    y=lambda data: data.a * 2 + data.b
)
LINEAR = {
    "aggregationDepth": "2",
    "elasticNetParam": "0.0",
    "epsilon": "1.35",
    "featuresCol": "features",
    "fitIntercept": "True",
    "labelCol": "y",
    "loss": "squaredError",
    "maxBlockSizeInMB": "0.0",
    "maxIter": "2",
    "predictionCol": "prediction",
    "regParam": "0.0",
    "solver": "auto",
    "standardization": "True",
    "tol": "1e-06",
}


@pytest.fixture(autouse=True)
def _autologging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    autolog(log_models=False)
    yield
    autolog(disable=True)


def runs() -> list[Any]:
    """Return all runs, the first one last."""
    return mlflow.MlflowClient().search_runs(["0"], order_by=["start_time DESC"])


def file_of(run: Any, name: str) -> Any:
    path = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=name)
    text = Path(path).read_text("utf-8")
    return json.loads(text) if name.endswith(".json") else text


def test_an_estimator_logs_its_params(spark: Any) -> None:
    """One run has the params, those given to ``fit`` included, the class and the table."""
    vectors = VectorAssembler(inputCols=["a", "b"], outputCol="features")
    table = vectors.transform(spark.createDataFrame(X))
    linear = LinearRegression(labelCol="y", maxIter=5)
    linear.fit(table, {linear.maxIter: 2})
    (run,) = runs()
    assert run.data.params == LINEAR
    assert run.data.tags["estimator_class"] == "pyspark.ml.regression.LinearRegression"
    assert run.data.tags["estimator_name"] == "LinearRegression"
    assert run.data.tags["mlflow.autologging"] == "pyspark.ml"
    assert [one.dataset.name for one in run.inputs.dataset_inputs] == ["dataset"]
    assert run.info.status == "FINISHED"


def test_a_pipeline_logs_its_stages(spark: Any) -> None:
    """Params of stages have the stage's name before them; there is one run, and a hierarchy."""
    vectors = VectorAssembler(inputCols=["a", "b"], outputCol="features")
    Pipeline(stages=[vectors, LinearRegression(labelCol="y", maxIter=2)]).fit(
        spark.createDataFrame(X)
    )
    (run,) = runs()
    assert run.data.params == {
        **{f"LinearRegression.{name}": value for name, value in LINEAR.items()},
        "VectorAssembler.handleInvalid": "error",
        "VectorAssembler.inputCols": "['a', 'b']",
        "VectorAssembler.outputCol": "features",
        "stages": "['VectorAssembler', 'LinearRegression']",
    }
    stages = [{"name": "VectorAssembler"}, {"name": "LinearRegression"}]
    expected = {"hierarchy": {"name": "Pipeline", "stages": stages}}
    assert file_of(run, "estimator_info.json") == expected


def test_a_search_has_a_child_run_for_each_candidate(spark: Any) -> None:
    """The parent has the best params and a table, the children their params and metrics."""
    vectors = VectorAssembler(inputCols=["a", "b"], outputCol="features")
    linear = LinearRegression(labelCol="y", maxIter=2)
    CrossValidator(
        estimator=linear,
        estimatorParamMaps=ParamGridBuilder().addGrid(linear.regParam, [0.0, 0.5]).build(),
        evaluator=RegressionEvaluator(labelCol="y"),
        numFolds=2,
        seed=1,
    ).fit(vectors.transform(spark.createDataFrame(X)))
    found = runs()
    (parent,) = [run for run in found if "mlflow.parentRunId" not in run.data.tags]
    children = [run for run in found if run is not parent]
    assert parent.data.params == {
        "RegressionEvaluator.labelCol": "y",
        "RegressionEvaluator.metricName": "rmse",
        "RegressionEvaluator.predictionCol": "prediction",
        "RegressionEvaluator.throughOrigin": "False",
        "best_LinearRegression.regParam": "0.0",
        "collectSubModels": "False",
        "estimator": "LinearRegression",
        "evaluator": "RegressionEvaluator",
        "foldCol": "",
        "numFolds": "2",
        "parallelism": "1",
        "seed": "1",
    }
    assert sorted(child.data.params["regParam"] for child in children) == ["0.0", "0.5"]
    assert all(set(child.data.metrics) == {"avg_rmse", "std_rmse"} for child in children)
    assert all(child.info.status == "FINISHED" for child in children)
    assert file_of(parent, "best_parameters.json") == {"LinearRegression.regParam": 0.0}
    table = file_of(parent, "search_results.csv").splitlines()
    assert table[0] == "params,avg_rmse,std_rmse,param.LinearRegression.regParam"
    assert len(table) == 3
    info = file_of(parent, "estimator_info.json")
    assert info["hierarchy"] == {
        "name": "CrossValidator",
        "evaluator": {"name": "RegressionEvaluator"},
        "tuned_estimator": {"name": "LinearRegression"},
    }
    tried = info["CrossValidator"]["tuning_parameter_map_list"]
    assert tried == [{"LinearRegression.regParam": 0.0}, {"LinearRegression.regParam": 0.5}]


def test_the_model_is_logged_with_its_signature(spark: Any) -> None:
    """It loads, and its inputs are the table's columns without the label."""
    autolog(log_datasets=False)
    vectors = VectorAssembler(inputCols=["a", "b"], outputCol="features")
    pipeline = Pipeline(stages=[vectors, LinearRegression(labelCol="y", maxIter=2)])
    model = pipeline.fit(spark.createDataFrame(X))
    (run,) = runs()
    (output,) = run.outputs.model_outputs
    loaded = mlflow.pyfunc.load_model(f"models:/{output.model_id}")
    inputs = loaded.metadata.get_input_schema()
    assert inputs is not None
    assert inputs.input_names() == ["a", "b"]
    table = model.transform(spark.createDataFrame(X)).select("prediction").collect()
    assert loaded.predict(X[["a", "b"]]) == [row[0] for row in table]


def test_upstreams_path_leads_here() -> None:
    """``mlflow.pyspark.ml.autolog`` is the function."""
    assert import_module("mlflow.pyspark.ml").autolog is autolog
