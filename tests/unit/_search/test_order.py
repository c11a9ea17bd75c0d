"""Clauses of order_by to keys."""

from dataclasses import replace

import pytest

from mlflow._search.ast import Field, FieldKind, OrderKey, ValueType
from mlflow._search.fields import EXPERIMENTS, LOGGED_MODELS, RUNS
from mlflow._search.order import parse_model_order, parse_order
from mlflow.exceptions import MlflowException

LOSS = Field(FieldKind.METRIC, "loss", ValueType.NUMBER)
START = Field(FieldKind.ATTRIBUTE, "start_time", ValueType.NUMBER)


@pytest.mark.parametrize(
    ("clause", "key"),
    [
        ("metrics.loss", OrderKey(LOSS)),
        ("metrics.loss ASC", OrderKey(LOSS)),
        ("metric.`loss`  desc", OrderKey(LOSS, descending=True)),
        ("start_time DESC", OrderKey(START, descending=True)),
        ("attributes.Created", OrderKey(START)),
        ("min:metrics.loss DESC", OrderKey(replace(LOSS, aggregate="min"), descending=True)),
        (" max:metric.`loss`", OrderKey(replace(LOSS, aggregate="max"))),
        ("metrics.min:loss", OrderKey(replace(LOSS, key="min:loss"))),
        ("min:metrics.`max:loss`", OrderKey(replace(LOSS, key="max:loss", aggregate="min"))),
    ],
)
def test_clauses(clause: str, key: OrderKey) -> None:
    """A clause is a field and perhaps a direction; before a metric may stand an aggregate."""
    assert parse_order([clause], RUNS) == (key,)


def test_an_aggregate_is_a_field_of_its_own() -> None:
    """The latest, least and greatest value of one metric are three keys, and each comes once."""
    clauses = ["metrics.loss", "min:metrics.loss", "max:metrics.loss DESC"]
    keys = parse_order(clauses, RUNS)
    assert [key.field.aggregate for key in keys] == ["", "min", "max"]
    with pytest.raises(MlflowException, match="twice"):
        parse_order([*clauses, "min:metrics.loss DESC"], RUNS)


@pytest.mark.parametrize(
    ("clauses", "message"),
    [
        ([""], "a field to order runs by"),
        (["metrics.loss UP"], "ASC, DESC or the end"),
        (["metrics.loss ASC DESC"], "expected the end"),
        (["metrics.loss, params.x"], "ASC, DESC or the end"),
        (["datasets.name"], "a field of the"),
        (["statsu"], "did you mean 'status'"),
        (["min:"], "a field to order runs by"),
        (["min:params.x"], r"a field of the metrics\."),
        (["max:start_time"], r"a field of the metrics\."),
        (["min:max:metrics.x"], "found ':'"),
        (["mean:metrics.x"], "found ':'"),
        (["metrics.x:min DESC", "min :metrics.x"], "found ':'"),
        (["metrics.loss", "metrics.loss DESC"], "twice"),
        ([1], "is text"),
        ("metrics.loss", "list of clauses"),
        ([f"metrics.m{n}" for n in range(50)], "at most"),
    ],
)
def test_bad_clauses(clauses: list[str], message: str) -> None:
    """A bad clause is refused with what was expected."""
    with pytest.raises(MlflowException, match=message) as caught:
        parse_order(clauses, RUNS)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_experiments_may_name_a_field_again() -> None:
    """A field that comes again changes nothing there, as upstream has it."""
    assert len(parse_order(["name", "name DESC"], EXPERIMENTS)) == 1


def test_clauses_of_logged_models_are_dictionaries() -> None:
    """A clause names a field, a direction and, for a metric, a dataset; its key is taken whole."""
    keys = parse_model_order(
        [
            {"field_name": "metrics.val loss", "ascending": False, "dataset_name": "d"},
            {"field_name": "name"},
        ],
        LOGGED_MODELS,
    )
    assert keys == (
        OrderKey(Field(FieldKind.METRIC, "val loss", ValueType.NUMBER), True, "d"),
        OrderKey(Field(FieldKind.ATTRIBUTE, "name", ValueType.TEXT)),
    )


@pytest.mark.parametrize(
    "clause",
    [
        "name",
        {},
        {"field_name": ""},
        {"field_name": "params.p"},
        {"field_name": "bogus"},
        {"field_name": "min:metrics.loss"},
    ],
)
def test_bad_clauses_of_logged_models(clause: object) -> None:
    """A clause that is no dictionary, or names no field to order by, is refused."""
    with pytest.raises(MlflowException) as caught:
        parse_model_order([clause], LOGGED_MODELS)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
