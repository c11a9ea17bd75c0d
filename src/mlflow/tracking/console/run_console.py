"""What one run has printed and the store does not have yet, as chunks."""

from __future__ import annotations

import random
import re
import threading
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from mlflow._core.clock import now_ms, now_ns
from mlflow.store.entities.console import ConsoleChunk, ConsoleStream
from mlflow.tracking.console.fold import Screen
from mlflow.tracking.console.secrets import Masker, own_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# What may wait in memory, in characters: printed and not looked at, and chunks not sent.
MAX_PENDING: Final = 4_000_000
MAX_UNSENT: Final = 4_000_000
# A chunk is sent again as it grows; past this size a new one begins.
_FULL: Final = 8_000
_PIECE: Final = 32_000
_MAX_CHUNKS: Final = 500  # in one request
_ROW_START: Final = re.compile(r"^(?=.)", re.MULTILINE)
_SEQUENCE_BITS: Final = 11


class ConsoleStore(Protocol):
    """What of a tracking store is needed here."""

    def log_console(self, run_id: str, chunks: Sequence[ConsoleChunk]) -> None:
        """Keep chunks; one whose number is there with another text replaces it."""


class _Numbers:
    """Numbers that grow with time and differ between processes that share a run."""

    def __init__(self, rank: int | None) -> None:
        mask = (1 << _SEQUENCE_BITS) - 1
        self._low = (random.getrandbits(_SEQUENCE_BITS) if rank is None else rank) & mask
        self._last = 0

    def next(self) -> int:
        """Return a number greater than all before: the time in µs, then what tells ranks apart."""
        self._last = max(self._last + 1, now_ns() // 1000)
        return self._last << _SEQUENCE_BITS | self._low


class _StreamText:
    """One stream of a run: its screen, and the chunk that is being filled."""

    def __init__(self, stream: ConsoleStream, masker: Masker, label: str) -> None:
        self._stream: ConsoleStream = stream
        self._masker = masker
        self._label = label
        self._screen = Screen()
        self._sequence: int | None = None
        self._time_ms = 0
        self._final = ""
        self._told = ""

    def feed(
        self, text: str, *, time_ms: int, next_number: Callable[[], int]
    ) -> Iterator[ConsoleChunk]:
        """Take text and yield the chunks that are new or have changed."""
        self._screen.feed(text)
        self._final += self._labelled(self._masker.mask(self._screen.take()))
        while True:
            if self._sequence is None:
                self._sequence, self._time_ms, self._told = next_number(), time_ms, ""
            if len(self._final) < _FULL:
                break
            yield self._chunk(self._final[:_PIECE])
            self._final, self._sequence = self._final[_PIECE:], None
        whole = self._final + self._labelled(self._masker.peek(self._screen.rest()))
        if whole != self._told:
            self._told = whole
            yield self._chunk(whole)

    def _chunk(self, text: str) -> ConsoleChunk:
        sequence = self._sequence or 0
        # What no database and no JSON takes: NUL and halves of surrogate pairs.
        plain = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
        return ConsoleChunk(self._stream, sequence, self._time_ms, plain)

    def _labelled(self, text: str) -> str:
        return _ROW_START.sub(self._label, text) if self._label else text


class RunConsole:
    """Takes what is printed for one run; another thread makes chunks of it."""

    def __init__(
        self,
        store: ConsoleStore,
        run_id: str,
        *,
        rank: int | None,
        notify: Callable[[], None],
    ) -> None:
        """Begin without text.

        Args:
            store: Where the run is.
            run_id: The run.
            rank: Which of several processes that share the run this is; its rows say so.
            notify: Called when there is something to ship; cheap.
        """
        self.store = store
        self.run_id: Final = run_id
        self.closed = False
        self.done = threading.Event()
        self.unsent: dict[tuple[str, int], ConsoleChunk] = {}
        self._label = "" if rank is None else f"[rank {rank}] "
        self._numbers = _Numbers(rank)
        self._texts: dict[ConsoleStream, _StreamText] = {}
        self._notify = notify
        self._pending: deque[tuple[ConsoleStream, str]] = deque()
        self._size = 0
        self._lost = 0
        self._since = 0
        self._shipping = False

    def add(self, stream: ConsoleStream, text: str) -> None:
        """Take what was written to a stream; from any thread, and never for long."""
        if self.closed:
            return
        if self._size > MAX_PENDING:
            self._lost += len(text)
            return
        if not self._pending:
            self._since = now_ms()
            self._notify()
        # Threads may lose an addition between them: the limit need not be exact.
        self._size += len(text)
        self._pending.append((stream, text))

    @property
    def idle(self) -> bool:
        """Whether nothing is to be shipped or on its way."""
        return not (self._pending or self._shipping or self.unsent)

    def gather(self) -> list[ConsoleChunk]:
        """Make chunks of what was printed; return those that the store does not have.

        One thread at a time.
        """
        self._shipping = True
        texts: dict[ConsoleStream, list[str]] = {}
        time_ms = self._since
        for _ in range(len(self._pending)):
            stream, text = self._pending.popleft()
            texts.setdefault(stream, []).append(text)
        self._size = 0
        if self._lost:
            lost, self._lost = self._lost, 0
            texts.setdefault("stderr", []).append(
                f"\n[{lost} characters were printed faster than they could be kept]\n"
            )
        for stream, parts in texts.items():
            if stream not in self._texts:
                self._texts[stream] = _StreamText(stream, Masker(own_secrets()), self._label)
            made = self._texts[stream].feed(
                "".join(parts), time_ms=time_ms, next_number=self._numbers.next
            )
            for chunk in made:
                self.unsent[stream, chunk.sequence] = chunk
        self._bound()
        return list(islice(self.unsent.values(), _MAX_CHUNKS))

    def sent(self, chunks: list[ConsoleChunk]) -> None:
        """Forget chunks that the store has."""
        for chunk in chunks:
            if self.unsent.get((chunk.stream, chunk.sequence)) is chunk:
                del self.unsent[chunk.stream, chunk.sequence]
        self._shipping = False

    def stop(self) -> None:
        """Take and keep nothing more."""
        self.closed, self._shipping = True, False
        self._pending.clear()
        self.unsent.clear()

    def _bound(self) -> None:
        size = sum(len(chunk.text) for chunk in self.unsent.values())
        lost = 0
        while size > MAX_UNSENT:
            oldest = next(iter(self.unsent))
            count = len(self.unsent.pop(oldest).text)
            size, lost = size - count, lost + count
        if lost:
            text = f"[{lost} characters were lost while the store did not answer]\n"
            number = self._numbers.next()
            self.unsent["stderr", number] = ConsoleChunk("stderr", number, self._since, text)
