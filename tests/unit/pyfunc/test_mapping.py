"""Models on their way to other processes, and as a map over blocks of Dask and Ray."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models.choke import Origin
from mlflow.pyfunc import shipping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = pd.DataFrame({"id": range(40), "a": np.arange(40.0), "b": np.arange(40.0) ** 2})
INPUTS = ROWS[["a", "b"]]


class Two(mlflow.pyfunc.PythonModel):
    """Returns a table, and says which process made it."""

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        add = (params or {}).get("add", 0)
        return pd.DataFrame(
            {"sum": model_input.a.to_numpy() + add, "process": [os.getpid()] * len(model_input)}
        )


@pytest.fixture
def regression(tmp_path: Path) -> tuple[Any, str]:
    model = LinearRegression().fit(INPUTS, ROWS.a * 2 + ROWS.b)
    mlflow.sklearn.save_model(model, tmp_path / "m", input_example=INPUTS.head(2))
    return model, str(tmp_path / "m")


@pytest.fixture
def two(tmp_path: Path) -> str:
    path = str(tmp_path / "two")
    signature = mlflow.models.infer_signature(INPUTS, params={"add": 0})
    mlflow.pyfunc.save_model(
        path, python_model=Two(), signature=signature, pip_requirements=["cloudpickle"]
    )
    return path


def shipment_of(path: str) -> Any:
    prepared = shipping.prepare(path, None, None)
    return replace(prepared.shipment, content=shipping.packed(prepared.folder))


def test_a_shipped_model_is_loaded_once_into_a_closed_folder(regression: tuple[Any, str]) -> None:
    """Equal shipments give one model; its files are nobody else's, and go when it does."""
    model, path = regression
    loaded = shipping.load_shipment(shipment_of(path))
    assert loaded is shipping.load_shipment(shipment_of(path))
    np.testing.assert_allclose(loaded.predict(INPUTS), model.predict(INPUTS))
    folder = loaded._folder
    assert folder is not None
    assert folder.stat().st_mode & 0o077 == 0
    shipping._load.cache_clear()
    del loaded
    assert not folder.exists()


def test_the_policy_of_the_origin_travels_with_a_model(two: str) -> None:
    """What came from a remote place runs no code in a worker, whose files are local."""
    shipment = replace(shipment_of(two), origin=Origin.REMOTE)
    with pytest.raises(MlflowException, match="remote location"):
        shipping.load_shipment(shipment)


def test_a_changed_file_is_another_model(regression: tuple[Any, str]) -> None:
    """The digest is that of all files."""
    before = shipment_of(regression[1])
    with open(f"{regression[1]}/requirements.txt", "a") as file:  # noqa: PTH123 - a path as text
        file.write("\n")
    assert shipment_of(regression[1]) != before


@pytest.mark.parametrize("params", [None, {"add": 2}])
def test_dask_scores_every_partition(two: str, params: Any) -> None:
    """The index stays, kept columns stand beside the predictions, and parameters reach them."""
    frames = pytest.importorskip("dask.dataframe", reason="dask is not installed")
    data = frames.from_pandas(ROWS.set_index("id", drop=False), npartitions=3)
    scored = mlflow.pyfunc.dask_map(data, two, keep=["id"], params=params)
    assert list(scored.columns) == ["id", "sum", "process"]
    found = scored.compute(scheduler="threads")
    expected = ROWS.a.to_numpy() + (params or {}).get("add", 0)
    assert found.index.tolist() == found["id"].tolist() == ROWS["id"].tolist()
    np.testing.assert_array_equal(found["sum"], expected)


def test_dask_names_predictions_without_a_name(regression: tuple[Any, str]) -> None:
    """An array is the column ``prediction``, in worker processes too."""
    frames = pytest.importorskip("dask.dataframe", reason="dask is not installed")
    model, path = regression
    scored = mlflow.pyfunc.dask_map(frames.from_pandas(ROWS, npartitions=2), path)
    found = scored.compute(scheduler="processes", num_workers=1)
    np.testing.assert_allclose(found["prediction"], model.predict(INPUTS))
    given = pd.DataFrame({"prediction": pd.Series(dtype="float64")})
    data = frames.from_pandas(ROWS, npartitions=2)
    assert list(mlflow.pyfunc.dask_map(data, path, meta=given).columns) == ["prediction"]


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """A small cluster in this machine."""
    library = pytest.importorskip("ray", reason="ray is not installed: just clusters")
    pytest.importorskip("ray.data", reason="ray.data needs pyarrow")
    patch = pytest.MonkeyPatch()
    patch.setenv("RAY_raylet_start_wait_time_s", "300")  # busy machines take their time
    library.init(
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=100 << 20,
        log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}},
    )
    yield library
    library.shutdown()
    patch.undo()


@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")  # of Ray and of what it starts
def test_ray_scores_datasets_and_frames(ray: Any, regression: tuple[Any, str], two: str) -> None:
    """Workers of their own give a dataset of predictions, of frames and of other datasets."""
    model, path = regression
    found = mlflow.pyfunc.ray_map(ROWS, path, keep=["id"], batch_size=16).to_pandas()
    found = found.sort_values("id")
    np.testing.assert_allclose(found["prediction"], model.predict(INPUTS))
    data = ray.data.from_pandas([ROWS.head(10), ROWS.tail(30)])
    table = mlflow.pyfunc.ray_map(data, two, params={"add": 1}).to_pandas()
    assert sorted(table["sum"]) == (ROWS.a + 1).tolist()
    assert os.getpid() not in set(table["process"])
