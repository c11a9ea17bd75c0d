"""What is printed reaches the run that it belongs to, and streams stay what they were."""

# ruff: noqa: T201 - printing is what it is about

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from mlflow.exceptions import NOT_IMPLEMENTED, TEMPORARILY_UNAVAILABLE, MlflowException
from mlflow.tracking import fluent
from mlflow.tracking.console import run_console
from mlflow.tracking.console.capture import close_console, open_console
from mlflow.tracking.console.run_console import RunConsole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow.store.entities.console import ConsoleChunk
    from mlflow.tracking.client import MlflowClient


class Consoles:
    """The part of a store's contract that consoles need, in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], dict[int, str]] = {}
        self.error: MlflowException | None = None
        self.calls = 0
        self.called = threading.Event()

    def log_console(self, run_id: str, chunks: Sequence[ConsoleChunk]) -> None:
        """Keep chunks, the newer text of a number in place of the older."""
        self.calls += 1
        self.called.set()
        if self.error is not None:
            raise self.error
        for chunk in chunks:
            self.kept.setdefault((run_id, chunk.stream), {})[chunk.sequence] = chunk.text

    def text(self, run_id: str, stream: str = "stdout") -> str:
        """Return a stream's text."""
        kept = self.kept.get((run_id, stream), {})
        return "".join(kept[number] for number in sorted(kept))


@pytest.fixture
def consoles() -> Consoles:
    """A store that keeps consoles."""
    return Consoles()


@contextlib.contextmanager
def captured(store: Consoles, rank: int | None = None) -> Iterator[RunConsole]:
    """Capture for the run "r" what any thread prints."""
    here: list[RunConsole] = []
    console = open_console(store, "r", find=lambda: here[0] if here else None, rank=rank)
    assert console is not None
    here.append(console)
    try:
        yield console
    finally:
        close_console(console)


