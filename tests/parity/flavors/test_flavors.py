"""Each flavor of CI, both ways: what either implementation writes loads in the other."""

from __future__ import annotations

import pytest

from tests.parity.flavors.both_ways import HERE, cases, check
from tests.parity.upstream import our_python, upstream_python
from tools.flavors import CI, read_rows, row_of

CASES = cases()
IN_CI = sorted(name for name, case in CASES.items() if case.group == CI)


@pytest.mark.parametrize("name", IN_CI)
def test_both_read_alike_what_either_writes(name: str) -> None:
    """Folders, answers and errors are the same, a hostile folder is refused, the table says so."""
    verdict = check(CASES[name], our_python(), upstream_python())
    assert (verdict.upstream_to_ours, verdict.ours_to_upstream, verdict.hostile) == ([], [], [])
    cells = row_of(name, verdict)
    assert read_rows()[name][: len(cells)] == cells


def test_the_table_has_a_row_for_every_case() -> None:
    """A case that was added has run, and none is gone."""
    assert set(read_rows()) == set(CASES)


def test_every_flavor_has_a_case() -> None:
    """A package with a flavor's spec is compared, and those of every run are the promised ones."""
    source = HERE.parent.parent.parent / "src" / "mlflow"
    built = {path.parent.name for path in source.glob("*/flavor.py")}
    assert built - {case.module for case in CASES.values()} == set()
    assert {"pyfunc", "sklearn", "xgboost", "lightgbm", "onnx", "statsmodels"} <= set(IN_CI)
