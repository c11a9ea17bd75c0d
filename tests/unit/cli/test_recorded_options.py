"""The commands that are built have the options that were recorded."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from mlflow.cli.main import cli

FACTS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "facts" / "cli.json").read_text("utf-8")
)
BUILT = (
    "artifacts",
    "db upgrade",
    "demo",
    "doctor",
    "experiments",
    "gc",
    "models",
    "runs",
    "server",
)
UNBUILT = ("experiments update", "runs link-traces")


def _is_built(command: str) -> bool:
    path = command.removeprefix("mlflow ")
    inside = any(path == one or path.startswith(f"{one} ") for one in BUILT)
    return inside and path not in UNBUILT


def _find(path: list[str]) -> click.Command | None:
    command: click.Command = cli
    context = click.Context(cli, info_name="mlflow")
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(context, name)
        if found is None:
            return None
        command = found
        context = click.Context(command, info_name=name, parent=context)
    return command


def _describe(parameter: click.Parameter) -> dict[str, Any]:
    if isinstance(parameter, click.Argument):
        return {"argument": parameter.name, "required": parameter.required}
    assert isinstance(parameter, click.Option)
    described: dict[str, Any] = {
        "flags": [*parameter.opts, *parameter.secondary_opts],
        "type": parameter.type.name,
        "required": parameter.required,
        "is_flag": parameter.is_flag,
        "multiple": parameter.multiple,
        "envvar": parameter.envvar,
    }
    if isinstance(parameter.type, click.Choice):
        described["choices"] = list(parameter.type.choices)
    return described


@pytest.mark.parametrize(
    "command",
    [one for one in FACTS if _is_built(one["command"])],
    ids=lambda one: one["command"],
)
def test_options_are_those_recorded(command: dict[str, Any]) -> None:
    """Names, types, defaults, variables and choices are upstream's; ours may have more options."""
    ours = _find(command["command"].split()[1:])
    assert ours is not None
    assert ours.hidden == command["hidden"]
    by_name = {
        parameter.opts[0] if isinstance(parameter, click.Option) else parameter.name: parameter
        for parameter in ours.params
    }
    for recorded in command["params"]:
        name = recorded.get("argument") or recorded["flags"][0]
        parameter = by_name[name]
        expected = {key: value for key, value in recorded.items() if key != "default"}
        assert _describe(parameter) == expected
        if "flags" in recorded:
            default = parameter.to_info_dict()["default"]
            # Versions of click differ in whether a flag without default has None or False.
            expected_default = recorded.get("default")
            assert (default or None) == (expected_default or None)


@pytest.mark.parametrize(
    "command",
    [one["command"] for one in FACTS if not _is_built(one["command"])],
)
def test_unbuilt_commands_say_so(command: str) -> None:
    """A recorded command that is not there says so, with any options, and no help lists it."""
    path = command.split()[1:]
    result = CliRunner().invoke(cli, [*path, "--some-option", "value"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "COMPATIBILITY.md" in result.stderr
    group = cli if len(path) == 1 else cli.get_command(click.Context(cli), path[0])
    if isinstance(group, click.Group):
        assert path[len(path) > 1] not in group.list_commands(click.Context(group))


def test_every_command_teaches() -> None:
    """Each group and command says what it does, shows examples, and explains every option."""

    def walk(command: click.Command, context: click.Context) -> None:
        text = command.get_help(context)
        assert command.help, context.command_path
        assert "Examples:" in text, context.command_path
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{context.command_path} {parameter.opts}"
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                walk(inner, click.Context(inner, info_name=name, parent=context))

    walk(cli, click.Context(cli, info_name="mlflow"))
