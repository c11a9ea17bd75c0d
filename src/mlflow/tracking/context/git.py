"""The git repository of a program, read with the ``git`` executable.

Nothing here waits for long: every command has a deadline, reads no terminal, takes no lock, runs no
configured diff program and no file-system monitor.
"""

import os
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock, Timer
from typing import Final
from urllib.parse import urlsplit

from mlflow._core.clock import monotonic
from mlflow.tracking.context.default_context import main_file
from mlflow.tracking.context.notebook_context import in_notebook

_COMMAND_SECONDS: Final = 1.0  # for a question that git answers from a few small files
_OPTIONS: Final = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotePath=off")
_CHUNK: Final = 1 << 16
_BRANCH_PREFIX: Final = "refs/heads/"
# What changes when HEAD moves, a branch is switched, a remote is added.
_WATCHED: Final = ("HEAD", "logs/HEAD", "config")


class GitTimeoutError(OSError):
    """A git command did not end within its time."""


class GitOutputLimitError(OSError):
    """A git command wrote more than it may."""


@dataclass(frozen=True, slots=True)
class GitState:
    """What a repository looks like from a program's place.

    Attributes:
        root: Top folder of the working tree.
        commit: The commit that is checked out; None before the first one.
        branch: The branch that is checked out; None when there is none.
        repository_url: Where the first remote is, without user and password; None without remote.
        ignores_program: Whether the repository ignores the program's folder.
    """

    root: Path
    commit: str | None
    branch: str | None
    repository_url: str | None
    ignores_program: bool


def run_git(
    folder: Path,
    arguments: Iterable[str],
    *,
    seconds: float = _COMMAND_SECONDS,
    limit: int = _CHUNK,
) -> bytes | None:
    """Return what a git command writes; None when it fails or there is no git.

    Args:
        folder: Where it runs.
        arguments: The command and its arguments.
        seconds: How long it may take.
        limit: How many bytes it may write.

    Raises:
        GitTimeoutError: it took longer, and was stopped.
        GitOutputLimitError: it wrote more, and was stopped.
    """
    if seconds <= 0:
        raise GitTimeoutError("no time left for git")
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of arguments; no shell
            ["git", "-C", str(folder), *_OPTIONS, *arguments],  # noqa: S607 - the user's git
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError):
        return None
    deadline = monotonic() + seconds
    timer = Timer(seconds, _stop, [process])
    timer.daemon = True
    timer.start()
    output = process.stdout
    try:
        with process:
            written = b"" if output is None else output.read(limit + 1)
            if len(written) > limit:
                _stop(process)
                raise GitOutputLimitError(f"git wrote more than {limit} bytes")
    finally:
        timer.cancel()
    if process.returncode == 0:
        return written
    if monotonic() >= deadline:
        raise GitTimeoutError(f"git did not end within {seconds:.1f} s")
    return None


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a command and what it has started, which may hold its output open."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def without_credentials(url: str) -> str:
    """Return a remote's address without user name, password and token."""
    try:
        parts = urlsplit(url)
        if not parts.netloc:
            return url
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    except ValueError:
        return url


@lru_cache(maxsize=8)
def _resolve(name: str) -> Path | None:
    """Return the file of this name; asked once, for the program may change its folder later."""
    found = Path(name)
    try:
        return found.resolve() if found.is_file() else None
    except OSError:
        return None


def program_file() -> Path | None:
    """Return the file that this program was started from; None when there is none."""
    return _resolve(main_file())


def program_folder() -> Path | None:
    """Return the folder whose repository holds this program's code.

    That is the started file's folder, or the current one in a notebook or an interactive session.
    """
    started = program_file()
    if started is not None and not in_notebook():
        return started.parent
    try:
        return Path.cwd()
    except OSError:
        return None


def _lines(output: bytes | None) -> list[str]:
    return [] if output is None else os.fsdecode(output).splitlines()


def _read_state(folder: Path) -> tuple[GitState, tuple[str, ...]] | None:
    """Return a repository's state, and the files that change with it."""
    places = _lines(
        run_git(folder, ["rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir"])
    )
    if len(places) != 3:  # noqa: PLR2004 - one line for each question above
        return None
    root, own, shared = Path(places[0]), Path(places[1]), folder / places[2]
    commit = _lines(run_git(folder, ["rev-parse", "--verify", "--quiet", "HEAD"]))
    branch = _lines(run_git(folder, ["symbolic-ref", "--quiet", "HEAD"]))
    remotes = _lines(run_git(folder, ["config", "--get-regexp", r"^remote\..*\.url$"]))
    urls = [url for _, _, url in (line.partition(" ") for line in remotes)]
    ignored = run_git(folder, ["check-ignore", "--quiet", "--", str(folder)]) is not None
    state = GitState(
        root=root,
        commit=commit[0] if commit else None,
        branch=branch[0].removeprefix(_BRANCH_PREFIX) if commit and branch else None,
        repository_url=without_credentials(urls[0]) if urls else None,
        ignores_program=ignored,
    )
    watched = {str(place / name) for place in (own, shared.resolve()) for name in _WATCHED}
    return state, tuple(sorted(watched))


Stamp = tuple[tuple[int, int], ...]


def _file_stamp(name: str) -> tuple[int, int]:
    try:
        status = os.stat(name)  # noqa: PTH116 - asked at every run; a Path costs more than this
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _stamp(files: tuple[str, ...]) -> Stamp:
    """Return what tells one state of a repository from the next: a few file times."""
    return tuple(_file_stamp(name) for name in files)


class GitStates:
    """Remembers the state of each program folder until its repository changes.

    A folder without repository stays one: nobody starts a repository under a running program often
    enough to ask git at every run.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[Path, tuple[GitState, tuple[str, ...], Stamp] | None] = {}

    def get(self, folder: Path) -> GitState | None:
        """Return the state of a folder's repository; None when it has none.

        Args:
            folder: Where the program is.
        """
        with self._lock:
            if folder in self._known:
                known = self._known[folder]
                if known is None:
                    return None
                if _stamp(known[1]) == known[2]:
                    return known[0]
            try:
                found = _read_state(folder)
            except OSError:
                found = None
            if found is None:
                self._known[folder] = None
                return None
            state, files = found
            self._known[folder] = (state, files, _stamp(files))
            return state


_states: Final = GitStates()


def git_state() -> GitState | None:
    """Return the state of the repository of this program; None when it has none."""
    folder = program_folder()
    return None if folder is None else _states.get(folder)
