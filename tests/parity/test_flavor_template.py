"""A flavor written from the template that third-party packages copy runs in upstream and here."""

from __future__ import annotations

import pytest

from tests.parity.upstream import our_python, run_script, upstream_python

FLAVOR = """
import os, pickle, yaml
import mlflow
from mlflow import pyfunc
from mlflow.exceptions import MlflowException
from mlflow.models import Model
from mlflow.models.model import MLMODEL_FILE_NAME
from mlflow.models.utils import _save_example
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, ErrorCode
from mlflow.tracking.artifact_utils import _download_artifact_from_uri
from mlflow.utils.environment import (
    _CONDA_ENV_FILE_NAME, _CONSTRAINTS_FILE_NAME, _PYTHON_ENV_FILE_NAME, _REQUIREMENTS_FILE_NAME,
    _mlflow_conda_env, _process_conda_env, _process_pip_requirements, _PythonEnv,
    _validate_env_arguments,
)
from mlflow.utils.file_utils import TempDir, write_to
from mlflow.utils.model_utils import (
    _add_code_from_conf_to_system_path, _get_flavor_configuration, _validate_and_copy_code_paths,
    _validate_and_prepare_target_save_path,
)
from mlflow.utils.requirements_utils import _get_pinned_requirement

FLAVOR_NAME = "acme"

def get_default_pip_requirements():
    return [_get_pinned_requirement("numpy")]

def get_default_conda_env():
    return _mlflow_conda_env(additional_pip_deps=get_default_pip_requirements())

def save_model(model, path, conda_env=None, code_paths=None, mlflow_model=None, signature=None,
               input_example=None, pip_requirements=None, extra_pip_requirements=None):
    _validate_env_arguments(conda_env, pip_requirements, extra_pip_requirements)
    _validate_and_prepare_target_save_path(path)
    code_dir_subpath = _validate_and_copy_code_paths(code_paths, path)
    if mlflow_model is None:
        mlflow_model = Model()
    if signature is not None:
        mlflow_model.signature = signature
    if input_example is not None:
        _save_example(mlflow_model, input_example, path)
    with open(os.path.join(path, "model.pkl"), "wb") as f:
        pickle.dump(model, f)
    mlflow_model.add_flavor(FLAVOR_NAME, version="1", code=code_dir_subpath)
    pyfunc.add_to_model(
        mlflow_model, loader_module="acme_flavor", model_path="model.pkl",
        conda_env=_CONDA_ENV_FILE_NAME, python_env=_PYTHON_ENV_FILE_NAME, code=code_dir_subpath,
    )
    mlflow_model.save(os.path.join(path, MLMODEL_FILE_NAME))
    if conda_env is None:
        conda_env, requirements, constraints = _process_pip_requirements(
            get_default_pip_requirements() if pip_requirements is None else None,
            pip_requirements, extra_pip_requirements)
    else:
        conda_env, requirements, constraints = _process_conda_env(conda_env)
    with open(os.path.join(path, _CONDA_ENV_FILE_NAME), "w") as f:
        yaml.safe_dump(conda_env, stream=f, default_flow_style=False)
    if constraints:
        write_to(os.path.join(path, _CONSTRAINTS_FILE_NAME), "\\n".join(constraints))
    write_to(os.path.join(path, _REQUIREMENTS_FILE_NAME), "\\n".join(requirements))
    _PythonEnv.current().to_yaml(os.path.join(path, _PYTHON_ENV_FILE_NAME))

def log_model(model, name, **kwargs):
    return Model.log(artifact_path=None, name=name, flavor=__import__("acme_flavor"), model=model,
                     **kwargs)

def load_model(model_uri, dst_path=None):
    local = _download_artifact_from_uri(artifact_uri=model_uri, output_path=dst_path)
    configuration = _get_flavor_configuration(model_path=local, flavor_name=FLAVOR_NAME)
    _add_code_from_conf_to_system_path(local, configuration)
    with open(os.path.join(local, "model.pkl"), "rb") as f:
        return pickle.load(f)

class _Wrapper:
    def __init__(self, model):
        self.model = model
    def predict(self, data, params=None):
        return [self.model["factor"] * value for value in data["x"]]

def _load_pyfunc(path):
    with open(os.path.join(path, "model.pkl") if os.path.isdir(path) else path, "rb") as f:
        return _Wrapper(pickle.load(f))
"""

SCRIPT = """
import os, sys, pathlib

def main(flavor_source):
    import pandas as pd
    pathlib.Path("acme_flavor.py").write_text(flavor_source)
    sys.path.insert(0, os.getcwd())
    import acme_flavor, mlflow
    from mlflow.protos.databricks_pb2 import ErrorCode
    from mlflow.utils.file_utils import TempDir
    mlflow.set_tracking_uri("sqlite:///store.db")
    frame = pd.DataFrame({"x": [1, 2]})
    acme_flavor.save_model({"factor": 2}, "saved", input_example=frame)
    try:
        acme_flavor.save_model({"factor": 2}, "saved")
        again = "saved twice"
    except mlflow.exceptions.MlflowException as error:
        again = error.error_code
    with mlflow.start_run():
        info = acme_flavor.log_model({"factor": 3}, "logged", pip_requirements=["numpy"])
    with TempDir() as tmp:
        inside = os.path.isdir(tmp.path()) and tmp.path("a", "b").endswith("a/b")
    environment = acme_flavor.get_default_conda_env()
    return {
        "files": sorted(os.listdir("saved")),
        "flavors": sorted(mlflow.models.Model.load("saved").flavors),
        "example": mlflow.models.Model.load("saved").saved_input_example_info,
        "requirements": pathlib.Path("saved/requirements.txt").read_text(),
        "again": again,
        "loaded": acme_flavor.load_model("saved"),
        "logged": acme_flavor.load_model(info.model_uri),
        "predicted": [
            list(mlflow.pyfunc.load_model(uri).predict(frame)) for uri in ("saved", info.model_uri)
        ],
        "environment": [
            environment["name"], environment["channels"], len(environment["dependencies"])
        ],
        "codes": [ErrorCode.Name(1000), ErrorCode.Value("INTERNAL_ERROR")],
        "inside": inside,
    }
"""


@pytest.fixture(scope="module")
def upstream() -> str:
    """Find upstream, or skip."""
    return upstream_python()


def test_a_third_party_flavor_runs_unchanged(upstream: str) -> None:
    """Saving, logging, loading and predicting give the same in both."""
    theirs = run_script(upstream, SCRIPT, FLAVOR)
    ours = run_script(our_python(), SCRIPT, FLAVOR)
    numpy = next(line for line in theirs["requirements"].splitlines() if "numpy" in line)
    own = next(line for line in ours["requirements"].splitlines() if "numpy" in line)
    theirs["requirements"] = theirs["requirements"].replace(numpy, own)
    assert ours == theirs
