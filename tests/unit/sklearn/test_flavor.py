"""The scikit-learn flavor: save, load, log, formats, and what is refused."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

import mlflow
from mlflow._core.uri import local_path
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature, yamlfile
from mlflow.models.choke import Origin, reading_from
from mlflow.types.schema import DataType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

X, Y = load_iris(return_X_y=True, as_frame=True)
MODEL = LogisticRegression(max_iter=1000).fit(X, Y)
FOREST = RandomForestClassifier(3).fit(X, Y)


class Foreign(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """An estimator that nobody vouches for."""


FOREIGN = Foreign(max_iter=1000).fit(X, Y)
NAME = f"{__name__}.Foreign"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Work on a fresh store in a fresh directory."""
    monkeypatch.chdir(tmp_path)
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else ""
    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("models")
    yield uri
    while mlflow.active_run():
        mlflow.end_run()
    mlflow.set_tracking_uri(before)


@pytest.mark.parametrize(
    ("format_name", "file"),
    [
        (None, "model.skops"),
        ("skops", "model.skops"),
        ("pickle", "model.pkl"),
        ("cloudpickle", "model.pkl"),
    ],
)
def test_every_format_comes_back(tmp_path: Path, format_name: str | None, file: str) -> None:
    """The folder has upstream's file names and settings, and loads as what it was."""
    path = tmp_path / "m"
    mlflow.sklearn.save_model(MODEL, path, serialization_format=format_name)
    conf = Model.load(path).flavors
    assert conf["sklearn"] == {
        "code": None,
        "pickled_model": file,
        "serialization_format": format_name or "skops",
        "sklearn_version": conf["sklearn"]["sklearn_version"],
        "skops_trusted_types": None,
    }
    assert conf["python_function"]["loader_module"] == "mlflow.sklearn"
    assert conf["python_function"]["model_path"] == file
    assert (path / file).is_file()
    loaded = mlflow.sklearn.load_model(str(path))
    np.testing.assert_array_equal(loaded.predict(X), MODEL.predict(X))
    function = mlflow.pyfunc.load_model(str(path))
    np.testing.assert_array_equal(function.predict(X), MODEL.predict(X))
    lines = (path / "requirements.txt").read_text().splitlines()
    expected = {None: "skops", "skops": "skops", "cloudpickle": "cloudpickle"}.get(format_name)
    assert any(line.startswith(f"{expected}==") for line in lines) is (expected is not None)


@pytest.mark.parametrize("format_name", [None, "skops"])
def test_trees_are_saved_safely_with_no_further_argument(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    format_name: Any,
) -> None:
    """A forest is a skops file, without a warning, and loads where code is denied."""
    mlflow.sklearn.save_model(FOREST, tmp_path / "m", serialization_format=format_name)
    assert not caplog.records
    conf = Model.load(tmp_path / "m").flavors["sklearn"]
    assert conf["serialization_format"] == "skops"
    assert conf["skops_trusted_types"] == ["sklearn.tree._tree.Tree"]
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for load in (mlflow.sklearn.load_model, mlflow.pyfunc.load_model):
        np.testing.assert_array_equal(load(str(tmp_path / "m")).predict(X), FOREST.predict(X))


