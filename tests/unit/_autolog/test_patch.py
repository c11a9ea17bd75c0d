"""What holds for every patched function, whatever the patch does."""

from __future__ import annotations

import logging
import random
import threading
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mlflow._autolog.config import (
    autologging_integration,
    autologging_is_disabled,
    disable_autologging,
    disable_discrete_autologging,
    get_autologging_config,
)
from mlflow._autolog.log import log_metrics, log_params
from mlflow._autolog.patch import revert_patches, safe_patch
from mlflow._autolog.state import AUTOLOGGING_INTEGRATIONS
from mlflow.tracking import fluent
from mlflow.tracking._fluent.state import state
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Model:
    """A library's model."""

    calls: list[tuple[Any, ...]]

    def __init__(self) -> None:
        self.calls = []

    def fit(self, data: Any, *, fail: BaseException | None = None) -> Model:
        """Train."""
        self.calls.append((data, fail))
        if fail is not None:
            raise fail
        return self

    def refit(self, data: Any) -> Model:
        """Train by way of another function that is patched."""
        return self.fit(data)

    @property
    def transform(self) -> Callable[[int], int]:
        """A function that a property gives."""
        return lambda value: value + len(self.calls)

    @classmethod
    def make(cls, number: int) -> list[Model]:
        """Make some."""
        return [cls() for _ in range(number)]

    @staticmethod
    def double(number: int) -> int:
        """Double."""
        return 2 * number


class Child(Model):
    """Inherits what is patched."""


