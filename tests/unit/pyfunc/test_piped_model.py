"""A model in a process of its own: what is passed to it and back, and how it ends."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle
import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.pyfunc import piped_values, shipping
from mlflow.pyfunc.piped_model import PipedModel
from tests.waiting import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

UTC = dt.timezone.utc
VALUES = [
    1.5,
    "text",
    b"bytes",
    None,
    [1, [2.5, "x"]],
    {"a": {"b": [True, False]}},
    dt.date(2024, 2, 29),
    dt.datetime(2024, 2, 29, 1, 2, 3, 4),  # noqa: DTZ001 - as tables have them
    dt.datetime(2024, 2, 29, tzinfo=UTC),
    Decimal("1.10"),
]
ARRAYS = [
    np.arange(6.0).reshape(2, 3),
    np.array([1, 2], "int8"),
    np.array([True, False]),
    np.array(["a", "bcd"]),
    np.array(["2024-02-29T01"], "M8[ns]"),
    np.zeros((0, 4), "float32"),
]
COLUMNS = {
    "double": pd.Series([1.0, np.nan]),
    "float": pd.Series([1.0, 0.1], dtype="float32"),
    "integer": pd.Series([1, -2], dtype="int32"),
    "missing": pd.Series([1, None], dtype="Int64"),
    "text": pd.Series(["a", None], dtype="str"),
    "kind": pd.Series(["a", "b"], dtype="category"),
    "time": pd.to_datetime(pd.Series(["2024-02-29 01:02:03.000000004", None])),
    "zone": pd.to_datetime(pd.Series(["2024-02-29", None]), utc=True),
    "date": pd.Series([dt.date(2024, 2, 29), None], dtype=object),
    "bytes": pd.Series([b"\x00\xff", None], dtype=object),
    "record": pd.Series([{"a": 1}, {"a": None}], dtype=object),
    "list": pd.Series([[1.0], []], dtype=object),
}


def there_and_back(value: Any) -> Any:
    return piped_values.decode(piped_values.encode(value))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_arrive_as_they_were(value: Any) -> None:
    """With their types; alone, in lists and in dictionaries."""
    assert there_and_back(value) == value
    assert type(there_and_back(value)) is type(value)
    assert there_and_back([{"k": value}]) == [{"k": value}]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: str(array.dtype))
def test_arrays_arrive_as_they_were(array: Any) -> None:
    """With type and shape, and writable."""
    found = there_and_back(array)
    np.testing.assert_array_equal(found, array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.flags.writeable


def test_arrays_of_objects_keep_what_is_in_them() -> None:
    """An array in an array is one, and a list is a list."""
    array = np.empty(2, dtype=object)
    array[0], array[1] = np.arange(2.0), [1, "x"]
    found = there_and_back(array)
    np.testing.assert_array_equal(found[0], np.arange(2.0))
    assert found[1] == [1, "x"]


@pytest.mark.parametrize("name", COLUMNS)
def test_tables_arrive_as_they_were(name: str) -> None:
    """Columns keep type, values and label, whatever their index was."""
    table = pd.DataFrame({name: COLUMNS[name]})
    found = there_and_back(table.set_index(pd.Index([5, 9])))
    pd.testing.assert_frame_equal(found, table)
    numbered = COLUMNS[name].rename(None)
    pd.testing.assert_frame_equal(there_and_back(numbered), numbered.to_frame())


def test_scalars_of_numpy_are_plain_and_missing_ones_none() -> None:
    """As they are in what a model returns as a list."""
    given = [np.float32(0.5), np.int64(3), np.bool_(True), np.str_("s"), pd.NA, pd.NaT]
    assert there_and_back(given) == [0.5, 3, True, "s", None, None]
    moment = dt.datetime(2024, 2, 29)  # noqa: DTZ001 - as tables have them
    times = [np.datetime64("2024-02-29", "ns"), pd.Timestamp("2024-02-29")]
    assert there_and_back(times) == [moment, moment]


@pytest.mark.parametrize("value", [object(), 1j, 2**70, np.array([1, object()]), {1, 2}])
def test_what_cannot_travel_is_refused(value: Any) -> None:
    """The error says what it is about."""
    with pytest.raises(MlflowException, match="cannot be passed"):
        piped_values.encode(value)


def give(model_input: Any, params: Any = None) -> Any:
    """Do what the first row says."""
    word = model_input.word[0]
    if word == "print":
        print("noise on standard output", flush=True)  # noqa: T201 - that is the test
        return [sys.stdin.read()]
    if word == "fail":
        raise ValueError("no such word")
    if word == "die":
        sys.stderr.write("the last words\n")
        sys.stderr.flush()
        os._exit(7)
    return [os.environ.get("WORD"), os.getpid(), params]


class Given(mlflow.pyfunc.PythonModel):
    """Calls a function, so that the tests' modules are not needed where it is loaded."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        return self.function(model_input, params)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("piped") / "model"
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    try:
        mlflow.pyfunc.save_model(
            path, python_model=Given(give), pip_requirements=["cloudpickle"], signature=None
        )
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    return path


