"""Filters to trees: what the grammar takes, and what errors say."""

from collections.abc import Callable

import pytest

from mlflow._search.ast import And, Field, FieldKind, Node, Not, Operator, Or, Test, ValueType
from mlflow._search.fields import EXPERIMENTS, LOGGED_MODELS, RUNS
from mlflow._search.parser import MAX_DEPTH, MAX_TESTS, parse_filter
from mlflow.exceptions import MlflowException


def _metric(key: str) -> Field:
    return Field(FieldKind.METRIC, key, ValueType.NUMBER)


def _param(key: str) -> Field:
    return Field(FieldKind.PARAM, key, ValueType.TEXT)


def _tag(key: str) -> Field:
    return Field(FieldKind.TAG, key, ValueType.TEXT)


A = Test(_metric("a"), Operator.GT, (1,))
B = Test(_param("b"), Operator.EQ, ("x",))
C = Test(_tag("c"), Operator.IS_NULL)


@pytest.mark.parametrize("text", ["", "   ", "\n", None])
def test_an_empty_filter_has_no_tree(text: str | None) -> None:
    """Nothing to filter by is no tree."""
    assert parse_filter(text, RUNS) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("metrics.m > 1", "m"),
        ("metric.m>1", "m"),
        ("metrics.`m x` > 1", "m x"),
        ('metrics."m x" > 1', "m x"),
        ("metrics.'m x' > 1", "m x"),
        ("metrics.`a``b` > 1", "a`b"),
        ("`metrics`.m > 1", "m"),
        ("metrics.val/loss > 1", "val/loss"),
        ("metrics.val-loss > 1", "val-loss"),
        ("metrics.a.b.c > 1", "a.b.c"),
        ("metrics.and > 1", "and"),
        ("metrics.1 > 1", "1"),
        ("metrics.日本 > 1", "日本"),
    ],
)
def test_keys_are_bare_or_quoted(text: str, key: str) -> None:
    """A key may be bare, in backticks or in either quotes."""
    assert parse_filter(text, RUNS) == Test(_metric(key), Operator.GT, (1,))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'x'", "x"),
        ('"x"', "x"),
        ("''", ""),
        ("'it''s'", "it's"),
        ('"it\'s"', "it's"),
        ('"say ""x"""', 'say "x"'),
        (r"'back\slash'", r"back\slash"),
        ("'x AND y'", "x AND y"),
        ("'😀'", "😀"),
    ],
)
def test_strings_double_their_quote(text: str, value: str) -> None:
    """A quote is doubled to stand for itself; a backslash is a character."""
    assert parse_filter(f"params.b = {text}", RUNS) == Test(_param("b"), Operator.EQ, (value,))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-1", -1),
        ("+1", 1),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-3", -0.0015),
        ("1e400", 1.7976931348623157e308),
        ("-1e400", -1.7976931348623157e308),
        ("9" * 5000, 1.7976931348623157e308),
    ],
)
def test_numbers(text: str, value: float) -> None:
    """Numbers are read exactly; what a double cannot hold is the largest one."""
    assert parse_filter(f"metrics.a = {text}", RUNS) == Test(_metric("a"), Operator.EQ, (value,))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("metrics.a > 1 AND params.b = 'x'", And((A, B))),
        ("metrics.a > 1 and params.b = 'x' And tags.c IS NULL", And((A, B, C))),
        ("metrics.a > 1 OR params.b = 'x' AND tags.c IS NULL", Or((A, And((B, C))))),
        ("(metrics.a > 1 OR params.b = 'x') AND tags.c IS NULL", And((Or((A, B)), C))),
        ("NOT metrics.a > 1 AND params.b = 'x'", And((Not(A), B))),
        ("NOT (metrics.a > 1 AND params.b = 'x')", Not(And((A, B)))),
        ("not not metrics.a > 1", Not(Not(A))),
        ("((metrics.a > 1))", A),
        ("metrics.a > 1 AND", A),
        ("AND metrics.a > 1", A),
        ("metrics.a > 1 AND AND params.b = 'x'", And((A, B))),
        ("metrics.a > 1 params.b = 'x'", And((A, B))),
    ],
)
def test_logic(text: str, tree: Node) -> None:
    """NOT binds before AND, AND before OR; upstream's looser forms of AND are taken."""
    assert parse_filter(text, RUNS) == tree


