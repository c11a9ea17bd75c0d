"""The content types of scoring requests, and what is answered to others."""

from __future__ import annotations

from typing import Final

from mlflow._asgi.errors import RequestRefused
from mlflow.exceptions import INVALID_PARAMETER_VALUE

CONTENT_TYPE_CSV: Final = "text/csv"
CONTENT_TYPE_JSON: Final = "application/json"
CONTENT_TYPE_PARQUET: Final = "application/vnd.apache.parquet"
CONTENT_TYPES: Final = [CONTENT_TYPE_CSV, CONTENT_TYPE_JSON, CONTENT_TYPE_PARQUET]
# Of releases before 2.0, for servers that still name it: answered as any other parameter is.
CONTENT_TYPE_JSON_SPLIT_ORIENTED: Final = "application/json; format=pandas-split"


def content_type(header: str | None) -> str:
    """Return the type of a request's body.

    Args:
        header: What the request says; None when nothing.

    Raises:
        RequestRefused: it is none that is read here (415).
    """
    if header in CONTENT_TYPES:
        return str(header)
    kind, *parameters = [part.strip() for part in (header or "").split(";")]
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.lower() != "charset":
            raise _unsupported(
                "A content type has no parameter but charset. Requests of the format of MLflow"
                " before 2.0 are not read: write the table as 'dataframe_split' or"
                " 'dataframe_records'."
            )
        if value.strip('"').lower() not in ("utf-8", "utf8"):
            raise _unsupported("The scoring server only supports UTF-8.")
    if kind not in CONTENT_TYPES:
        raise _unsupported(f"The content type of a request must be one of {CONTENT_TYPES}.")
    return kind


def _unsupported(message: str) -> RequestRefused:
    return RequestRefused(message, INVALID_PARAMETER_VALUE, status=415)
