"""Groups of commands whose help comes from a table, so that asking for it imports nothing."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import click

from mlflow._core.lazy import resolve
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ANY_ARGUMENTS: Final = {"ignore_unknown_options": True, "allow_extra_args": True}


@dataclass(frozen=True, slots=True)
class Row:
    """One command in a table.

    Attributes:
        target: ``"module:attribute"`` of the click command.
        summary: What the group's help says of it.
    """

    target: str
    summary: str


class Unbuilt(click.Command):
    """A recorded command that this release does not have: no help lists it, calling it says so."""

    def __init__(self, name: str) -> None:
        super().__init__(
            name, hidden=True, add_help_option=False, context_settings=dict(ANY_ARGUMENTS)
        )

    def invoke(self, ctx: click.Context) -> None:
        """Say that the command is not there."""
        raise click.ClickException(
            f"`{ctx.command_path}` is not part of this release of Headrace. COMPATIBILITY.md lists"
            " what is built, and ways around what is not."
        )


class LazyGroup(click.Group):
    """A group that imports a command when it is called, not when it is listed."""

    def __init__(
        self,
        *args: Any,
        rows: Mapping[str, Row] | None = None,
        unbuilt: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = dict(rows or {})
        self.unbuilt = frozenset(unbuilt)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of what is built."""
        return sorted({*super().list_commands(ctx), *self.rows})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now; one that says so for what is not built."""
        row = self.rows.get(cmd_name)
        if row is not None:
            command: click.Command = resolve(row.target)
            return command
        if cmd_name in self.unbuilt:
            return Unbuilt(cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for a misspelt one, name those that resemble it."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            alike = get_close_matches(args[0], self.list_commands(ctx))
            if not alike or "Did you mean" in error.message:
                raise
            raise click.UsageError(
                f"{error.message} Did you mean {' or '.join(alike)}?", ctx
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the summaries of the table."""
        listed = []
        for name in self.list_commands(ctx):
            row = self.rows.get(name)
            if row is not None:
                listed.append((name, row.summary))
                continue
            command = super().get_command(ctx, name)
            if command is not None and not command.hidden:
                listed.append((name, command.get_short_help_str(formatter.width)))
        if listed:
            with formatter.section("Commands"):
                formatter.write_dl(listed)


class ErrorGroup(LazyGroup):
    """The outermost group: what goes wrong ends as one line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (MlflowException, NotImplementedError) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader, such as head, has seen enough
                raise
            raise click.ClickException(str(error)) from error


def example(text: str) -> str:
    """Return an epilog that shows commands as they are typed."""
    lines = "\n".join(f"  {line}" for line in text.strip().splitlines())
    return f"\b\nExamples:\n{lines}"
