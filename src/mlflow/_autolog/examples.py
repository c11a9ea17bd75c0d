"""The input example and the signature of a model that autologging logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.guard import contained

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from mlflow.models.signature import ModelSignature

INPUT_EXAMPLE_SAMPLE_ROWS: Final = 5


@dataclass
class InputExampleInfo:
    """An input example that was put by, or why there is none.

    Attributes:
        input_example: The example.
        error_msg: Why there is none.
    """

    input_example: Any = None
    error_msg: str | None = None


def resolve_input_example_and_signature(
    get_input_example: Callable[[], Any],
    infer_model_signature: Callable[[Any], ModelSignature],
    log_input_example: bool,
    log_model_signature: bool,
    logger: logging.Logger,
) -> tuple[Any, ModelSignature | None]:
    """Return the example and the signature to log; None for what is not wanted or fails.

    Args:
        get_input_example: Returns the example.
        infer_model_signature: Returns the signature, given the example.
        log_input_example: Whether the example is wanted.
        log_model_signature: Whether the signature is wanted.
        logger: Where failures are logged.
    """
    example, signature, failed = None, None, True
    if not (log_input_example or log_model_signature):
        return None, None
    with contained("Gathering the input example", logger=logger):
        example = get_input_example()
        failed = False
    if failed:
        return None, None
    if log_model_signature:
        with contained("Inferring the model's signature", logger=logger):
            signature = infer_model_signature(example)
    return (example if log_input_example else None), signature
