"""The locks that queue: fairness between threads, exclusion between descriptors, lost files."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlflow.store.sql.lock import FairMutex, FairSlots, FileLock


def test_waiters_go_in_order() -> None:
    """The mutex goes to whoever waits longest, not to its releaser."""
    mutex, order = FairMutex(), list[int]()
    mutex.acquire()

    def wait(number: int) -> None:
        mutex.acquire()
        order.append(number)
        mutex.release()

    threads = []
    for number in range(5):
        thread = threading.Thread(target=wait, args=(number,))
        thread.start()
        threads.append(thread)
        while len(mutex._waiting) <= number:
            threading.Event().wait(0.001)
    mutex.release()
    mutex.acquire()
    order.append(99)
    mutex.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 99]


def test_mutual_exclusion() -> None:
    """No two threads are inside at once."""
    mutex, inside, most = FairMutex(), [0], [0]

    def work() -> None:
        for _ in range(200):
            mutex.acquire()
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            inside[0] -= 1
            mutex.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_slots_are_handed_on_in_order() -> None:
    """A free place goes to whoever waits longest, and only so many are held at once."""
    slots, order = FairSlots(2), list[int]()
    assert slots.acquire()
    assert slots.acquire()

    def wait(number: int) -> None:
        slots.acquire()
        order.append(number)
        slots.release()

    threads = []
    for number in range(5):
        thread = threading.Thread(target=wait, args=(number,))
        thread.start()
        threads.append(thread)
        while len(slots._waiting) <= number:
            threading.Event().wait(0.001)
    assert order == []
    slots.release()
    slots.acquire()
    order.append(99)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 99]
    assert not slots.acquire(timeout=0)


def test_who_gives_up_takes_no_slot() -> None:
    """A wait that ends without a place leaves the queue."""
    slots = FairSlots(1)
    assert slots.acquire(timeout=0)
    assert not slots.acquire(timeout=0.001)
    slots.release()
    assert slots.acquire(timeout=0.001)
    slots.release()
    assert slots.acquire()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[FileLock, FileLock]]:
    """Two locks on one file, as two processes have them."""
    one, other = FileLock(str(tmp_path / "lock")), FileLock(str(tmp_path / "lock"))
    yield one, other
    one.close()
    other.close()


def test_file_lock_excludes(two: tuple[FileLock, FileLock]) -> None:
    """The second waits until the first is released."""
    one, other = two
    one.acquire()
    got = threading.Event()

    def wait() -> None:
        other.acquire()
        got.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not got.wait(0.05)
    one.release()
    assert got.wait(10)
    thread.join()
    other.release()


def test_a_removed_file_is_made_again(two: tuple[FileLock, FileLock]) -> None:
    """A lock on a file that was removed locks the new file, as everybody else does."""
    one, other = two
    one.acquire()
    one.release()
    Path(one.path).unlink()
    one.acquire()
    assert Path(one.path).exists()
    got = threading.Event()

    def wait() -> None:
        other.acquire()
        got.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not got.wait(0.05)
    one.release()
    assert got.wait(10)
    thread.join()
    other.release()