def test_unknown_types_fall_back_to_cloudpickle_with_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A model that nobody vouches for is saved all the same, and the log says how."""
    with caplog.at_level(logging.WARNING):
        mlflow.sklearn.save_model(FOREIGN, tmp_path / "m")
    warned = [record for record in caplog.records if "cloudpickle" in record.message]
    assert len(warned) == 1
    assert NAME in warned[0].message
    conf = Model.load(tmp_path / "m").flavors["sklearn"]
    assert conf["serialization_format"] == "cloudpickle"
    assert not (tmp_path / "m" / "model.skops").exists()
    loaded = mlflow.sklearn.load_model(str(tmp_path / "m"))
    np.testing.assert_array_equal(loaded.predict(X), FOREIGN.predict(X))


def test_skops_on_request_names_what_it_does_not_trust(tmp_path: Path) -> None:
    """With skops asked for, untrusted types are an error; listed, they are written."""
    with pytest.raises(MlflowException, match="Foreign") as caught:
        mlflow.sklearn.save_model(FOREIGN, tmp_path / "a", serialization_format="skops")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    mlflow.sklearn.save_model(FOREIGN, tmp_path / "b", skops_trusted_types=[NAME])
    conf = Model.load(tmp_path / "b").flavors["sklearn"]
    assert conf["serialization_format"] == "skops"
    assert conf["skops_trusted_types"] == [NAME]
    loaded = mlflow.sklearn.load_model(str(tmp_path / "b"))
    np.testing.assert_array_equal(loaded.predict(X), FOREIGN.predict(X))


def test_the_trust_list_in_the_folder_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file with untrusted types is refused by the policy, whatever its own MLmodel trusts."""
    mlflow.sklearn.save_model(FOREIGN, tmp_path / "m", skops_trusted_types=[NAME])
    with reading_from(Origin.REMOTE), pytest.raises(MlflowException, match="Foreign"):
        mlflow.sklearn._load_pyfunc(str(tmp_path / "m"))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="Foreign"):
        mlflow.sklearn.load_model(str(tmp_path / "m"))


@pytest.mark.parametrize("format_name", ["pickle", "cloudpickle"])
def test_the_deny_switch_holds_for_both_ways_to_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str
) -> None:
    """With the switch off, no pickle is read, by neither ``load_model``; skops is."""
    mlflow.sklearn.save_model(MODEL, tmp_path / "p", serialization_format=format_name)
    mlflow.sklearn.save_model(MODEL, tmp_path / "s")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for load in (mlflow.sklearn.load_model, mlflow.pyfunc.load_model):
        with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
            load(str(tmp_path / "p"))
        load(str(tmp_path / "s"))


def test_the_example_gives_a_signature(tmp_path: Path) -> None:
    """The signature is inferred from the example and the model's own prediction of it."""
    mlflow.sklearn.save_model(MODEL, tmp_path / "m", input_example=X.head(2))
    signature = Model.load(tmp_path / "m").signature
    assert signature is not None
    assert signature.inputs is not None
    assert signature.inputs.input_names() == list(X.columns)
    assert signature.outputs is not None
    assert signature.outputs.input_types() == [DataType.long]
    plain = LogisticRegression(max_iter=1000).fit(X.to_numpy(), Y)
    mlflow.sklearn.save_model(plain, tmp_path / "n", input_example=X.to_numpy()[:2])
    signature = Model.load(tmp_path / "n").signature
    assert signature is not None
    assert signature.outputs is not None
    assert signature.outputs.is_tensor_spec()
    mlflow.sklearn.save_model(MODEL, tmp_path / "o", input_example=X.head(2), signature=False)
    assert Model.load(tmp_path / "o").signature is None