ORIGINAL = vars(Model)["fit"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a store, and take everything back."""
    monkeypatch.setattr(state, "experiment_id", None)
    monkeypatch.setenv("HEADRACE_SQLITE_SYNCHRONOUS", "NORMAL")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/runs.db")
    yield
    revert_patches("toy")
    AUTOLOGGING_INTEGRATIONS.pop("toy", None)
    assert vars(Model)["fit"] is ORIGINAL
    assert fluent.active_run() is None


def enable(patch: Callable[..., Any], name: str = "fit", **options: Any) -> Callable[..., None]:
    """Make an integration with one patch, switch it on, return its autolog function."""

    @autologging_integration("toy")
    def autolog(
        disable: bool = False,
        silent: bool = False,
        exclusive: bool = False,
        extra_tags: dict[str, str] | None = None,
    ) -> None:
        options.setdefault("manage_run", True)
        safe_patch("toy", Model, name, patch, extra_tags=extra_tags, **options)

    autolog()
    return autolog


def logs(original: Callable[..., Any], self: Model, data: Any, **kwargs: Any) -> Any:
    """Log a param before and a metric after."""
    log_params({"data": data})
    result = original(self, data, **kwargs)
    log_metrics({"calls": len(self.calls)})
    return result


def runs() -> list[Any]:
    """Return all runs, the oldest first."""
    return list(reversed(MlflowClient().search_runs(["0"])))


def test_a_call_makes_one_run() -> None:
    """Params, metrics and tags of a call are in a run of its own that has ended."""
    autolog = enable(logs)
    autolog(extra_tags={"team": "blue"})
    model = Model()
    assert model.fit(7) is model
    (run,) = runs()
    assert (run.data.params, run.data.metrics) == ({"data": "7"}, {"calls": 1.0})
    assert run.info.status == "FINISHED"
    assert run.data.tags["mlflow.autologging"] == "toy"
    assert run.data.tags["team"] == "blue"


def test_an_active_run_is_used_and_stays_open() -> None:
    """What the caller started is what is logged to; it gets no tags."""
    enable(logs)
    with fluent.start_run() as mine:
        Model().fit(7)
        assert fluent.active_run() is mine
    (run,) = runs()
    assert run.data.params == {"data": "7"}
    assert "mlflow.autologging" not in run.data.tags


def test_two_calls_in_one_run_do_not_raise_at_its_end() -> None:
    """A param that the store refuses because it has another value is logged and no more."""
    enable(logs)
    with fluent.start_run():
        Model().fit(7)
        Model().fit(8)
    (run,) = runs()
    assert run.data.params == {"data": "7"}


@pytest.mark.parametrize("fails", ["before", "after", "replaces"])
def test_a_patch_that_fails_changes_nothing(fails: str, caplog: pytest.LogCaptureFixture) -> None:
    """The function runs once with the caller's arguments; its result is the caller's."""

    def patch(original: Callable[..., Any], self: Model, *args: Any, **kwargs: Any) -> Any:
        if fails == "before":
            raise RuntimeError("no luck")
        original(self, *args, **kwargs)
        if fails == "after":
            raise RuntimeError("no luck")
        return "something else"

    enable(patch)
    model = Model()
    assert model.fit(7) is model
    assert model.calls == [(7, None)]
    assert ("no luck" in caplog.text) == (fails != "replaces")


def test_failures_are_raised_while_testing(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLFLOW_AUTOLOGGING_TESTING shows what is contained otherwise."""
    monkeypatch.setenv("MLFLOW_AUTOLOGGING_TESTING", "true")

    def patch(*_args: Any) -> None:
        raise RuntimeError("no luck")

    enable(patch)
    with pytest.raises(RuntimeError, match="no luck"):
        Model().fit(7)


def test_a_patch_that_never_calls_the_original_or_twice(caplog: pytest.LogCaptureFixture) -> None:
    """The original runs exactly once."""
    counts: list[Any] = []

    def patch(original: Callable[..., Any], self: Model, data: Any) -> Any:
        counts.extend(original(self, data) for _ in range(data))

    enable(patch)
    for times in (0, 1, 2):
        model = Model()
        assert model.fit(times) is model
        assert model.calls == [(times, None)]
    assert not caplog.records or "failed" not in caplog.text


@pytest.mark.parametrize("error", [ValueError("mine"), KeyboardInterrupt(), StopIteration(3)])
def test_what_the_original_raises_is_what_the_caller_sees(error: BaseException) -> None:
    """The same object, with a traceback that leads to the function and not through the patch."""

    def patch(original: Callable[..., Any], self: Model, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except BaseException as caught:
            raise RuntimeError("something else") from caught

    enable(patch)
    with pytest.raises(type(error)) as raised:
        Model().fit(7, fail=error)
    assert raised.value is error
    assert error.__cause__ is None
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert names[-1] == "fit"
    assert "patch" not in names
    assert runs()[0].info.status == ("KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED")


def test_random_numbers_are_the_callers() -> None:
    """Logging code before and after draws numbers; neither the function nor the caller notices."""

    def draw() -> tuple[Any, ...]:
        return random.random(), np.random.normal()  # noqa: NPY002, S311 - the global ones

    def patch(original: Callable[..., Any], self: Model, data: Any) -> Any:
        draw()
        original(self, data)
        draw()

    def program() -> list[Any]:
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002 - the global one
        made = [draw()]
        Model().fit(made)
        return [*made, draw()]

    plain = program()
    enable(patch)
    assert program() == plain


def test_warnings_of_logging_code_are_dropped() -> None:
    """The function's own come through, and an error filter stops no logging."""

    def patch(original: Callable[..., Any], self: Model, data: Any) -> Any:
        warnings.warn("of logging", stacklevel=1)
        original(self, data)
        warnings.warn("of logging", stacklevel=1)
        log_params({"logged": data})

    enable(patch)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        Model().fit(7)
        warnings.warn("mine", stacklevel=1)
    assert [str(one.message) for one in seen] == ["mine"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Model().fit(8)
    assert [run.data.params for run in runs()] == [{"logged": "7"}, {"logged": "8"}]


def test_silence(caplog: pytest.LogCaptureFixture) -> None:
    """With silent=True nothing is printed, not even a failure."""
    logger = logging.getLogger("mlflow.anything")

    def patch(*_args: Any) -> None:
        logger.error("loud")
        raise RuntimeError("no luck")

    autolog = enable(patch)
    autolog(silent=True)
    Model().fit(7)
    assert [one for one in caplog.records if one.levelno > logging.DEBUG] == []
    autolog()
    Model().fit(7)
    assert "no luck" in caplog.text
    assert "loud" in caplog.text


def test_enabling_again_does_not_stack() -> None:
    """However often it is enabled, one call logs once; disabling restores the very function."""
    seen: list[int] = []

    def patch(original: Callable[..., Any], self: Model, data: Any) -> Any:
        seen.append(data)
        return original(self, data)

    autolog = enable(patch)
    for _ in range(3):
        autolog()
        safe_patch("toy", Model, "fit", patch, manage_run=True)
    Model().fit(7)
    assert seen == [7]
    autolog(disable=True)
    assert vars(Model)["fit"] is ORIGINAL
    assert autologging_is_disabled("toy")


def test_a_patch_below_anothers_is_left_in_the_chain_without_effect() -> None:
    """Taking off a patch keeps what others put on top of it."""
    seen: list[str] = []

    def noting(name: str) -> Callable[..., Any]:
        def patch(original: Callable[..., Any], *args: Any) -> Any:
            seen.append(name)
            return original(*args)

        return patch

    autolog = enable(noting("lower"), manage_run=False)
    AUTOLOGGING_INTEGRATIONS["upper"] = {"disable": False}
    safe_patch("upper", Model, "fit", noting("upper"))
    Model().fit(7)
    autolog(disable=True)
    AUTOLOGGING_INTEGRATIONS["toy"] = {"disable": False}
    Model().fit(7)
    revert_patches("upper")
    AUTOLOGGING_INTEGRATIONS.pop("upper")
    assert seen == ["upper", "lower", "upper"]
    Model.fit = ORIGINAL  # type: ignore[method-assign]  # the chain held it


def test_an_inherited_function_is_taken_off_again() -> None:
    """A patch on a subclass leaves no attribute behind and the base class alone."""
    enable(logs)
    revert_patches("toy")
    safe_patch("toy", Child, "fit", logs, manage_run=True)
    Model().fit(1)
    Child().fit(2)
    assert [run.data.params for run in runs()] == [{"data": "2"}]
    revert_patches("toy")
    assert "fit" not in vars(Child)


@pytest.mark.parametrize(
    ("name", "call", "expected"),
    [
        ("transform", lambda model: model.transform(3), 3),
        ("make", lambda model: len(model.make(3)), 3),
        ("double", lambda model: model.double(3), 6),
    ],
)
def test_properties_and_functions_without_self(name: str, call: Any, expected: int) -> None:
    """A property that gives a function, a class method and a static method can be patched."""
    seen: list[Any] = []
    before = vars(Model)[name]

    def patch(original: Callable[..., Any], *args: Any) -> Any:
        seen.append(args[-1])
        return original(*args)

    enable(patch, name)
    assert call(Model()) == expected
    assert seen == [3]
    revert_patches("toy")
    assert vars(Model)[name] is before


def test_a_function_that_is_missing() -> None:
    """Patching what is not there is an error, and the integration is off."""
    with pytest.raises(AttributeError):
        enable(logs, "nothing")
    assert autologging_is_disabled("toy")


def test_calls_inside_of_a_call_log_no_run() -> None:
    """A patched function that another one calls belongs to its run."""
    enable(logs)
    safe_patch("toy", Model, "refit", logs, manage_run=True)
    Model().refit(7)
    (run,) = runs()
    assert run.data.params == {"data": "7"}


def test_patched_functions_in_logging_code_log_nothing() -> None:
    """A patch may call what is patched."""

    def patch(original: Callable[..., Any], self: Model, data: Any) -> Any:
        Model().fit("in the patch")
        return logs(original, self, data)

    enable(patch)
    Model().fit(7)
    assert [run.data.params for run in runs()] == [{"data": "7"}]


def test_exclusive() -> None:
    """With exclusive=True a run that the caller started is left alone."""
    autolog = enable(logs)
    autolog(exclusive=True)
    with fluent.start_run():
        Model().fit(7)
    Model().fit(8)
    assert [run.data.params for run in runs()] == [{}, {"data": "8"}]


def test_blocks_that_disable() -> None:
    """The two context managers switch off while they last, and nest."""
    enable(logs)
    with disable_autologging(), disable_autologging():
        Model().fit(1)
    with disable_discrete_autologging(["toy", "unknown"]):
        Model().fit(2)
        assert autologging_is_disabled("toy")
    Model().fit(3)
    assert [run.data.params for run in runs()] == [{"data": "3"}]


def test_programs_write_to_the_configuration() -> None:
    """The table of configurations can be changed; a change counts at once."""
    enable(logs)
    AUTOLOGGING_INTEGRATIONS["toy"]["disable"] = True
    Model().fit(7)
    assert runs() == []
    assert get_autologging_config("toy", "silent") is False
    assert get_autologging_config("toy", "other", 3) == 3


def test_an_autolog_function_needs_its_switches() -> None:
    """Without disable and silent there is no integration."""
    with pytest.raises(Exception, match="'disable' argument"):

        @autologging_integration("toy")
        def autolog() -> None:
            """Lack both."""


def test_an_autolog_function_that_raises_leaves_nothing_behind() -> None:
    """Patches that it had made are taken off."""

    @autologging_integration("toy")
    def autolog(disable: bool = False, silent: bool = False) -> None:
        safe_patch("toy", Model, "fit", logs)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        autolog()
    assert vars(Model)["fit"] is ORIGINAL
    assert autologging_is_disabled("toy")


def test_threads_have_runs_of_their_own() -> None:
    """Calls in many threads at once make one run each, while others reconfigure."""
    autolog = enable(logs)
    stop = threading.Event()

    def reconfigure() -> None:
        while not stop.is_set():
            autolog()

    thread = threading.Thread(target=reconfigure)
    thread.start()
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(lambda number: Model().fit(number), range(12)))
    stop.set()
    thread.join()
    assert [len(model.calls) for model in models] == [1] * 12
    params = [run.data.params for run in runs() if run.data.params]
    assert len({one["data"] for one in params}) == len(params) <= 12


def test_an_original_keeps_its_name_and_signature() -> None:
    """A patched function looks like the one it stands for."""
    enable(logs)
    assert Model.fit.__name__ == "fit"
    assert Model.fit.__doc__ == ORIGINAL.__doc__
    assert Model.fit.__wrapped__ is ORIGINAL  # type: ignore[attr-defined]  # functools.wraps
