"""Batch scoring on Spark: a model as a function of columns.

The model's files are shipped once to each executor, as an archive that Spark unpacks there; each
worker process loads them once and scores Arrow batches from then on. With an environment of the
model's own, the worker starts one process in it that loads them (``mlflow.pyfunc.piped_model``).
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from mlflow._core.variables import put
from mlflow.data.optional import require
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.models.needs import read_needs
from mlflow.models.virtualenv import (
    LOCAL,
    MANAGERS,
    check_manager,
    model_environment,
    python_of,
)
from mlflow.pyfunc import piped_values
from mlflow.pyfunc.packed_environment import ENVIRONMENT_SUFFIX, fetch_environment
from mlflow.pyfunc.piped_model import PipedModel
from mlflow.pyfunc.shipping import Shipment, digest_of, load_shipment, pack, prepare
from mlflow.pyfunc.spark_results import convert_output, result_type_of

_WRITING_OF_OTHERS: Final = 0o022
_ANY_OF_OTHERS: Final = 0o077


@dataclass(frozen=True)
class _Job:
    """What a worker needs to know."""

    archive: str
    shipment: Shipment
    names: tuple[str, ...]  # of the signature's columns
    params: dict[str, Any] | None
    manager: str
    environment: str | None = None  # the archive that it comes in


def spark_udf(
    spark: Any,
    model_uri: str,
    result_type: Any = None,
    env_manager: str | None = None,
    params: dict[str, Any] | None = None,
    extra_env: dict[str, str] | None = None,
    prebuilt_env_uri: str | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
) -> Any:
    """Return a function of Spark columns that scores rows with a model.

    Call it with columns or their names, in the order of the model's signature; with one struct
    whose fields are the model's columns; or, for a signature with names, without arguments.

    Args:
        spark: The Spark session.
        model_uri: See ``mlflow.pyfunc.load_model``.
        result_type: What a row gives: a Spark type or its text (``double``, ``array<string>``,
            ``label string, score double``). By default what the signature's outputs say, and
            ``double`` without a signature. A scalar is taken from the leftmost column that has
            such; an array holds all of them; the fields of a struct are columns by name.
        env_manager: ``local``, the default, scores in the workers' own Python. ``virtualenv`` and
            ``uv`` make an environment of what the model requires, once on each machine, below
            ``MLFLOW_ENV_ROOT``, and each worker starts one process in it.
        params: Parameters of the model's inference.
        extra_env: Environment variables for the workers.
        prebuilt_env_uri: An environment that ``mlflow.pyfunc.build_model_env`` packed, which is
            shipped to the workers instead of made there.
        model_config: See ``mlflow.pyfunc.load_model``.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such model;
            INVALID_PARAMETER_VALUE for a result type or requirement that is none, or parameters
            that do not fit; NOT_IMPLEMENTED for Spark Connect; an error of the policy where
            reading the model could run code.
    """
    pandas_udf = require("pyspark.sql.functions", "mlflow.pyfunc.spark_udf").pandas_udf
    manager = _manager(spark, env_manager, prebuilt_env_uri)
    prepared = prepare(model_uri, params, model_config, extra_env)
    kind = result_type_of(result_type, prepared.meta.get_output_schema())
    inputs = prepared.meta.get_input_schema()
    names = inputs.input_names() if inputs is not None and inputs.has_input_names() else []
    context = spark.sparkContext
    environment = None
    if prebuilt_env_uri is not None:
        packed = fetch_environment(prebuilt_env_uri)
        name = f"headrace-environment-{digest_of(packed)}{ENVIRONMENT_SUFFIX}"
        environment = _ship(context, name, partial(shutil.copyfile, packed))
    elif manager != LOCAL:
        read_needs(prepared.folder)
    if manager != LOCAL:
        piped_values.encode(prepared.shipment.config)
    name = f"headrace-model-{prepared.shipment.digest}.zip"
    job = _Job(
        archive=_ship(context, name, partial(pack, prepared.folder)),
        shipment=prepared.shipment,
        names=tuple(str(name) for name in names),
        params=params,
        manager=manager,
        environment=environment,
    )
    return _column_function(job, kind, pandas_udf)


def _manager(spark: Any, env_manager: str | None, prebuilt: str | None) -> str:
    """Return what makes the environment, ``local`` for the workers' own."""
    if type(spark).__module__.startswith("pyspark.sql.connect"):
        raise MlflowException("spark_udf needs a session without Spark Connect.", NOT_IMPLEMENTED)
    manager = check_manager(env_manager or (LOCAL if prebuilt is None else MANAGERS[0]))
    if prebuilt is not None and manager == LOCAL:
        raise MlflowException.invalid_parameter_value(
            "`prebuilt_env_uri` is an environment of the model's own; with env_manager 'local'"
            " there is none."
        )
    return manager