@pytest.mark.parametrize(
    ("text", "operator", "values"),
    [
        ("params.b != 'x'", Operator.NE, ("x",)),
        ("params.b like 'x%'", Operator.LIKE, ("x%",)),
        ("params.b NOT LIKE 'x%'", Operator.NOT_LIKE, ("x%",)),
        ("params.b ILike 'x%'", Operator.ILIKE, ("x%",)),
        ("params.b NOT ILIKE 'x%'", Operator.NOT_ILIKE, ("x%",)),
        ("params.b IN ('x', \"y\", 'x',)", Operator.IN, ("x", "y")),
        ("params.b NOT  IN('x')", Operator.NOT_IN, ("x",)),
        ("params.b BETWEEN 'a' AND 'b'", Operator.BETWEEN, ("a", "b")),
        ("params.b NOT BETWEEN 'a' AND 'b'", Operator.NOT_BETWEEN, ("a", "b")),
        ("params.b IS NULL", Operator.IS_NULL, ()),
        ("params.b is  not   null", Operator.IS_NOT_NULL, ()),
    ],
)
def test_operators(text: str, operator: Operator, values: tuple[str, ...]) -> None:
    """Every operator on text, in any case."""
    assert parse_filter(text, RUNS) == Test(_param("b"), operator, values)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("run_name = 'x'", "run_name"),
        ("attributes.run_name = 'x'", "run_name"),
        ("attribute.run_name = 'x'", "run_name"),
        ("attr.run_name = 'x'", "run_name"),
        ("run.run_name = 'x'", "run_name"),
        ("`run name` = 'x'", "run_name"),
        ("attributes.`Run Name` = 'x'", "run_name"),
        ("\"run_name\" = 'x'", "run_name"),
        ("user_id = 'x'", "user_id"),
    ],
)
def test_attributes_have_prefixes_and_aliases(text: str, name: str) -> None:
    """An attribute may stand alone, behind any of its prefixes, or under an alias."""
    field = Field(FieldKind.ATTRIBUTE, name, ValueType.TEXT)
    assert parse_filter(text, RUNS) == Test(field, Operator.EQ, ("x",))


def test_ids_of_experiments_are_whole_numbers_in_quotes() -> None:
    """An experiment's id is compared as a number."""
    field = Field(FieldKind.ATTRIBUTE, "experiment_id", ValueType.ID)
    parsed = parse_filter("experiment_id IN ('1', '02')", EXPERIMENTS)
    assert parsed == Test(field, Operator.IN, (1, 2))


def test_logged_models_take_bare_words_as_text() -> None:
    """A bare word or number stands for the text it is written as, as upstream reads it there."""
    parsed = parse_filter("params.lr = 0.10 AND name = best", LOGGED_MODELS)
    name = Field(FieldKind.ATTRIBUTE, "name", ValueType.TEXT)
    assert parsed == And(
        (Test(_param("lr"), Operator.EQ, ("0.10",)), Test(name, Operator.EQ, ("best",)))
    )


