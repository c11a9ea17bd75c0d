"""Upstream's tracking server as a process on this machine, each with a database of its own."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import urllib3

from tests.parity.upstream import clean_environment

_READY_SECONDS: Final = 150


@contextmanager
def server_process(python: str, folder: Path, *arguments: str) -> Iterator[str]:
    """Run ``mlflow server`` of an interpreter on SQLite and yield its URI once it answers.

    Args:
        python: The interpreter.
        folder: Where database and artifacts go; made if need be.
        *arguments: More arguments of the command.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    command = [python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    database = ["--backend-store-uri", f"sqlite:///{folder / 'store.db'}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *database, *arguments],
            cwd=folder,
            env=clean_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        uri = f"http://127.0.0.1:{port}"
        _wait_until_ready(f"{uri}/health", process, folder / "log")
        yield uri
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    pause = threading.Event()
    with urllib3.PoolManager() as pool:
        for _ in range(_READY_SECONDS * 5):
            try:
                if pool.request("GET", url, retries=False, timeout=5).status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                pass
            if process.poll() is not None:
                break
            pause.wait(0.2)
    raise AssertionError(f"no server came up:\n{log.read_text('utf-8', errors='replace')[-3000:]}")
