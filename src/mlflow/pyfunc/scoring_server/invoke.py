"""One scoring request: read, predicted, written, and every failure an error with a code."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlflow.exceptions import BAD_REQUEST, MlflowException
from mlflow.models.payload import (
    DF_RECORDS,
    DF_SPLIT,
    STREAM,
    Payload,
    PayloadPlan,
    infer_and_parse_data,
    parse_csv_text,
    parse_parquet_input,
)
from mlflow.pyfunc.scoring_server.content import (
    CONTENT_TYPE_CSV,
    CONTENT_TYPE_JSON,
    CONTENT_TYPE_PARQUET,
    content_type,
)
from mlflow.pyfunc.scoring_server.predictions import PREDICTIONS, dumps, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.pyfunc.loaded_model import PyFuncModel
    from mlflow.types.schema import Schema

_logger: Final = logging.getLogger("mlflow.server")


class ServedModel:
    """A loaded model that answers scoring requests.

    Attributes:
        name: Its name in paths and figures.
        model: The model.
        can_stream: Whether it answers piece by piece.
    """

    def __init__(self, name: str, model: PyFuncModel) -> None:
        """Work out how requests are read."""
        self.name: Final = name
        self.model: Final = model
        self.schema: Final = model.metadata.get_input_schema()
        self._plan: Final = PayloadPlan.of(model.metadata.signature)
        conf = model.metadata.flavors.get("python_function", {})
        self.can_stream: Final[bool] = bool(conf.get("streamable"))

    def read(self, body: bytes | str, kind: str) -> Payload:
        """Return what a request asks.

        Args:
            body: Its body.
            kind: The content type of the body.

        Raises:
            MlflowException: BAD_REQUEST where it cannot be read.
        """
        if kind == CONTENT_TYPE_CSV:
            return Payload(parse_csv_text(body, self.schema))
        if kind == CONTENT_TYPE_PARQUET:
            raw = body.encode() if isinstance(body, str) else body
            return Payload(parse_parquet_input(io.BytesIO(raw)))
        return self._plan.read(body)

    def predict(self, payload: Payload) -> Any:
        """Return the model's predictions.

        Raises:
            MlflowException: the input does not fit, or the model failed (BAD_REQUEST).
        """
        try:
            return self.model.predict(payload.data, params=payload.params)
        except MlflowException:
            raise
        except Exception as error:
            raise self._failed(error) from error

    def answer(self, payload: Payload) -> bytes:
        """Return the body of the answer to a request; see ``predict``."""
        return encode_answer(self.predict(payload), payload)

    def invoke(self, body: bytes | str, kind: str) -> bytes:
        """Return the body of the answer to the body of a request; see ``read``, ``predict``."""
        return self.answer(self.read(body, kind))

    def stream(self, payload: Payload) -> Iterator[str]:
        """Yield the model's answer piece by piece, each as JSON; see ``predict``."""
        try:
            for piece in self.model.predict_stream(payload.data, params=payload.params):
                yield dumps(piece)
        except MlflowException:
            raise
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> MlflowException:
        _logger.warning("Model %s failed: %s: %s", self.name, type(error).__name__, error)
        _logger.debug("Model %s failed", self.name, exc_info=error)
        return MlflowException(
            "The model failed on this input. Does it fit the model? "
            f"{type(error).__name__}: {error}",
            BAD_REQUEST,
        )


def encode_answer(predictions: Any, payload: Payload) -> bytes:
    """Return the body of an answer.

    Args:
        predictions: What the model returned.
        payload: What was asked: a chat is answered with what the model returned, as it is.
    """
    found = plain(predictions)
    return dumps(found if payload.is_chat else {PREDICTIONS: found}).encode()


def wants_stream(payload: Payload, accept: str) -> bool:
    """Return whether the caller asks for the answer piece by piece.

    Args:
        payload: What is asked: a chat request may say ``"stream": true``.
        accept: The header of that name.
    """
    if "text/event-stream" in accept:
        return True
    said = payload.data.get(STREAM) if payload.is_chat else None
    return said is True or (payload.params or {}).get(STREAM) is True if payload.is_chat else False


class InvocationsResponse(NamedTuple):
    """The answer to a scoring request."""

    response: str
    status: int
    mimetype: str


def invocations(
    data: bytes | str, content_type: str, model: PyFuncModel, input_schema: Schema | None
) -> InvocationsResponse:
    """Return the answer to a scoring request.

    Args:
        data: The body.
        content_type: The header of that name.
        model: The model that is asked.
        input_schema: What it takes; that of the model is used.

    Raises:
        MlflowException: see ``ServedModel``.
    """
    del input_schema
    served = ServedModel("model", model)
    body = served.invoke(data, _content_type(content_type))
    return InvocationsResponse(body.decode(), 200, CONTENT_TYPE_JSON)


_content_type = content_type  # the recorded name of the argument hides it


def infer_and_parse_json_input(json_input: str | bytes, schema: Schema | None = None) -> Any:
    """Return the input in a scoring request: an older name, of which servers still know.

    Args:
        json_input: The request.
        schema: What the model takes.

    Raises:
        MlflowException: BAD_REQUEST where it cannot be read.
    """
    return PayloadPlan(schema).read(json_input).data


def dataframe_from_parsed_json(
    decoded_input: Any, pandas_orient: str, schema: Schema | None = None
) -> Any:
    """Return the table in a decoded request.

    Args:
        decoded_input: What the field of the request holds.
        pandas_orient: ``split`` or ``records``.
        schema: What the model takes.
    """
    form = DF_SPLIT if pandas_orient == "split" else DF_RECORDS
    return infer_and_parse_data({form: decoded_input}, schema)


def parse_tf_serving_input(inp_dict: dict[str, Any], schema: Schema | None = None) -> Any:
    """Return the arrays in a decoded request in the format of TensorFlow Serving.

    Args:
        inp_dict: Has ``instances`` or ``inputs``.
        schema: What the model takes.
    """
    return infer_and_parse_data(inp_dict, schema)