def _column_function(job: _Job, kind: Any, pandas_udf: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    def predict(batches: Any) -> Any:
        return _score(job, kind, batches)

    result = pd.DataFrame if type(kind).__name__ == "StructType" else pd.Series
    predict.__annotations__ = {
        "batches": Iterator[tuple[pd.Series, ...]],
        "return": Iterator[result],  # type: ignore[valid-type]  # Spark reads it
    }
    udf = pandas_udf(predict, returnType=kind)

    @functools.wraps(udf)
    def scored(*columns: Any) -> Any:
        given = columns or tuple(f"`{name}`" for name in job.names)
        if not given:
            raise MlflowException.invalid_parameter_value(
                "The function was called without columns, and the model's signature names none."
            )
        return udf(*given)

    return scored


def _ship(context: Any, name: str, write: Callable[[Path], object]) -> str:
    """Give an archive to every executor; return the name of the folder that it becomes there.

    The name has the digest of the files in it, so they are shipped once, however often they are
    asked for.
    """
    if any(str(uri).split("#")[0].endswith(f"/{name}") for uri in context.listArchives):
        return name
    place = Path(tempfile.mkdtemp(prefix="headrace-spark-"))  # of mode 0o700
    # Executors may start later and fetch the archive then: it lives as long as the context.
    weakref.finalize(context, shutil.rmtree, place, ignore_errors=True)
    write(place / name)
    context.addArchive(str(place / name))
    return name


def _score(job: _Job, kind: Any, batches: Iterator[Any]) -> Iterator[Any]:
    """Yield the results of each batch; the model is not loaded where there is none."""
    model = None
    for batch in batches:
        model = model or _model(job)
        frame = _frame(batch if isinstance(batch, tuple) else (batch,), job.names)
        output = model.predict(frame, params=job.params)
        yield convert_output(output, kind, len(frame))


def _model(job: _Job) -> Any:
    folder = _shipped(job.archive)
    if job.manager == LOCAL:
        return load_shipment(job.shipment, folder)
    variables = tuple(sorted(job.shipment.variables.items()))
    found = _started(job.shipment, folder, job.environment, variables)
    if found.is_alive:
        return found
    _started.cache_clear()
    return _started(job.shipment, folder, job.environment, variables)


@functools.lru_cache(maxsize=4)
def _started(
    shipment: Shipment,
    folder: Path,
    environment: str | None,
    variables: tuple[tuple[str, str], ...],
) -> PipedModel:
    """Return the process of a model, one in each worker."""
    put(dict(variables))
    python = python_of(_shipped(environment)) if environment else model_environment(folder)
    return PipedModel(python, folder, shipment, dict(variables))


def _shipped(name: str) -> Path:
    """Return the folder that an archive has become."""
    files = require("pyspark", "mlflow.pyfunc.spark_udf").SparkFiles
    folder = Path(files.get(name))
    _check_private(folder, Path(files.getRootDirectory()))
    return folder


def _check_private(folder: Path, root: Path) -> None:
    """Refuse a folder that somebody else may have written to.

    Args:
        folder: The model's folder.
        root: The folder of all files that Spark ships.
    """
    if not hasattr(os, "geteuid"):
        return

    def is_mine(place: Path, others: int) -> bool:
        status = place.stat()
        return status.st_uid == os.geteuid() and not status.st_mode & others

    if any(is_mine(place, _ANY_OF_OTHERS) for place in (folder, *folder.parents)):
        return  # nobody else comes in
    if not (is_mine(folder, _WRITING_OF_OTHERS) and is_mine(root, _WRITING_OF_OTHERS)):
        raise MlflowException(
            f"The model is not loaded: its folder {folder} belongs to another user, or others may"
            " write to it."
        )


def _frame(columns: tuple[Any, ...], names: tuple[str, ...]) -> Any:
    """Return the columns of a batch as the DataFrame that the model takes."""
    import pandas as pd  # noqa: PLC0415 - optional package

    if len(columns) == 1 and isinstance(columns[0], pd.DataFrame):
        return columns[0]
    labels = names or [str(i) for i in range(len(columns))]
    plain = [
        pd.Series(one.to_dict("records"), dtype=object) if isinstance(one, pd.DataFrame) else one
        for one in columns  # a struct among columns is a column of dictionaries
    ]
    pairs = dict(zip(labels, plain, strict=False))  # columns beyond the signature's are left out
    return pd.concat(pairs.values(), axis=1, keys=pairs.keys())
