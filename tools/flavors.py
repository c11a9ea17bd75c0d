"""Runs flavors both ways and writes the dated table: ``python -m tools.flavors [NAME…]``.

Those of every run of CI take this interpreter and HEADRACE_UPSTREAM_PYTHON; the others two
environments a group of cases, made once in a folder of caches and used again. Without names, all
run. ``tests/parity/flavors/both_ways.py`` says how to add one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from tests.parity.flavors.both_ways import Case, Verdict, cases, check

ROOT: Final = Path(__file__).parent.parent
TABLE: Final = ROOT / "docs" / "reference" / "flavors.md"
CI: Final = "ci"
UPSTREAM: Final = "mlflow==3.17.2"
_CACHE: Final = Path.home() / ".cache" / "headrace" / "flavors"
# What is installed with pip and before the others: a plain build of it, without a GPU's libraries.
_FIRST: Final = {"torch": "torch"}
_COLUMNS: Final = (
    "flavor",
    "models",
    "upstream writes, Headrace reads",
    "Headrace writes, upstream reads",
    "hostile folder",
    "library",
    "date",
)
_HEAD: Final = f"""\
# Flavors, both ways

Written by `just flavors`; a run of CI fails where a row of its own flavors no longer holds. For
each flavor small models are trained and saved by upstream 3.17.2 and by Headrace, each in an
environment of its own; both load both, natively and as a Python function, and every prediction,
error, signature, file name, requirement and setting in MLmodel is compared. The hostile folder
holds a pickle that leaves a mark when it is read.

| {" | ".join(_COLUMNS)} |
{"|---" * len(_COLUMNS)}|
"""


def row_of(name: str, verdict: Verdict) -> list[str]:
    """Return the cells of a row that do not depend on versions and dates."""
    return [
        f"`{name}`",
        ", ".join(verdict.models),
        _said(verdict.upstream_to_ours, "equal", "differs"),
        _said(verdict.ours_to_upstream, "equal", "differs"),
        _said(verdict.hostile, "refused", "read"),
    ]


def _said(complaints: list[str], good: str, bad: str) -> str:
    return good if not complaints else f"{bad} ({len(complaints)})"


def read_rows() -> dict[str, list[str]]:
    """Return the table's rows by flavor."""
    lines = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {cells[0].strip("`"): cells for cells in rows if cells[0].startswith("`")}


def write_rows(rows: dict[str, list[str]]) -> None:
    """Write the table, by flavor."""
    lines = [f"| {' | '.join(cells)} |\n" for _, cells in sorted(rows.items())]
    TABLE.write_text(_HEAD + "".join(lines), "utf-8")


def environment(side: str, needed: list[str], cache: Path) -> str:
    """Return an interpreter that has what is needed, made if it is not in the cache yet.

    Args:
        side: ``ours`` or ``upstream``.
        needed: Requirements.
        cache: The folder of environments.
    """
    mark = hashlib.sha256("\n".join([sys.version, str(ROOT), *needed]).encode()).hexdigest()[:12]
    folder = cache / f"{side}-{mark}"
    python = str(folder / "bin" / "python")
    if (folder / "ready").exists():
        return python
    subprocess.run(
        ["uv", "venv", "-q", "--clear", "--seed", "--python", sys.executable, str(folder)],
        check=True,
    )
    for name in needed:
        if name in _FIRST:
            first = [python, "-m", "pip", "install", "-q", _FIRST[name]]
            subprocess.run(first, check=True)
    itself = [UPSTREAM] if side == "upstream" else ["-e", f"{ROOT}[models]"]
    subprocess.run(["uv", "pip", "install", "-q", "--python", python, *itself, *needed], check=True)
    (folder / "ready").touch()
    return python


def interpreters(case: Case, options: argparse.Namespace) -> tuple[str, str]:
    """Return our interpreter and upstream's for a case."""
    if options.ours and options.upstream:
        return options.ours, options.upstream
    if case.group == CI:
        return sys.executable, os.environ["HEADRACE_UPSTREAM_PYTHON"]
    together = [other.library for other in cases().values() if other.group == case.group]
    needed = sorted({name for library in together for name in library})
    return (
        environment("ours", needed, options.cache),
        environment("upstream", needed, options.cache),
    )


def main() -> int:
    """Run the cases, say what differs, write their rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="cases; all by default")
    parser.add_argument("--ours", help="an interpreter with Headrace and the libraries")
    parser.add_argument("--upstream", help="an interpreter with upstream and the libraries")
    parser.add_argument("--cache", type=Path, default=_CACHE, help="where environments are kept")
    options = parser.parse_args()
    known, failed = cases(), False
    for name in options.names or known:
        verdict = check(known[name], *interpreters(known[name], options))
        complaints = [*verdict.upstream_to_ours, *verdict.ours_to_upstream, *verdict.hostile]
        cells = row_of(name, verdict)
        print(*cells, verdict.version, *complaints, sep="\n  ", flush=True)
        failed = failed or bool(complaints)
        today = datetime.now(timezone.utc).date().isoformat()
        write_rows({**read_rows(), name: [*cells, verdict.version, today]})
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
