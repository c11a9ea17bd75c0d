"""The same expressions over entities mean the same in upstream and here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.parity.upstream import our_python, run_script, upstream_python

SCRIPT = """
from mlflow.entities import *
from mlflow.entities import _DatasetSummary
from mlflow.store.entities import PagedList

def main(expressions):
    point = ("k", 1.5, 100, 3)
    info = RunInfo("r", "e", "u", "RUNNING", 1, None, "active", "/x", "name")
    data = RunData(
        [Metric("a", 1.0, 1, 1), Metric("a", 2.0, 1, 2), Metric("b", 3, 4, 5)],
        [Param("z", "1"), Param("p", "long " * 40)], [RunTag("t", "v")],
    )
    dataset = Dataset("n", "d", "st", "s", "sch", "prof")
    inputs = RunInputs([DatasetInput(dataset, [InputTag("a", "b")])])
    outputs = RunOutputs([LoggedModelOutput("m", 1)])
    run = Run(info, data, inputs, outputs)
    experiment = Experiment("1", "n", "loc", "active", [ExperimentTag("a", "b")], 1, 2)
    model = LoggedModel(
        "1", "m-1", "name", "loc", 10, 11, "mt", "run", LoggedModelStatus.READY, "msg",
        [LoggedModelTag("a", "b")], [LoggedModelParameter("p", "q")],
    )
    names = {**globals(), **locals()}
    answers = []
    for expression in expressions:
        try:
            answers.append(repr(eval(expression, names)))
        except Exception as error:
            known = (TypeError, AttributeError, ValueError)
            kind = type(error).__name__ if isinstance(error, known) else "Exception"
            answers.append("raises " + kind)
    return answers
