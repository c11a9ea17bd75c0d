"""The integrations' ``autolog`` functions: one table of arguments, and layouts that order them.

A layout is a line of argument names in upstream's order; ``SWITCHES`` stands for the four that
every integration has, ``CHECKPOINT`` for those of trainings that keep checkpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import autologging_integration, get_autologging_config
from mlflow._flavor.made import made_function
from mlflow._flavor.spec import Argument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_GROUPS: Final = {
    "SWITCHES": "disable exclusive disable_for_unsupported_versions silent",
    "CHECKPOINT": (
        "checkpoint checkpoint_monitor checkpoint_mode checkpoint_save_best_only"
        " checkpoint_save_weights_only checkpoint_save_freq"
    ),
}
_TEXT: Final = str | None
OPTIONS: Final = {
    "log_input_examples": Argument(False, bool, "Log an example of the input with each model."),
    "log_model_signatures": Argument(True, bool, "Log the signature of each model."),
    "log_models": Argument(True, bool, "Log the trained models."),
    "log_datasets": Argument(True, bool, "Log the data that models are trained and measured on."),
    "disable": Argument(False, bool, "Switch it off."),
    "exclusive": Argument(False, bool, "Log nothing to runs that the program started."),
    "disable_for_unsupported_versions": Argument(
        False, bool, "Do nothing where the version is not known."
    ),
    "silent": Argument(False, bool, "Print nothing while logging."),
    "registered_model_name": Argument(None, _TEXT, "Register each model under this name."),
    "extra_tags": Argument(None, dict[str, str] | None, "Tags of the runs that it makes."),
    "log_post_training_metrics": Argument(
        True, bool, "Log scores, and metrics of predictions, after the training."
    ),
    "log_every_epoch": Argument(True, bool, "Log the metrics of each epoch."),
    "log_every_n_epoch": Argument(1, int, "Log the metrics of every so many epochs."),
    "log_every_n_steps": Argument(None, int | None, "Log those of every so many batches."),
    "checkpoint": Argument(True, bool, "Keep checkpoints."),
    "checkpoint_monitor": Argument("val_loss", str, "The metric that says which one is best."),
    "checkpoint_mode": Argument("min", str, "``min`` or ``max``."),
    "checkpoint_save_best_only": Argument(True, bool, "Keep the best one alone."),
    "checkpoint_save_weights_only": Argument(
        False, bool, "Keep the weights alone, and no state of optimizers."
    ),
    "checkpoint_save_freq": Argument("epoch", str | int, "``epoch``, or a number of batches."),
}


def autolog_function(
    flavor: str,
    sentence: str,
    layout: str,
    enable: Callable[[dict[str, Any]], None],
    own: Mapping[str, Argument] | None = None,
) -> Callable[..., None]:
    """Return the ``autolog`` function of an integration.

    Args:
        flavor: The integration, in ``mlflow.<flavor>``.
        sentence: What it does.
        layout: Its arguments.
        enable: Puts the patches on, given the arguments.
        own: Rows of its own, or that say something else than the table's.
    """
    words = " ".join(_GROUPS.get(word, word) for word in layout.split()).split()
    known = {**OPTIONS, **(own or {})}
    rows = {word: known[word] for word in words}
    function = made_function("autolog", f"mlflow.{flavor}", rows, enable, sentence=sentence)
    return autologging_integration(flavor)(function)


def checkpoint_options(flavor: str) -> dict[str, Any]:
    """Return the arguments of a checkpoint callback, as the integration is configured."""
    names = [name for name in OPTIONS if name.startswith("checkpoint_")]
    return {
        name.removeprefix("checkpoint_"): get_autologging_config(flavor, name) for name in names
    }
