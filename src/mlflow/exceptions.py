"""The error tree: one class for every failure that a user can see, codes and statuses as tables.

The numbers are the wire protocol's; ``MlflowException.error_code`` carries the name. Every code
that is not in ``_HTTP_STATUS`` is answered as 500.
"""

import json
from enum import Enum
from pathlib import Path
from typing import Any, Final

INTERNAL_ERROR: Final = 1
TEMPORARILY_UNAVAILABLE: Final = 2
IO_ERROR: Final = 3
BAD_REQUEST: Final = 4
DEADLINE_EXCEEDED: Final = 7
CANCELLED: Final = 8
RESOURCE_EXHAUSTED: Final = 9
ABORTED: Final = 10
NOT_FOUND: Final = 11
ALREADY_EXISTS: Final = 12
UNAUTHENTICATED: Final = 13
INVALID_PARAMETER_VALUE: Final = 1000
ENDPOINT_NOT_FOUND: Final = 1001
INVALID_STATE: Final = 1003
PERMISSION_DENIED: Final = 1004
FEATURE_DISABLED: Final = 1005
CUSTOMER_UNAUTHORIZED: Final = 1006
REQUEST_LIMIT_EXCEEDED: Final = 1007
RESOURCE_CONFLICT: Final = 1008
NOT_IMPLEMENTED: Final = 1010
DATA_LOSS: Final = 1011
RESOURCE_ALREADY_EXISTS: Final = 3001
RESOURCE_DOES_NOT_EXIST: Final = 3002

# Those that nothing here raises: servers answer them, and programs import them.
globals().update(json.loads(Path(__file__).with_name("error_codes.json").read_bytes()))

_CODE_NAMES: Final[dict[int, str]] = {
    value: name for name, value in list(globals().items()) if name.isupper() and type(value) is int
}

_HTTP_STATUS: Final[dict[str, int]] = {
    "INTERNAL_ERROR": 500,
    "INVALID_STATE": 500,
    "DATA_LOSS": 500,
    "NOT_IMPLEMENTED": 501,
    "TEMPORARILY_UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
    "REQUEST_LIMIT_EXCEEDED": 429,
    "CANCELLED": 499,
    "RESOURCE_EXHAUSTED": 429,
    "ABORTED": 409,
    "RESOURCE_CONFLICT": 409,
    "ALREADY_EXISTS": 409,
    "NOT_FOUND": 404,
    "ENDPOINT_NOT_FOUND": 404,
    "RESOURCE_DOES_NOT_EXIST": 404,
    "PERMISSION_DENIED": 403,
    "CUSTOMER_UNAUTHORIZED": 401,
    "UNAUTHENTICATED": 401,
    "BAD_REQUEST": 400,
    "RESOURCE_ALREADY_EXISTS": 400,
    "INVALID_PARAMETER_VALUE": 400,
}

# The code that stands for a bare HTTP status, where a body names none.
_STATUS_CODES: Final[dict[int, int]] = {
    400: BAD_REQUEST,
    401: UNAUTHENTICATED,
    403: PERMISSION_DENIED,
    404: ENDPOINT_NOT_FOUND,
    409: ALREADY_EXISTS,
    429: RESOURCE_EXHAUSTED,
    500: INTERNAL_ERROR,
    501: NOT_IMPLEMENTED,
    503: TEMPORARILY_UNAVAILABLE,
    504: DEADLINE_EXCEEDED,
}


class ErrorClass(str, Enum):
    """The kind of a failure, as clients group them."""

    ATTRIBUTE_NOT_FOUND = "ATTRIBUTE_NOT_FOUND"
    CLIENT_INTERNAL_ERROR = "CLIENT_INTERNAL_ERROR"
    FEATURE_DISABLED = "FEATURE_DISABLED"
    INVALID_PARAMETER_VALUE = "INVALID_PARAMETER_VALUE"
    MODEL_SERIALIZATION_FAILED = "MODEL_SERIALIZATION_FAILED"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    PREDICTION_FUNCTION_FAILED = "PREDICTION_FUNCTION_FAILED"
    RESOURCE_ALREADY_EXISTS = "RESOURCE_ALREADY_EXISTS"
    RESOURCE_NOT_FOUND = "RESOURCE_NOT_FOUND"
    SCHEMA_ENFORCEMENT_FAILED = "SCHEMA_ENFORCEMENT_FAILED"
    CP_INTERNAL_ERROR = "CP_INTERNAL_ERROR"
    CP_INVALID_PARAMETER_VALUE = "CP_INVALID_PARAMETER_VALUE"
    CP_INVALID_STATE = "CP_INVALID_STATE"
    CP_PERMISSION_DENIED = "CP_PERMISSION_DENIED"
    CP_REQUEST_RATE_LIMITED = "CP_REQUEST_RATE_LIMITED"
    CP_RESOURCE_CONFLICT = "CP_RESOURCE_CONFLICT"
    CP_RESOURCE_NOT_FOUND = "CP_RESOURCE_NOT_FOUND"
    CP_TEMPORARILY_UNAVAILABLE = "CP_TEMPORARILY_UNAVAILABLE"