def test_a_model_that_cannot_predict_its_example_is_saved(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An example that the model refuses costs the signature, not the model."""
    mlflow.sklearn.save_model(MODEL, tmp_path / "m", input_example=X.iloc[:1, :2])
    assert Model.load(tmp_path / "m").signature is None
    assert "signature" in caplog.text
    assert (tmp_path / "m" / "input_example.json").is_file()


def test_another_function_can_predict(tmp_path: Path) -> None:
    """``pyfunc_predict_fn`` chooses the estimator's function."""
    mlflow.sklearn.save_model(MODEL, tmp_path / "m", pyfunc_predict_fn="predict_proba")
    function = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    np.testing.assert_array_equal(function.predict(X), MODEL.predict_proba(X))


def test_an_object_without_the_function_has_no_python_function(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the function there is no python_function flavor, and a warning says so."""
    mlflow.sklearn.save_model(MODEL, tmp_path / "m", pyfunc_predict_fn="nope")
    assert list(Model.load(tmp_path / "m").flavors) == ["sklearn"]
    assert "nope" in caplog.text
    with pytest.raises(MlflowException, match="python_function"):
        mlflow.pyfunc.load_model(str(tmp_path / "m"))


def test_code_and_files_are_copied(tmp_path: Path) -> None:
    """Code paths and extra files are in the folder and named in MLmodel."""
    package = tmp_path / "own_package_of_the_test"
    package.mkdir()
    (package / "__init__.py").write_text("VALUE = 1\n")
    (tmp_path / "extra.txt").write_text("hello")
    mlflow.sklearn.save_model(
        MODEL, tmp_path / "m", code_paths=[str(package)], extra_files=[str(tmp_path / "extra.txt")]
    )
    conf = Model.load(tmp_path / "m").flavors
    assert conf["python_function"]["code"] == "code"
    assert conf["sklearn"]["code"] == "code"
    assert conf["sklearn"]["extra_files"] == [{"path": "extra_files/extra.txt"}]
    assert (tmp_path / "m" / "code" / package.name / "__init__.py").is_file()
    assert (tmp_path / "m" / "extra_files" / "extra.txt").read_text() == "hello"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"serialization_format": "zz"}, MlflowException),
        ({"pip_requirements": ["a"], "extra_pip_requirements": ["b"]}, ValueError),
        ({"signature": 3}, MlflowException),
        ({"code_paths": "not-a-list"}, TypeError),
    ],
)
def test_bad_arguments_are_refused(
    tmp_path: Path, arguments: dict[str, Any], error: type[Exception]
) -> None:
    """Unknown formats and contradicting arguments are errors."""
    with pytest.raises(error):
        mlflow.sklearn.save_model(MODEL, tmp_path / "m", **arguments)


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    """Saving into a folder with files is RESOURCE_ALREADY_EXISTS."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(MlflowException) as caught:
        mlflow.sklearn.save_model(MODEL, tmp_path)
    assert caught.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_a_path_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """An MLmodel that names a file outside its folder is an error."""
    path = tmp_path / "m"
    mlflow.sklearn.save_model(MODEL, path, serialization_format="pickle")
    (tmp_path / "outside.pkl").write_bytes((path / "model.pkl").read_bytes())
    text = (path / "MLmodel").read_text().replace("model.pkl", "../outside.pkl")
    (path / "MLmodel").write_text(text)
    with pytest.raises(MlflowException, match="outside its folder"):
        mlflow.sklearn.load_model(str(path))


def test_a_damaged_file_is_an_error_of_ours(tmp_path: Path) -> None:
    """A truncated skops file is an MlflowException that names the file."""
    path = tmp_path / "m"
    mlflow.sklearn.save_model(MODEL, path)
    (path / "model.skops").write_bytes((path / "model.skops").read_bytes()[:200])
    with pytest.raises(MlflowException, match=r"model\.skops"):
        mlflow.sklearn.load_model(str(path))


def test_the_defaults_are_public() -> None:
    """The default requirements are pinned, and the conda environment holds them."""
    assert [line.partition("==")[0] for line in mlflow.sklearn.get_default_pip_requirements()] == [
        "scikit-learn"
    ]
    lines = mlflow.sklearn.get_default_pip_requirements(include_skops=True)
    assert lines[1].startswith("skops==")
    conda = mlflow.sklearn.get_default_conda_env(include_cloudpickle=True)
    assert conda["dependencies"][-1]["pip"][2].startswith("cloudpickle==")
    with pytest.raises(NotImplementedError, match="COMPATIBILITY"):
        mlflow.sklearn.write_to()


def test_logging_makes_a_ready_model_of_the_run(store: str) -> None:
    """The model is READY, an output of the run, and loads by each of its URIs."""
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(
            MODEL,
            name="iris",
            input_example=X.head(2),
            params={"p": 1},
            tags={"t": "v"},
            step=3,
            metadata={"k": 1},
            model_type="classifier",
        )
    client = mlflow.MlflowClient()
    model = client.get_logged_model(str(info.model_id))
    assert model.status.name == "READY"
    assert (model.name, model.model_type) == ("iris", "classifier")
    assert model.source_run_id == run.info.run_id
    assert model.params == {"p": "1"}
    assert model.tags["t"] == "v"
    assert "mlflow.user" in model.tags
    outputs = client.get_run(run.info.run_id).outputs.model_outputs
    assert [(output.model_id, output.step) for output in outputs] == [(info.model_id, 3)]
    listed = [file.path for file in client.list_artifacts(run.info.run_id, "iris")]
    assert "iris/MLmodel" in listed
    assert info.model_uri == f"models:/{info.model_id}"
    assert info.metadata == {"k": 1}
    for uri in (info.model_uri, f"runs:/{run.info.run_id}/iris", model.artifact_location):
        loaded = mlflow.pyfunc.load_model(uri)
        assert loaded.model_id == info.model_id
        np.testing.assert_array_equal(loaded.predict(X), MODEL.predict(X))
    written = yamlfile.load(local_path(model.artifact_location) / "MLmodel")
    assert written["model_uuid"] == written["model_id"] == info.model_id
    assert written["run_id"] == run.info.run_id
    assert written["artifact_path"] == model.artifact_location


def test_logging_needs_no_run(store: str) -> None:
    """Without an active run the model has none, and none is started."""
    info = mlflow.sklearn.log_model(MODEL, name="alone")
    assert mlflow.active_run() is None
    assert info.run_id is None
    assert mlflow.MlflowClient().get_logged_model(str(info.model_id)).source_run_id is None


def test_a_model_that_cannot_be_saved_is_failed(store: str) -> None:
    """What goes wrong while saving is raised, and the logged model says FAILED."""
    with mlflow.start_run() as run, pytest.raises(MlflowException, match="Foreign"):
        mlflow.sklearn.log_model(FOREIGN, name="bad", serialization_format="skops")
    client = mlflow.MlflowClient()
    models = client.search_logged_models([run.info.experiment_id])
    assert [model.status.name for model in models] == ["FAILED"]
    assert client.get_run(run.info.run_id).outputs.model_outputs == []


@pytest.mark.parametrize("name", ["a/b", "a:b", "a.b", "a%b", 'a"b', "a'b"])
def test_names_that_urls_need_are_refused(store: str, name: str) -> None:
    """A name with a character that URIs need is INVALID_PARAMETER_VALUE, and nothing is made."""
    with pytest.raises(MlflowException, match="Invalid model name") as caught:
        mlflow.sklearn.log_model(MODEL, name=name)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_the_older_name_of_the_name(store: str, caplog: pytest.LogCaptureFixture) -> None:
    """``artifact_path`` gives the name with a warning; both together are refused."""
    info = mlflow.sklearn.log_model(MODEL, "older")
    assert info.name == "older"
    assert "artifact_path" in caplog.text
    with pytest.raises(MlflowException, match="Both"):
        mlflow.sklearn.log_model(MODEL, "a", name="b")


def test_models_that_do_not_exist(store: str, tmp_path: Path) -> None:
    """Each kind of URI of a model that is not there says so."""
    with mlflow.start_run() as run:
        pass
    for uri in (
        str(tmp_path / "nope"),
        f"models:/m-{'0' * 32}",
        f"runs:/{run.info.run_id}/nope",
        f"runs:/{'0' * 32}/m",
    ):
        for load in (mlflow.sklearn.load_model, mlflow.pyfunc.load_model):
            with pytest.raises(MlflowException) as caught:
                load(uri)
            assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST", uri
    with pytest.raises(MlflowException, match="Registered Model"):
        mlflow.pyfunc.load_model("models:/name/1")
    with pytest.raises(MlflowException, match="Not a proper runs"):
        mlflow.pyfunc.load_model("runs:/abc")


def test_the_signature_can_be_set_later(tmp_path: Path) -> None:
    """``set_signature`` changes MLmodel and nothing else."""
    path = tmp_path / "m"
    mlflow.sklearn.save_model(MODEL, path, input_example=X.head(1), signature=False)
    before = yamlfile.load(path / "MLmodel")
    signature = infer_signature(X, MODEL.predict(X))
    mlflow.models.set_signature(str(path), signature)
    after = yamlfile.load(path / "MLmodel")
    assert mlflow.models.get_model_info(str(path)).signature == signature
    assert json.loads(after.pop("signature")["inputs"])[0]["type"] == "double"
    new = {"is_signature_from_type_hint", "type_hint_from_example"}
    assert {key: value for key, value in after.items() if key not in new} == before
    with pytest.raises(MlflowException):
        mlflow.models.set_signature(str(path), {"inputs": None})  # type: ignore[arg-type]  # wrong
