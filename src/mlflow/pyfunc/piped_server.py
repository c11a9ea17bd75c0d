"""A model's own process: it loads one model, and scores what comes on its standard input.

Nothing listens on the network, and the process ends when the one that started it does, however
that ends: its input is closed then.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import IO

from mlflow.exceptions import MlflowException
from mlflow.models.choke import Origin
from mlflow.models.location import ModelFolder
from mlflow.models.payload import Payload
from mlflow.pyfunc.load import load_folder
from mlflow.pyfunc.piped_values import encode, receive, send
from mlflow.pyfunc.scoring_server.invoke import ServedModel
from mlflow.pyfunc.scoring_server.settings import DEFAULT_NAME


def main() -> None:
    """Load the model that the first message names, then answer until nobody asks."""
    source, target = _take_pipes()
    told = receive(source)
    folder = ModelFolder(Path(told["folder"]), Origin(told["origin"]))
    served = ServedModel(DEFAULT_NAME, load_folder(folder, model_config=told["config"]))
    send(target, encode({}))
    while True:
        try:
            asked = receive(source)
        except EOFError:
            return
        _answer(served, asked, target)


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return standard input and output, which the model gets to see no more.

    What it prints goes to standard error, and it finds its input empty.
    """
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, target


def _answer(served: ServedModel, asked: dict[str, object], target: IO[bytes]) -> None:
    try:
        output = served.predict(Payload(asked["table"], asked["params"]))
        answer = encode({"output": output})
    except MlflowException as error:
        traceback.print_exception(error, file=sys.stderr)
        answer = encode({"error_code": error.error_code, "message": error.message})
    send(target, answer)


if __name__ == "__main__":
    main()
