"""A PyTorch module as a Python function, from arrays and DataFrames to the same."""

from __future__ import annotations

from typing import Any

from mlflow.pytorch.graphs import evaluating


class TorchModel:
    """A module that predicts on one device."""

    def __init__(self, module: Any, device: str) -> None:
        self._module = module
        self.device = device

    def get_raw_model(self) -> Any:
        """Return the module."""
        return self._module

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Return the module's output for an array or a DataFrame.

        Args:
            data: An array as it is, or a DataFrame, whose values become float32.
            params: Not used: the device is chosen at load.

        Raises:
            TypeError: for other data, and where the output is more than one tensor.
            ValueError: ``params`` name a device.
        """
        import numpy as np  # noqa: PLC0415 - optional package
        import pandas as pd  # noqa: PLC0415 - optional package
        import torch  # noqa: PLC0415 - optional package

        if params and "device" in params:
            raise ValueError(
                "'device' is chosen when the model is loaded: pyfunc.load_model(…,"
                " model_config={'device': …})"
            )
        is_frame = isinstance(data, pd.DataFrame)
        if not is_frame and not isinstance(data, np.ndarray):
            raise TypeError(
                "The PyTorch flavor takes a pandas.DataFrame or a numpy.ndarray, got"
                f" {type(data).__name__}"
            )
        array = data.to_numpy(np.float32) if is_frame else data
        self._module.to(self.device)
        with evaluating(self._module), torch.no_grad():
            output = self._module(torch.from_numpy(array).to(self.device))
        if not isinstance(output, torch.Tensor):
            raise TypeError(
                f"Expected PyTorch model to output a single output tensor, got {type(output)}"
            )
        values = output.cpu().numpy()
        return pd.DataFrame(values, index=data.index) if is_frame else values
