"""A model in a process and an environment of its own, as its user sees it."""

from __future__ import annotations

import subprocess
import sys
import threading
import weakref
from collections import deque
from typing import IO, TYPE_CHECKING, Any, Final

from mlflow._core.variables import snapshot
from mlflow.exceptions import MlflowException, RestException
from mlflow.pyfunc.piped_values import encode, receive, send

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mlflow.pyfunc.shipping import Shipment

_SERVER: Final = "mlflow.pyfunc.piped_server"
_KEPT_LINES: Final = 40
_PATIENCE_SECONDS: Final = 10


class PipedModel:
    """One model in one process, which ends with this object and with this process."""

    def __init__(
        self, python: Path, folder: Path, shipment: Shipment, variables: Mapping[str, str]
    ) -> None:
        """Start the process and wait until it has loaded the model.

        Args:
            python: The interpreter of the model's environment.
            folder: The model's files.
            shipment: How they are to be loaded.
            variables: More of the process's environment.

        Raises:
            MlflowException: the process cannot be started; or it ended, with the last lines that
                it wrote.
        """
        self._lock: Final = threading.Lock()
        self._lines: Final[deque[str]] = deque(maxlen=_KEPT_LINES)
        self._process: Final = _start(python, variables)
        self._pump: Final = threading.Thread(
            target=_pass_on, args=(self._process.stderr, self._lines), daemon=True
        )
        self._pump.start()
        self._end: Final = weakref.finalize(self, _end, self._process)
        told = {
            "folder": str(folder),
            "origin": shipment.origin.value,
            "config": shipment.config,
        }
        self._ask(told)

    @property
    def is_alive(self) -> bool:
        """Whether the process can be asked."""
        return self._process.poll() is None

    def predict(self, table: Any, params: dict[str, Any] | None = None) -> Any:
        """Return the model's predictions.

        Args:
            table: A DataFrame.
            params: Parameters of the model's inference.

        Raises:
            MlflowException: as the model's own; or its process ended, with the last lines that it
                wrote.
        """
        answer = self._ask({"table": table, "params": params})
        if "error_code" in answer:
            raise RestException(answer)
        return answer["output"]

    def close(self) -> None:
        """End the process."""
        self._end()

    def _ask(self, message: dict[str, Any]) -> Any:
        process = self._process
        assert process.stdin is not None  # noqa: S101 - they are pipes
        assert process.stdout is not None  # noqa: S101
        content = encode(message)
        with self._lock:
            try:
                send(process.stdin, content)
                return receive(process.stdout)
            except (BrokenPipeError, EOFError) as error:
                raise self._ended() from error
            except BaseException:  # what it answers later is no answer to the next question
                self._end()
                raise

    def _ended(self) -> MlflowException:
        self._end()
        self._pump.join(_PATIENCE_SECONDS)
        said = "".join(self._lines).strip() or "(nothing)"
        return MlflowException(
            f"The model's process ended (exit code {self._process.returncode}). The last that it"
            f" wrote:\n{said}"
        )


def _start(python: Path, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - a list of words; no shell
            [str(python), "-I", "-m", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**snapshot(("",)), **variables},
        )
    except OSError as error:
        raise MlflowException(
            f"The model's Python cannot be started: {error}. An environment that was made elsewhere"
            " needs the Python that it was made with at the same path."
        ) from error


def _pass_on(stream: IO[bytes], lines: deque[str]) -> None:
    """Write what a process says to this one's log, and keep the last of it."""
    with stream:
        for raw in stream:
            line = raw.decode("utf-8", "replace")
            lines.append(line)
            sys.stderr.write(line)


def _end(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:  # it was first
                continue
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:  # it predicts still, for nobody
        process.kill()
        process.wait()
