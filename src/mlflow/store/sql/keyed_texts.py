"""Texts under interned keys: the tables of tags and params, whatever it is that has them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlflow.store.sql.chunks import rows_for
from mlflow.store.sql.keys import key_id, key_ids, key_names
from mlflow.store.sql.session import Session


@dataclass(frozen=True, slots=True)
class KeyedTexts:
    """A table of texts.

    Attributes:
        table: Its name.
        owner: The column of what has a text; ``key_id`` and ``value`` are the others.
        kind: The kind of the keys, a constant of ``keys.py``.
    """

    table: str
    owner: str
    kind: int

    def put(self, session: Session, owner: int, pairs: Mapping[str, str]) -> None:
        """Set texts of an owner."""
        if not pairs:
            return
        key = (self.owner, "key_id")
        sql = session.dialect.upsert(self.table, (*key, "value"), key, ("value",))
        ids = key_ids(session, self.kind, pairs, create=True)
        session.run_many(sql, sorted((owner, ids[name], pairs[name]) for name in pairs))

    def put_once(
        self, session: Session, owner: int, pairs: Mapping[str, str]
    ) -> list[tuple[str, str, str]]:
        """Set those texts of an owner that it has not.

        Returns:
            Key, old and new text of those that it has otherwise.
        """
        if not pairs:
            return []
        key = (self.owner, "key_id")
        sql = session.dialect.insert_ignore(self.table, (*key, "value"), key)
        ids = key_ids(session, self.kind, pairs, create=True)
        rows = sorted((owner, ids[name], pairs[name]) for name in pairs)
        if session.run_many(sql, rows) == len(rows):
            return []
        sql = f"SELECT key_id, value FROM {self.table} WHERE {self.owner} = ? AND key_id IN ({{}})"
        old: dict[int, str] = dict(
            rows_for(session, sql, [row[1] for row in rows], before=(owner,))
        )
        had = ((name, old[ids[name]], new) for name, new in pairs.items())
        return [(name, text, new) for name, text, new in had if text != new]

    def remove(self, session: Session, owner: int, name: str) -> bool:
        """Remove a text of an owner; return whether it had one."""
        sql = f"DELETE FROM {self.table} WHERE {self.owner} = ? AND key_id = ?"
        key = key_id(session, self.kind, name, create=False)
        return key is not None and session.run(sql, (owner, key)) > 0

    def load(self, session: Session, owners: Sequence[int]) -> Mapping[int, dict[str, str]]:
        """Return the texts of each owner by key; empty for one that has none."""
        sql = (
            f"SELECT {self.owner}, key_id, value FROM {self.table}"
            f" WHERE {self.owner} IN ({{}}) ORDER BY {self.owner}, key_id"
        )
        rows = rows_for(session, sql, owners)
        names = key_names(session, {row[1] for row in rows})
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for owner, key, value in rows:
            found[owner][names[key]] = value
        return found
