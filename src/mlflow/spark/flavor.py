"""The Spark flavor: pipelines of Spark ML in the library's own folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_folder, named_class
from mlflow._flavor.spec import REQUIRED, Argument, Flavor
from mlflow.data.optional import require
from mlflow.exceptions import MlflowException
from mlflow.models.choke import admit_code
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped
from mlflow.spark.places import copied_in, copied_out

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FOLDER: Final = "sparkml"
_OWN_CLASSES: Final = ("org.apache.spark.ml.", "pyspark.ml.")
_VECTOR: Final = "features"


def _session() -> Any:
    kind = require("pyspark.sql", "mlflow.spark").SparkSession
    # The session of the program, or one of this machine.
    return kind.getActiveSession() or kind.builder.master("local[1]").getOrCreate()


def _dump(model: Any, folder: Path, *, dfs_tmpdir: str | None = None) -> Dumped:
    ml = require("pyspark.ml", "mlflow.spark")
    util = require("pyspark.ml.util", "mlflow.spark")
    if not (
        isinstance(model, (ml.Model, ml.Transformer))
        and isinstance(model, util.MLWritable)
        and isinstance(model, util.MLReadable)
    ):
        raise MlflowException.invalid_parameter_value(
            "Cannot serialize this model. A model of Spark ML is a pyspark.ml.Model or"
            " pyspark.ml.Transformer that implements MLWritable and MLReadable; fit an estimator"
            " first."
        )
    pipeline = model if isinstance(model, ml.PipelineModel) else ml.PipelineModel([model])
    with copied_out(_session(), folder / _FOLDER, dfs_tmpdir) as uri:
        pipeline.write().overwrite().save(uri)
    return Dumped(
        loader_module="mlflow.spark",
        function={"data": _FOLDER},
        flavors={
            "spark": {
                "pyspark_version": installed_version("pyspark"),
                "model_data": _FOLDER,
                "model_class": f"{type(pipeline).__module__}.{type(pipeline).__qualname__}",
            }
        },
        distributions=("pyspark", "numpy"),  # which pyspark.ml imports and pyspark does not bring
    )


def _load(folder: Path, conf: Mapping[str, Any], dfs_tmpdir: str | None = None) -> Any:
    ml = require("pyspark.ml", "mlflow.spark")
    place = model_folder(folder, conf["model_data"])
    _admit_classes(place)
    name = conf.get("model_class", "pyspark.ml.pipeline.PipelineModel")
    kind = named_class(name, (ml.Transformer,), place)
    return kind.load(copied_in(_session(), place, dfs_tmpdir))


def _admit_classes(place: Path) -> None:
    """Ask the policy for each class that is not Spark's own: loading the folder calls it."""
    for file in sorted(place.rglob("metadata/part-*")):
        for line in file.read_text("utf-8").splitlines():
            name = str(json.loads(line).get("class"))
            if not name.startswith(_OWN_CLASSES):
                admit_code(f"class {name}", file)


class _SparkModel:
    """A pipeline as a Python function: rows in, the column ``prediction`` out as a list."""

    keeps_input = True

    def __init__(self, model: Any, _settings: object = None) -> None:
        self._model = model

    def predict(self, data: Any) -> list[Any]:
        """Return the column ``prediction`` of what the pipeline makes of a DataFrame."""
        frame = _session().createDataFrame(data)
        kind = dict(frame.dtypes).get(_VECTOR, "")
        if kind.startswith("array"):  # what a vector is outside Spark
            functions = require("pyspark.ml.functions", "mlflow.spark")
            frame = frame.withColumn(_VECTOR, functions.array_to_vector(frame[_VECTOR]))
        return [row[0] for row in self._model.transform(frame).select("prediction").collect()]

    def get_raw_model(self) -> Any:
        """Return the pipeline."""
        return self._model


def _requirements(is_spark_connect_model: bool) -> list[str]:
    return ["pyspark[connect]" if is_spark_connect_model else "pyspark"]


FLAVOR: Final = Flavor(
    name="spark",
    title="a Spark ML model",
    model="spark_model",
    dump=_dump,
    load=_load,
    wrap=_SparkModel,
    requirements=_requirements,
    own={
        "dfs_tmpdir": Argument(
            None, str | None, "A folder on the cluster's file system, for files on their way."
        ),
        "is_spark_connect_model": Argument(False, bool, "Add what Spark Connect needs."),
        "artifact_path": Argument(REQUIRED, str, "The model's name."),
    },
    save="MODEL path mlflow_model ENV dfs_tmpdir EXAMPLE PIP metadata **kwargs",
    log=(
        "MODEL artifact_path ENV dfs_tmpdir registered_model_name EXAMPLE await_registration_for"
        " PIP metadata **kwargs"
    ),
    read="model_uri dfs_tmpdir dst_path",
    defaults="is_spark_connect_model",
)
FUNCTIONS: Final = public_functions(FLAVOR)
