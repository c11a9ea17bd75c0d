"""One training of a Keras model, as both integrations log it."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.datasets import TRAIN, dataset_of, log_dataset
from mlflow._autolog.examples import (
    INPUT_EXAMPLE_SAMPLE_ROWS,
    resolve_input_example_and_signature,
)
from mlflow._autolog.log import log_metrics, log_params
from mlflow._autolog.models import start_model
from mlflow._core.guard import contained
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.models.signature import infer_signature
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_logger: Final = logging.getLogger("mlflow")
_UNLOGGED: Final = ("self", "x", "y", "callbacks", "validation_data", "verbose")


class Training:
    """A call of ``fit``: its arguments, and the logged model that comes of it."""

    def __init__(self, flavor: str, model: Any, args: Any, kwargs: Any) -> None:
        """Take a call.

        Args:
            flavor: The integration, whose configuration counts.
            model: The model.
            args: The positional arguments of ``fit``, without the model.
            kwargs: The keyword arguments.
        """
        self.flavor = flavor
        self.model = model
        signature = inspect.signature(type(model).fit)
        bound = signature.bind_partial(model, *args, **kwargs)
        bound.apply_defaults()
        self.given: dict[str, Any] = dict(bound.arguments)
        self.callbacks: list[Any] = list(self.given.get("callbacks") or [])
        self.model_id: str | None = None

    def option(self, key: str) -> Any:
        """Return an argument of the integration's ``autolog``."""
        return get_autologging_config(self.flavor, key)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments with which ``fit`` is to be called."""
        rest = {key: value for key, value in self.given.items() if key != "self"}
        return {**rest, "callbacks": self.callbacks}

    def log_before(self) -> None:
        """Log the arguments, and the data where they are arrays."""
        params = {key: value for key, value in self.given.items() if key not in _UNLOGGED}
        params["batch_size"] = params.get("batch_size") or self._rows_of_a_batch()
        log_params(params)
        if self.option("log_datasets"):
            with contained("Logging the dataset", logger=_logger):
                log_dataset(dataset_of(self.given.get("x"), self.given.get("y")), TRAIN)
        if self.option("log_models"):
            self.model_id = start_model()

    def _rows_of_a_batch(self) -> int | None:
        """Return the rows of a batch that the data say; a generator is not asked."""
        spec = getattr(self.given.get("x"), "element_spec", None)
        first = spec
        while isinstance(first, (tuple, list, dict)) and first:
            first = next(iter(first.values())) if isinstance(first, dict) else first[0]
        if spec is None or getattr(first, "shape", None) is None:
            return None
        for batch in self.given["x"].take(1):
            part = batch
            while isinstance(part, (tuple, list, dict)):
                part = next(iter(part.values())) if isinstance(part, dict) else part[0]
            return int(part.shape[0])
        return None

    def log_after(self, log_model: Callable[..., Any], **options: Any) -> None:
        """Log the model.

        Args:
            log_model: The flavor's function.
            **options: Further arguments of it.
        """
        if self.model_id is None:
            return
        x = self.given.get("x")

        def example() -> Any:
            if isinstance(x, dict):
                return {name: value[:INPUT_EXAMPLE_SAMPLE_ROWS] for name, value in x.items()}
            return x[:INPUT_EXAMPLE_SAMPLE_ROWS]  # type: ignore[index]  # or there is none

        sample, signature = resolve_input_example_and_signature(
            example,
            lambda rows: infer_signature(rows, self.model.predict(rows, verbose=0)),
            self.option("log_input_examples"),
            self.option("log_model_signatures"),
            _logger,
        )
        log_model(
            self.model,
            name="model",
            input_example=sample,
            signature=signature,
            registered_model_name=self.option("registered_model_name"),
            model_id=self.model_id,
            **options,
        )
        fluent.log_inputs(models=[LoggedModelInput(self.model_id)])


def early_stopping(callbacks: list[Any]) -> Any:
    """Return the callback that may stop the training early, or None."""
    import keras  # noqa: PLC0415 - optional package

    kind = keras.callbacks.EarlyStopping
    return next((one for one in callbacks if isinstance(one, kind)), None)


def log_early_stopping_params(callback: Any) -> None:
    """Log what an early stopping waits for."""
    names = ("monitor", "min_delta", "patience", "baseline", "restore_best_weights")
    log_params({name: getattr(callback, name) for name in names})


def log_early_stopping(callback: Any, history: Any, model_id: str | None) -> None:
    """Log where a training was stopped, and the epoch whose weights were restored."""
    if not callback.stopped_epoch:
        return
    found = {"stopped_epoch": callback.stopped_epoch}
    log_metrics(found, 0, model_id=model_id)
    if not callback.restore_best_weights:
        return
    restored = callback.stopped_epoch - max(1, callback.patience)
    log_metrics({"restored_epoch": restored}, 0, model_id=model_id)
    values = {key: points[restored] for key, points in history.history.items()}
    log_metrics(values, callback.stopped_epoch + 1, model_id=model_id)


@contextmanager
def tensorboard(callbacks: list[Any]) -> Iterator[None]:
    """Keep TensorBoard's files of a training with the run, where TensorBoard is installed."""
    import keras  # noqa: PLC0415 - optional package

    kind = keras.callbacks.TensorBoard
    if importlib.util.find_spec("tensorboard") is None:
        yield
        return
    own = next((one for one in callbacks if isinstance(one, kind)), None)
    with tempfile.TemporaryDirectory() as folder:
        if own is None:
            callbacks.append(kind(folder))
        yield
        place = folder if own is None else own.log_dir
        with contained("Logging TensorBoard's files", logger=_logger):
            fluent.log_artifacts(str(place), "tensorboard_logs")