def started(folder: Path) -> PipedModel:
    shipment = shipping.prepare(str(folder), None, None, {"WORD": "given"}).shipment
    return PipedModel(Path(sys.executable), folder, shipment, shipment.variables)


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[PipedModel]:
    found = started(folder)
    yield found
    found.close()


def ask(model: PipedModel, word: str, params: Any = None) -> Any:
    return model.predict(pd.DataFrame({"word": [word]}), params)


def test_a_model_is_asked_in_its_own_process(model: PipedModel) -> None:
    """It has its variables, is given parameters, and is the same process the next time."""
    word, process, params = ask(model, "", None)
    assert (word, params) == ("given", None)
    assert process != os.getpid()
    assert ask(model, "")[1] == process


def test_what_a_model_prints_disturbs_nothing(
    model: PipedModel, capfd: pytest.CaptureFixture[str]
) -> None:
    """It goes to standard error, and the model's standard input is empty."""
    assert ask(model, "print") == [""]
    assert ask(model, "")[0] == "given"


def test_an_error_of_the_model_is_raised_here(model: PipedModel) -> None:
    """With its code, and the process goes on."""
    with pytest.raises(MlflowException, match="ValueError: no such word") as caught:
        ask(model, "fail")
    assert caught.value.error_code == "BAD_REQUEST"
    assert model.is_alive


def test_the_last_words_of_a_process_that_died_are_told(folder: Path) -> None:
    """And how it ended."""
    model = started(folder)
    with pytest.raises(MlflowException, match=r"(?s)exit code 7.*the last words"):
        ask(model, "die")
    assert not model.is_alive


def test_a_model_that_cannot_be_loaded_says_why(folder: Path, tmp_path: Path) -> None:
    """The traceback of its process is in the error."""
    shipment = shipping.prepare(str(folder), None, None).shipment
    with pytest.raises(MlflowException, match="(?s)exit code 1.*No such artifact"):
        PipedModel(Path(sys.executable), tmp_path, shipment, {})


def test_a_python_that_is_not_there_is_told_of(folder: Path, tmp_path: Path) -> None:
    """As where an environment came from a machine that had another Python."""
    shipment = shipping.prepare(str(folder), None, None).shipment
    with pytest.raises(MlflowException, match="at the same path"):
        PipedModel(tmp_path / "python", folder, shipment, {})


def test_who_was_interrupted_gets_no_answer_to_an_older_question(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is ended: its answer would be taken for the next one's."""
    model = started(folder)

    def interrupted(_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlflow.pyfunc.piped_model.receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ask(model, "")
    assert not model.is_alive


def test_the_process_ends_when_its_user_is_killed(folder: Path) -> None:
    """Nothing is left behind, however a worker ends."""
    program = (
        "import sys; from tests.unit.pyfunc.test_piped_model import ask, started;"
        "from pathlib import Path; model = started(Path(sys.argv[1]));"
        "print(ask(model, '')[1], flush=True); sys.stdin.read()"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert user.stdout is not None
    process = int(user.stdout.readline())
    reader = os.pidfd_open(process)
    user.send_signal(signal.SIGKILL)
    user.communicate()
    assert readable(reader, 60), "the process still runs"
    os.close(reader)