class SqlState(str, Enum):
    """The five-character state that goes with an error class."""

    CLIENT_INTERNAL_ERROR = "XXM00"
    CLIENT_ATTRIBUTE_NOT_FOUND = "KAM04"
    CLIENT_INVALID_PARAMETER = "KAM00"
    CLIENT_MODEL_SERIALIZATION_FAILED = "KAM03"
    CLIENT_PREDICTION_FUNCTION_FAILED = "KAM02"
    CLIENT_SCHEMA_ENFORCEMENT_FAILED = "KAM01"
    CP_INTERNAL_ERROR = "XXMC0"
    CP_INVALID_STATE = "XXMC2"
    CP_TEMPORARILY_UNAVAILABLE = "XXMC1"
    CP_INVALID_PARAMETER = "KAMC4"
    CP_PERMISSION_DENIED = "KAMC1"
    CP_REQUEST_RATE_LIMITED = "KAMC3"
    CP_RESOURCE_CONFLICT = "KAMC5"
    CP_RESOURCE_NOT_FOUND = "KAMC2"


_Classes = dict[str, tuple[SqlState, ErrorClass]]

# What goes with a code that was raised here …
_LOCAL_CLASSES: Final[_Classes] = {
    "INTERNAL_ERROR": (SqlState.CLIENT_INTERNAL_ERROR, ErrorClass.CLIENT_INTERNAL_ERROR),
    "TEMPORARILY_UNAVAILABLE": (SqlState.CLIENT_INTERNAL_ERROR, ErrorClass.CLIENT_INTERNAL_ERROR),
    "INVALID_STATE": (SqlState.CLIENT_INTERNAL_ERROR, ErrorClass.CLIENT_INTERNAL_ERROR),
    "BAD_REQUEST": (SqlState.CLIENT_INVALID_PARAMETER, ErrorClass.INVALID_PARAMETER_VALUE),
    "INVALID_PARAMETER_VALUE": (
        SqlState.CLIENT_INVALID_PARAMETER,
        ErrorClass.INVALID_PARAMETER_VALUE,
    ),
    "NOT_FOUND": (SqlState.CLIENT_INVALID_PARAMETER, ErrorClass.RESOURCE_NOT_FOUND),
    "ENDPOINT_NOT_FOUND": (SqlState.CLIENT_INVALID_PARAMETER, ErrorClass.RESOURCE_NOT_FOUND),
    "RESOURCE_DOES_NOT_EXIST": (SqlState.CLIENT_INVALID_PARAMETER, ErrorClass.RESOURCE_NOT_FOUND),
    "PERMISSION_DENIED": (SqlState.CLIENT_INVALID_PARAMETER, ErrorClass.PERMISSION_DENIED),
    "CUSTOMER_UNAUTHORIZED": (SqlState.CLIENT_INVALID_PARAMETER, ErrorClass.PERMISSION_DENIED),
    "FEATURE_DISABLED": (SqlState.CLIENT_INVALID_PARAMETER, ErrorClass.FEATURE_DISABLED),
    "RESOURCE_ALREADY_EXISTS": (
        SqlState.CLIENT_INVALID_PARAMETER,
        ErrorClass.RESOURCE_ALREADY_EXISTS,
    ),
}

