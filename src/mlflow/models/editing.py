"""Changes of a model that is logged already, sent back to where its files are kept."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

from packaging.requirements import InvalidRequirement, Requirement

from mlflow.exceptions import MlflowException
from mlflow.models import yamlfile
from mlflow.models.changing import change_files
from mlflow.models.environment import (
    CONDA_FILE,
    REQUIREMENTS_FILE,
    conda_with_pip,
    requirement_name,
)
from mlflow.models.location import MLMODEL_FILE
from mlflow.models.model import Model
from mlflow.models.signature import ModelSignature

if TYPE_CHECKING:
    from pathlib import Path

_logger = logging.getLogger(__name__)


def set_signature(model_uri: str, signature: ModelSignature) -> None:
    """Replace a model's signature where its MLmodel file is kept.

    Args:
        model_uri: The model.
        signature: The new signature.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for something that is not a signature; whatever
            ``change_files`` raises. Nothing is changed then.
    """
    if not isinstance(signature, ModelSignature):
        raise MlflowException.invalid_parameter_value(
            f"signature must be a ModelSignature, got {type(signature).__name__}"
        )

    def change(folder: Path) -> dict[str, str]:
        model = Model.load(folder / MLMODEL_FILE)
        model.signature = signature
        return {MLMODEL_FILE: model.to_yaml()}

    change_files(model_uri, (MLMODEL_FILE,), change)


def update_model_requirements(
    model_uri: str, operation: Literal["add", "remove"], requirement_list: list[str]
) -> None:
    """Add or remove requirements of a model, in requirements.txt and conda.yaml.

    Args:
        model_uri: The model.
        operation: ``add`` replaces lines that name the same distribution; ``remove`` takes lines
            away by the distribution's name.
        requirement_list: The requirements.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for another operation or a line that is no
            requirement; whatever ``change_files`` raises. Nothing is changed then.
    """
    if operation not in ("add", "remove"):
        raise MlflowException.invalid_parameter_value(
            f"The operation is 'add' or 'remove', not {operation!r}"
        )
    _check(requirement_list)

    def change(folder: Path) -> dict[str, str]:
        text = (folder / REQUIREMENTS_FILE).read_text("utf-8")
        lines = _changed(text.splitlines(), operation, requirement_list)
        conda = conda_with_pip(yamlfile.load(folder / CONDA_FILE), lines)
        return {REQUIREMENTS_FILE: "\n".join(lines), CONDA_FILE: yamlfile.dump(conda)}

    change_files(model_uri, (REQUIREMENTS_FILE, CONDA_FILE), change)


def _check(lines: list[str]) -> None:
    wrong: dict[str, str] = {}
    for line in lines:
        try:
            Requirement(line)
        except InvalidRequirement as error:  # noqa: PERF203 - all wrong ones are named
            wrong[line] = str(error)
    if wrong:
        raise MlflowException.invalid_parameter_value(f"Found invalid requirements: {wrong}")


def _changed(lines: list[str], operation: str, given: list[str]) -> list[str]:
    named = {requirement_name(line): line for line in given}
    have = {requirement_name(line) for line in lines}
    if operation == "remove":
        for name in named.keys() - have:
            _logger.warning('"%s" not found in requirements, ignoring', name)
        return [line for line in lines if requirement_name(line) not in named]
    kept = [named.get(requirement_name(line), line) for line in lines]
    return [*kept, *(line for name, line in named.items() if name not in have)]
