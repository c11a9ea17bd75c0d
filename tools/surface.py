"""Writes what follows from tables: type stubs, the coverage table, the list of variables.

``python tools/surface.py`` writes them; with ``--check`` it writes nothing and fails when one is
stale. The interface that coverage is measured against is in ``tests/facts``.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from mlflow import environment_variables
from mlflow._compat.aliases import ALIASES
from mlflow._core.lazy import Unbuilt, resolve
from mlflow._flavor.made import is_made_here
from mlflow.cli.lazy_group import Unbuilt as UnbuiltCommand
from mlflow.cli.main import cli
from mlflow.tracking.client_unbuilt import UnbuiltMethod

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = ROOT / "src" / "mlflow"
FACTS: Final = ROOT / "tests" / "facts"
COMPATIBILITY: Final = ROOT / "COMPATIBILITY.md"
VARIABLES: Final = ROOT / "docs" / "reference" / "environment-variables.md"
RECORDED_VARIABLES: Final = PACKAGE / "_core" / "variables.json"
BEGIN: Final = "<!-- coverage: written by tools/surface.py -->"
END: Final = "<!-- end of coverage -->"

_STUB_HEAD: Final = """\
# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn
"""
_VALUES: Final = {
    "Integer": "int",
    "Names": "list[str]",
    "Number": "float",
    "Switch": "bool",
    "Text": "str",
}
_SHOWN: Final = 12  # names that a row lists before it only counts


def lazy_packages() -> list[str]:
    """Return the dotted names of the packages whose names are a lazy table."""
    return sorted(
        ".".join(("mlflow", *path.parent.relative_to(PACKAGE).parts))
        for path in PACKAGE.rglob("__init__.py")
        if "attach(__name__, NAMES" in path.read_text(encoding="utf-8")
    )


def stub(module_name: str, facts: dict[str, Any]) -> str:
    """Return the text of a lazy package's ``__init__.pyi``."""
    module = import_module(module_name)
    imports, rest = [], []
    for name, target in module.NAMES.items():
        if not target:
            rest.append(_unbuilt_stub(name, is_class=isinstance(facts.get(name), dict)))
            continue
        source, _, attribute = target.partition(":")
        path = PACKAGE.joinpath(*source.split(".")[1:])
        if not attribute and not (path.is_dir() or path.with_suffix(".py").exists()):
            rest.append(f"{name}: Any\n")
        elif attribute and is_made_here(resolve(target)):
            needed, line = _made_stub(name, inspect.signature(resolve(target)))
            imports += [f"import {one}\n" for one in needed]
            rest.append(line)
        elif attribute:
            imports.append(f"from {source} import {attribute} as {name}\n")
        else:
            imports.append(f"from {source.rpartition('.')[0]} import {name} as {name}\n")
    extra = [name for name in module.__all__ if name not in module.NAMES]
    constants = [*extra, *(["__version__"] if module_name == "mlflow" else [])]
    lines = [f"{name}: Final[str]\n" for name in constants]
    public = "".join(f"    {name!r},\n" for name in module.__all__)
    tail = ["NAMES: Final[dict[str, str]]\n", f"__all__ = [\n{public}]\n", *lines]
    return "".join([_STUB_HEAD, "\n", *sorted(set(imports)), "\n", *tail, *rest])


def _made_stub(name: str, signature: inspect.Signature) -> tuple[set[str], str]:
    """Return the modules that a flavor's function names in its signature, and its line."""
    text = str(signature).replace("typing.Any", "Any")
    return set(re.findall(r"\b([a-z_]+(?:\.[a-z_]+)*)\.[A-Z]", text)), f"def {name}{text}: ...\n"


def _unbuilt_stub(name: str, *, is_class: bool) -> str:
    if is_class:
        return (
            f"\nclass {name}:\n"
            "    def __init__(self, *args: Any, **kwargs: Any) -> None: ...\n"
            "    def __getattr__(self, name: str) -> Any: ...\n"
        )
    return f"def {name}(*args: Any, **kwargs: Any) -> NoReturn: ...\n"


def coverage() -> str:
    """Return the coverage table as Markdown."""
    lines = [
        BEGIN,
        "",
        "| module | public names | built | not built yet |",
        "|---|---|---|---|",
    ]
    for module_name, names in read_facts().items():
        missing = [name for name in names if not is_built(module_name, name)]
        built = len(names) - len(missing)
        lines.append(f"| `{module_name}` | {len(names)} | {built} | {_listed(missing, built)} |")
    lines += ["", "| class | recorded members | built | not built yet |", "|---|---|---|---|"]
    for label, owner, members in _classes():
        missing = [name for name in members if not _has_member(owner, name)]
        if missing:
            built = len(members) - len(missing)
            lines.append(f"| `{label}` | {len(members)} | {built} | {_listed(missing, built)} |")
    return "\n".join([*lines, "", *_command_lines(), "", *_alias_lines(), "", END])