# … and with one that a server answered.
_REMOTE_CLASSES: Final[_Classes] = {
    "INTERNAL_ERROR": (SqlState.CP_INTERNAL_ERROR, ErrorClass.CP_INTERNAL_ERROR),
    "TEMPORARILY_UNAVAILABLE": (
        SqlState.CP_TEMPORARILY_UNAVAILABLE,
        ErrorClass.CP_TEMPORARILY_UNAVAILABLE,
    ),
    "INVALID_STATE": (SqlState.CP_INVALID_STATE, ErrorClass.CP_INVALID_STATE),
    "BAD_REQUEST": (SqlState.CP_INVALID_PARAMETER, ErrorClass.CP_INVALID_PARAMETER_VALUE),
    "INVALID_PARAMETER_VALUE": (
        SqlState.CP_INVALID_PARAMETER,
        ErrorClass.CP_INVALID_PARAMETER_VALUE,
    ),
    "RESOURCE_EXHAUSTED": (SqlState.CP_REQUEST_RATE_LIMITED, ErrorClass.CP_REQUEST_RATE_LIMITED),
    "REQUEST_LIMIT_EXCEEDED": (
        SqlState.CP_REQUEST_RATE_LIMITED,
        ErrorClass.CP_REQUEST_RATE_LIMITED,
    ),
    "NOT_FOUND": (SqlState.CP_RESOURCE_NOT_FOUND, ErrorClass.CP_RESOURCE_NOT_FOUND),
    "ENDPOINT_NOT_FOUND": (SqlState.CP_RESOURCE_NOT_FOUND, ErrorClass.CP_RESOURCE_NOT_FOUND),
    "RESOURCE_DOES_NOT_EXIST": (SqlState.CP_RESOURCE_NOT_FOUND, ErrorClass.CP_RESOURCE_NOT_FOUND),
    "UNAUTHENTICATED": (SqlState.CP_PERMISSION_DENIED, ErrorClass.CP_PERMISSION_DENIED),
    "PERMISSION_DENIED": (SqlState.CP_PERMISSION_DENIED, ErrorClass.CP_PERMISSION_DENIED),
    "CUSTOMER_UNAUTHORIZED": (SqlState.CP_PERMISSION_DENIED, ErrorClass.CP_PERMISSION_DENIED),
    "RESOURCE_CONFLICT": (SqlState.CP_RESOURCE_CONFLICT, ErrorClass.CP_RESOURCE_CONFLICT),
    "RESOURCE_ALREADY_EXISTS": (SqlState.CP_RESOURCE_CONFLICT, ErrorClass.CP_RESOURCE_CONFLICT),
}


