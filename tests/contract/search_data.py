"""Random runs and random filters for contract tests of search."""

import math
import random
from dataclasses import dataclass

from mlflow._core.tags import MLFLOW_DATASET_CONTEXT
from mlflow._search.evaluate import Subject
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

TEXTS = (
    "a", "b", "ab", "abc", "ABC", "a_c", "a%c", "é", "日本", "😀", "it's", "10", "z*", "[x]", "x?",
    "back\\slash", " a",
)  # fmt: skip
VALUES = (math.nan, math.inf, -math.inf, -0.0, 0.0, 1.0, 2.0, -1.5, 1e-300, 0.25)
METRICS = ("m1", "m2", "m 3")
PARAMS = ("p1", "p2")
TAGS = ("t1", "t/2")
DATASETS = (("a", "d1", "train"), ("a", "d2", None), ("B", "d1", "Test"))


@dataclass(frozen=True)
class Stored:
    """A run that was stored, with what it should be found by."""

    run_id: str
    experiment_id: str
    stage: str
    subject: Subject


def fill(store: SqlAlchemyStore, count: int, seed: int) -> list[Stored]:
    """Store random runs in three experiments; a few are deleted."""
    source = random.Random(seed)  # noqa: S311 - the same numbers every time
    experiments = [store.create_experiment(f"search {name}") for name in ("one", "two", "three")]
    return [_fill_one(store, source, source.choice(experiments)) for _ in range(count)]


def _fill_one(store: SqlAlchemyStore, source: random.Random, experiment: str) -> Stored:
    start, name = source.randint(1, 20), source.choice(TEXTS)
    run = store.create_run(experiment, source.choice("uv"), start, [], name)
    run_id = run.info.run_id
    histories = {
        key: source.choices(VALUES, k=source.choice((1, 1, 2, 4)))
        for key in METRICS
        if source.random() < 0.7
    }
    metrics = {key: points[-1] for key, points in histories.items()}
    params = {key: source.choice(TEXTS) for key in PARAMS if source.random() < 0.7}
    tags = {key: source.choice((*TEXTS, "")) for key in TAGS if source.random() < 0.7}
    store.log_batch(
        run_id,
        [
            Metric(key, v, 1, step)
            for key, points in histories.items()
            for step, v in enumerate(points)
        ],
        [Param(key, value) for key, value in params.items()],
        [RunTag(key, value) for key, value in tags.items()],
    )
    datasets = source.sample(DATASETS, source.choice((0, 0, 1, 2)))
    if datasets:
        store.log_inputs(run_id, [_dataset(*each) for each in datasets], [])
    status, end = source.choice(RunStatus.all_status()), source.choice((None, source.randint(1, 9)))
    store.update_run_info(run_id, status, end, None)
    deleted = source.random() < 0.15
    if deleted:
        store.delete_run(run_id)
    attributes = {
        "run_id": run_id,
        "run_name": name,
        "status": RunStatus.to_string(status),
        "user_id": run.info.user_id,
        "artifact_uri": run.info.artifact_uri,
        "start_time": start,
        "end_time": end,
        "duration": None if end is None else end - start,
    }
    found_datasets = [
        {"name": name, "digest": digest} | ({"context": context} if context else {})
        for name, digest, context in datasets
    ]
    stage = "deleted" if deleted else "active"
    subject = Subject(attributes, metrics, params, tags, found_datasets, histories)
    return Stored(run_id, experiment, stage, subject)


def _dataset(name: str, digest: str, context: str | None) -> DatasetInput:
    tags = [InputTag(MLFLOW_DATASET_CONTEXT, context)] if context else []
    return DatasetInput(Dataset(name, digest, "local", "here"), tags)


# Filters and orders


def random_filter(source: random.Random, run_ids: list[str], depth: int = 0) -> str:
    """Return a filter with AND, OR, NOT and parentheses over every kind of field."""
    kind = source.random()
    if depth < 3 and kind < 0.25:
        word = source.choice((" AND ", " OR "))
        parts = [random_filter(source, run_ids, depth + 1) for _ in range(source.randint(2, 3))]
        return f"({word.join(parts)})"
    if depth < 3 and kind < 0.35:
        return f"NOT ({random_filter(source, run_ids, depth + 1)})"
    if source.random() < 0.4:
        return _number_test(source)
    return _text_test(source, run_ids)


def _number_test(source: random.Random) -> str:
    field = source.choice(
        (
            "metrics.m1",
            "metrics.m2",
            "metrics.`m 3`",
            "metrics.no",
            "start_time",
            "end_time",
            "duration",
        )
    )
    numbers = ("0", "1", "2", "-7", "-1.5", "0.25", "5", "10", "1e999", "-1e999")
    return _test(source, field, ("<", "<=", ">", ">="), lambda: source.choice(numbers))


def _text_test(source: random.Random, run_ids: list[str]) -> str:
    field = source.choice(
        (
            "params.p1", "params.p2", "tags.t1", "tags.`t/2`", "tags.no", "run_name", "status",
            "user_id", "artifact_uri", "run_id", "datasets.name", "datasets.digest",
            "datasets.context",
        )
    )  # fmt: skip

    def value() -> str:
        if field in ("run_id", "artifact_uri") and source.random() < 0.7:
            run_id = source.choice(run_ids)
            text = run_id if field == "run_id" else f"%{run_id[-12:]}%"
        else:
            some = (*TEXTS, "a%", "%b%", "_b%", "%", "", "F%", "RUNNING", "FAILED", "d1", "T%")
            text = source.choice(some)
        return "'" + text.replace("'", "''") + "'"

    def plain() -> str:
        return value().encode("ascii", "ignore").decode()

    if source.random() < 0.15:
        return f"{field} {source.choice(('ILIKE', 'NOT ILIKE'))} {plain()}"
    return _test(source, field, ("LIKE", "NOT LIKE"), value)


def _test(source: random.Random, field: str, more: tuple[str, ...], value: object) -> str:
    assert callable(value)
    operator = source.choice(
        (*more, "=", "!=", "IN", "NOT IN", "BETWEEN", "NOT BETWEEN", "IS NULL", "IS NOT NULL")
    )
    if operator.endswith("NULL"):
        return f"{field} {operator}"
    if operator.endswith("BETWEEN"):
        return f"{field} {operator} {value()} AND {value()}"
    if operator.endswith("IN"):
        return f"{field} {operator} ({', '.join(value() for _ in range(source.randint(1, 3)))})"
    return f"{field} {operator} {value()}"


def random_order(source: random.Random) -> list[str]:
    """Return up to three clauses over every kind of field."""
    fields = (
        "metrics.m1", "metrics.m2", "metrics.no", "params.p1", "tags.t1", "tags.no", "start_time",
        "end_time", "status", "run_name", "user_id", "run_id", "artifact_uri", "duration",
        "min:metrics.m1", "max:metrics.m2", "min:metrics.`m 3`", "max:metrics.no",
    )  # fmt: skip
    return [
        f"{field}{source.choice(('', ' ASC', ' DESC'))}"
        for field in source.sample(fields, source.choice((0, 1, 1, 2, 3)))
    ]
