"""The same random data and the same random searches, in upstream and in ours, find the same."""

import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.parity import search_grammar as grammar
from tests.parity.upstream import our_python, run_script, upstream_python

SCRIPT = Path(__file__).with_name("search_script.py").read_text("utf-8")
RUN_QUERIES = 2_000
OTHER_QUERIES = 400
TEXTS = (
    "a", "b", "ab", "abc", "ABC", "aBc", "a_c", "a%c", "é", "É", "日本", "😀", "", " a", "a ",
    "it's",
    'say "x"', "10", "9", "-1", "1e3", "z*", "[x]", "x?", "back\\slash", "a;b", "a--b", "NULL",
)  # fmt: skip
KEYS = ("k", "K", "a b", "a.b", "a/b", "and", "é", "x-1", "k.1")
FINITE = (0.0, -0.0, 1.0, 2.0, -1.5, 0.1, 0.2, 1e-300, 1e300, 3.0)
VALUES = (*FINITE, math.nan, math.inf, -math.inf)
STATUSES = ("RUNNING", "FINISHED", "FAILED", "KILLED", "SCHEDULED")
DATASETS = (
    ("train", "d1", "training"), ("train", "d2", "testing"), ("Test", "d1", None),
    ("é", "d3", "a%c"),
)  # fmt: skip


def _some(source: random.Random, keys: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {key: source.choice(values) for key in keys if source.random() < 0.6}


def _quoted(source: random.Random, text: str) -> str:
    """Write a text as a literal; only one of the quotes can hold some of them."""
    if "'" in text:
        return f'"{text}"'
    if '"' in text or source.random() < 0.7:
        return f"'{text}'"
    return f'"{text}"'


def _keyed(source: random.Random, prefixes: tuple[str, ...], *, ticks_only: bool = False) -> str:
    """Write a field with a key, quoted where upstream's grammar needs it or by chance."""
    key = source.choice((*KEYS, "missing"))
    plain = key.replace(".", "").isalnum() and key not in ("and", "k.1")
    if plain and source.random() < 0.5:
        return f"{source.choice(prefixes)}.{key}"
    quote = "`" if ticks_only or source.random() < 0.7 else '"'
    return f"{source.choice(prefixes)}.{quote}{key}{quote}"


def _pattern(source: random.Random) -> str:
    text = source.choice(TEXTS).replace("\\", "")
    return source.choice(
        (text, f"{text}%", f"%{text}", f"%{text}%", f"_{text[1:]}", "%", "_%", "a_c")
    )


def _text_test(
    source: random.Random, field: str, *, nulls: bool, single: bool = False, upper: bool = False
) -> str:
    kind = source.random()
    if nulls and kind < 0.15:
        return f"{field} {source.choice(('IS NULL', 'IS NOT NULL', 'is null', 'is not null'))}"
    word = source.choice(("=", "!=", "LIKE", "ILIKE", "like", "ilike"))
    word = word.upper() if upper else word
    text = source.choice(TEXTS) if word in ("=", "!=") else _pattern(source)
    if word.upper() == "ILIKE":
        text = text.encode("ascii", "ignore").decode()
    if single:
        text = text.replace("'", "").replace('"', "")
        return f"{field} {word} '{text}'"
    return f"{field} {word} {_quoted(source, text)}"


def _number_test(source: random.Random, field: str, values: tuple[str, ...]) -> str:
    space = source.choice(("", " ", "  "))
    word = source.choice(("=", "!=", "<", "<=", ">", ">="))
    return f"{field}{space}{word}{space}{source.choice(values)}"


NUMBERS = ("0", "1", "2", "-1.5", "0.1", "1e0", "1E300", ".5", "3.", "-0", "1e-300")


def _joined(source: random.Random, tests: list[str]) -> str:
    text = tests[0]
    for test in tests[1:]:
        text += f" {source.choice(('AND', 'and', 'And'))} {test}"
    return text


# Runs


def _runs(source: random.Random, count: int) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "experiment": source.randrange(3),
            "name": source.choice([text for text in TEXTS if text]),
            "status": source.choice(STATUSES),
            "start_time": source.randint(1, 30),
            "end_time": source.choice((None, source.randint(1, 30))),
            "deleted": source.random() < 0.15,
            "metrics": _some(source, KEYS, VALUES),
            "params": _some(source, KEYS, [text for text in TEXTS if text]),  # type: ignore[arg-type]
            "tags": _some(source, KEYS, TEXTS),
            "datasets": source.sample(DATASETS, source.choice((0, 0, 1, 2))),
        }
        for number in range(count)
    ]


