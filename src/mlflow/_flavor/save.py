"""Saving a model of one flavor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.models.saving import Dumped, SaveOptions, save_folder

if TYPE_CHECKING:
    import os

    from mlflow._flavor.spec import Flavor


def save(flavor: Flavor, model: Any, path: str | os.PathLike[str], options: SaveOptions) -> None:
    """Write a model into a folder.

    Args:
        flavor: Its flavor.
        model: The model.
        path: The folder; it must not exist, or be empty.
        options: What the user gave.

    Raises:
        MlflowException: RESOURCE_ALREADY_EXISTS where the folder has files.
        ValueError: arguments contradict one another.
    """

    def predictor(dumped: Dumped) -> Any:
        name = (dumped.function or {}).get("predict_fn", "predict")
        return getattr(flavor.wrap(model), name, None)

    save_folder(path, options, dump=lambda folder: flavor.dump(model, folder), predictor=predictor)
