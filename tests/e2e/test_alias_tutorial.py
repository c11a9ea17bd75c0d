"""The tutorial on aliases, as far as it goes without the model registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlflow import MlflowClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_registry_says_that_it_is_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client is made as the tutorial makes it; each step of the registry names the page."""
    monkeypatch.chdir(tmp_path)
    client: Any = MlflowClient()  # its unbuilt methods have no types
    name, alias = "sk-learn-random-forest-reg-model", "my_fancy_production_model"
    steps: tuple[Callable[[], Any], ...] = (
        lambda: client.get_latest_versions(name)[0].run_id,
        lambda: client.get_registered_model(name),
        lambda: client.create_model_version(name, "runs:/0/sklearn-model", "0"),
        lambda: client.set_registered_model_alias(name, alias, "1"),
        lambda: client.get_model_version_by_alias(name, alias),
    )
    for step in steps:
        with pytest.raises(NotImplementedError, match=r"COMPATIBILITY\.md"):
            step()
    assert list(tmp_path.iterdir()) == []
