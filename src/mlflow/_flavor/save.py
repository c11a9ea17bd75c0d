"""Saving a model of one flavor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlflow.models.saving import Dumped, SaveOptions, save_folder

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from mlflow._flavor.spec import Flavor


def save(
    flavor: Flavor,
    model: Any,
    path: str | os.PathLike[str],
    options: SaveOptions,
    own: Mapping[str, Any],
) -> None:
    """Write a model into a folder.

    Args:
        flavor: Its flavor.
        model: The model.
        path: The folder; it must not exist, or be empty.
        options: What the user gave.
        own: The flavor's own arguments.

    Raises:
        MlflowException: RESOURCE_ALREADY_EXISTS where the folder has files.
        ValueError: arguments contradict one another.
    """
    if flavor.check is not None:
        flavor.check(options, **own)
    if flavor.prepare is not None:
        model = flavor.prepare(model, **own)

    def predictor(dumped: Dumped) -> Any:
        name = (dumped.function or {}).get("predict_fn", "predict")
        return getattr(flavor.wrap(model, dumped.flavors[flavor.name]), name, None)

    if options.signature is None and flavor.signature is not None:
        options = replace(options, signature=flavor.signature(model, options.input_example, **own))
    given = {**own, **{name: getattr(options, name) for name in flavor.needs}}
    if flavor.example is not None:
        options = replace(options, input_example=flavor.example(options.input_example))
    save_folder(
        path, options, dump=lambda folder: flavor.dump(model, folder, **given), predictor=predictor
    )
