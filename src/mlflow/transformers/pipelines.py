"""A pipeline as a Python function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.transformers.tasks import find_task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow.transformers.tasks import Task

_GENERATING: Final = ("text-generation", "text2text-generation")
# What only our own postprocessing knows; the pipeline does not.
_OWN_PARAMETERS: Final = ("include_prompt", "collapse_whitespace")


class PipelineModel:
    """A pipeline as a Python function."""

    def __init__(
        self,
        pipeline: Any,
        settings: Mapping[str, Any],
        config: Mapping[str, Any] | None = None,
        template: str | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._config = dict(config or {})
        self._template = template

    def get_raw_model(self) -> Any:
        """Return the pipeline."""
        return self._pipeline

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return the pipeline's answers, as the task has them in a table, a list or an array.

        Args:
            data: A text, a dictionary, a list of these, bytes, an array, or a DataFrame.
            params: Arguments of the pipeline.

        Raises:
            MlflowException: data that the task does not take, or params that the pipeline does not.
        """
        task = find_task(self._pipeline)
        if task is None:
            raise MlflowException(f"The task {self._pipeline.task} has no Python function")
        items = self._items(data, task)
        options = {**self._config, **(params or {})}
        own: dict[str, Any] = {
            name: options.pop(name) for name in _OWN_PARAMETERS if name in options
        }
        answers: list[Any] = []
        try:
            if len(task.inputs) > 1:
                answers = [self._pipeline(**item, **options) for item in items]
            else:
                answers = self._pipeline(items, **options)
        except (TypeError, ValueError, KeyError) as error:
            raise self._refused(error) from error
        if not isinstance(answers, list) or len(answers) > len(items):
            answers = [answers]  # pipelines answer one input without a list around it
        found = task.answer(answers)
        if self._pipeline.task in _GENERATING:
            return [_trimmed(text, item, own) for text, item in zip(found, items, strict=True)]
        return found

    def _refused(self, error: Exception) -> MlflowException:
        return MlflowException.invalid_parameter_value(
            "The params provided to the `predict` method are not valid for pipeline"
            f" {type(self._pipeline).__name__}: {error}"
        )

    def _items(self, data: Any, task: Task) -> list[Any]:
        """Return the inputs, one for each answer."""
        import numpy as np  # noqa: PLC0415 - optional package
        import pandas as pd  # noqa: PLC0415 - optional package

        items: list[Any]
        if isinstance(data, pd.DataFrame):
            records = data.to_dict("records")
            # Texts become a column that has no name of its own.
            names: list[Any] = list(data.columns)
            named = self._pipeline.task == "text-classification" and names != [0]
            plain = len(names) == 1 and not named
            items = [next(iter(record.values())) for record in records] if plain else records
        elif isinstance(data, np.ndarray) and not task.binary:
            items = data.ravel().tolist()
        else:
            items = data if isinstance(data, list) else [data]
        kinds = (str, dict, bytes, np.ndarray)
        if not all(isinstance(item, kinds) for item in items):
            raise MlflowException(
                "Input data must be a DataFrame, a text, bytes, a dictionary, or a list of these,"
                f" got {type(data).__name__}"
            )
        items = [_decoded(item) for item in items]
        if self._template is not None:
            items = [self._template.format(prompt=item) for item in items]
        if len(task.inputs) > 1 and not all(isinstance(item, dict) for item in items):
            raise MlflowException(f"The task takes dictionaries with the keys {task.inputs}")
        if self._pipeline.task == "text-classification":
            _check_pairs(items)
        return items


def _decoded(item: Any) -> Any:
    """Return a dictionary whose lists are lists: examples have them as JSON in a text."""
    if not isinstance(item, dict):
        return item
    return {
        key: json.loads(value)
        if key in ("candidate_labels", "table") and isinstance(value, str) and value[:1] in "[{"
        else value
        for key, value in item.items()
    }


def _check_pairs(items: list[Any]) -> None:
    keys = {key for item in items if isinstance(item, dict) for key in item}
    if not keys <= {"text", "text_pair"}:
        raise MlflowException(
            "Text Classification pipelines may only define dictionary inputs with keys defined as"
            " {'text', 'text_pair'}"
        )
    if any(isinstance(item, bytes) for item in items):
        raise MlflowException("Text Classification pipelines take texts and dictionaries of texts")


def _trimmed(text: str, prompt: Any, own: Mapping[str, Any]) -> str:
    if not own.get("include_prompt", True) and isinstance(prompt, str):
        text = text.removeprefix(prompt).lstrip()
    return " ".join(text.split()) if own.get("collapse_whitespace") else text
