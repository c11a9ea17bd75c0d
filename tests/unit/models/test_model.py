"""The MLmodel file as an object: its keys, its text, what it keeps."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from mlflow.exceptions import MlflowException
from mlflow.models import Model, ModelSignature, infer_signature, yamlfile
from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema
from mlflow.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec("double", "a")]), params=ParamSchema([ParamSpec("t", "double", 0.5)])
)


def test_an_empty_model_has_these_keys() -> None:
    """Keys without a value are left out, but for the three that are always there."""
    model = Model()
    assert set(model.to_dict()) == {
        "utc_time_created",
        "flavors",
        "model_uuid",
        "mlflow_version",
        "prompts",
        "model_id",
    }
    assert model.mlflow_version == VERSION
    assert len(str(model.model_uuid)) == 32
    assert len(model.utc_time_created) == len("2026-01-01 00:00:00.000000")


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    """What is written is what is read, unknown keys and the signature included."""
    model = Model(run_id="r", artifact_path="p", signature=SIGNATURE, metadata={"k": [1]}, zz=3)
    model.add_flavor("python_function", loader_module="x", config={"a": 1})
    model.save(tmp_path / "MLmodel")
    for path in (tmp_path, tmp_path / "MLmodel", str(tmp_path), tmp_path.as_uri()):
        assert Model.load(path) == model
    written = yamlfile.load(tmp_path / "MLmodel")
    assert list(written) == sorted(written)
    assert written["is_signature_from_type_hint"] is False
    assert written["zz"] == 3
    assert "config" not in model.get_tags_dict()["flavors"]["python_function"]
    with pytest.raises(MlflowException) as caught:
        Model.load(tmp_path / "absent")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_an_mlmodel_never_makes_objects(tmp_path: Path) -> None:
    """A YAML tag of Python is an error, and nothing is run."""
    marker = tmp_path / "marker"
    (tmp_path / "MLmodel").write_text(f"flavors: !!python/object/apply:os.mkdir ['{marker}']\n")
    with pytest.raises(Exception, match="could not determine a constructor"):
        Model.load(tmp_path)
    assert not marker.exists()
    (tmp_path / "MLmodel").write_text("just text")
    with pytest.raises(MlflowException, match="no mapping"):
        Model.load(tmp_path)


def test_a_signature_is_shown_and_written() -> None:
    """The recorded repr and dictionary."""
    assert repr(SIGNATURE) == (
        "inputs: \n  ['a': double (required)]\noutputs: \n  None\n"
        "params: \n  ['t': double (default: 0.5)]\n"
    )
    assert ModelSignature.from_dict(SIGNATURE.to_dict()) == SIGNATURE
    with pytest.raises(ValueError, match="At least one"):
        ModelSignature()
    for part in ("inputs", "outputs", "params"):
        with pytest.raises(TypeError):
            ModelSignature(**{part: 1})  # type: ignore[arg-type]  # wrong on purpose


def test_integers_in_inferred_inputs_get_advice() -> None:
    """A signature with integer columns warns that missing values will not fit."""
    with pytest.warns(UserWarning, match="missing values"):
        infer_signature(pd.DataFrame({"a": [1]}))
    infer_signature(pd.DataFrame({"a": [1.0]}), [1])


def test_what_has_no_schema_is_any(caplog: pytest.LogCaptureFixture) -> None:
    """Data without a schema give the type that allows everything, and a warning says so."""
    with caplog.at_level(logging.WARNING):
        signature = infer_signature({1: 2})
    assert signature.inputs is not None
    assert signature.inputs.to_dict() == [{"type": "any", "required": True}]
    assert "Any" in caplog.text
