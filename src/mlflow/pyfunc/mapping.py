"""Batch scoring on Ray and Dask: a model as a map over blocks of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlflow.data.optional import require
from mlflow.exceptions import MlflowException
from mlflow.pyfunc.shipping import Shipment, load_shipment, packed, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_COLUMN = "prediction"  # of a model whose predictions have no names


def ray_map(
    data: Any,
    model_uri: str,
    *,
    keep: Sequence[str] = (),
    params: dict[str, Any] | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
    batch_size: int = 4096,
    workers: int = 1,
    **options: Any,
) -> Any:
    """Return a Ray dataset of a model's predictions for each row of another.

    The model's files are put into Ray's object store once; each worker loads them once.

    Args:
        data: A ``ray.data.Dataset``, a DataFrame, or an iterable of DataFrames.
        model_uri: See ``mlflow.pyfunc.load_model``.
        keep: Columns of the data that stand beside the predictions.
        params: Parameters of the model's inference.
        model_config: See ``mlflow.pyfunc.load_model``.
        batch_size: How many rows are scored at once.
        workers: How many processes score.
        **options: Of ``Dataset.map_batches``: ``num_cpus``, ``num_gpus``, …

    Returns:
        A dataset, not computed yet, with the columns that the model returns: ``prediction`` for
        one without a name, ``0``, ``1``, … for an array of several.

    Raises:
        MlflowException: as ``mlflow.pyfunc.spark_udf``.
    """
    ray = require("ray", "mlflow.pyfunc.ray_map")
    sets = require("ray.data", "mlflow.pyfunc.ray_map")
    shipment = _shipment(model_uri, params, model_config)
    dataset = data if isinstance(data, sets.Dataset) else sets.from_pandas(_frames(data))
    return dataset.map_batches(
        _Scorer,
        fn_constructor_args=(ray.put(shipment), params, list(keep)),
        batch_format="pandas",
        batch_size=batch_size,
        **{"concurrency": workers, **options},
    )


def dask_map(
    data: Any,
    model_uri: str,
    *,
    meta: Any = None,
    keep: Sequence[str] = (),
    params: dict[str, Any] | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
) -> Any:
    """Return a Dask DataFrame of a model's predictions for each row of another.

    The model's files are one value of the graph; each worker process loads them once.

    Args:
        data: A ``dask.dataframe.DataFrame``.
        model_uri: See ``mlflow.pyfunc.load_model``.
        meta: An empty DataFrame that shows the result's columns and types; by default the model
            is loaded here and asked for a prediction of made-up rows.
        keep: Columns of the data that stand beside the predictions.
        params: Parameters of the model's inference.
        model_config: See ``mlflow.pyfunc.load_model``.

    Returns:
        A DataFrame, not computed yet, with the data's index and the columns that ``ray_map`` has.

    Raises:
        MlflowException: as ``mlflow.pyfunc.spark_udf``; INVALID_PARAMETER_VALUE where the model
            does not predict the made-up rows.
    """
    delayed = require("dask", "mlflow.pyfunc.dask_map").delayed
    shipment = _shipment(model_uri, params, model_config)
    kept = list(keep)
    if meta is None:
        meta = _score(data._meta_nonempty, shipment, params, kept).head(0)  # noqa: SLF001 - Dask's way
    sent = delayed(shipment, traverse=False)
    return data.map_partitions(_score, sent, params, kept, meta=meta, enforce_metadata=False)


def _shipment(model_uri: str, params: Any, model_config: Any) -> Shipment:
    prepared = prepare(model_uri, params, model_config)
    return replace(prepared.shipment, content=packed(prepared.folder))


def _frames(data: Any) -> Iterable[Any]:
    import pandas as pd  # noqa: PLC0415 - optional package

    return [data] if isinstance(data, pd.DataFrame) else list(data)


class _Scorer:
    """A Ray worker's model."""

    def __init__(self, reference: Any, params: dict[str, Any] | None, keep: list[str]) -> None:
        ray = require("ray", "mlflow.pyfunc.ray_map")
        is_reference = isinstance(reference, ray.ObjectRef)
        self._shipment = ray.get(reference) if is_reference else reference
        self._params = params
        self._keep = keep

    def __call__(self, frame: Any) -> Any:
        return _score(frame, self._shipment, self._params, self._keep)


def _score(frame: Any, shipment: Shipment, params: dict[str, Any] | None, keep: list[str]) -> Any:
    """Return the predictions of a block of rows as a DataFrame with the block's index."""
    import pandas as pd  # noqa: PLC0415 - optional package

    output = load_shipment(shipment).predict(frame, params=params)
    if isinstance(output, pd.DataFrame):
        found = output.set_axis(frame.index)
    else:
        values = output.to_numpy() if isinstance(output, pd.Series) else output
        several = getattr(values, "ndim", 1) > 1
        if not isinstance(values, dict) and not several:
            values = {_COLUMN: values}
        found = pd.DataFrame(values, index=frame.index)
    if len(found) != len(frame):
        raise MlflowException.invalid_parameter_value(
            f"The model returned {len(found)} predictions for {len(frame)} rows."
        )
    found.columns = found.columns.map(str)
    return pd.concat([frame[keep], found], axis=1) if keep else found
