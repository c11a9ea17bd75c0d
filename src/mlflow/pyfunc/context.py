"""What is known about the request that a prediction answers."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(init=False)
class Context:
    """What is known about a request.

    Attributes:
        request_id: Its id.
        is_evaluate: Whether it belongs to an evaluation.
        dependencies_schemas: What the columns of the model's retrievers mean.
        model_id: The logged model.
        endpoint_name: Where the model is served.
    """

    request_id: str | None
    is_evaluate: bool
    dependencies_schemas: dict[str, Any] | None
    model_id: str | None
    endpoint_name: str | None

    def __init__(
        self,
        request_id: str | None = None,
        is_evaluate: bool = False,
        dependencies_schemas: dict[str, Any] | None = None,
        model_id: str | None = None,
        endpoint_name: str | None = None,
        **kwargs: Any,  # noqa: ARG002 - recorded; further fields of later versions
    ) -> None:
        self.request_id = request_id
        self.is_evaluate = is_evaluate
        self.dependencies_schemas = dependencies_schemas
        self.model_id = model_id
        self.endpoint_name = endpoint_name

    def update(self, **kwargs: Any) -> None:
        """Set fields.

        Args:
            **kwargs: The fields.

        Raises:
            AttributeError: there is no such field.
        """
        for name, value in kwargs.items():
            if not hasattr(self, name):
                raise AttributeError(f"Context has no attribute named '{name}'")
            setattr(self, name, value)


_context: Final[ContextVar[Context | None]] = ContextVar("mlflow_prediction_context", default=None)


@contextmanager
def set_prediction_context(context: Context | None) -> Iterator[Context | None]:
    """Say what is known about the request that the block answers.

    Args:
        context: What is known; None is nothing.

    Raises:
        TypeError: it is something else.
    """
    if context is not None and not isinstance(context, Context):
        raise TypeError(f"Expected context to be an instance of Context, but got: {context}")
    token = _context.set(context)
    try:
        yield context
    finally:
        _context.reset(token)


def get_prediction_context() -> Context | None:
    """Return what is known about the request that is answered now, or None."""
    return _context.get()
