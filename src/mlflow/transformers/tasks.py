"""The tasks of pipelines as Python functions: what each takes and gives, its default signature.

A task is a row: how its input is put to the pipeline, and what is kept of the answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlflow.exceptions import MlflowException
from mlflow.models.signature import ModelSignature
from mlflow.types.schema import ColSpec, DataType, Schema, TensorSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TEMPLATED: Final = (
    "feature-extraction",
    "fill-mask",
    "summarization",
    "text2text-generation",
    "text-generation",
)


class Task(NamedTuple):
    """A task.

    Attributes:
        inputs: The columns of its input; a name of None is the only column.
        outputs: The columns of its output, with their types.
        answer: Makes the function's answer of the pipeline's, which is a list.
    """

    inputs: tuple[str | None, ...]
    outputs: tuple[tuple[str | None, DataType], ...]
    answer: Callable[[list[Any]], Any]
    binary: bool = False


def _texts(*keys: str) -> Callable[[list[Any]], list[Any]]:
    """Return what keeps one text of each answer, under the first key that it has."""

    def text(one: Any) -> Any:
        if isinstance(one, str):
            return one
        if isinstance(one, dict):
            return next(one[key] for key in keys if key in one)
        parts = [text(part) for part in one]
        return ",".join(parts) if "entity" in keys else parts[0]

    return lambda answers: [text(answer) for answer in answers]


def _table(answers: list[Any]) -> Any:
    """Return a row for each input: its class and score, or several of both, a cell each."""
    import pandas as pd  # noqa: PLC0415 - optional package

    return pd.DataFrame(answers)


def _zero_shot(answers: list[Any]) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    rows = [
        {"sequence": answer["sequence"], "labels": label, "scores": score}
        for answer in answers
        for label, score in zip(answer["labels"], answer["scores"], strict=True)
    ]
    return pd.DataFrame(rows)


def _vectors(answers: list[Any]) -> Any:
    """Return the vectors of the tokens of a text; of several texts, a list."""
    import numpy as np  # noqa: PLC0415 - optional package

    found = [np.array(answer[0]) for answer in answers]
    return found[0] if len(found) == 1 else found


_LABELS: Final = (("label", DataType.string), ("score", DataType.double))
_TEXT: Final = ((None, DataType.string),)
_ZERO_SHOT: Final = ("sequences", "candidate_labels", "hypothesis_template")
_GENERATED: Final = Task(
    (None,),
    _TEXT,
    _texts("generated_text", "summary_text", "translation_text", "answer", "text"),
)
TASKS: Final[Mapping[str, Task]] = {
    "audio-classification": Task((None,), _LABELS, _table, binary=True),
    "automatic-speech-recognition": Task((None,), _TEXT, _texts("text"), binary=True),
    "feature-extraction": Task((None,), (), _vectors),
    "fill-mask": Task((None,), _TEXT, _texts("token_str")),
    "image-classification": Task((None,), _LABELS, _table),
    "question-answering": Task(("question", "context"), _TEXT, _texts("answer")),
    "summarization": _GENERATED,
    "table-question-answering": Task(("query", "table"), _TEXT, _texts("answer")),
    "text-classification": Task((None,), _LABELS, _table),
    "text-generation": _GENERATED,
    "text2text-generation": _GENERATED,
    "token-classification": Task((None,), _TEXT, _texts("entity_group", "entity")),
    "translation": _GENERATED,
    "zero-shot-classification": Task(
        _ZERO_SHOT,
        (
            ("sequence", DataType.string),
            ("labels", DataType.string),
            ("scores", DataType.double),
        ),
        _zero_shot,
    ),
}


def find_task(pipeline: Any) -> Task | None:
    """Return the task of a pipeline, or None if Python functions have none such."""
    name = str(pipeline.task)
    return TASKS.get("translation" if name.startswith("translation") else name)


def default_signature(pipeline: Any) -> ModelSignature | None:
    """Return the signature of a pipeline's task, or None if it has none."""
    import numpy as np  # noqa: PLC0415 - optional package

    task = find_task(pipeline)
    if task is None:
        return None
    kind = DataType.binary if task.binary else DataType.string
    inputs: list[ColSpec | TensorSpec] = [ColSpec(kind, name) for name in task.inputs]
    outputs: list[ColSpec | TensorSpec] = [ColSpec(kind, name) for name, kind in task.outputs]
    vectors: list[ColSpec | TensorSpec] = [TensorSpec(np.dtype("float64"), [-1], "double")]
    return ModelSignature(Schema(inputs), Schema(outputs or vectors))


def check_template(template: str | None, pipeline: Any) -> None:
    """Refuse a prompt template that has no place for the prompt, or a task that has no prompt.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE saying which.
    """
    if template is None:
        return
    if pipeline.task not in _TEMPLATED:
        raise MlflowException.invalid_parameter_value(
            f"Prompt templating is not supported for the `{pipeline.task}` task type. Supported"
            f" task types are: {_TEMPLATED}."
        )
    if not isinstance(template, str) or template.count("{prompt}") != 1:
        raise MlflowException.invalid_parameter_value(
            "Argument `prompt_template` must be a string with a single place for the prompt:"
            f" 'Q: {{prompt}} A:', got {template!r}"
        )


def written_example(example: Any) -> Any:
    """Return an example as it can be written: lists of labels as JSON in a text."""
    data, *rest = example if isinstance(example, tuple) else (example,)
    if isinstance(data, dict) and isinstance(data.get("candidate_labels"), list):
        data = {**data, "candidate_labels": json.dumps(data["candidate_labels"])}
    return (data, *rest) if rest else data
