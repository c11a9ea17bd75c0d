"""Models of a fixed shape (chat models, agents): what is always the same about each kind."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException
from mlflow.types.type_hints import model_validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.types.schema import Schema


@dataclass(frozen=True)
class Shape:
    """What is fixed for a kind of Python model.

    Attributes:
        name: The public class.
        loader_module: What MLmodel names; it stands on disk.
        task: What the model's metadata name.
        inputs: The schema of a request.
        outputs: The schema of an answer.
        example: The request that is the input example where none is given.
        request: Returns a given example as the dictionary that is written.
        wrap: Makes the object with ``predict`` of a model and its context.
    """

    name: str
    loader_module: str
    task: str
    inputs: Schema
    outputs: Schema
    example: dict[str, Any]
    request: Callable[[Any], dict[str, Any]]
    wrap: Callable[[Any, Any], Any]


def shape_of(python_model: Any) -> Shape | None:
    """Return the shape of a Python model, None for one without."""
    shape: Shape | None = getattr(type(python_model), "_shape", None)
    return shape


class ShapeWrapper:
    """Calls a model of a fixed shape; subclasses say how."""

    def __init__(self, python_model: Any, context: Any) -> None:
        self.python_model = python_model
        self.context = context

    def get_raw_model(self) -> Any:
        """Return the Python model."""
        return self.python_model


def row_of(data: Any) -> dict[str, Any]:
    """Return the one request in data, without what is missing, its values plain.

    Args:
        data: A dictionary, or the DataFrame that schema enforcement made of it.
    """
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        data = data.to_dict(orient="records")[0]
    return {name: plain(value) for name, value in data.items() if not _is_missing(value)}


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124 - NaN


def plain(value: Any) -> Any:
    """Return a value without numpy's types, Pydantic models and dataclasses as dictionaries."""
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if hasattr(value, "__dataclass_fields__") and hasattr(value, "to_dict"):
        return value.to_dict()
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def request_of(model: Any, data: Any, *, what: str) -> Any:
    """Return a request's Pydantic model made of a dictionary.

    Raises:
        MlflowException: the dictionary does not fit.
    """
    if isinstance(data, model):
        return data
    try:
        return model(**data)
    except (TypeError, ValueError) as error:
        raise MlflowException(
            f"Invalid input example. Expected a {what} object or dictionary with its schema."
            f" Pydantic validation error: {error}"
        ) from error


def answer_of(model: Any, answer: Any, *, owner: str) -> dict[str, Any]:
    """Return an answer as a dictionary without what is None.

    Args:
        model: The Pydantic model of answers.
        answer: One of them, or a dictionary.
        owner: The public class of the agent, for the message.

    Raises:
        MlflowException: the answer does not fit.
    """
    try:
        made = answer if isinstance(answer, model) else model(**answer)
    except (TypeError, ValueError) as error:
        raise MlflowException(
            f"Failed to save {owner}. Ensure your model's predict() method returns a"
            f" {model.__name__} object or a dict with the same schema."
            f"Pydantic validation error: {error}"
        ) from error
    return made.model_dump(exclude_none=True)  # type: ignore[no-any-return]  # a dictionary


def from_dictionary(
    function: Callable[..., Any], model: Any, *, unpack: bool
) -> Callable[..., Any]:
    """Return a method that also takes the request as a dictionary.

    cloudpickle writes what is inside by value and the names that it uses by reference, so it uses
    only what every implementation has.

    Args:
        function: The method.
        model: The Pydantic model of requests.
        unpack: Whether the method takes the request's parts, not the request.
    """
    if not inspect.isfunction(function) or hasattr(function, "__wrapped__"):
        return function

    @functools.wraps(function)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) != 1 or kwargs or not isinstance(args[0], dict):
            return function(self, *args, **kwargs)
        try:
            model_validate(model, args[0])
        except ValueError as error:
            raise MlflowException(
                f"Invalid dictionary input, it does not fit {model.__name__}: {error}"
            ) from error
        request = model(**args[0])
        if unpack:
            return function(self, request.messages, request.context, request.custom_inputs)
        return function(self, request)

    return call


def unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function as it is: requests of these kinds are checked elsewhere."""
    return function
