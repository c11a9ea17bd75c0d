"""A folder that either implementation writes loads in the other: one case a flavor.

To add a flavor, add ``<flavor>_case.py`` beside this file, a program for both interpreters with

* ``LIBRARY``: the distributions that it needs; the table shows the first one's version;
* ``GROUP``: ``ci`` for those that every run of CI takes, else the environment that it shares;
* ``models()``: for each name a model, arguments of ``save_model`` and inputs by name; an input
  that is a tuple is data and ``params``. The first model's requirements are inferred by both;
* ``predict(model, data)``: what the library itself predicts with a model that was loaded;
* ``hostile(folder, bomb)``: puts ``bomb``, an object that makes a marker when it is unpickled, into
  the first model's folder, so that a loader which trusts the folder would read it;
* if need be ``save``, ``load``, ``DIFFERENT`` (paths in MLmodel such as ``lightgbm.data`` that
  differ on purpose; COMPATIBILITY.md says why), ``FILES`` (patterns of files that do), ``BESIDES``
  (distributions that upstream lists and the model does not need), ``BESIDE`` (files of this folder
  that the case imports), ``settled`` (makes of an answer what is compared), ``MODULE`` (the public
  module where it is not the file's name) and ``GUARDED`` (of ``model`` and ``function``, the
  loaders that are ours to keep from hostile folders).

``pytest tests/parity/flavors`` runs those of CI; ``just flavors NAME`` any of them, in environments
that ``tools/flavors.py`` makes, and writes the row in ``docs/reference/flavors.md``.
"""

from __future__ import annotations

import ast
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tests.parity.upstream import run_script

HERE: Final = Path(__file__).parent
_RUNNER: Final = HERE / "case_script.py"
_OWN_TO_THE_FOLDER: Final = {"model_uuid", "utc_time_created", "model_size_bytes", "mlflow_version"}
_CONSTANTS: Final = ("LIBRARY", "GROUP", "MODULE", "DIFFERENT", "FILES", "BESIDES", "BESIDE")
# What a process that infers requirements has loaded besides, whatever the model is: upstream's
# second interpreter the first three, ours pandas.
_BESIDES: Final = {"polars", "psutil", "pyarrow", "pandas"}


@dataclass(frozen=True)
class Case:
    """A flavor's case."""

    name: str
    text: str
    library: tuple[str, ...]
    group: str
    module: str
    different: frozenset[str]
    files: frozenset[str]
    besides: frozenset[str]
    beside: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What holds for a flavor; each list says what does not."""

    version: str
    models: tuple[str, ...]
    upstream_to_ours: list[str]
    ours_to_upstream: list[str]
    hostile: list[str]


def cases() -> dict[str, Case]:
    """Return every case by its name."""
    found = {}
    for path in sorted(HERE.glob("*_case.py")):
        name, text = path.stem.removesuffix("_case"), path.read_text("utf-8")
        known = _constants(text)
        found[name] = Case(
            name,
            text,
            tuple(known["LIBRARY"]),
            known["GROUP"],
            known.get("MODULE", name),
            frozenset(known.get("DIFFERENT", ())),
            frozenset(known.get("FILES", ())),
            frozenset(known.get("BESIDES", ())),
            tuple(known.get("BESIDE", ())),
        )
    return found


def _constants(text: str) -> dict[str, Any]:
    """Return the constants of a case, without importing what it imports."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in _CONSTANTS:
                found[name] = ast.literal_eval(node.value)
    return found


def check(case: Case, ours: str, upstream: str) -> Verdict:
    """Let each implementation write and both read; return what holds.

    Args:
        case: The case.
        ours: An interpreter with Headrace and the library.
        upstream: An interpreter with upstream and the library.
    """
    with tempfile.TemporaryDirectory() as folder:
        mine, other = Path(folder, "ours"), Path(folder, "upstream")
        for place in (mine, other):
            place.mkdir()
        theirs = _run(case, upstream, [("write", other), ("read", other)])
        us = _run(case, ours, [("write", mine), ("read", mine), ("read", other), ("attack", mine)])
        back = _run(case, upstream, [("read", mine)])
        _, own, taken, attacked = us["answers"]
        first = next(iter(sorted(own)))
        written = [f"the folder: {one}" for one in _folders(case, mine, other)]
        return Verdict(
            version=us["version"],
            models=tuple(name for name in own if " " not in name),
            upstream_to_ours=_differences(theirs["answers"][1], taken) + _empty(own, first),
            ours_to_upstream=_differences(own, back["answers"][0]) + written,
            hostile=[
                f"{loader}: {error or 'loaded'}{', marker made' * made}"
                for loader, (error, made) in attacked.items()
                if made or error != "MlflowException"
            ],
        )


def _empty(answers: dict[str, Any], first: str) -> list[str]:
    """Return a complaint where no model predicted anything: then nothing was compared."""
    worked = [one for one in answers.values() if "error" not in one.get("function", {"error": 1})]
    return [] if worked else [f"nothing predicts: {answers[first]}"]


def _run(case: Case, python: str, do: list[tuple[str, Path]]) -> Any:
    payload = {
        "case": case.text,
        "beside": {name: (HERE / name).read_text("utf-8") for name in case.beside},
        "flavor": case.module,
        "do": [(action, str(folder)) for action, folder in do],
    }
    return run_script(python, _RUNNER.read_text("utf-8"), payload)


def _folders(case: Case, ours: Path, upstream: Path) -> list[str]:
    """Return in what the written folders differ: files, MLmodel, inferred requirements."""
    found = []
    for theirs in sorted(upstream.iterdir()):
        mine = ours / theirs.name
        names = [
            {
                str(file.relative_to(one))
                for file in one.rglob("*")
                if file.is_file() and not any(file.match(pattern) for pattern in case.files)
            }
            for one in (mine, theirs)
        ]
        if names[0] != names[1]:
            found.append(f"{theirs.name}: {sorted(names[0])} instead of {sorted(names[1])}")
        values = [_flat(yaml.safe_load((one / "MLmodel").read_text())) for one in (mine, theirs)]
        found += [
            f"{theirs.name}: {key} is {values[0].get(key, 'absent')!r}"
            f" instead of {values[1].get(key, 'absent')!r}"
            for key in sorted(values[0].keys() | values[1].keys())
            if values[0].get(key, "absent") != values[1].get(key, "absent")
            and not _is_own(key, case)
        ]
        lines = [_requirements(one) - _BESIDES - case.besides for one in (mine, theirs)]
        if lines[0] != lines[1]:
            found.append(f"{theirs.name}: needs {sorted(lines[0])} instead of {sorted(lines[1])}")
    return found


def _is_own(key: str, case: Case) -> bool:
    return key in _OWN_TO_THE_FOLDER or any(
        key == one or key.startswith(f"{one}.") for one in case.different
    )


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {path: sorted(value)}  # upstream writes sets
    if not isinstance(value, dict) or not value:
        return {path: value}
    flat: dict[str, Any] = {}
    for key, one in value.items():
        flat |= _flat(one, f"{path}.{key}".removeprefix(".").removeprefix("flavors."))
    return flat


def _requirements(folder: Path) -> set[str]:
    lines = (folder / "requirements.txt").read_text().splitlines()
    return {line.partition("==")[0].lower().replace("_", "-") for line in lines}


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return [
        f"{name}: {found.get(name)} instead of {answer}"
        for name, answer in expected.items()
        if not same(answer, found.get(name))
    ]


def same(one: Any, other: Any) -> bool:
    """Return whether two answers are equal, numbers up to what builds of a library differ in."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-7)
    return type(one) is type(other) and bool(one == other)
