"""``mlflow models history``: who moved which alias or stage of a registered model when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timezone
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click

from mlflow.cli.lazy_group import example
from mlflow.cli.output import JSON, echo_json, echo_table, output_option, time_text
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.store.entities.registry_move import RegistryMove

_PAGE: Final = 1_000


class _Moment(click.ParamType[int]):
    """A time, as milliseconds since 1970; without an offset it is UTC, as the tables are."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the milliseconds of a number or of a date and time."""
        text = str(value).strip()
        if text.isdecimal():
            return int(text)
        try:
            moment = datetime.fromisoformat(text.removesuffix(" UTC").replace("Z", "+00:00"))
        except ValueError:
            self.fail(f"{text!r} is neither YYYY-MM-DD HH:MM:SS nor milliseconds", param, ctx)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return int(moment.timestamp() * 1000)


@click.command(
    "history",
    epilog=example(
        """
mlflow models history --name churn
mlflow models history --name churn --alias champion --output json
mlflow models history --name churn --as-of "2026-03-01 12:00"      # what aliases meant then
"""
    ),
)
@click.option("--name", required=True, help="The registered model.")
@click.option("--alias", help="Only the moves of this alias.")
@click.option(
    "--as-of",
    type=_Moment(),
    help="Which version each alias named at this time: YYYY-MM-DD HH:MM:SS (UTC) or milliseconds.",
)
@click.option("--max-results", type=click.IntRange(min=1), help="How many moves; all by default.")
@output_option
def history(
    name: str, alias: str | None, as_of: int | None, max_results: int | None, output: str
) -> None:
    """List who moved which alias or stage when, the newest first."""
    moves = _iter_moves(name, alias)
    nothing = f"No alias or stage of {name!r} was moved."
    if as_of is not None:
        moves = _named_at(moves, as_of)
        nothing = f"No alias of {name!r} named a version then."
    found = list(islice(moves, max_results))
    if output == JSON:
        echo_json([asdict(move) for move in found])
        return
    rows = [_cells(move) for move in found]
    echo_table(("Date", "User", "Alias", "Version", "Stage"), rows, nothing)


def _iter_moves(name: str, alias: str | None) -> Iterator[RegistryMove]:
    client, token = MlflowClient(), None
    while True:
        page = client.get_registered_model_history(name, alias, _PAGE, token)
        yield from page
        token = page.token
        if not token:
            return


def _named_at(moves: Iterator[RegistryMove], time_ms: int) -> Iterator[RegistryMove]:
    """Yield the last move of each alias until a time, but removals."""
    seen = set()
    for move in moves:
        if move.alias is None or move.time_ms > time_ms or move.alias in seen:
            continue
        seen.add(move.alias)
        if move.version is not None:
            yield move


def _cells(move: RegistryMove) -> tuple[object, ...]:
    version = "(removed)" if move.version is None else move.version
    return time_text(move.time_ms), move.user_id, move.alias, version, move.stage
