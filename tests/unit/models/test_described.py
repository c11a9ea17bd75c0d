"""What is said about a model besides its signature: resources, policies, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import Model, ResourceType, update_model_requirements, yamlfile
from mlflow.models import resources as kinds
from mlflow.models.auth_policy import AuthPolicy, SystemAuthPolicy, UserAuthPolicy

if TYPE_CHECKING:
    from pathlib import Path

ENDPOINT = kinds.DatabricksServingEndpoint(endpoint_name="e")
TABLE = kinds.DatabricksTable(table_name="t", on_behalf_of_user=True)


def _model(model_input: Any) -> Any:
    return model_input


def test_every_kind_of_resource_has_one_class() -> None:
    """A class says its kind, and reads back what it writes."""
    classes = kinds.DatabricksResource.__subclasses__()
    assert {cls._type for cls in classes} == set(ResourceType)
    for cls in classes:
        made = cls("n", True)
        [(kind, [members])] = made.to_dict().items()
        assert (kind, cls.from_dict(members)) == (made.type.value, made)


def test_resources_stand_in_the_file(tmp_path: Path) -> None:
    """A list and a YAML file of resources are written alike."""
    mlflow.pyfunc.save_model(tmp_path / "a", python_model=_model, resources=[ENDPOINT, TABLE])
    expected = {
        "api_version": "1",
        "databricks": {
            "serving_endpoint": [{"name": "e"}],
            "table": [{"name": "t", "on_behalf_of_user": True}],
        },
    }
    assert Model.load(tmp_path / "a").resources == expected
    yamlfile.save(tmp_path / "r.yaml", expected)
    mlflow.pyfunc.save_model(
        tmp_path / "b", python_model=_model, resources=str(tmp_path / "r.yaml")
    )
    assert Model.load(tmp_path / "b").resources == expected


@pytest.mark.parametrize("content", ["a: 1", "api_version: '1'\nx:\n  y: []", "[]"])
def test_a_bad_file_of_resources_is_an_error(tmp_path: Path, content: str) -> None:
    """Unknown systems, kinds and forms are refused before anything is written."""
    (tmp_path / "r.yaml").write_text(content)
    with pytest.raises(MlflowException):
        mlflow.pyfunc.save_model(
            tmp_path / "m", python_model=_model, resources=str(tmp_path / "r.yaml")
        )
    assert not (tmp_path / "m").exists()


def test_a_policy_stands_in_the_file(tmp_path: Path) -> None:
    """Both parts are written, an absent one as an empty mapping."""
    policy = AuthPolicy(UserAuthPolicy(["s"]), SystemAuthPolicy([ENDPOINT]))
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=_model, auth_policy=policy)
    assert Model.load(tmp_path / "m").auth_policy == policy.to_dict()
    assert AuthPolicy().to_dict() == {"system_auth_policy": {}, "user_auth_policy": {}}


def test_requirements_are_changed_in_both_files(tmp_path: Path) -> None:
    """Adding replaces the line of a distribution, removing goes by its name."""
    path = tmp_path / "m"
    mlflow.pyfunc.save_model(path, python_model=_model, pip_requirements=["a==1", "b>2"])
    update_model_requirements(str(path), "add", ["A==2", "c"])
    update_model_requirements(str(path), "remove", ["b", "unknown"])
    lines = (path / "requirements.txt").read_text().splitlines()
    assert lines[1:] == ["A==2", "c"]
    assert yamlfile.load(path / "conda.yaml")["dependencies"][-1] == {"pip": lines}
    for operation, line in (("add", "!!"), ("replace", "d")):
        with pytest.raises(MlflowException):
            update_model_requirements(str(path), operation, [line])  # type: ignore[arg-type]  # wrong on purpose
    assert (path / "requirements.txt").read_text().splitlines() == lines


def test_requirements_of_a_logged_model_are_sent_back(tmp_path: Path) -> None:
    """The files change where the model is kept, wherever that is."""
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/store.db")
    info = mlflow.pyfunc.log_model(name="m", python_model=_model, pip_requirements=["a"])
    update_model_requirements(info.model_uri, "add", ["z==1"])
    needs = mlflow.pyfunc.get_model_dependencies(info.model_uri)
    with open(needs) as file:  # noqa: PTH123 - a path as text
        assert file.read().splitlines()[1:] == ["a", "z==1"]