@pytest.mark.parametrize(
    ("text", "position", "found", "expected"),
    [
        ("metrics.a >", 12, "the end", "a number"),
        ("metrics.a > 'x'", 13, "'x'", "a number without quotes"),
        ("metrics.a > abc", 13, "abc", "a number"),
        ("metrics.a > 1e", 13, "1e", "a number such as"),
        ("metrics.a LIKE '1'", 11, "LIKE", "BETWEEN for the metric 'a'"),
        ("metrics.a == 1", 11, "==", "'=' (one sign)"),
        ("metrics.a <> 1", 11, "<>", "'!='"),
        ("metrics.a", 10, "the end", "=, !=, <"),
        ("metrics. > 1", 9, "' '", "a key after 'metrics.'"),
        ("metrics.`` > 1", 9, "``", "not empty"),
        ("metrics.`a > 1", 9, "`", "a closing `"),
        ("params.b = 'x", 12, "'", "a closing '"),
        ("params.b = 1", 12, "1", "text in single or double quotes"),
        ("params.b = x", 12, "x", "text in single or double quotes"),
        ("params.b > 'x'", 10, ">", "its values are text"),
        ("params.b IN ()", 14, ")", "text in"),
        ("params.b IN ('x'", 17, "the end", "',' or ')'"),
        ("params.b IN 'x'", 13, "'x'", "a list of values in parentheses"),
        ("params.b NOT 'x'", 14, "'x'", "IN, LIKE, ILIKE or BETWEEN after NOT"),
        ("params.b IS 'x'", 13, "'x'", "NULL or NOT NULL"),
        ("params.b BETWEEN 'a'", 21, "the end", "AND between the two ends"),
        ("params.b = 'x';", 15, "';'", "a field, an operator or a value"),
        ("params.b c = 'x'", 10, "c", "params.`b c`"),
        ("(metrics.a > 1", 15, "the end", "')'"),
        ("metrics.a > 1)", 14, ")", "the end of the filter"),
        ("metrics.a > 1 OR", 17, "the end", "a field such as"),
        ("metrics.a > 1 AND OR metrics.a > 2", 19, "OR", "a field"),
        ("()", 2, ")", "a field such as"),
        ("1 < metrics.a", 1, "1", "a field such as"),
        ("metric.a > 1 && x", 14, "'&'", "a field, an operator"),
        ("statsu = 'x'", 1, "statsu", "did you mean 'status'?"),
        ("attributes.Run_name = 'x'", 1, "Run_name", "did you mean 'run_name'?"),
        ("Metrics.a > 1", 1, "Metrics", "did you mean 'metrics'?"),
        ("loss > 1", 1, "loss", "metrics.loss"),
        ("datasets.source = 'x'", 1, "source", "name, digest, context"),
        ("params.b = 'a\x00'", 14, "'\\x00'", "text without NUL"),
    ],
)
def test_errors_say_where_what_and_what_instead(
    text: str, position: int, found: str, expected: str
) -> None:
    """A bad filter is refused with the position, the offending token and what was expected."""
    with pytest.raises(MlflowException) as caught:
        parse_filter(text, RUNS)
    message = caught.value.message
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert f"at position {position}:" in message
    assert found in message
    assert expected in message


@pytest.mark.parametrize(
    "make",
    [
        lambda: "(" * (MAX_DEPTH + 1) + "metrics.a > 1" + ")" * (MAX_DEPTH + 1),
        lambda: "NOT " * 100_000 + "metrics.a > 1",
        lambda: " AND ".join(["metrics.a > 1"] * (MAX_TESTS + 1)),
        lambda: f"params.b IN ({', '.join(['x'.join(chr(39) * 2)] * 20_000)})",
        lambda: "x" * 2_000_000,
        lambda: f"params.b LIKE '{'%a' * 20_000}'",
    ],
)
def test_pathological_filters_are_refused(make: Callable[[], str]) -> None:
    """Depth, length, the number of tests, of values and the length of a pattern are bounded."""
    with pytest.raises(MlflowException) as caught:
        parse_filter(make(), RUNS)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert len(caught.value.message) < 1_000


@pytest.mark.parametrize("value", [5, ["metrics.a > 1"], b"metrics.a > 1"])
def test_a_filter_is_text(value: object) -> None:
    """Anything but text is refused."""
    with pytest.raises(MlflowException, match="A filter is text"):
        parse_filter(value, RUNS)  # type: ignore[arg-type]  # that is the point
