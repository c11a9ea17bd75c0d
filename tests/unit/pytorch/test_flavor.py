"""PyTorch models: formats, evaluation mode, devices, what is refused."""

from __future__ import annotations

import json
import logging
import os
import re
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature

if TYPE_CHECKING:
    from pathlib import Path

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
X = np.arange(12, dtype=np.float32).reshape(4, 3)


def _net() -> Any:
    """Return a module whose output depends on the mode, after a few steps."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Dropout(0.9))
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    for _ in range(3):
        optimizer.zero_grad()
        net(torch.tensor(X)).pow(2).mean().backward()
        optimizer.step()
    return net


class _Branching(torch.nn.Module):  # type: ignore[name-defined, misc]  # torch has no types here
    """A module whose path depends on the data: it cannot be traced."""

    def forward(self, data: Any) -> Any:
        """Return the data, or nothing of them."""
        return data if data.sum() > 0 else data * 0


class _Bomb:
    """What makes a folder when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = str(marker)

    def __reduce__(self) -> Any:
        return os.mkdir, (self.marker,)


def test_a_model_with_arrays_as_example_is_traced(tmp_path: Path) -> None:
    """The graph takes any number of rows, also when it was traced with one."""
    net = _net()
    mlflow.pytorch.save_model(net, tmp_path / "m", input_example=X[:1])
    assert (tmp_path / "m/data/model.pt2").is_file()
    assert net.training
    expected = net.eval()(torch.tensor(X)).detach().numpy()
    loaded = mlflow.pytorch.load_model(tmp_path / "m")
    np.testing.assert_allclose(loaded(torch.tensor(X)).detach().numpy(), expected, rtol=1e-5)
    function = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    np.testing.assert_allclose(function.predict(X), expected, rtol=1e-5)


def test_a_tensor_is_an_example_too(tmp_path: Path) -> None:
    """It is written as an array, and the signature is inferred from it."""
    mlflow.pytorch.save_model(_net(), tmp_path / "m", input_example=torch.tensor(X))
    meta = Model.load(tmp_path / "m")
    assert meta.signature is not None
    assert meta.signature.inputs.is_tensor_spec()  # type: ignore[union-attr]  # it has inputs
    np.testing.assert_array_equal(meta.load_input_example(str(tmp_path / "m")), X)


def test_a_model_without_example_is_pickled(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning says so."""
    with caplog.at_level(logging.WARNING):
        mlflow.pytorch.save_model(_net(), tmp_path / "m")
    assert (tmp_path / "m/data/model.pth").is_file()
    assert [record.name for record in caplog.records] == ["mlflow.pytorch.flavor"]
    assert not mlflow.pytorch.load_model(tmp_path / "m").training


def test_a_model_that_cannot_be_traced_is_pickled(tmp_path: Path) -> None:
    """Only an explicit format makes the failure an error."""
    mlflow.pytorch.save_model(_Branching(), tmp_path / "m", input_example=X)
    assert (tmp_path / "m/data/model.pth").is_file()
    with pytest.raises(Exception, match="data"):
        mlflow.pytorch.save_model(
            _Branching(), tmp_path / "n", input_example=X, serialization_format="pt2"
        )


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"serialization_format": "zip"}, MlflowException),
        ({"serialization_format": "pt2"}, MlflowException),
        ({"serialization_format": "pickle", "export_model": True}, MlflowException),
        ({"pytorch_model": {}}, TypeError),
    ],
)
def test_contradictions_are_errors(
    tmp_path: Path, options: dict[str, Any], error: type[Exception]
) -> None:
    """An unknown format, a graph without example, two formats, no module."""
    with pytest.raises(error):
        mlflow.pytorch.save_model(**{"pytorch_model": _net(), "path": tmp_path / "m", **options})


def test_a_state_dictionary_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no permission to run code; anything else than a dictionary is refused."""
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    net = _net()
    mlflow.pytorch.save_state_dict(net.state_dict(), tmp_path / "s")
    loaded = mlflow.pytorch.load_state_dict(str(tmp_path / "s"))
    assert all(torch.equal(loaded[name], value) for name, value in net.state_dict().items())
    with pytest.raises(TypeError):
        mlflow.pytorch.save_state_dict(net, tmp_path / "t")


@pytest.mark.parametrize("name", ["data/model.pth", "data/model.pt2"])
def test_code_is_refused_where_the_policy_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Neither a pickle nor a graph that is one makes the marker."""
    example = X if name.endswith("pt2") else None
    mlflow.pytorch.save_model(_net(), tmp_path / "m", input_example=example)
    torch.save(_Bomb(tmp_path / "marker"), tmp_path / "m" / name)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for load in (mlflow.pytorch.load_model, mlflow.pyfunc.load_model):
        with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE"):
            load(str(tmp_path / "m"))
    assert not (tmp_path / "marker").exists()


def _with_text(path: Path, field: str, text: str) -> None:
    """Put a text where torch evaluates one: a size of the graph, or a guard."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in members if name.endswith("models/model.json"))
    graph = json.loads(members[name])
    if field == "guards_code":
        graph[field] = [f"{text} or True"]
        members[name] = json.dumps(graph).encode()
    else:
        size = r'"expr_str": "[^"]*"'
        members[name] = re.sub(size, f'"expr_str": "{text}"', json.dumps(graph)).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("field", ["expr_str", "guards_code"])
def test_the_text_of_a_graph_is_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    """An archive without any pickle runs what its JSON says; so every archive counts as code."""
    mlflow.pytorch.save_model(_net(), tmp_path / "m", input_example=X)
    marker = tmp_path / "marker"
    _with_text(tmp_path / "m/data/model.pt2", field, f"__import__('os').mkdir('{marker}')")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for load in (mlflow.pytorch.load_model, mlflow.pyfunc.load_model):
        with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE"):
            load(str(tmp_path / "m"))
    assert not marker.exists()
    monkeypatch.delenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION")
    with suppress(Exception):  # after its code ran: it is no graph
        mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(X)
    assert marker.exists()


def test_a_hostile_state_dictionary_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read without code first, and then the policy decides."""
    torch.save({"a": _Bomb(tmp_path / "marker")}, tmp_path / "state_dict.pth")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE"):
        mlflow.pytorch.load_state_dict(str(tmp_path))
    assert not (tmp_path / "marker").exists()


def test_the_device_is_chosen_at_load(tmp_path: Path) -> None:
    """The configuration says where; a call cannot."""
    mlflow.pytorch.save_model(
        _net(), tmp_path / "m", signature=infer_signature(X, X, {"device": "x"})
    )
    function = mlflow.pyfunc.load_model(str(tmp_path / "m"), model_config={"device": "cpu"})
    with pytest.raises(ValueError, match="model_config"):
        function.predict(X, params={"device": "cuda"})
