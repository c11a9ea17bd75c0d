"""One open transaction on one connection: the only thing that runs SQL."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from mlflow.store.sql.dialect import Dialect, placeholders

_ROWS_A_STATEMENT: Final = 50

Row = tuple[Any, ...]
KeyCache = dict[int, dict[str, int]]


class Session:
    """A transaction; statements are written with ``?`` and always bind their values.

    Attributes:
        dialect: The kind of database.
        known_keys: Ids of interned keys by kind and name, shared by all sessions of the database;
            only committed ones.
        new_keys: Keys that this transaction made; they become known when it commits.
        known_names: Names of committed keys by id; a transaction that writes has its own.
        artifact_root: Where artifacts lie whose location is kept relative; set by the store.
        keeps_absolute: Whether new locations are kept absolute, since the root may differ later;
            set by the store.
        known_runs: What this transaction read of runs by id, where nobody else can write
            meanwhile; None where somebody can.
        is_reading: Whether this transaction only reads.
        is_careful: Whether parts have savepoints.
        depth: How many savepoints are open.
        broken: What ended the transaction within a part; it must not be committed.
    """

    __slots__ = (
        "_cursor",
        "_translate",
        "artifact_root",
        "broken",
        "depth",
        "dialect",
        "is_careful",
        "is_reading",
        "keeps_absolute",
        "known_keys",
        "known_names",
        "known_runs",
        "new_keys",
    )

    def __init__(
        self,
        cursor: Any,
        dialect: Dialect,
        known_keys: KeyCache,
        known_names: dict[int, str] | None = None,
    ) -> None:
        """Run statements on a cursor of a DBAPI connection.

        Args:
            cursor: The cursor; the session closes nothing.
            dialect: The kind of database.
            known_keys: The database's cache of key ids.
            known_names: The database's cache of key names, when all that is read is committed.
        """
        self._cursor = cursor
        self._translate = dialect.translate
        self.dialect = dialect
        self.known_keys = known_keys
        self.new_keys: KeyCache = {}
        self.known_names: dict[int, str] = {} if known_names is None else known_names
        self.artifact_root = ""
        self.keeps_absolute = False
        self.known_runs: dict[str, Any] | None = None
        self.is_reading = known_names is not None
        self.is_careful = False
        self.depth = 0
        self.broken: Exception | None = None

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        self._execute(sql, params)
        return list(self._cursor.fetchall())

    def row(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, None when it has none."""
        self._execute(sql, params)
        found: Row | None = self._cursor.fetchone()
        return found

    def scalar(self, sql: str, params: Sequence[object] = ()) -> Any:
        """Return the first column of the first row, None when there is no row."""
        found = self.row(sql, params)
        return None if found is None else found[0]

    def run(self, sql: str, params: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it inserted, matched for update or deleted."""
        self._execute(sql, params)
        return int(self._cursor.rowcount)

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Run a statement once for each row of values and return the sum of the row counts."""
        if not rows:
            return 0
        self._cursor.executemany(self._translate(sql), rows)
        return int(self._cursor.rowcount)

    def insert_new(
        self,
        table: str,
        columns: Sequence[str],
        key: Sequence[str],
        rows: Sequence[Sequence[object]],
    ) -> int:
        """Insert the rows whose key is not there yet and return how many they were."""
        return self.run_many(self.dialect.insert_ignore(table, columns, key), rows)

    def insert(self, sql: str, params: Sequence[object] = ()) -> int:
        """Insert one row into a table whose key is the integer ``id`` and return that id."""
        if self.dialect.name == "postgresql":
            return int(self.scalar(f"{sql} RETURNING id", params))
        self._execute(sql, params)
        return int(self._cursor.lastrowid)

    def remember_keys(self, kind: int, ids: Mapping[str, int]) -> None:
        """Note keys that this transaction made."""
        self.new_keys.setdefault(kind, {}).update(ids)

    def changes(self) -> int:
        """Return a number that grows with every change that this transaction makes."""
        raise NotImplementedError

    def raise_if_broken(self) -> None:
        """Raise what ended the transaction within a part, in case somebody caught it there."""
        if self.broken is not None:
            raise self.broken

    def forget(self) -> None:
        """Forget what was read of rows that are not as they were."""
        self.known_names.clear()
        if self.known_runs:
            self.known_runs.clear()

    def _execute(self, sql: str, params: Sequence[object]) -> None:
        self._cursor.execute(self._translate(sql), params)


class SqliteSession(Session):
    """The same on SQLite, whose statements need no translation."""

    __slots__ = ()

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        found: list[Row] = self._cursor.execute(sql, params).fetchall()
        return found

    def row(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, None when it has none."""
        cursor = self._cursor.execute(sql, params)
        found: Row | None = cursor.fetchone()
        if found is not None:
            cursor.fetchone()  # ends the statement of a one-row query, so that COMMIT can
        return found

    def run(self, sql: str, params: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it inserted, matched for update or deleted."""
        return int(self._cursor.execute(sql, params).rowcount)

    def changes(self) -> int:
        """Return a number that grows with every change that this transaction makes."""
        return int(self._cursor.connection.total_changes)

    def insert_new(
        self,
        table: str,
        columns: Sequence[str],
        key: Sequence[str],
        rows: Sequence[Sequence[object]],
    ) -> int:
        """Insert the rows whose key is not there yet and return how many they were.

        Fifty rows a statement take two thirds of the time that one row a statement takes.
        """
        whole = len(rows) - len(rows) % _ROWS_A_STATEMENT
        inserted = 0
        if whole:
            sql = _insert_new_sql(table, tuple(columns), _ROWS_A_STATEMENT)
            for start in range(0, whole, _ROWS_A_STATEMENT):
                values = list(chain.from_iterable(rows[start : start + _ROWS_A_STATEMENT]))
                inserted += self._cursor.execute(sql, values).rowcount
        return inserted + super().insert_new(table, columns, key, rows[whole:])


@lru_cache(maxsize=64)
def _insert_new_sql(table: str, columns: tuple[str, ...], count: int) -> str:
    row = f"({placeholders(len(columns))})"
    return f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"
