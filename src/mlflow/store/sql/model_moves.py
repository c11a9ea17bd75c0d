"""The history of the registry: who moved which alias or stage when, by the database's clock."""

from typing import Final

from mlflow._search.page_token import decode, encode
from mlflow.entities.model_registry.model_version_stages import STAGES
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.entities.registry_move import RegistryMove
from mlflow.store.sql.registered_models import require_registered_model
from mlflow.store.sql.session import Session

# As many moves as one page holds at most.
MAX_MOVES: Final = 10_000
_ORDER: Final = "moves"


def note_alias(
    session: Session, model: int, alias: str, version: int | None, user: str | None
) -> None:
    """Note that an alias names a version from now on, or none."""
    _note(session, (model, alias, version, None), user)


def note_stage(session: Session, model: int, version: int, stage: int, user: str | None) -> None:
    """Note that a version is in a stage from now on."""
    _note(session, (model, "", version, stage), user)


def _note(
    session: Session, move: tuple[int, str, int | None, int | None], user: str | None
) -> None:
    session.run(
        "INSERT INTO hr_model_moves (model_id, alias, version, stage, time_ms, user_id)"
        f" VALUES (?, ?, ?, ?, {session.dialect.now_ms}, ?)",
        (*move, user),
    )


def remove_aliases_of(session: Session, model: int, version: int, user: str | None) -> None:
    """Remove the aliases that name a version, and note who did."""
    sql = "SELECT alias FROM hr_model_aliases WHERE model_id = ? AND version = ?"
    for (alias,) in session.rows(sql, (model, version)):
        note_alias(session, model, alias, None, user)
    session.run("DELETE FROM hr_model_aliases WHERE model_id = ? AND version = ?", (model, version))


def version_at(session: Session, model: int, alias: str, time_ms: int) -> int | None:
    """Return the version that an alias named at a time; None when it named none."""
    found = session.scalar(
        "SELECT version FROM hr_model_moves WHERE model_id = ? AND alias = ? AND time_ms <= ?"
        " ORDER BY id DESC LIMIT 1",
        (model, alias, time_ms),
    )
    return None if found is None else int(found)


def get_history(
    session: Session, name: object, alias: str | None, max_results: int, page_token: str | None
) -> PagedList[RegistryMove]:
    """Return a page of the moves in a registered model, the newest first.

    Args:
        session: The transaction.
        name: The registered model.
        alias: Only those of this alias; those of stages too when None.
        max_results: The page's length, checked.
        page_token: The token of the page before.

    Raises:
        MlflowException: there is no such model, or the token is damaged.
    """
    model = require_registered_model(session, name)
    place = decode(page_token, _ORDER, 1)
    conditions, values = "model_id = ?", [model.id]
    given: list[object] = list(values)
    if alias:
        conditions += " AND alias = ?"
        given.append(alias)
    if place.after is not None:
        conditions += " AND id < ?"
        given.append(place.after[0])
    rows = session.rows(
        "SELECT id, time_ms, user_id, alias, version, stage FROM hr_model_moves"
        f" WHERE {conditions} ORDER BY id DESC LIMIT ?",
        (*given, max_results + 1),
    )
    token = encode([rows[max_results - 1][0]], _ORDER) if len(rows) > max_results else None
    moves = [
        RegistryMove(time_ms, user, moved or None, version, None if at is None else STAGES[at])
        for _, time_ms, user, moved, version, at in rows[:max_results]
    ]
    return PagedList(moves, token)
