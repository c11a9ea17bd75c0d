"""Schemas of tables of polars and Spark, and of Pydantic models."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from pydantic import BaseModel

from mlflow.exceptions import MlflowException
from mlflow.models import validate_schema
from mlflow.types.infer import infer_schema


class Item(BaseModel):
    """What a list of the tests holds."""

    x: int
    y: str | None = None


def test_columns_of_polars() -> None:
    """Types are those of the table, columns with nulls are optional, data of it fit."""
    frame = pl.DataFrame(
        {
            "a": pl.Series([1, None], dtype=pl.Int32),
            "b": [1.5, 2.5],
            "c": ["x", "y"],
            "d": [[1], [2]],
            "e": [{"k": True}, {"k": False}],
            "f": [dt.date(2024, 1, 1)] * 2,
        }
    )
    schema = infer_schema(frame)
    assert repr(schema) == (
        "['a': integer (optional), 'b': double (required), 'c': string (required),"
        " 'd': Array(long) (required), 'e': {k: boolean (required)} (required),"
        " 'f': datetime (required)]"
    )
    assert infer_schema(frame.lazy()) == schema
    validate_schema(frame.select("b", "c", "d", "e"), infer_schema(frame.select("b", "c")))
    with pytest.raises(MlflowException, match="'a'"):
        infer_schema(pl.DataFrame({"a": [dt.timedelta(1)]}))


class _Type:
    def __init__(self, name: str, **parts: Any) -> None:
        self._name = name
        vars(self).update(parts)

    def simpleString(self) -> str:  # noqa: N802 - Spark's name
        return self._name


class _Field:
    def __init__(self, name: str, kind: Any, *, nullable: bool = True) -> None:
        self.name, self.dataType, self.nullable = name, kind, nullable


class _DataFrame:
    __module__ = "pyspark.sql.dataframe"

    def __init__(self, *fields: _Field) -> None:
        self.columns = [field.name for field in fields]
        self.schema = _Type("struct", fields=fields)


def test_columns_of_spark() -> None:
    """Columns are required; members of structs are optional where they may be null."""
    number = _Type("bigint")
    members = [_Field("x", number, nullable=False), _Field("y", _Type("string"))]
    table = _DataFrame(
        _Field("a", number),
        _Field("b", _Type("array", elementType=_Type("timestamp"))),
        _Field("c", _Type("map", keyType=_Type("string"), valueType=_Type("smallint"))),
        _Field("d", _Type("struct", fields=members)),
    )
    assert repr(infer_schema(table)) == (
        "['a': long (required), 'b': Array(datetime) (required),"
        " 'c': Map(str -> DataType.integer) (required),"
        " 'd': {x: long (required), y: string (optional)} (required)]"
    )
    with pytest.raises(MlflowException, match="decimal"):
        infer_schema(_DataFrame(_Field("a", _Type("decimal(10,0)"))))


def test_models_of_pydantic_have_the_type_of_their_class() -> None:
    """Alone or in a list."""
    assert (
        repr(infer_schema(Item(x=1))) == "[{x: long (required), y: string (optional)} (required)]"
    )
    assert infer_schema([Item(x=1), Item(x=2)]).input_names() == ["x", "y"]