def _run_test(source: random.Random, count: int) -> str:  # noqa: PLR0911 - one return a kind
    kind = source.randrange(10)
    if kind <= 2:
        return _number_test(source, _keyed(source, ("metrics", "metric")), NUMBERS)
    if kind <= 4:
        field = _keyed(source, ("params", "param", "parameters", "parameter"))
        return _text_test(source, field, nulls=True)
    if kind <= 6:
        return _text_test(source, _keyed(source, ("tags", "tag")), nulls=True)
    prefix = source.choice(("", "attributes.", "attribute.", "attr.", "run."))
    if kind == 7:
        field = source.choice(("start_time", "end_time", "created", "Created"))
        return _number_test(source, prefix + field, ("1", "5", "10.0", "12.5", "20", "1e1", "-1"))
    if kind == 8:
        field = source.choice(("status", "run_name", "`run name`", "`Run Name`", "`Run name`"))
        values = [*STATUSES, "F%", "%ED", "f%"] if field == "status" else list(TEXTS)
        word = source.choice(("=", "!=", "LIKE"))
        return f"{prefix}{field} {word} {_quoted(source, source.choice(values))}"
    if source.random() < 0.5:
        field = source.choice(("datasets", "dataset")) + "."
        field += source.choice(("name", "digest", "context"))
        values = [part for row in DATASETS for part in row if part]
        if source.random() < 0.4:
            listed = ", ".join(_quoted(source, each) for each in source.sample(values, 2))
            return f"{field} {source.choice(('IN', 'NOT IN', 'in', 'not in'))} ({listed})"
        word = source.choice(("=", "!=", "LIKE", "ILIKE"))
        text = source.choice(values)
        text = text.encode("ascii", "ignore").decode() if word == "ILIKE" else text
        return f"{field} {word} {_quoted(source, text)}"
    some = ", ".join(f"'{{run:{source.randrange(count)}}}'" for _ in range(source.randint(1, 5)))
    return f"{prefix}run_id {source.choice(('IN', 'NOT IN'))} ({some})"


def _run_order(source: random.Random) -> list[str]:
    choices: list[Callable[[], str]] = [
        lambda: _keyed(source, ("metrics", "metric")),
        lambda: _keyed(source, ("params", "parameters")),
        lambda: _keyed(source, ("tags", "tag")),
        lambda: source.choice(
            ("start_time", "attributes.end_time", "status", "run_name", "run_id")
        ),
    ]
    keys: dict[str, str] = {}
    for _ in range(source.choice((0, 1, 1, 1, 2, 3))):
        field = source.choice(choices)()
        plain = field.split(".", 1)[-1].strip('`"') + field[0]
        keys.setdefault(plain, f"{field}{source.choice(('', ' ASC', ' DESC', ' desc'))}")
    return list(keys.values())


def _run_queries(source: random.Random, runs: int, count: int) -> list[dict[str, Any]]:
    queries = []
    for _ in range(count):
        tests = [_run_test(source, runs) for _ in range(source.choice((0, 1, 1, 2, 2, 3, 4)))]
        paged = source.random() < 0.2
        queries.append(
            {
                "filter": _joined(source, tests) if tests else "",
                "order": _run_order(source),
                "view": source.choice((1, 1, 2, 3)),
                "experiments": source.choice(([0], [0, 1], [0, 1, 2], [2, 0])),
                "page": source.randint(1, 20) if paged else 1_000,
                "pages": 4 if paged else 1,
            }
        )
    return queries


def _differences(payload: dict[str, Any], kind: str, queries: str) -> list[str]:
    theirs = run_script(upstream_python(), SCRIPT, payload)[kind]
    ours = run_script(our_python(), SCRIPT, payload)[kind]
    assert len(theirs) == len(ours) == len(payload[queries])
    return [
        f"{query}\n  upstream {wanted}\n  ours     {found}"
        for query, wanted, found in zip(payload[queries], theirs, ours, strict=True)
        if wanted != found
    ]


