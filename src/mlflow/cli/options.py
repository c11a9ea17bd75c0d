"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow.entities.experiment import Experiment
    from mlflow.tracking.client import MlflowClient


class RequiredUnless(click.Option):
    """An option that must be given unless another one is."""

    def __init__(self, *args: Any, unless: str, **kwargs: Any) -> None:
        super().__init__(*args, required=True, **kwargs)
        self.unless = unless

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Take the option's value; none when the other one is given."""
        if self.name not in opts and self.unless in opts and self.name is not None:
            ctx.params[self.name] = None
            return None, args
        return super().handle_parse_result(ctx, opts, args)

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Name both options where one is missing."""
        return f"{super().get_error_hint(ctx)} or '--{self.unless.replace('_', '-')}'"

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Say in the help when it is required."""
        extra = super().get_help_extra(ctx)
        extra["required"] = f"required unless --{self.unless.replace('_', '-')} is given"
        return extra


def find_experiment(
    client: MlflowClient, experiment_id: str | None, experiment_name: str | None
) -> Experiment:
    """Return the experiment with this id or name.

    Raises:
        UsageError: not exactly one of them is given.
        MlflowException: there is none.
    """
    if (experiment_id is None) == (experiment_name is None):
        raise click.UsageError(
            "Must specify exactly one of --experiment-id or --experiment-name.",
            click.get_current_context(silent=True),
        )
    if experiment_id is not None:
        return client.get_experiment(experiment_id)
    found = client.get_experiment_by_name(str(experiment_name))
    if found is None:
        raise MlflowException(
            f"Experiment with name {experiment_name!r} does not exist. To see which do, run:"
            " mlflow experiments search",
            RESOURCE_DOES_NOT_EXIST,
        )
    return found


def view_type(text: str) -> int:
    """Return the view that ``--view`` names.

    Raises:
        MlflowException: there is no such view.
    """
    from_string: dict[str, int] = {"active_only": 1, "deleted_only": 2, "all": 3}
    if text.lower() in from_string:
        return from_string[text.lower()]
    raise MlflowException.invalid_parameter_value(
        f"--view must be one of {', '.join(from_string)}, not {text!r}"
    )
