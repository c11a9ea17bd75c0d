"""What runs read and made: datasets, their tags, logged models; and the search of datasets."""

from collections.abc import Callable
from typing import Any

import pytest

from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

CONTEXT = "mlflow.data.context"


def new_run(store: SqlAlchemyStore, experiment_id: str = "0") -> str:
    """Return the id of a new run."""
    return store.create_run(experiment_id, "user", 1, [], None).info.run_id


def dataset(name: str = "wine", digest: str = "d1", **fields: Any) -> Dataset:
    """Return a dataset."""
    return Dataset(
        **{"source_type": "local", "source": "{}", **fields, "name": name, "digest": digest}
    )


def used(data: Dataset, **tags: str) -> DatasetInput:
    """Return a dataset as an input with tags."""
    return DatasetInput(data, [InputTag(key, value) for key, value in tags.items()])


def shown(store: SqlAlchemyStore, run_id: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return name, digest and tags of a run's datasets."""
    return [
        (item.dataset.name, item.dataset.digest, {tag.key: tag.value for tag in item.tags})
        for item in store.get_run(run_id).inputs.dataset_inputs
    ]


def error_of(call: Callable[[], object]) -> str:
    """Return the code of the error that a call raises."""
    with pytest.raises(MlflowException) as caught:
        call()
    return caught.value.error_code


def test_a_dataset_comes_back_with_all_its_texts(store: SqlAlchemyStore) -> None:
    """Every field of a dataset and every tag is kept exactly, 4-byte characters included."""
    run_id = new_run(store)
    data = dataset("wéin🍷", "ab", source='{"p": 1}', schema='{"s": "é"}', profile='{"n": 2}')
    store.log_inputs(run_id, [used(data, context="träin 🎉", empty="")])
    (found,) = store.get_run(run_id).inputs.dataset_inputs
    assert found.dataset == data
    assert {tag.key: tag.value for tag in found.tags} == {"context": "träin 🎉", "empty": ""}


def test_the_first_input_decides_the_tags(store: SqlAlchemyStore) -> None:
    """A dataset that the run has already keeps its tags; its order is that of logging."""
    run_id = new_run(store)
    store.log_inputs(run_id, [used(dataset("b"), a="1"), used(dataset("b"), a="2", c="3")])
    store.log_inputs(run_id, [used(dataset("b"), d="4"), used(dataset("a"))])
    store.log_inputs(run_id, [])
    assert shown(store, run_id) == [("b", "d1", {"a": "1"}), ("a", "d1", {})]


def test_runs_of_an_experiment_share_a_dataset(store: SqlAlchemyStore) -> None:
    """One row for each experiment, name and digest; its first description stays."""
    first, second = new_run(store), new_run(store)
    other = new_run(store, store.create_experiment("other"))
    store.log_inputs(first, [used(dataset(source="one"), n="1")])
    store.log_inputs(second, [used(dataset(source="two"), n="2"), used(dataset(digest="d2"))])
    store.log_inputs(other, [used(dataset(source="three"))])
    sources = [
        item.dataset.source
        for run_id in (first, second, other)
        for item in store.get_run(run_id).inputs.dataset_inputs
    ]
    assert sources == ["one", "one", "{}", "three"]
    assert shown(store, second)[0][2] == {"n": "2"}


def test_model_inputs_and_outputs_come_back_in_order(store: SqlAlchemyStore) -> None:
    """Models are listed as they were logged; one that is logged again changes nothing."""
    run_id = new_run(store)
    store.log_inputs(run_id, models=[LoggedModelInput("m-2"), LoggedModelInput("m-1")])
    store.log_inputs(run_id, models=[LoggedModelInput("m-1"), LoggedModelInput("m-0")])
    store.log_outputs(run_id, [LoggedModelOutput("m-9", 3), LoggedModelOutput("m-8", -(2**63))])
    store.log_outputs(run_id, [LoggedModelOutput("m-9", 3), LoggedModelOutput("m-9", 2**63 - 1)])
    run = store.get_run(run_id)
    assert [model.model_id for model in run.inputs.model_inputs] == ["m-2", "m-1", "m-0"]
    assert [(model.model_id, model.step) for model in run.outputs.model_outputs] == [
        ("m-9", 3),
        ("m-8", -(2**63)),
        ("m-9", 2**63 - 1),
    ]


def test_a_fresh_run_has_empty_inputs_and_outputs(store: SqlAlchemyStore) -> None:
    """The lists of a run without inputs are empty, not missing."""
    run = store.get_run(new_run(store))
    assert run.inputs.to_dictionary() == {"model_inputs": [], "dataset_inputs": []}
    assert run.outputs.to_dictionary() == {"model_outputs": []}


def test_inputs_of_many_runs_are_loaded_in_few_queries(
    store: SqlAlchemyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of thirty runs with inputs takes as many statements as a page of two."""
    experiment_id = store.create_experiment("many")
    for index in range(30):
        run_id = new_run(store, experiment_id)
        store.log_inputs(run_id, [used(dataset(f"d{index % 3}"), n=str(index))])
        store.log_outputs(run_id, [LoggedModelOutput(f"m-{index}", index)])
    statements: list[str] = []

    def counted(limit: int) -> int:
        statements.clear()
        page = store.search_runs([experiment_id], None, ViewType.ACTIVE_ONLY, limit)
        assert len(page) == limit
        assert all(len(run.inputs.dataset_inputs) == 1 for run in page)
        assert all(len(run.outputs.model_outputs) == 1 for run in page)
        return len(statements)

    _count_statements(monkeypatch, statements)
    counted(30)  # the names of keys are known from now on
    assert counted(30) == counted(2)


def _count_statements(monkeypatch: pytest.MonkeyPatch, statements: list[str]) -> None:
    """Note every query of every kind of session."""
    for kind in (Session, *Session.__subclasses__()):
        rows: Any = vars(kind).get("rows")
        if rows is not None:

            def noted(
                self: Session, sql: str, params: Any = (), rows: Any = rows
            ) -> list[tuple[Any, ...]]:
                statements.append(sql)
                found: list[tuple[Any, ...]] = rows(self, sql, params)
                return found

            monkeypatch.setattr(kind, "rows", noted)


@pytest.mark.parametrize(
    ("fields", "limit"),
    [("name", 500), ("digest", 36), ("source_type", 36), ("source", 65_535)],
)
def test_the_longest_texts_fit_and_longer_ones_are_refused(
    store: SqlAlchemyStore, fields: str, limit: int
) -> None:
    """A text of the greatest length comes back whole, one character more is refused."""
    run_id = new_run(store)
    text = "ü" * limit
    store.log_inputs(run_id, [used(dataset(**{"digest": "d", fields: text}))])
    assert getattr(store.get_run(run_id).inputs.dataset_inputs[0].dataset, fields) == text
    longer = used(dataset(**{"digest": "e", fields: text + "x"}))
    assert error_of(lambda: store.log_inputs(run_id, [longer])) == "INVALID_PARAMETER_VALUE"
    assert len(shown(store, run_id)) == 1


@pytest.mark.parametrize(
    "item",
    [
        used(dataset(name=None)),  # type: ignore[arg-type]  # what a caller may do
        used(dataset(digest=None)),  # type: ignore[arg-type]  # what a caller may do
        used(dataset(source=None)),
        used(dataset(source_type=None)),
        used(dataset(source=5)),
        used(dataset("nul\x00")),
        used(dataset("half \ud800")),
        used(dataset(), **{"k" * 256: "v"}),
        used(dataset(), k="v" * 501),
        DatasetInput(dataset(), [InputTag("k", None)]),  # type: ignore[arg-type]  # a caller may
        DatasetInput(dataset(), [InputTag("k", "1"), InputTag("k", "2")]),
        "no input",
    ],
)
def test_a_malformed_input_is_refused_and_nothing_is_written(
    store: SqlAlchemyStore, item: Any
) -> None:
    """One bad input refuses the whole call."""
    run_id = new_run(store)
    good = used(dataset("good"))
    assert error_of(lambda: store.log_inputs(run_id, [good, item])) == "INVALID_PARAMETER_VALUE"
    assert shown(store, run_id) == []


def test_runs_that_cannot_be_written_are_refused(store: SqlAlchemyStore) -> None:
    """Unknown runs do not exist; deleted ones take no inputs and no outputs."""
    run_id = new_run(store)
    output = LoggedModelOutput("m", 0)
    for missing in ("nope", None):
        assert error_of(lambda m=missing: store.log_inputs(m, [])) == "RESOURCE_DOES_NOT_EXIST"  # type: ignore[misc]  # mypy types no lambda with defaults
        assert error_of(lambda m=missing: store.log_outputs(m, [output])) == (  # type: ignore[misc]  # mypy types no lambda with defaults
            "RESOURCE_DOES_NOT_EXIST"
        )
    store.delete_run(run_id)
    assert error_of(lambda: store.log_inputs(run_id, [])) == "INVALID_PARAMETER_VALUE"
    assert error_of(lambda: store.log_outputs(run_id, [output])) == "INVALID_PARAMETER_VALUE"


def test_datasets_are_summed_up_by_experiment_and_context(store: SqlAlchemyStore) -> None:
    """Each experiment, name, digest and context is listed once; deleted runs count."""
    first, second = store.create_experiment("first"), store.create_experiment("second")
    run_id, deleted = new_run(store, first), new_run(store, first)
    elsewhere = new_run(store, second)
    train, test = {CONTEXT: "train"}, {CONTEXT: "test", "other": "x"}
    store.log_inputs(run_id, [used(dataset("b"), **train), used(dataset("a"))])
    store.log_inputs(deleted, [used(dataset("b"), **test), used(dataset("a"))])
    store.log_inputs(elsewhere, [used(dataset("b"), **train)])
    store.delete_run(deleted)
    found = [tuple(each.to_dict().values()) for each in store.search_datasets([second, first])]
    assert found == [
        (first, "a", "d1", None),
        (first, "b", "d1", "test"),
        (first, "b", "d1", "train"),
        (second, "b", "d1", "train"),
    ]
    assert store.search_datasets([]) == store.search_datasets(["999999"]) == []
    assert error_of(lambda: store.search_datasets(["x"])) == "INVALID_PARAMETER_VALUE"


def test_at_most_a_thousand_datasets_are_listed(store: SqlAlchemyStore) -> None:
    """The list ends after a thousand."""
    run_id = new_run(store)
    store.log_inputs(run_id, [used(dataset(f"n{index:04}")) for index in range(1001)])
    found = store.search_datasets(["0"])
    assert [each.name for each in found] == [f"n{index:04}" for index in range(1000)]
    assert len(shown(store, run_id)) == 1001
