"""Flavors with formats of their libraries: what their files may name, and what saving leaves."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import xgboost
from lightgbm import LGBMRanker, LGBMRegressor
from onnx import TensorProto, helper, numpy_helper

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 4)).astype("float32")
Y = (X[:, 0] > 0).astype(int)


def _edit(folder: Path, old: str, new: str) -> None:
    file = folder / "MLmodel"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


class OwnClassifier(xgboost.XGBClassifier):
    """A user's class."""


@pytest.mark.parametrize("name", ["xgboost.core.ctypes", "xgboost.DMatrix", "xgboost.absent.No"])
def test_a_models_class_is_a_class_of_models(tmp_path: Path, name: str) -> None:
    """What MLmodel names is neither any object of the library's nor anything else."""
    booster = xgboost.train({}, xgboost.DMatrix(X, Y), 1)
    mlflow.xgboost.save_model(booster, tmp_path / "m")
    _edit(tmp_path / "m", "xgboost.core.Booster", name)
    with pytest.raises(MlflowException, match="class"):
        mlflow.xgboost.load_model(tmp_path / "m")


def test_a_users_class_is_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class of another package loads where code may run, and is refused where not."""
    model = OwnClassifier(n_estimators=2).fit(X, Y)
    mlflow.xgboost.save_model(model, tmp_path / "m")
    loaded = mlflow.xgboost.load_model(tmp_path / "m")
    assert type(loaded) is OwnClassifier
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="OwnClassifier"):
        mlflow.xgboost.load_model(tmp_path / "m")


def test_what_nobody_vouches_for_is_pickled_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """LightGBM's estimators that skops does not hold are saved all the same, or refused."""
    model = LGBMRanker(n_estimators=2, verbose=-1).fit(X, Y, group=[len(Y)])
    mlflow.lightgbm.save_model(model, tmp_path / "a")
    assert "LGBMRanker" in caplog.text
    assert Model.load(tmp_path / "a").flavors["lightgbm"]["serialization_format"] == "cloudpickle"
    with pytest.raises(MlflowException, match="LGBMRanker"):
        mlflow.lightgbm.save_model(model, tmp_path / "b", serialization_format="skops")
    for estimator in (model, model.booster_):
        with pytest.raises(MlflowException, match="Unrecognized serialization format"):
            mlflow.lightgbm.save_model(estimator, tmp_path / "c", serialization_format="zz")


def test_a_trust_list_in_the_folder_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LightGBM's own types load where code is denied, whatever is listed beside them."""
    model = LGBMRegressor(n_estimators=2, verbose=-1).fit(X, Y)
    mlflow.lightgbm.save_model(model, tmp_path / "m")
    _edit(tmp_path / "m", "- lightgbm.basic.Booster", "- os.system")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    loaded = mlflow.lightgbm.load_model(tmp_path / "m")
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))
    (tmp_path / "m" / "model.skops").write_bytes(b"nothing")
    with pytest.raises(MlflowException, match="not a readable skops file"):
        mlflow.lightgbm.load_model(tmp_path / "m")


def _product(width: int) -> Any:
    ones = numpy_helper.from_array(np.ones((4, width), "f4"), "W")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "W"], ["out"])],
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 4])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [None, width])],
        [ones],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return model


def test_saving_leaves_the_users_tensors_where_they_are(tmp_path: Path) -> None:
    """Tensors go to a file of a known name, and the model in memory can be saved again."""
    model = _product(2000)
    before = model.SerializeToString(deterministic=True)
    mlflow.onnx.save_model(model, tmp_path / "m", input_example=X[:2])
    assert (tmp_path / "m" / "model.onnx.data").stat().st_size >= 4 * 2000 * 4
    restored = numpy_helper.to_array(model.graph.initializer[0])
    np.testing.assert_array_equal(restored, np.ones((4, 2000), "f4"))
    assert len(model.SerializeToString(deterministic=True)) >= len(before)
    mlflow.onnx.save_model(model, tmp_path / "n", save_as_external_data=False)
    for name in ("m", "n"):
        loaded = mlflow.onnx.load_model(tmp_path / name)
        assert loaded.graph.initializer[0].raw_data
        assert mlflow.pyfunc.load_model(str(tmp_path / name)).predict(X[:1])["out"].shape == (
            1,
            2000,
        )


def test_tensors_outside_the_folder_are_not_read(tmp_path: Path) -> None:
    """A graph whose tensors lie elsewhere on the disk loads in neither way."""
    mlflow.onnx.save_model(_product(2000), tmp_path / "m")
    (tmp_path / "m" / "model.onnx.data").rename(tmp_path / "secret")
    graph = onnx.load(tmp_path / "m" / "model.onnx", load_external_data=False)
    for entry in graph.graph.initializer[0].external_data:
        if entry.key == "location":
            entry.value = "../secret"
    (tmp_path / "m" / "model.onnx").write_bytes(graph.SerializeToString())
    for load in (mlflow.onnx.load_model, mlflow.pyfunc.load_model):
        with pytest.raises(Exception, match="outside|escapes"):
            load(str(tmp_path / "m"))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"zz": 1}, ValueError),
        ({"register_custom_ops_library": "evil.so"}, ValueError),
        ({"execution_mode": "zz"}, ValueError),
        ({"graph_optimization_level": 5}, ValueError),
        ({"extra_session_config": 1}, TypeError),
    ],
)
def test_session_options_are_checked(
    tmp_path: Path, options: dict[str, Any], error: type[Exception]
) -> None:
    """Unknown keys and values are errors before anything is written, and when they are read."""
    with pytest.raises(error):
        mlflow.onnx.save_model(_product(2), tmp_path / "m", onnx_session_options=options)
    assert not any((tmp_path / "m").iterdir())
    mlflow.onnx.save_model(_product(2), tmp_path / "n")
    _edit(tmp_path / "n", "onnx_session_options: null", f"onnx_session_options: {options}")
    with pytest.raises(error):
        mlflow.pyfunc.load_model(str(tmp_path / "n"))


def test_options_that_write_files_count_as_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where code is denied, MLmodel cannot have a session write a file anywhere."""
    target = tmp_path / "written"
    options = {"optimized_model_filepath": str(target)}
    mlflow.onnx.save_model(_product(2), tmp_path / "m", onnx_session_options=options)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="optimized_model_filepath"):
        mlflow.pyfunc.load_model(str(tmp_path / "m"))
    assert not target.exists()


def test_a_statsmodels_result_is_a_pickle_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its only format runs code: denied, it is refused and nothing is unpickled."""
    sm = pytest.importorskip("statsmodels.api")
    mlflow.statsmodels.save_model(sm.OLS(Y, X).fit(), tmp_path / "m")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    monkeypatch.setattr(pickle, "load", lambda _: pytest.fail("unpickled"))
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        mlflow.statsmodels.load_model(tmp_path / "m")
