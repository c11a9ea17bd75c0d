"""Spark ML: pipelines and a bare model, in one session of this machine."""

import json
import os
import sys

import numpy as np
import pandas as pd
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.util import Identifiable
from pyspark.sql import SparkSession

LIBRARY = ("pyspark",)
GROUP = "spark"
BESIDES = ("pandas", "scipy")  # we list what tables come in, upstream what is imported if there
FILES = ("part-*", ".part-*")  # Spark makes their names up
X = pd.DataFrame({"a": np.arange(8.0), "b": np.arange(8.0)[::-1] ** 2})


# Folders of stages are named by it.
Identifiable._randomUID = classmethod(lambda kind: f"{kind.__name__}_0")


def _session():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
    }
    return SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()


def models():
    """Small pipelines."""
    session = _session()
    session.sparkContext.setLogLevel("OFF")
    table = session.createDataFrame(X.assign(y=X.a * 2 + X.b, label=(X.a > 3).astype(float)))
    vectors = VectorAssembler(inputCols=["a", "b"], outputCol="features")
    linear = LinearRegression(labelCol="y")
    inputs = {
        "frame": X.head(3),
        "dict": {"a": [1.0], "b": [2.0]},
        "wrong": pd.DataFrame({"x": [1.0]}),
    }
    features = {"vectors": pd.DataFrame({"features": [[1.0, 2.0]]})}
    return {
        "pipeline": (
            Pipeline(stages=[vectors, linear]).fit(table),
            {"input_example": X.head(2)},
            inputs,
        ),
        "bare": (linear.fit(vectors.transform(table)), {}, features),
        "classifier": (
            Pipeline(stages=[vectors, LogisticRegression()]).fit(table),
            {},
            {"frame": X},
        ),
    }


def predict(model, data):
    """Predict as the library does."""
    table = _session().createDataFrame(pd.DataFrame(data))
    return [row[0] for row in model.transform(table).select("prediction").collect()]


def hostile(folder, bomb):
    """Name a class of somebody else's in the metadata of the pipeline."""
    (file,) = (folder / "sparkml" / "metadata").glob("part-*")
    (folder / "sparkml" / "metadata" / f".{file.name}.crc").unlink()
    said = {**json.loads(file.read_text()), "class": f"{type(bomb).__module__}.Bomb"}
    file.write_text(json.dumps(said))