def _command_lines() -> list[str]:
    recorded = json.loads((FACTS / "cli.json").read_text("utf-8"))
    groups: dict[str, list[str]] = {}
    for row in recorded:
        if not row["hidden"]:
            groups.setdefault(row["command"].split()[1], []).append(row["command"])
    lines = ["| command | recorded | built | not built yet |", "|---|---|---|---|"]
    for name, commands in sorted(groups.items()):
        missing = [command for command in commands if not _has_command(command.split()[1:])]
        built = len(commands) - len(missing)
        listed = _listed([command.removeprefix("mlflow ") for command in missing], built)
        lines.append(f"| `mlflow {name}` | {len(commands)} | {built} | {listed} |")
    return lines


def _has_command(words: list[str]) -> bool:
    command: click.Command | None = cli
    for word in words:
        if not isinstance(command, click.Group):
            return False
        command = command.get_command(click.Context(command), word)
    return command is not None and not isinstance(command, UnbuiltCommand)


def _alias_lines() -> list[str]:
    lines = ["| undocumented path | what of it exists |", "|---|---|"]
    for path, row in sorted(ALIASES.items()):
        names = [] if isinstance(row, str) else [name for name in row if name != "*"]
        whole = isinstance(row, str) or "*" in row
        listed = ", ".join(f"`{name}`" for name in names)
        what = " and ".join(filter(None, ["what the real module has" if whole else "", listed]))
        lines.append(f"| `{path}` | {what} |")
    return lines


def variables() -> str:
    """Return the reference of environment variables as Markdown."""
    rows = sorted(
        {
            value.name: value
            for value in vars(environment_variables).values()
            if hasattr(value, "get_raw") and hasattr(value, "name")
        }.items()
    )
    used = [f"| `{name}` | {_default(row)} | {row.__doc__} |" for name, row in rows if row.__doc__]
    silent = [f"`{name}`" for name, row in rows if not row.__doc__]
    return "\n".join(
        [
            "# Environment variables",
            "",
            "Written by `tools/surface.py` from `src/mlflow/environment_variables.py`.",
            "",
            "| variable | default | what it does |",
            "|---|---|---|",
            *used,
            "",
            "Recorded names that are accepted and have no effect here yet:",
            "",
            ", ".join(silent) + ".",
            "",
        ]
    )


def variables_stub() -> str:
    """Return the text of the stub of the recorded variables that have no effect."""
    rows = json.loads(RECORDED_VARIABLES.read_text("utf-8"))
    kinds = sorted({kind for kind, _ in rows.values()})
    lines = [
        "# Written by tools/surface.py from variables.json.",
        f"from mlflow._core.variables import {', '.join(kinds)}",
        "",
    ]
    for name, (kind, default) in rows.items():
        lines.append(f"{name}: {kind}[{_VALUES[kind]}{' | None' if default is None else ''}]")
    public = "".join(f"    {json.dumps(name)},\n" for name in rows)
    return "\n".join([*lines, "", f"__all__ = [\n{public}]", ""])


def _default(row: Any) -> str:
    return "" if row.default is None else f"`{row.default}`"


def read_facts() -> dict[str, dict[str, Any]]:
    """Return the recorded interface: for each module its names with signatures or members."""
    facts: dict[str, dict[str, Any]] = json.loads((FACTS / "python_api.json").read_text("utf-8"))
    return facts


def is_built(module_name: str, name: str) -> bool:
    """Return whether a recorded name exists and is more than a stand-in."""
    try:
        value = getattr(import_module(module_name), name)
    except (ImportError, AttributeError):
        return False
    return not isinstance(value, Unbuilt)


def _classes() -> list[tuple[str, type, list[str]]]:
    found: dict[type, tuple[str, type, list[str]]] = {}
    for module_name, names in read_facts().items():
        for name, recorded in names.items():
            if not isinstance(recorded, dict) or not is_built(module_name, name):
                continue
            owner = resolve(f"{module_name}:{name}")
            members = [
                member
                for member in recorded["class"]
                if member != "add_note"  # every exception's, from Python 3.11 on
                and not any(hasattr(base, member) for base in (str, list, Exception))
            ]
            if isinstance(owner, type):
                found.setdefault(owner, (f"{module_name}.{name}", owner, members))
    return list(found.values())


def _has_member(owner: type, name: str) -> bool:
    value = inspect.getattr_static(owner, name, None)
    if value is None and name in inspect.signature(owner).parameters:
        return True  # an attribute that the constructor sets
    return value is not None and not isinstance(value, (Unbuilt, UnbuiltMethod))


def _listed(names: list[str], built: int) -> str:
    if not names:
        return ""
    if not built:
        return "all"
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def outputs() -> dict[Path, str]:
    """Return the text of every file that this program writes."""
    facts = read_facts()
    texts = {
        PACKAGE.joinpath(*name.split(".")[1:], "__init__.pyi"): stub(name, facts.get(name, {}))
        for name in lazy_packages()
    }
    text = COMPATIBILITY.read_text("utf-8")
    before, _, after = text.partition(BEGIN)
    texts[VARIABLES] = variables()
    texts[PACKAGE / "_core" / "recorded_variables.pyi"] = variables_stub()
    texts[COMPATIBILITY] = before + coverage() + after.partition(END)[2]
    return texts


def main() -> int:
    """Write the files, or with ``--check`` name the stale ones."""
    stale = [
        path
        for path, text in outputs().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run python tools/surface.py")
        return 1 if stale else 0
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