class MlflowException(Exception):  # noqa: N818 - the recorded name
    """What every operation raises when it cannot do what it was asked."""

    _classes: _Classes = _LOCAL_CLASSES

    def __init__(
        self,
        message: object,
        error_code: int = INTERNAL_ERROR,
        sqlstate: str | None = None,
        error_class: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Keep the message and the name of its code.

        Args:
            message: What was wrong and what to do about it.
            error_code: The code's number, one of this module's constants; an unknown one is
                ``INTERNAL_ERROR``.
            sqlstate: Overrides the state that goes with the code.
            error_class: Overrides the class that goes with the code.
            **kwargs: Further fields of the serialized error.
        """
        self.error_code = _CODE_NAMES.get(error_code, "INTERNAL_ERROR")
        self.message = str(message)
        self.json_kwargs = kwargs
        defaults = self._classes.get(self.error_code, (None, None))
        self.sqlstate = sqlstate if sqlstate is not None else defaults[0]
        self.error_class = error_class if error_class is not None else defaults[1]
        super().__init__(self.message)

    def serialize_as_json(self) -> str:
        """Return the error as the JSON object that travels on the wire."""
        body: dict[str, Any] = {"error_code": self.error_code, "message": self.message}
        if self.sqlstate is not None:
            body["sqlstate"] = getattr(self.sqlstate, "value", self.sqlstate)
        if self.error_class is not None:
            body["error_class"] = getattr(self.error_class, "value", self.error_class)
        return json.dumps({**body, **self.json_kwargs})

    def get_http_status_code(self) -> int:
        """Return the HTTP status that goes with the error's code."""
        return _HTTP_STATUS.get(self.error_code, 500)

    @classmethod
    def invalid_parameter_value(
        cls,
        message: object,
        sqlstate: str | None = None,
        error_class: str | None = None,
        **kwargs: Any,
    ) -> "MlflowException":
        """Return an error with the code for a bad argument.

        Args:
            message: What was wrong and what to do about it.
            sqlstate: Overrides the state that goes with the code.
            error_class: Overrides the class that goes with the code.
            **kwargs: Further fields of the serialized error.
        """
        return cls(message, INVALID_PARAMETER_VALUE, sqlstate, error_class, **kwargs)


class RestException(MlflowException):
    """An error that a server answered."""

    _classes = _REMOTE_CLASSES

    def __init__(self, json: dict[str, Any]) -> None:
        """Take the server's error object.

        Args:
            json: The decoded body: ``error_code`` (a name) and ``message``.
        """
        code = str(json.get("error_code", "INTERNAL_ERROR"))
        number = next((n for n, name in _CODE_NAMES.items() if name == code), INTERNAL_ERROR)
        text = json.get("message", "Response: " + str(json))
        super().__init__(f"{_CODE_NAMES[number]}: {text}", number)
        self.json = json

    def __reduce__(self) -> tuple[type["RestException"], tuple[dict[str, Any]]]:
        return RestException, (self.json,)


class ExecutionException(MlflowException):
    """A project's entry point failed."""


class MissingConfigException(MlflowException):
    """A file or setting that the operation needs is missing."""


class InvalidUrlException(MlflowException):
    """A URL cannot be used for a request."""


class MlflowNotImplementedException(MlflowException):
    """The operation exists in the interface but not here."""

    def __init__(self, message: object = "") -> None:
        """Set the code to ``NOT_IMPLEMENTED``."""
        super().__init__(message, NOT_IMPLEMENTED)


class _UnsupportedMultipartUploadException(MlflowException):
    """The artifact store takes no upload in parts."""

    MESSAGE = "This artifact store does not support multipart uploads."

    def __init__(self) -> None:
        super().__init__(self.MESSAGE, NOT_IMPLEMENTED)


class _UnsupportedMultipartDownloadException(MlflowException):
    """The artifact store gives no download in parts."""

    MESSAGE = "This artifact store does not support multipart downloads."

    def __init__(self) -> None:
        super().__init__(self.MESSAGE, NOT_IMPLEMENTED)


class _UnsupportedPresignedDownloadException(MlflowException):
    """The artifact store signs no download addresses."""

    MESSAGE = "This artifact store does not support presigned downloads."

    def __init__(self) -> None:
        super().__init__(self.MESSAGE, NOT_IMPLEMENTED)


class _UnsupportedPresignedUploadException(MlflowException):
    """The artifact store signs no upload addresses."""

    MESSAGE = "This artifact store does not support presigned uploads."

    def __init__(self) -> None:
        super().__init__(self.MESSAGE, NOT_IMPLEMENTED)


class MlflowTracingException(MlflowException):
    """Tracing failed; callers treat it as not fatal."""

    def __init__(self, message: object, error_code: int = INTERNAL_ERROR) -> None:
        """Keep the message and the code."""
        super().__init__(message, error_code)


class MlflowTraceDataException(MlflowTracingException):
    """The data of a trace cannot be had."""

    def __init__(
        self,
        error_code: int | str,
        request_id: str | None = None,
        artifact_path: str | None = None,
    ) -> None:
        """Word the error from what is known of the trace.

        Args:
            error_code: ``NOT_FOUND`` or ``INVALID_STATE``, as a number or a name.
            request_id: The trace that was asked for.
            artifact_path: Where its data should have been.
        """
        name = error_code if isinstance(error_code, str) else _CODE_NAMES.get(error_code)
        number = next((n for n, known in _CODE_NAMES.items() if known == name), INTERNAL_ERROR)
        where = f"request_id={request_id}" if request_id else f"path={artifact_path}"
        what = "not found" if number == NOT_FOUND else "is corrupted"
        super().__init__(f"Trace data {what} for {where}", number)
        self.ctx = where


class MlflowTraceDataNotFound(MlflowTraceDataException):
    """A trace has no data."""

    def __init__(self, request_id: str | None = None, artifact_path: str | None = None) -> None:
        """Name the trace or the place."""
        super().__init__(NOT_FOUND, request_id, artifact_path)


class MlflowTraceDataCorrupted(MlflowTraceDataException):
    """The data of a trace cannot be read."""

    def __init__(self, request_id: str | None = None, artifact_path: str | None = None) -> None:
        """Name the trace or the place."""
        super().__init__(INVALID_STATE, request_id, artifact_path)


class MlflowTraceArchivalMalformedTrace(MlflowTracingException):
    """A trace cannot be archived because its content is malformed."""

    def __init__(self, message: object) -> None:
        """Keep the message."""
        super().__init__(message, INVALID_STATE)


def get_error_code(http_status: int) -> int:
    """Return the number of the code that stands for a bare HTTP status.

    Args:
        http_status: The status of an answer whose body names no code.

    Returns:
        The code's number; ``INTERNAL_ERROR`` for a status that none stands for.
    """
    return _STATUS_CODES.get(http_status, INTERNAL_ERROR)
