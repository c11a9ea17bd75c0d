"""Manifests of logged models: noted before the files, merged, and found again, on every store."""

from __future__ import annotations

import pytest

from mlflow.exceptions import MlflowException
from mlflow.store.entities.model_manifest import ManifestFile, ModelManifest
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

A, B = ManifestFile(1, "a" * 64), ManifestFile(2**40, "b" * 64)


def test_files_are_added_and_replaced(store: SqlAlchemyStore) -> None:
    """What is noted later joins what was noted before; a model without a manifest has no files."""
    model_id = store.create_logged_model("0").model_id
    assert store.get_model_manifest(model_id) == ModelManifest()
    store.log_model_manifest(model_id, ModelManifest({"MLmodel": A, "ü/x y": A}))
    store.log_model_manifest(model_id, ModelManifest({"MLmodel": B}))
    found = store.get_model_manifest(model_id)
    assert found == ModelManifest({"ü/x y": A, "MLmodel": B})
    assert found.digest == ModelManifest({"MLmodel": B, "ü/x y": A}).digest
    store.delete_logged_model(model_id)
    assert store.get_model_manifest(model_id) == found


def test_an_unknown_model_has_no_manifest(store: SqlAlchemyStore) -> None:
    """Neither can be done with an id that nothing has."""
    for call in (
        lambda: store.log_model_manifest("m-0", ModelManifest()),
        lambda: store.get_model_manifest("m-0"),
    ):
        with pytest.raises(MlflowException) as caught:
            call()
        assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"files": 1}', '{"files": {"a": 1}}', '{"files": {"a": [1]}}'),
        *(
            f'{{"files": {{"{path}": [1, "{"a" * 64}"]}}}}'
            for path in ("", "/a", "../a", "a/", "C:x")
        ),
        *(
            f'{{"files": {{"a": [{size}, "{"a" * 64}"]}}}}'
            for size in ("-1", "1.5", "true", "null")
        ),
        *(f'{{"files": {{"a": [1, "{digest}"]}}}}' for digest in ("", "A" * 64, "a" * 63)),
        "[" * 100_000,
    ],
)
def test_what_is_no_manifest_is_refused(text: str) -> None:
    """Paths that leave the model, sizes and digests that are none, and other JSON are errors."""
    with pytest.raises(MlflowException) as caught:
        ModelManifest.from_json(text)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
