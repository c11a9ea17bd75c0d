"""Asking a scoring server from Python."""

from __future__ import annotations

import json
from threading import Event
from typing import Any, Final

import urllib3

from mlflow._core.clock import monotonic
from mlflow.exceptions import BAD_REQUEST, TEMPORARILY_UNAVAILABLE, MlflowException
from mlflow.models.example import encode
from mlflow.models.payload import DF_SPLIT, INPUTS, PARAMS
from mlflow.pyfunc.scoring_server.content import CONTENT_TYPE_JSON
from mlflow.pyfunc.scoring_server.predictions import PREDICTIONS

_OK: Final = 200
_ASK_AGAIN_SECONDS: Final = 0.1


class PredictionsResponse(dict[str, Any]):
    """The answer of a scoring server."""

    def get_predictions(self, predictions_format: str = "dataframe", dtype: Any = None) -> Any:
        """Return the predictions.

        Args:
            predictions_format: ``dataframe`` or ``ndarray``.
            dtype: Of the values.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE for another format.
        """
        import numpy as np  # noqa: PLC0415 - optional package
        import pandas as pd  # noqa: PLC0415 - optional package

        if predictions_format == "dataframe":
            return pd.DataFrame(self[PREDICTIONS], dtype=dtype)
        if predictions_format == "ndarray":
            return np.array(self[PREDICTIONS], dtype)
        raise MlflowException.invalid_parameter_value(
            f"The format is 'dataframe' or 'ndarray', not {predictions_format!r}"
        )

    def to_json(self, path: str | None = None) -> str | None:
        """Return the answer as JSON, or write it to a file."""
        if path is None:
            return json.dumps(self)
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path of any kind
            json.dump(self, file)
        return None

    @classmethod
    def from_json(cls, json_str: str) -> PredictionsResponse:
        """Return an answer from its text.

        Raises:
            MlflowException: it holds no predictions.
        """
        try:
            found = json.loads(json_str)
        except ValueError as error:
            raise MlflowException(f"The answer is no JSON: {error}") from error
        if not isinstance(found, dict) or PREDICTIONS not in found:
            raise MlflowException(f"The answer holds no '{PREDICTIONS}': {json_str[:200]}")
        return cls(found)


class ScoringServerClient:
    """Asks one scoring server."""

    def __init__(self, host: str, port: int) -> None:
        """Remember where it is.

        Args:
            host: Its name or address.
            port: Its port.
        """
        self.url_prefix: Final = f"http://{host}:{port}"
        self._pool: Final = urllib3.PoolManager(retries=False)

    def _ask(self, method: str, path: str, **more: Any) -> urllib3.BaseHTTPResponse:
        return self._pool.request(method, self.url_prefix + path, **more)

    def ping(self) -> None:
        """Return when it is healthy.

        Raises:
            MlflowException: it is not.
        """
        try:
            status = self._ask("GET", "/ping").status
        except urllib3.exceptions.HTTPError as error:
            raise MlflowException(
                f"{self.url_prefix} does not answer: {error}", TEMPORARILY_UNAVAILABLE
            ) from error
        if status != _OK:
            raise MlflowException(f"ping failed (error code {status})", TEMPORARILY_UNAVAILABLE)

    def get_version(self) -> str:
        """Return the version of the interface that it has."""
        return self._ask("GET", "/version").data.decode()

    def wait_server_ready(self, timeout: int = 30, scoring_server_proc: Any = None) -> None:
        """Wait until it is healthy.

        Args:
            timeout: Seconds.
            scoring_server_proc: Its process; when it ends, nothing is waited for.

        Raises:
            MlflowException: it is not, in time.
        """
        until = monotonic() + timeout
        while True:
            try:
                self.ping()
            except MlflowException as error:
                if scoring_server_proc is not None and scoring_server_proc.poll() is not None:
                    code = scoring_server_proc.returncode
                    raise MlflowException(f"The server ended with exit code {code}") from error
                if monotonic() > until:
                    raise
            else:
                return
            Event().wait(_ASK_AGAIN_SECONDS)

    def invoke(self, data: Any, params: dict[str, Any] | None = None) -> PredictionsResponse:
        """Return the predictions for data.

        Args:
            data: A DataFrame, or what goes under ``inputs``.
            params: Parameters of the model.

        Raises:
            MlflowException: BAD_REQUEST with what the server says.
        """
        if hasattr(data, "to_dict") and hasattr(data, "columns"):
            body: dict[str, Any] = {DF_SPLIT: data.to_dict(orient="split")}
        else:
            body = {INPUTS: data}
        if params is not None:
            body[PARAMS] = params
        text = json.dumps(body, default=encode)
        reply = self._ask(
            "POST", "/invocations", body=text, headers={"Content-Type": CONTENT_TYPE_JSON}
        )
        said = reply.data.decode()
        if reply.status != _OK:
            raise MlflowException(
                f"Invocation failed (error code {reply.status}, response: {said})", BAD_REQUEST
            )
        return PredictionsResponse.from_json(said)
