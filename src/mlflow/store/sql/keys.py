"""Interned keys: a name becomes an integer once, and rows carry the integer.

Keys are never removed, so an id that was read once stays right for the life of the database.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from mlflow.store.sql.dialect import placeholders
from mlflow.store.sql.session import Session

METRIC: Final = 1
PARAM: Final = 2
TAG: Final = 3
EXPERIMENT_TAG: Final = 4
MODEL_TAG: Final = 5
MODEL_PARAM: Final = 6
REGISTERED_MODEL_TAG: Final = 7
VERSION_TAG: Final = 8

_CHUNK: Final = 500
_MOST_KNOWN: Final = 100_000


def key_ids(session: Session, kind: int, names: Iterable[str], *, create: bool) -> dict[str, int]:
    """Return the ids of keys by name.

    Args:
        session: The transaction.
        kind: Which kind of key, one of this module's constants.
        names: The names; each once or often.
        create: Whether missing keys are made; otherwise they are left out of the answer.
    """
    known = session.known_keys.setdefault(kind, {})
    wanted = set(names)
    found = {name: known[name] for name in wanted if name in known}
    if len(found) == len(wanted):
        return found
    made = session.new_keys.get(kind, {})
    found.update({name: made[name] for name in wanted if name in made})
    missing = sorted(wanted - found.keys())
    old = _select(session, kind, missing)
    if len(known) > _MOST_KNOWN:
        known.clear()
    known.update(old)
    found.update(old)
    if create and len(found) < len(wanted):
        new = _create(session, kind, [name for name in missing if name not in old])
        session.remember_keys(kind, new)
        found.update(new)
    return found


def key_id(session: Session, kind: int, name: str, *, create: bool) -> int | None:
    """Return the id of one key; None when it is missing and not to be made."""
    known = session.known_keys.get(kind, {}).get(name)
    return known or key_ids(session, kind, (name,), create=create).get(name)


def key_names(session: Session, ids: Iterable[int]) -> Mapping[int, str]:
    """Return a mapping that holds the names of at least these keys, by id."""
    known = session.known_names
    wanted = sorted(set(ids) - known.keys())
    if len(known) > _MOST_KNOWN:
        known = dict(known)
        session.known_names.clear()
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        sql = f"SELECT id, name FROM hr_keys WHERE id IN ({placeholders(len(chunk))})"
        found: dict[int, str] = dict(session.rows(sql, chunk))
        session.known_names.update(found)
        known.update(found)
    return known


def _create(session: Session, kind: int, names: list[str]) -> dict[str, int]:
    # In sorted order, so that two transactions that make the same keys cannot deadlock.
    sql = session.dialect.insert_ignore("hr_keys", ("kind", "name"), ("kind", "name"))
    session.run_many(sql, [(kind, name) for name in names])
    return _select(session, kind, names)


def _select(session: Session, kind: int, names: list[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for start in range(0, len(names), _CHUNK):
        chunk = names[start : start + _CHUNK]
        sql = (
            f"SELECT name, id FROM hr_keys WHERE kind = ? AND name IN ({placeholders(len(chunk))})"
        )
        ids.update(session.rows(sql, [kind, *chunk]))
    return ids
