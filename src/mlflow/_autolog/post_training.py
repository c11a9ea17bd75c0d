"""What a trained estimator is measured with afterwards: its score, and metrics of its predictions.

A prediction is known by its identity while it lives: the very object that ``predict`` returned,
handed to a metric, leads to the run that trained the estimator. A metric is named after the
function, the count of its calls, and the variable that holds the data.
"""

from __future__ import annotations

import inspect
import json
import threading
import weakref
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from mlflow._autolog.config import get_autologging_config
from mlflow._autolog.datasets import EVAL, dataset_of, log_dataset
from mlflow._autolog.figures import write_text
from mlflow._autolog.log import log_metrics
from mlflow._autolog.names import call_text, name_of
from mlflow._autolog.patch import put_on
from mlflow._autolog.session import inside, is_training
from mlflow._core.guard import contained
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from mlflow.tracking._fluent.stack import ActiveRun

T = TypeVar("T")
PREDICTS: Final = ("predict", "predict_proba", "predict_log_proba", "transform")
METRICS: Final = "sklearn.metrics"
_NO_METRICS: Final = ("_", "get_", "make_", "check_")
_UNNAMED: Final = "unknown_dataset"
_METRIC_INFO: Final = "metric_info.json"


class _Known(Generic[T]):
    """Something about each of some objects, by identity, while they live."""

    def __init__(self) -> None:
        self._by_id: dict[int, tuple[weakref.ref[Any], T]] = {}

    def put(self, value: Any, about: T) -> None:
        """Remember something; an object that cannot be watched is left out."""
        key = id(value)
        try:
            watch = weakref.ref(value, lambda _dead: self._by_id.pop(key, None))
        except TypeError:
            return
        self._by_id[key] = (watch, about)

    def find(self, value: Any) -> T | None:
        """Return what is known of an object."""
        watch, about = self._by_id.get(id(value), (None, None))
        return about if watch is not None and watch() is value else None


class Trained:
    """What is known of a trained estimator: its run, and how often it was measured."""

    def __init__(self, flavor: str, run: ActiveRun, model_id: str | None) -> None:
        self.flavor = flavor
        self.run_id = run.info.run_id
        self.uri = run.tracking_uri
        self.model_id = model_id
        self._lock = threading.Lock()
        self._datasets: _Known[str] = _Known()
        self._logged: _Known[bool] = _Known()
        self._uses: dict[str, int] = {}
        self._info: dict[str, str] = {}

    def name_data(self, data: Any) -> str:
        """Return the name of a dataset."""
        name = self._datasets.find(data)
        if name is None:
            name = self._count(name_of(data) or _UNNAMED, "data")
            self._datasets.put(data, name)
        return name

    def log_data(self, data: Any) -> None:
        """Log a dataset, once."""
        if self._logged.find(data) is None:
            self._logged.put(data, True)
            log_dataset(dataset_of(data), EVAL, run_id=self.run_id, uri=self.uri)

    def _count(self, name: str, kind: str) -> str:
        """Return a name with the number of its uses, if it is not the first."""
        with self._lock:
            uses = self._uses[f"{kind}:{name}"] = self._uses.get(f"{kind}:{name}", 0) + 1
        return name if uses == 1 else f"{name}-{uses}"

    def log(self, metric: str, value: Any, dataset: str, text: str) -> None:
        """Log one measurement."""
        key = f"{self._count(metric, 'metric')}_{dataset}"
        log_metrics({key: value}, run_id=self.run_id, uri=self.uri, model_id=self.model_id)
        with self._lock:
            self._info[key] = text
            written = json.dumps(self._info, indent=2, sort_keys=True)
        write_text(written, _METRIC_INFO, run_id=self.run_id, uri=self.uri)


_ESTIMATORS: Final[_Known[Trained]] = _Known()
_PREDICTIONS: Final[_Known[tuple[Trained, str]]] = _Known()


def track(flavor: str, estimator: Any, model_id: str | None = None) -> None:
    """Note that the active run trained an estimator.

    Args:
        flavor: The integration.
        estimator: The estimator.
        model_id: Its logged model.
    """
    run = fluent.active_run()
    if run is not None:
        _ESTIMATORS.put(estimator, Trained(flavor, run, model_id))


def patch_estimator(flavor: str, cls: type) -> None:
    """Patch what predicts and scores.

    Args:
        flavor: The integration.
        cls: A class with the interface of scikit-learn's estimators.
    """

    def wants(args: tuple[Any, ...], _kwargs: dict[str, Any]) -> bool:
        trained = _ESTIMATORS.find(args[0]) if args and not is_training() else None
        return trained is not None and trained.flavor == flavor

    for name in PREDICTS:
        if hasattr(cls, name):
            put_on(flavor, cls, name, _predict, wants=wants)
    if hasattr(cls, "score"):
        put_on(flavor, cls, "score", _score, wants=wants)


def _first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else next(iter(kwargs.values()), None)


def _predict(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
    trained = _ESTIMATORS.find(self)
    with inside():
        result = original(self, *args, **kwargs)
    if trained is None:
        return
    data = _first(args, kwargs)
    _PREDICTIONS.put(result, (trained, trained.name_data(data)))
    if get_autologging_config(trained.flavor, "log_datasets", True):
        with contained("Logging the dataset of a prediction"):
            trained.log_data(data)


def _score(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
    trained = _ESTIMATORS.find(self)
    with inside():
        value = original(self, *args, **kwargs)
    if trained is None or not _is_number(value):
        return
    name = trained.name_data(_first(args, kwargs))
    label = type(self).__name__
    text = call_text(original, f"{label}.score", args, kwargs)
    trained.log(f"{label}_score", value, name, text)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def patch_metrics(flavor: str, module: ModuleType) -> None:
    """Patch functions that measure predictions.

    Args:
        flavor: The integration; only predictions of its estimators are looked at.
        module: Where the functions are.
    """

    def found(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Trained, str] | None:
        for value in (*args, *kwargs.values()):
            known = _PREDICTIONS.find(value)
            if known is not None and known[0].flavor == flavor:
                return known
        return None

    def wants(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        return not is_training() and found(args, kwargs) is not None

    def measure(original: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        known = found(args, kwargs)
        with inside():
            value = original(*args, **kwargs)
        if known is not None and _is_number(value):
            name: str = original.__wrapped__.__name__  # type: ignore[attr-defined]  # a session's
            known[0].log(name, value, known[1], call_text(original, name, args, kwargs))

    for name, value in list(vars(module).items()):
        if inspect.isfunction(value) and not name.startswith(_NO_METRICS):
            put_on(flavor, module, name, measure, wants=wants)
