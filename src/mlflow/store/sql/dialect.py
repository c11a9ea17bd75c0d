"""What differs between the databases, as values and small functions.

SQL is written once, with ``?`` placeholders and ANSI double quotes; a difference that a statement
cannot avoid is a method here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

DialectName = Literal["sqlite", "postgresql", "mysql"]


def placeholders(count: int) -> str:
    """Return ``count`` placeholders, separated by commas."""
    return ", ".join(["?"] * count)


@dataclass(frozen=True, slots=True, eq=False)  # there are three: compared and hashed by identity
class Dialect:
    """One kind of database.

    Attributes:
        name: Which one; ``mysql`` covers MariaDB.
        placeholder: What the driver takes in place of ``?``.
        greatest: The function that returns its greatest argument.
        least: The function that returns its least argument.
        max_placeholders: How many values one statement may bind.
        now_ms: The expression for milliseconds since 1970 by the database's clock.
    """

    name: DialectName
    placeholder: str
    greatest: str
    least: str
    max_placeholders: int
    now_ms: str

    @staticmethod
    def placeholders(count: int) -> str:
        """Return ``count`` placeholders, separated by commas."""
        return placeholders(count)

    def insert_ignore(self, table: str, columns: Sequence[str], key: Sequence[str]) -> str:
        """Return an INSERT of one row that does nothing when the key exists."""
        head = f"INTO {table} ({', '.join(columns)}) VALUES ({placeholders(len(columns))})"
        if self.name == "mysql":
            return f"INSERT IGNORE {head}"
        return f"INSERT {head} ON CONFLICT ({', '.join(key)}) DO NOTHING"

    def upsert(
        self, table: str, columns: Sequence[str], key: Sequence[str], update: Sequence[str]
    ) -> str:
        """Return an INSERT of one row that sets the columns ``update`` when the key exists."""
        head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({placeholders(len(columns))})"
        if self.name == "mysql":
            changes = ", ".join(f"{column} = VALUES({column})" for column in update)
            return f"{head} ON DUPLICATE KEY UPDATE {changes}"
        changes = ", ".join(f"{column} = excluded.{column}" for column in update)
        return f"{head} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"

    def translate(self, sql: str) -> str:
        """Return a statement with the driver's placeholders."""
        return sql if self.placeholder == "?" else _translated(sql)


@lru_cache(maxsize=4096)
def _translated(sql: str) -> str:
    return sql.replace("?", "%s")


SQLITE: Final = Dialect(
    "sqlite", "?", "max", "min", 30_000,
    "CAST((julianday('now') - 2440587.5) * 86400000.0 + 0.5 AS INTEGER)",
)  # fmt: skip
POSTGRESQL: Final = Dialect(
    "postgresql", "%s", "greatest", "least", 60_000,
    "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
)  # fmt: skip
MYSQL: Final = Dialect(
    "mysql", "%s", "greatest", "least", 60_000,
    "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000",
)  # fmt: skip
