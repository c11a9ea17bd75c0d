"""The graph of a PyTorch module, traced with an example of its input."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def evaluating(module: Any) -> Iterator[None]:
    """Put a module and all in it into evaluation for the block; a traced graph stays as it is.

    Args:
        module: The module; afterwards each part is in the mode in which it was.
    """
    import torch  # noqa: PLC0415 - optional package

    if isinstance(module, torch.fx.GraphModule):
        yield
        return
    training = [part for part in module.modules() if part.training]
    module.eval()
    try:
        yield
    finally:
        for part in training:
            part.training = True


def tensors_of(example: Any) -> tuple[Any, ...] | None:
    """Return an example as the tensors of one call, or None for what is no arrays.

    Args:
        example: An array, a tensor, or a tuple or list of these.
    """
    import numpy as np  # noqa: PLC0415 - optional package
    import torch  # noqa: PLC0415 - optional package

    items = example if isinstance(example, (tuple, list)) else (example,)
    if not items or not all(isinstance(item, (np.ndarray, torch.Tensor)) for item in items):
        return None
    return tuple(torch.as_tensor(item) for item in items)


def array_of(example: Any) -> Any:
    """Return an example as an array where it is one tensor; None where it is several.

    Args:
        example: See ``tensors_of``; what is no tensors is returned as it is.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    tensors = tensors_of(example) if example is not None else None
    if tensors is None or isinstance(example, np.ndarray):
        return example
    return tensors[0].numpy(force=True) if len(tensors) == 1 else None


def trace(module: Any, tensors: tuple[Any, ...], signature: Any) -> Any:
    """Return the graph of a module for tensors, whose open dimensions may be of any size.

    Open are those that the signature leaves open; without one, the first of each tensor.

    Args:
        module: The module.
        tensors: The arguments of a call.
        signature: The model's signature, or None.
    """
    import torch  # noqa: PLC0415 - optional package

    specs = signature.inputs.inputs if signature else []
    shapes = [getattr(spec, "shape", (-1,)) for spec in specs] or [(-1,)] * len(tensors)
    # Of one row torch would conclude that there is always one.
    rows = tuple(t.repeat_interleave(2, 0) if t.ndim and t.shape[0] == 1 else t for t in tensors)
    auto = torch.export.Dim.AUTO
    free = tuple({i: auto for i, size in enumerate(shape) if size == -1} for shape in shapes)
    with evaluating(module):
        try:
            return torch.export.export(module, rows, dynamic_shapes=free)
        except TypeError:  # one dictionary of shapes for a module of *args
            return torch.export.export(module, rows)
