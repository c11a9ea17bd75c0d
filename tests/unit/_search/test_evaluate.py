"""The meaning of filters and orders, in plain Python."""

import math

import pytest

from mlflow._search.evaluate import Subject, matches, ordered
from mlflow._search.fields import RUNS
from mlflow._search.order import parse_order
from mlflow._search.parser import parse_filter

SUBJECT = Subject(
    attributes={"status": "FINISHED", "start_time": 10, "end_time": None},
    metrics={"m": 1.5, "nan": math.nan, "inf": math.inf},
    params={"p": "abc", "empty": ""},
    tags={"t": "It's"},
    datasets=({"name": "a", "digest": "1"}, {"name": "b", "digest": "2", "context": "train"}),
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("metrics.m > 1", True),
        ("metrics.m != 1", True),
        ("metrics.missing != 1", False),
        ("NOT metrics.missing = 1", True),
        ("NOT (metrics.missing != 1)", True),
        ("metrics.missing IS NULL", True),
        ("metrics.nan = 0", False),
        ("metrics.nan < 1", False),
        ("metrics.nan != 0", True),
        ("metrics.nan NOT IN (0)", True),
        ("metrics.nan BETWEEN -1 AND 1", False),
        ("metrics.inf > 1e300", True),
        ("metrics.inf = 1e999", True),
        ("metrics.m BETWEEN 1.5 AND 2", True),
        ("metrics.m NOT BETWEEN 1 AND 2", False),
        ("params.p LIKE 'a%'", True),
        ("params.p LIKE 'A%'", False),
        ("params.p ILIKE 'A_C'", True),
        ("params.p NOT LIKE 'a%'", False),
        ("params.missing NOT LIKE 'a%'", False),
        ("params.p IN ('x', 'abc')", True),
        ("params.p NOT IN ('x')", True),
        ("params.missing NOT IN ('x')", False),
        ("params.empty = ''", True),
        ("params.empty IS NOT NULL", True),
        ("params.p BETWEEN 'ab' AND 'ac'", True),
        ("tags.t = 'It''s'", True),
        ("end_time > 1", False),
        ("end_time != 1", False),
        ("end_time IS NULL", True),
        ("NOT end_time > 1", True),
        ("datasets.name = 'a' AND datasets.name = 'b'", True),
        ("datasets.name != 'a'", True),
        ("datasets.name NOT IN ('a', 'b')", False),
        ("datasets.context IS NOT NULL", True),
        ("metrics.m > 2 OR status = 'FINISHED'", True),
        ("metrics.m > 2 OR NOT status = 'FINISHED'", False),
    ],
)
def test_filters(text: str, holds: bool) -> None:
    """A comparison on a missing value is false, != too; NOT is the complement."""
    assert matches(parse_filter(text, RUNS), SUBJECT) is holds


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("metrics.m", "-i -1 0 1 i nan none"),
        ("metrics.m DESC", "i 1 0 -1 -i nan none"),
    ],
)
def test_metrics_are_ordered_values_then_nan_then_missing(clause: str, names: str) -> None:
    """Both directions put NaN after the values and the missing last."""
    values = {"nan": math.nan, "1": 1.0, "-i": -math.inf, "0": 0.0, "i": math.inf, "-1": -1.0}
    subjects = [Subject({"run_id": name}, {"m": value}) for name, value in values.items()]
    subjects.append(Subject({"run_id": "none"}))
    found = ordered(subjects, parse_order([clause], RUNS), ())
    assert " ".join(str(each.attributes["run_id"]) for each in found) == names