def test_both_streams_are_kept_and_given_back(
    consoles: Consoles, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program's own output is unchanged, and afterwards the streams are as before."""
    assert "write" not in vars(sys.stdout)
    with captured(consoles):
        print("one", 2)
        print("three", file=sys.stderr)
        sys.stdout.writelines(["a\n", "b\n"])
    assert "write" not in vars(sys.stdout)
    print("after")
    assert capsys.readouterr() == ("one 2\na\nb\nafter\n", "three\n")
    assert consoles.text("r") == "one 2\na\nb\n"
    assert consoles.text("r", "stderr") == "three\n"


def test_a_stream_stays_the_same_object_with_its_properties(consoles: Consoles) -> None:
    """Who looks at the stream sees no difference."""
    before = (sys.stdout, sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.buffer)
    with captured(consoles):
        assert (sys.stdout, sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.buffer) == before
        assert sys.stdout.write("abc") == 3


def test_whoever_took_the_stream_earlier_is_heard(consoles: Consoles) -> None:
    """Handlers of logging that were made before the run are captured too."""
    handler = logging.StreamHandler(sys.stderr)
    logger = logging.Logger("earlier")  # noqa: LOG001 - of this test alone
    logger.addHandler(handler)
    with captured(consoles):
        logger.warning("careful")
    assert consoles.text("r", "stderr") == "careful\n"


def test_errors_of_a_stream_are_raised_as_ever(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed stream and text that an encoding cannot hold fail as they would without us."""
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    with captured(consoles):
        with pytest.raises(UnicodeEncodeError):
            print("ä")
        print("ok")
        narrow.close()
        with pytest.raises(ValueError, match="closed"):
            print("x")
    assert consoles.text("r") == "ok\n"


def test_replaced_and_missing_streams_do_no_harm(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output that a program redirects to itself is its own; no stream at all is fine too."""
    monkeypatch.setattr(sys, "stderr", None)
    with captured(consoles):
        with contextlib.redirect_stdout(io.StringIO()) as own:
            print("inside")
        print("outside")
    assert own.getvalue() == "inside\n"
    assert consoles.text("r") == "outside\n"


def test_a_stream_that_cannot_be_heard_is_left_alone(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streams of other kinds (an IDE's, a notebook's) work on, whether they can be heard or not."""

    class Fixed:
        __slots__ = ("texts",)

        def __init__(self) -> None:
            self.texts: list[str] = []

        def write(self, text: str) -> int:
            self.texts.append(text)
            return len(text)

    class Open(Fixed):
        """The same, with a dictionary."""

    fixed, other = Fixed(), Open()
    monkeypatch.setattr(sys, "stdout", fixed)
    monkeypatch.setattr(sys, "stderr", other)
    with captured(consoles):
        print("a")
        print("b", file=sys.stderr)
    assert (fixed.texts, other.texts) == (["a", "\n"], ["b", "\n"])
    assert (consoles.text("r"), consoles.text("r", "stderr")) == ("", "b\n")


def test_others_may_wrap_the_stream_too(consoles: Consoles) -> None:
    """Someone who wraps our hook and stays keeps working; nothing is kept twice."""
    heard: list[str] = []
    with captured(consoles):
        inner = sys.stdout.write

        def outer(text: str) -> int:
            heard.append(text)
            return inner(text)

        sys.stdout.write = outer  # type: ignore[method-assign]  # as other tools do
        print("a")
    with captured(consoles):
        print("b")
    print("c")
    del sys.stdout.write
    assert "".join(heard) == "a\nb\nc\n"
    assert consoles.text("r") == "a\nb\n"


def test_a_switch_turns_it_off(consoles: Consoles, monkeypatch: pytest.MonkeyPatch) -> None:
    """With HEADRACE_CONSOLE=false no stream is touched."""
    monkeypatch.setenv("HEADRACE_CONSOLE", "false")
    assert open_console(consoles, "r", find=lambda: None) is None
    assert "write" not in vars(sys.stdout)


def test_a_store_that_keeps_no_consoles_is_asked_once(consoles: Consoles) -> None:
    """After its refusal nothing is gathered any more."""
    consoles.error = MlflowException("no", NOT_IMPLEMENTED)
    with captured(consoles) as console:
        print("a")
        assert consoles.called.wait(10)
        while not console.closed:
            threading.Event().wait(0.01)
        print("b")
    assert consoles.calls == 1


def test_a_store_that_is_away_gets_everything_later(consoles: Consoles) -> None:
    """Chunks wait for the store to answer again, and the program sees no error."""
    consoles.error = MlflowException("away", TEMPORARILY_UNAVAILABLE)
    with captured(consoles):
        print("early")
        assert consoles.called.wait(10)
        consoles.error = None
        print("late")
    assert consoles.text("r") == "early\nlate\n"


def test_what_is_not_shipped_is_bounded_and_the_gap_is_marked(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit text is dropped, and the console says how much."""
    monkeypatch.setattr(run_console, "MAX_PENDING", 100)
    with captured(consoles):
        for _ in range(50):
            sys.stdout.write("0123456789\n")
    kept = len(consoles.text("r"))
    assert 100 < kept < 50 * 11
    assert f"[{50 * 11 - kept} characters were printed" in consoles.text("r", "stderr")


def test_long_output_is_cut_into_chunks_in_order(consoles: Consoles) -> None:
    """Ten thousand rows arrive whole, in chunks that a store takes."""
    with captured(consoles):
        for number in range(10_000):
            print("row", number)
    assert consoles.text("r") == "".join(f"row {number}\n" for number in range(10_000))
    assert max(map(len, consoles.kept["r", "stdout"].values())) < 65_536


def test_more_chunks_than_a_request_takes_are_sent_in_several(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for a store goes out at once, in requests of a size that it takes."""
    monkeypatch.setattr(run_console, "_MAX_CHUNKS", 2)
    with captured(consoles):
        print("\n".join(str(number) * 100 for number in range(3000)))
    assert consoles.text("r").count("\n") == 3000
    assert consoles.calls > len(consoles.kept["r", "stdout"]) / 2 - 1


def test_a_bar_is_shown_live_and_kept_once(consoles: Consoles) -> None:
    """The state of an unfinished line is pushed; what stays is its last state, with no secret."""
    with captured(consoles):
        sys.stdout.write("\r 10% password=abc")
        assert consoles.called.wait(10)
        sys.stdout.write("\r100% password=abcdef\n\0\udc80")
    assert consoles.text("r") == "100% password=[secret]\n\ufffd?"
    assert len(consoles.kept["r", "stdout"]) == 1


def test_rows_say_their_rank(consoles: Consoles) -> None:
    """Of several processes each marks its rows, and their numbers differ."""
    with captured(consoles, rank=1):
        print("a\n\nb")
    with captured(consoles, rank=2):
        print("c")
    assert consoles.text("r") == "[rank 1] a\n\n[rank 1] b\n[rank 2] c\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_ships_nothing_of_its_parent(consoles: Consoles) -> None:
    """What the parent printed is the parent's to ship; the child prints for no run."""
    with captured(consoles):
        print("parent")
        child = os.fork()
        if child == 0:
            print("child")
            os._exit(consoles.calls)
        assert os.waitpid(child, 0)[1] == 0
    assert consoles.text("r") == "parent\n"


def _consoles_of(*runs: fluent.ActiveRun) -> Consoles:
    store = Consoles()
    for run in runs:
        assert run.console is not None
        run.console.store = store
    return store


def test_lines_go_to_the_active_run_of_the_thread_else_to_the_newest(client: MlflowClient) -> None:
    """Nested runs and runs of threads have their own lines; other threads' go to the newest run."""
    with fluent.start_run() as outer:
        print("outer")
        with fluent.start_run(nested=True) as inner:
            store = _consoles_of(outer, inner)
            print("inner")
            worker = threading.Thread(target=print, args=("worker",))
            worker.start()
            worker.join()

            def other() -> None:
                with fluent.start_run() as third:
                    thirds.append((third.info.run_id, _consoles_of(third)))
                    print("third")

            thirds: list[tuple[str, Consoles]] = []
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
        print("outer again")
    print("nobody")
    assert store.text(outer.info.run_id) == "outer\nouter again\n"
    assert store.text(inner.info.run_id) == "inner\nworker\n"
    [(third_id, third_store)] = thirds
    assert third_store.text(third_id) == "third\n"


def test_tasks_print_for_their_own_runs(client: MlflowClient) -> None:
    """Two asyncio tasks of one thread keep their lines apart."""
    texts = []

    async def work(name: str, turn: asyncio.Event, following: asyncio.Event) -> None:
        with fluent.start_run() as run:
            store = _consoles_of(run)
            following.set()
            await turn.wait()
            print(name)
        texts.append(store.text(run.info.run_id))

    async def both() -> None:
        one, two = asyncio.Event(), asyncio.Event()
        await asyncio.gather(work("a", one, two), work("b", two, one))

    asyncio.run(both())
    assert sorted(texts) == ["a\n", "b\n"]


def test_the_error_that_ends_a_block_is_kept(client: MlflowClient) -> None:
    """The traceback of a failed block stands in its run's console."""
    run = fluent.start_run()
    store = _consoles_of(run)
    with pytest.raises(ZeroDivisionError), run:
        print(1 / 0)
    assert "ZeroDivisionError" in store.text(run.info.run_id, "stderr")
