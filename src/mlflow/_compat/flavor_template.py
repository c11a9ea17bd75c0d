"""What flavors outside this package are written with: upstream's private helpers, by ours.

Third-party flavors copy one template; it imports these names from ``mlflow.utils.*``.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.models import yamlfile
from mlflow.models.environment import (
    MLFLOW_LINE,
    REQUIREMENTS_FILE,
    Environment,
    make_environment,
    pinned,
)
from mlflow.models.example import Example, make_example
from mlflow.models.location import MLMODEL_FILE
from mlflow.models.model import Model
from mlflow.models.saving import copy_into, prepare_folder
from mlflow.pyfunc.load import add_code

if TYPE_CHECKING:
    from typing_extensions import Self

_Processed = tuple[dict[str, Any], list[str], list[str]]


def mlflow_conda_env(
    path: str | None = None,
    additional_conda_deps: list[str] | None = None,
    additional_pip_deps: list[str] | None = None,
    additional_conda_channels: list[str] | None = None,
    install_mlflow: bool = True,
) -> dict[str, Any] | None:
    """Return a conda environment for this interpreter, or write it to a file."""
    lines = [*([MLFLOW_LINE] if install_mlflow else []), *(additional_pip_deps or [])]
    environment = {
        "name": "mlflow-env",
        "channels": ["conda-forge", *(additional_conda_channels or [])],
        "dependencies": [
            f"python={platform.python_version()}",
            *(additional_conda_deps or []),
            "pip",
            {"pip": lines},
        ],
    }
    if path is None:
        return environment
    yamlfile.save(Path(path), environment)
    return None


def process_conda_env(conda_env: Any) -> _Processed:
    """Return a conda environment, its pip requirements and its constraints."""
    return _parts(make_environment(inferred=None, conda_env=conda_env))


def process_pip_requirements(
    default_pip_requirements: list[str] | None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
) -> _Processed:
    """Return the conda environment, requirements and constraints of a model."""
    return _parts(
        make_environment(
            inferred=tuple(default_pip_requirements or ()),
            pip_requirements=pip_requirements,
            extra_pip_requirements=extra_pip_requirements,
        )
    )


def _parts(environment: Environment) -> _Processed:
    return (
        environment.conda_env(),
        list(environment.requirements),
        list(environment.constraints),
    )


class PythonEnv:
    """The Python version and build tools of an environment, as ``python_env.yaml`` has them."""

    def __init__(
        self,
        python: str | None = None,
        build_dependencies: list[str] | None = None,
        dependencies: list[str] | None = None,
    ) -> None:
        self.python = python or platform.python_version()
        self.build_dependencies = build_dependencies or []
        self.dependencies = dependencies or []

    @classmethod
    def current(cls) -> Self:
        """Return the environment of this interpreter."""
        tools = [pinned(tool) for tool in ("pip", "setuptools", "wheel")]
        return cls(None, tools, [f"-r {REQUIREMENTS_FILE}"])

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name."""
        return {
            "python": self.python,
            "build_dependencies": self.build_dependencies,
            "dependencies": self.dependencies,
        }

    def to_yaml(self, path: str) -> None:
        """Write the file."""
        yamlfile.save(Path(path), self.to_dict(), sort_keys=False)


def get_pinned_requirement(
    req_str: str, version: str | None = None, module: str | None = None
) -> str:
    """Return a requirement for the installed version, or for the one given."""
    if version is not None:
        return f"{req_str}=={version}"
    found = pinned(req_str)
    return found if found != req_str or module is None else pinned(module)


def validate_and_copy_code_paths(
    code_paths: list[str] | None, path: str, default_subpath: str = "code"
) -> str | None:
    """Copy code into a model's folder; return the folder's name for it."""
    return default_subpath if copy_into(Path(path), default_subpath, code_paths) else None


def prepare_target_save_path(path: str) -> None:
    """Make an empty folder for a model, or refuse one with files."""
    prepare_folder(path)


def get_flavor_configuration(model_path: str, flavor_name: str) -> dict[str, Any]:
    """Return a flavor's settings in a model's folder."""
    file = Path(model_path, MLMODEL_FILE)
    if not file.exists():
        raise MlflowException(
            f"There is no {MLMODEL_FILE} in {model_path!r}.", RESOURCE_DOES_NOT_EXIST
        )
    settings: dict[str, Any] | None = Model.load(file).flavors.get(flavor_name)
    if settings is None:
        raise MlflowException(
            f'Model does not have the "{flavor_name}" flavor', RESOURCE_DOES_NOT_EXIST
        )
    return settings


def add_code_from_conf(local_path: str, conf: dict[str, Any], code_key: str = "code") -> None:
    """Make the code that a model brings importable."""
    add_code(Path(local_path), {"code": conf.get(code_key)})


def save_example(mlflow_model: Model, input_example: Any, path: str) -> Example | None:
    """Write an input example into a model's folder and note it in the model."""
    if input_example is None:
        return None
    example = make_example(input_example)
    example.save(Path(path))
    mlflow_model.saved_input_example_info = example.info()
    return example