@pytest.mark.parametrize("seed", range(4))
def test_random_searches_of_runs_find_the_same(seed: int) -> None:
    """2,000 random filters, orders and pages of runs give the same runs in the same order."""
    source = random.Random(seed)  # noqa: S311 - the same numbers every time
    runs = _runs(source, 90)
    payload = {
        "runs": runs,
        "run_experiments": ["one", "two", "three"],
        "run_queries": _run_queries(source, len(runs), RUN_QUERIES // 4),
    }
    different = _differences(payload, "runs", "run_queries")
    assert not different, f"{len(different)} of {RUN_QUERIES // 4}:\n" + "\n".join(different[:10])


# Experiments


def _experiments(source: random.Random, count: int) -> list[dict[str, Any]]:
    names = source.sample([f"{text}-{n}" for n in range(4) for text in TEXTS], count)
    return [
        {
            "name": name.strip(),
            "tags": _some(source, KEYS, TEXTS),
            "creation_time": source.randint(1, 12),
            "last_update_time": source.randint(1, 12),
            "deleted": source.random() < 0.15,
        }
        for name in names
    ]


def _experiment_test(source: random.Random, names: list[str]) -> str:
    kind = source.randrange(6)
    prefix = source.choice(("", "attribute."))
    if kind <= 2:
        # Upstream takes these words in capitals only.
        return _text_test(source, _keyed(source, ("tags", "tag")), nulls=True, upper=True)
    if kind == 3:
        field = source.choice(("creation_time", "last_update_time"))
        return _number_test(source, prefix + field, ("1", "5", "6", "12", "0"))
    if kind == 4:
        some = ", ".join(f"'{{id:{source.randrange(len(names))}}}'" for _ in range(3))
        return f"{prefix}experiment_id {source.choice(('IN', 'NOT IN'))} ({some})"
    name = source.choice(names)
    word = source.choice(("=", "!=", "LIKE", "ILIKE"))
    text = f"{name[:1]}%" if "LIKE" in word else name
    text = text.encode("ascii", "ignore").decode() if word == "ILIKE" else text
    return f"{prefix}name {word} {_quoted(source, text)}"


def test_random_searches_of_experiments_find_the_same() -> None:
    """Random filters, orders and pages of experiments give the same experiments."""
    source = random.Random(11)  # noqa: S311 - the same numbers every time
    rows = _experiments(source, 40)
    names = [row["name"] for row in rows]
    fields = ("name", "creation_time", "last_update_time", "experiment_id", "attribute.name")
    queries = []
    for _ in range(OTHER_QUERIES):
        tests = [_experiment_test(source, names) for _ in range(source.choice((0, 1, 1, 2, 3)))]
        order = source.sample(fields, source.choice((0, 1, 2)))
        paged = source.random() < 0.3
        queries.append(
            {
                "filter": _joined(source, tests) if tests else "",
                "order": [f"{each}{source.choice(('', ' ASC', ' desc'))}" for each in order],
                "view": source.choice((1, 1, 2, 3)),
                "page": source.randint(1, 9) if paged else 1_000,
                "pages": 4 if paged else 1,
            }
        )
    payload = {"experiments": rows, "experiment_queries": queries}
    different = _differences(payload, "experiments", "experiment_queries")
    assert not different, f"{len(different)}:\n" + "\n".join(different[:10])


# Logged models


def _models(source: random.Random, count: int) -> list[dict[str, Any]]:
    measured = (None, ("train", "d1"), ("train", "d2"), ("Test", "d1"))
    return [
        {
            "number": number,
            "experiment": source.randrange(2),
            "name": source.choice(("a", "ab", "A", "é", "b c")),
            "model_type": source.choice((None, "tree", "Tree", "net")),
            "creation": source.randint(1, 12),
            "update": source.randint(1, 12),
            "params": _some(source, KEYS, [text for text in TEXTS if text]),  # type: ignore[arg-type]
            "tags": _some(source, KEYS, TEXTS),
            # Each point at a time of its own: upstream refuses a second one at the same.
            "metrics": [
                (source.choice(KEYS), source.choice(FINITE), source.randrange(3), time,
                 source.choice(measured))
                for time in range(source.randrange(5))
            ],
            "deleted": source.random() < 0.15,
        }
        for number in range(count)
    ]  # fmt: skip


def _model_test(source: random.Random) -> str:
    kind = source.randrange(7)
    if kind <= 1:
        return _number_test(source, _keyed(source, ("metrics",), ticks_only=True), NUMBERS)
    if kind == 2:
        # Upstream knows these names without a prefix only.
        field = source.choice(("creation_timestamp", "last_updated_timestamp"))
        return _number_test(source, field, ("1", "5", "6.5", "12"))
    if kind == 3:
        field = source.choice(("name", "attributes.name", "model_type", "attributes.model_type"))
        values = ("a", "A", "ab", "tree", "%e%", "net", "_")
        if source.random() < 0.3:
            return f"{field} {source.choice(('IN', 'NOT IN'))} ('{source.choice(values)}', 'net')"
        word = source.choice(("=", "!=", "LIKE", "ILIKE"))
        return f"{field} {word} '{source.choice(values)}'"
    field = _keyed(source, ("params", "tags"), ticks_only=True)
    if source.random() < 0.2:
        return f"{field} {source.choice(('IN', 'NOT IN'))} ('a', 'é', '10')"
    return _text_test(source, field, nulls=False, single=True)


def test_random_searches_of_logged_models_find_the_same() -> None:
    """Random filters, datasets, orders and pages of logged models give the same models."""
    source = random.Random(12)  # noqa: S311 - the same numbers every time
    queries = []
    for _ in range(OTHER_QUERIES):
        tests = [_model_test(source) for _ in range(source.choice((0, 1, 1, 2, 3)))]
        fields = ["name", "model_type", "creation_timestamp", "last_updated_timestamp", "model_id"]
        fields += [f"metrics.{key}" for key in (*KEYS, "missing")]
        order = [
            {"field_name": field, "ascending": source.random() < 0.5}
            | ({"dataset_name": "train"} if source.random() < 0.3 and "metrics" in field else {})
            for field in source.sample(fields, source.choice((0, 1, 1, 2)))
        ]
        paged = source.random() < 0.3
        queries.append(
            {
                "filter": _joined(source, tests) if tests else None,
                "datasets": source.choice(
                    (None, None, [{"dataset_name": "train"}],
                     [{"dataset_name": "train", "dataset_digest": "d2"}, {"dataset_name": "Test"}])
                ),
                "order": order or None,  # upstream's next pages refuse an empty list
                "experiments": source.choice(([0], [1], [0, 1])),
                "page": source.randint(1, 9) if paged else 1_000,
                "pages": 4 if paged else 1,
            }
        )  # fmt: skip
    payload = {
        "models": _models(source, 45),
        "model_experiments": ["one", "two"],
        "model_queries": queries,
    }
    different = _differences(payload, "models", "model_queries")
    assert not different, f"{len(different)}:\n" + "\n".join(different[:10])


# The grammar, line by line


def _grammar_run(number: int, **data: Any) -> dict[str, Any]:
    plain = {
        "number": number, "experiment": 0, "name": "abcdefgh"[number], "status": "RUNNING",
        "end_time": None, "deleted": False, "metrics": {}, "params": {}, "tags": {}, "datasets": [],
    }  # fmt: skip
    return plain | data


GRAMMAR_RUNS = [
    _grammar_run(
        0,
        start_time=100,
        metrics={"m": 1.0, "x y": 2},
        params={"p": "1", "q": "abc", "P": "up"},
        tags={"t": "hello", "T.x": "1"},
    ),
    _grammar_run(
        1,
        start_time=200,
        end_time=500,
        status="FINISHED",
        metrics={"m": 2.0},
        params={"p": "10", "q": "ABC"},
        tags={"t": "Hello"},
    ),
    _grammar_run(
        2,
        start_time=300,
        end_time=600,
        status="FAILED",
        metrics={"m": "nan"},
        params={"p": "é"},
        tags={"t": "it's"},
    ),
    _grammar_run(3, start_time=300, metrics={"m": "inf"}, params={"q": "a_c"}),
    _grammar_run(4, start_time=400, metrics={"m": "-inf"}, params={"q": "a%c"}),
    _grammar_run(5, start_time=50, metrics={"m": 0.0}, params={"q": "z"}),
    _grammar_run(6, start_time=60, metrics={"m": -0.0}),
    _grammar_run(7, start_time=70),
]


def test_the_grammar_line_by_line() -> None:
    """Hand-written filters and orders are taken or refused as the lists of the grammar say."""
    filters = (*grammar.SAME_FILTERS, *grammar.ONLY_OURS, *grammar.ONLY_THEIRS)
    orders: tuple[list[Any], ...] = (
        *grammar.SAME_ORDERS,
        *grammar.ONLY_OURS_ORDERS,
        *grammar.ONLY_THEIRS_ORDERS,
    )
    plain = {"filter": "", "order": None, "view": 1, "experiments": [0], "page": 100, "pages": 1}
    queries = [plain | {"filter": text} for text in filters]
    queries += [plain | {"order": list(order)} for order in orders]
    payload = {"runs": GRAMMAR_RUNS, "run_experiments": ["one"], "run_queries": queries}
    theirs = run_script(upstream_python(), SCRIPT, payload)["runs"]
    ours = run_script(our_python(), SCRIPT, payload)["runs"]
    refused = "INVALID_PARAMETER_VALUE"
    for asked, wanted, found in zip((*filters, *orders), theirs, ours, strict=True):
        if asked in grammar.ONLY_OURS or asked in grammar.ONLY_OURS_ORDERS:
            assert wanted == refused, asked
            assert isinstance(found, list), asked
        elif asked in grammar.ONLY_THEIRS or asked in grammar.ONLY_THEIRS_ORDERS:
            assert isinstance(wanted, list), asked
            assert found == refused, asked
        else:
            assert found == wanted, asked
