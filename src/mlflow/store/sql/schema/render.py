"""Writes the scripts that make the schema: ``python -m mlflow.store.sql.schema.render``."""

import re
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, MetaData, String, Table, create_mock_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from mlflow.store.sql.schema.setup import VERSION_TABLE
from mlflow.store.sql.schema.tables import FILL_FACTOR, metadata

SCRIPTS: Final = {
    "sqlite": "sqlite://",
    "postgresql": "postgresql+psycopg://",
    "mysql": "mysql+pymysql://",
    "mariadb": "mariadb+pymysql://",
}


def render(name: str) -> str:
    """Return the script that makes the schema on one kind of database.

    Every statement can be run again: MariaDB has no transaction around schema changes. MySQL has no
    ``CREATE INDEX IF NOT EXISTS``, so its indexes stand inside their tables.
    """
    statements: list[str] = []

    def collect(element: Any) -> None:
        text = str(element.compile(dialect=engine.dialect)).strip().replace("\t", "    ")
        text = "\n".join(line.rstrip() for line in text.splitlines())
        if isinstance(element, CreateTable):
            fill = element.element.info.get(FILL_FACTOR)
            if fill and name == "postgresql":
                text += f"\n WITH (fillfactor = {fill})"
            statements.append(text.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))
        elif isinstance(element, CreateIndex) and name in ("mysql", "mariadb"):
            statements[-1] = _inline(statements[-1], text)
        else:
            statements.append(text.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1))

    elements: list[Any] = []
    engine = create_mock_engine(SCRIPTS[name], lambda element, *_, **__: elements.append(element))
    metadata.create_all(engine, checkfirst=False)
    # A table's indexes are a set: they come in another order each time.
    for _, group in groupby(elements, key=type):
        for element in sorted(group, key=_index_name):
            collect(element)
    elements.clear()
    versions = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))
    versions.create(engine, checkfirst=False)
    for element in elements:
        collect(element)
    return "".join(f"{statement};\n\n" for statement in statements).replace("\n\n\n", "\n\n")


def _index_name(element: Any) -> str:
    return str(element.element.name) if isinstance(element, CreateIndex) else ""


def _inline(table: str, index: str) -> str:
    match = re.fullmatch(r"CREATE INDEX (\S+) ON \S+ \((.*)\)", index, re.DOTALL)
    if match is None:
        raise ValueError(index)
    head, closing = table.rsplit("\n)", 1)
    return f"{head},\n    KEY {match[1]} ({match[2]})\n){closing}"


def main() -> None:
    """Write all scripts beside this file."""
    for name in SCRIPTS:
        (Path(__file__).parent / f"{name}.sql").write_text(render(name), encoding="utf-8")


if __name__ == "__main__":
    main()