"""

PAIRS = ("Param", "RunTag", "ExperimentTag", "InputTag", "LoggedModelTag", "LoggedModelParameter")
SHOWN = ("info", "data", "dataset", "inputs", "outputs", "run", "experiment", "model")
EXPRESSIONS = [
    "Metric(*point)",
    "list(Metric(*point))",
    "Metric(*point).to_dictionary()",
    "Metric(*point, 'm', 'n', 'd', 'r').to_dictionary()",
    "Metric(*point) == Metric(*point)",
    "Metric(*point) == Metric(*point, 'm')",
    "Metric(*point, run_id='a') == Metric(*point, run_id='b')",
    "Metric(*point) == 3",
    "len({Metric(*point), Metric(*point)})",
    "Metric('k', float('nan'), 1, 1) == Metric('k', float('nan'), 1, 1)",
    "Metric.from_dictionary({'key': 'a', 'value': 1, 'timestamp': 2, 'step': 3})",
    "Metric.from_dictionary({'key': 'a'})",
    "Metric.from_dictionary({'key': 'a', 'value': 1, 'timestamp': 2, 'step': 3, 'z': 4})",
    "setattr(Metric(*point), 'value', 3)",
    *(
        template.format(name)
        for name in PAIRS
        for template in (
            "{0}('a', 'b')",
            "list({0}('a', 'b'))",
            "{0}('a', 'b') == {0}('a', 'b')",
            "{0}('a', 'b') == {0}('a', 'c')",
            "{0}('a', 'b') == {0}('b', 'b')",
            "{0}('a', 'b') == InputTag('a', 'b')",
            "len({{{0}('a', 'b'), {0}('a', 'c')}})",
            "{0}.from_dictionary({{'key': 'x', 'value': 'y'}})",
            "{0}('a')",
            "setattr({0}('a', 'b'), 'key', 'c')",
        )
    ),
    *SHOWN,
    *(f"list({name})" for name in SHOWN),
    *(
        f"setattr({name}, '{list_name}', 1)"
        for name, list_name in (
            ("run", "info"),
            ("info", "status"),
            ("experiment", "name"),
            ("data", "tags"),
        )
    ),
    "info == RunInfo(*[value for key, value in []], **dict(info))",
    "RunInfo('r', None, 'u', 'RUNNING', 1, None, 'active')",
    "RunInfo(None, 'e', 'u', 'RUNNING', 1, None, 'active').run_id",
    "RunInfo.get_orderable_attributes()",
    "RunInfo.get_searchable_attributes()",
    "data.to_dictionary()",
    "run.to_dictionary()",
    "Run(info, data).to_dictionary()",
    "Run(info, None).to_dictionary()",
    "Run(None, data)",
    "Run(info, data) == Run(info, data)",
    "RunData() == RunData()",
    "dataset.to_dictionary()",
    "Dataset('n', 'd', 'st', 's').to_dictionary()",
    "dataset == Dataset('n', 'd', 'st', 's', 'sch', 'prof')",
    "hash(dataset)",
    "DatasetInput(dataset).tags",
    "DatasetInput(dataset) == DatasetInput(dataset, [])",
    "inputs.to_dictionary()",
    "outputs.to_dictionary()",
    "RunInputs([]).model_inputs",
    "LoggedModelInput('m') == LoggedModelInput('m')",
    "LoggedModelInput('m') == LoggedModelOutput('m', 0)",
    "LoggedModelOutput('m')",
    "LoggedModelOutput('m', 4).to_dictionary()",
    "Experiment('1', 'n', 'l', 'active').workspace",
    "Experiment.DEFAULT_EXPERIMENT_NAME",
    "experiment.tags",
    "FileInfo('p', True, None)",
    "FileInfo('p', False, 3) == FileInfo('p', False, 3)",
    "_DatasetSummary('e', 'n', 'd', 'c').to_dict()",
    "_DatasetSummary('e', 'n', 'd', 'c') == _DatasetSummary('e', 'n', 'd', 'c')",
    "model.to_dictionary()",
    "model.model_uri",
    "LoggedModel('1', 'm', 'n', 'l', 1, 2, tags={'a': 'b'}, params={'c': 'd'}, status=1)",
    "LoggedModel('1', 'm', 'n', 'l', 1, 2, status='READY')",
    "LoggedModel.from_dictionary(model.to_dictionary()).tags",
    "[(s, s.to_int(), LoggedModelStatus.is_finalized(s), str(s)) for s in LoggedModelStatus]",
    "[LoggedModelStatus.from_int(n) for n in range(4)]",
    "LoggedModelStatus.from_int(9)",
    "LoggedModelStatus('nope')",
    "LoggedModelStatus.READY == 'READY'",
    "[RunStatus.to_string(n) for n in RunStatus.all_status()]",
    "[RunStatus.is_terminated(n) for n in (0, 1, 2, 3, 4, 5, 99, 'FINISHED')]",
    "RunStatus.from_string('KILLED')",
    "RunStatus.from_string('killed')",
    "RunStatus.to_string(0)",
    "[SourceType.to_string(n) for n in range(1, 6)]",
    "SourceType.from_string('nope')",
    "[ViewType.to_string(n) for n in (1, 2, 3)]",
    "[ViewType.from_string(n) for n in ('active_only', 'deleted_only', 'all')]",
    "ViewType.from_string('ALL')",
    "[LifecycleStage.view_type_to_stages(n) for n in (1, 2, 9)]",
    "sorted(LifecycleStage.view_type_to_stages())",
    "[LifecycleStage.matches_view_type(n, 'deleted') for n in (1, 2, 3)]",
    "LifecycleStage.matches_view_type(1, 'gone')",
    "LifecycleStage.is_valid('gone')",
    "(PagedList([1, 2], 'token'), PagedList([1], None).token, PagedList([1], 'a').to_list())",
    "PagedList([1])",
]


@pytest.fixture(scope="module")
def answers() -> list[tuple[str, Any, Any]]:
    """Evaluate everything in both, one process each."""
    theirs = run_script(upstream_python(), SCRIPT, EXPRESSIONS)
    ours = run_script(our_python(), SCRIPT, EXPRESSIONS)
    return list(zip(EXPRESSIONS, theirs, ours, strict=True))


def test_entities_answer_as_upstream(answers: list[tuple[str, Any, Any]]) -> None:
    """Repr, iteration, equality, hashing, dictionaries and refusals agree, one by one."""
    assert [row for row in answers if row[1] != row[2]] == []
