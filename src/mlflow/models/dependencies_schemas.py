"""What the columns of a model's retriever mean, said in the code and kept in the metadata."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final

_retrievers: Final[ContextVar[tuple[dict[str, Any], ...]]] = ContextVar(
    "mlflow_retriever_schemas", default=()
)


def set_retriever_schema(
    *,
    primary_key: str,
    text_column: str,
    doc_uri: str | None = None,
    other_columns: list[str] | None = None,
    name: str | None = "retriever",
) -> None:
    """Say what the columns are that a retriever of the model returns; the next model has it.

    Args:
        primary_key: The column that names a chunk.
        text_column: The column of its text.
        doc_uri: The column of its document's URI.
        other_columns: Further columns.
        name: The retriever; a later schema of the same name replaces it.
    """
    schema = {
        "doc_uri": doc_uri,
        "name": name,
        "other_columns": other_columns or [],
        "primary_key": primary_key,
        "text_column": text_column,
    }
    others = [one for one in _retrievers.get() if one["name"] != name]
    _retrievers.set((*others, schema))


def take_schemas() -> dict[str, Any]:
    """Return the metadata of the schemas that were set, and forget them."""
    found = list(_retrievers.get())
    _retrievers.set(())
    return {"dependencies_schemas": {"retrievers": found}} if found else {}
