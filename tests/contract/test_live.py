"""The contract of heartbeats and consoles, on every database."""

import pytest

from mlflow._core.clock import now_ms
from mlflow.entities.run_status import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.store.entities.console import ConsoleChunk, ConsoleStream
from mlflow.store.entities.run_liveness import RunLiveness
from mlflow.store.sql import console
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture
def run_id(store: SqlAlchemyStore) -> str:
    """A run."""
    return store.create_run("0", "me", 5, [], "named").info.run_id


class TestLiveness:
    def test_heartbeats(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A heartbeat is noted for all runs at once, by a clock that is right; ids are kept."""
        other = store.create_run("0", "me", 5, [], "other").info.run_id
        silent = store.create_run("0", "me", 5, [], "silent").info.run_id
        before = now_ms()
        store.record_heartbeat([other, run_id, "f" * 32, run_id])
        found = store.get_liveness([silent, run_id, "f" * 32, other])
        assert [one.run_id for one in found] == [silent, run_id, other]
        assert found[0] == RunLiveness(silent, None, None)
        for one in found[1:]:
            assert one.last_heartbeat is not None
            assert before - 5 <= one.last_heartbeat <= now_ms() + 5
            assert one.stale_since is None
        store.record_heartbeat([])
        assert store.get_liveness([]) == []

    def test_stale(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A running run is stale after a minute of silence, a finished one never; status stays."""
        store.record_heartbeat([run_id])
        back = "UPDATE hr_runs SET last_heartbeat = last_heartbeat - ?"
        store._database.write(lambda session: session.run(back, [58_000]))
        assert store.get_liveness([run_id])[0].stale_since is None
        store._database.write(lambda session: session.run(back, [3_000]))
        (stale,) = store.get_liveness([run_id])
        assert stale.stale_since == stale.last_heartbeat is not None
        assert store.get_run(run_id).info.status == "RUNNING"
        store.update_run_info(run_id, RunStatus.FINISHED, 9, None)
        assert store.get_liveness([run_id])[0].stale_since is None


def chunk(sequence: int, text: str, stream: ConsoleStream = "stdout") -> ConsoleChunk:
    """Return a chunk."""
    return ConsoleChunk(stream, sequence, 1_000 + sequence, text)


class TestConsole:
    def test_come_back(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Chunks of both streams come back as they arrived; repeats change nothing."""
        first = [chunk(0, "a\x1b[31mred\r\n"), chunk(0, "warn", "stderr"), chunk(1, "ü\U0001f600")]
        store.log_console(run_id, first)
        store.log_console(run_id, [first[0], chunk(2, ""), chunk(1, "e", "stderr")])
        page = store.get_console(run_id)
        assert page.chunks == [*first, chunk(2, ""), chunk(1, "e", "stderr")]
        assert page.dropped == 0
        rest = store.get_console(run_id, after=page.next_position)
        assert (rest.chunks, rest.next_position) == ([], page.next_position)
        store.log_console(run_id, [])
        assert store.get_console(run_id) == page

    def test_pages(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Pages cover everything once, however small."""
        chunks = [chunk(number, str(number)) for number in range(7)]
        store.log_console(run_id, chunks)
        found: list[ConsoleChunk] = []
        after = 0
        while True:
            page = store.get_console(run_id, after, max_results=3)
            if page.next_position == after:
                break
            found += page.chunks
            after = page.next_position
        assert found == chunks

    def test_large_pages(
        self, store: SqlAlchemyStore, run_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A page is bounded by its size too, but always gets on."""
        monkeypatch.setattr(console, "_PAGE_CHARACTERS", 10)
        chunks = [chunk(number, "x" * size) for number, size in enumerate((4, 4, 4, 30, 10, 1))]
        store.log_console(run_id, chunks)
        sizes, after = [], 0
        while (page := store.get_console(run_id, after)).next_position != after:
            sizes.append([len(one.text) for one in page.chunks])
            after = page.next_position
        assert sizes == [[4, 4], [4], [30], [10], [1]]

    def test_search(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A search finds what contains a text, byte by byte and without patterns."""
        texts = ["Epoch 1", "epoch 2", "100%", "a_b", "done 100% epoch"]
        store.log_console(run_id, [chunk(number, text) for number, text in enumerate(texts)])

        def search(text: str) -> list[str]:
            return [one.text for one in store.get_console(run_id, contains=text).chunks]

        assert search("epoch") == ["epoch 2", "done 100% epoch"]
        assert search("100%") == ["100%", "done 100% epoch"]
        assert search("a_") == ["a_b"]
        assert search("none") == []
        page = store.get_console(run_id, max_results=1, contains="epoch")
        assert [one.text for one in page.chunks] == ["epoch 2"]
        page = store.get_console(run_id, page.next_position, 1, "epoch")
        assert [one.text for one in page.chunks] == ["done 100% epoch"]
        assert store.get_console(run_id, contains="none").next_position == 5

    def test_the_oldest_go(
        self, store: SqlAlchemyStore, run_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Beyond a bound the oldest chunks go, a page says how many, and they do not come back."""
        monkeypatch.setattr(console, "KEPT_CHUNKS", 8)
        store.log_console(run_id, [chunk(0, "kept on stderr?", "stderr")])
        for number in range(12):
            store.log_console(run_id, [chunk(number, str(number))])
        page = store.get_console(run_id)
        assert [one.text for one in page.chunks] == [str(number) for number in range(3, 12)]
        assert page.dropped == 4
        store.log_console(run_id, [chunk(0, "0"), chunk(11, "11")])
        assert store.get_console(run_id) == page

    def test_bound_of_characters(
        self, store: SqlAlchemyStore, run_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So it is with the size of all chunks together."""
        monkeypatch.setattr(console, "KEPT_CHARACTERS", 100)
        for number in range(40):
            store.log_console(run_id, [chunk(number, "x" * 10)])
            kept = len(store.get_console(run_id).chunks)
            assert min(number + 1, 10) <= kept <= 14

    def test_refused(self, store: SqlAlchemyStore, run_id: str) -> None:
        """What cannot be kept is refused whole; NUL is kept as its picture."""
        wrong: list[ConsoleChunk] = [
            chunk(1, "x" * (console.MAX_CHUNK + 1)),
            chunk(2**63, "x"),
            ConsoleChunk("stdin", 1, 1, "x"),  # type: ignore[arg-type]  # on purpose
        ]
        for one in wrong:
            with pytest.raises(MlflowException) as error:
                store.log_console(run_id, [chunk(0, "good"), one])
            assert error.value.error_code == "INVALID_PARAMETER_VALUE"
        with pytest.raises(MlflowException, match="too many"):
            store.log_console(run_id, [chunk(0, "x")] * 1_001)
        assert store.get_console(run_id).chunks == []
        for max_results in (0, 10_001):
            with pytest.raises(MlflowException, match="max_results"):
                store.get_console(run_id, max_results=max_results)
        with pytest.raises(MlflowException, match="not found"):
            store.get_console("f" * 32)
        store.log_console(run_id, [chunk(0, "a\0b")])
        assert [one.text for one in store.get_console(run_id).chunks] == ["a\u2400b"]

    def test_goes_with_the_run(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A deleted run's console can be read and not written; collected, it is gone."""
        store.log_console(run_id, [chunk(0, "x")])
        store.delete_run(run_id)
        with pytest.raises(MlflowException, match="deleted"):
            store.log_console(run_id, [chunk(1, "y")])
        assert len(store.get_console(run_id).chunks) == 1
        store.garbage().runs([run_id])
        count = "SELECT COUNT(*) FROM hr_console"
        assert store._database.read(lambda session: session.scalar(count)) == 0
