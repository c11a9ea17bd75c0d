"""Webhooks, and what they are still to be told: a row each, written with what happened.

A delivery is due, then claimed by whoever sends it for a lease, then gone: told, or given up. A
process that dies holding one lets the lease run out, so that it is told again: at least once.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Final, NamedTuple

from mlflow._core.clock import now_ms
from mlflow._core.ids import new_uuid
from mlflow._core.limits import missing_value, validate_text
from mlflow._core.registry_names import validate_description
from mlflow._search.page_token import decode, encode
from mlflow.entities.webhook import Webhook, WebhookEvent, WebhookStatus, events_of, status_of
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.sql.session import Session

_logger: Final = logging.getLogger(__name__)
_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_ORDER: Final = "webhooks"
_MAX_PAGE: Final = 1000
_MAX_PENDING: Final = 10_000  # of one webhook; beyond, what happens is not told
_COLUMNS: Final = (
    "uuid, name, url, events, creation_time, last_update_time, description, status, secret"
)
_NEW: Final = (
    "INSERT INTO hr_webhooks (uuid, name, url, events, creation_time, last_update_time,"
    " description, status, secret) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ACTIVE: Final = 1
_STATUSES: Final = {_ACTIVE: WebhookStatus.ACTIVE, 0: WebhookStatus.DISABLED}


class Delivery(NamedTuple):
    """What a webhook is to be told.

    Attributes:
        id: Its number.
        uuid: Its id on the wire, the same however often it is sent.
        body: The JSON text.
        attempts: How often it was sent, this time counted.
        url: Where to.
        secret: The sealed secret, or None.
        webhook_id: Whom it is for.
    """

    id: int
    uuid: str
    body: str
    attempts: int
    url: str
    secret: str | None
    webhook_id: str


def create_webhook(
    session: Session,
    name: object,
    url: str,
    events: object,
    description: object,
    secret: str | None,
    status: object,
) -> Webhook:
    """Add a webhook.

    Args:
        session: The transaction.
        name: 1 to 63 letters, digits, dots, underscores and hyphens; not unique.
        url: Where to, checked.
        events: What it is told of.
        description: What it is for.
        secret: The sealed secret, or None.
        status: Whether it is told; ACTIVE for None.

    Raises:
        MlflowException: an argument is wrong.
    """
    now, uuid = now_ms(), new_uuid()
    known = ",".join(map(str, events_of(events)))
    about, state = validate_description(description), status_of(status).is_active()
    row = (uuid, _name(name), url, known, now, now, about, int(state), secret)
    session.run(_NEW, row)
    return get_webhook(session, uuid)


def _name(name: object) -> str:
    if name is None or name == "":
        raise missing_value("name")
    text = validate_text(name, "name")
    if not _NAME.fullmatch(text):
        raise MlflowException.invalid_parameter_value(
            f"Webhook name {text[:100]!r} is invalid. It must start and end with a letter or"
            " digit, be at most 63 characters long, and contain only letters, digits, dots (.),"
            " underscores (_), and hyphens (-)."
        )
    return text


def get_webhook(session: Session, webhook_id: object) -> Webhook:
    """Return a webhook.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is none.
    """
    return _webhook(_row(session, webhook_id))


def get_sealed_secret(session: Session, webhook_id: object) -> str | None:
    """Return a webhook's sealed secret.

    Raises:
        MlflowException: RESOURCE_DOES_NOT_EXIST where there is no such webhook.
    """
    secret: str | None = _row(session, webhook_id)[-1]
    return secret


def _row(session: Session, webhook_id: object) -> Any:
    sql = f"SELECT {_COLUMNS} FROM hr_webhooks WHERE uuid = ?"
    row = session.row(sql, (str(webhook_id)[:36],)) if len(str(webhook_id)) <= 36 else None  # noqa: PLR2004 - an id's length
    if row is None:
        raise MlflowException(
            f"Webhook with ID {str(webhook_id)[:100]} not found.", RESOURCE_DOES_NOT_EXIST
        )
    return row


def _webhook(row: Any) -> Webhook:
    uuid, name, url, events, created, updated, description, status, _ = row
    return Webhook(
        uuid,
        name,
        url,
        [WebhookEvent.from_str(event) for event in events.split(",")],
        created,
        updated,
        description,
        _STATUSES[status],
    )


def list_webhooks(session: Session, max_results: int, page_token: str | None) -> PagedList[Webhook]:
    """Return a page of webhooks, the newest first.

    Raises:
        MlflowException: the token is damaged, or the page too long.
    """
    if not 1 <= max_results <= _MAX_PAGE:
        raise MlflowException.invalid_parameter_value(
            f"max_results must be between 1 and {_MAX_PAGE}."
        )
    place = decode(page_token, _ORDER, 1)
    condition, values = ("WHERE id < ? ", (place.after[0],)) if place.after else ("", ())
    rows = session.rows(
        f"SELECT id, {_COLUMNS} FROM hr_webhooks {condition}ORDER BY id DESC LIMIT ?",
        (*values, max_results + 1),
    )
    token = encode([rows[max_results - 1][0]], _ORDER) if len(rows) > max_results else None
    return PagedList([_webhook(row[1:]) for row in rows[:max_results]], token)


def update_webhook(session: Session, webhook_id: object, given: Mapping[str, Any]) -> Webhook:
    """Change a webhook.

    Args:
        session: The transaction.
        webhook_id: Its id.
        given: What changes, among the arguments of ``create_webhook``; None stays as it is.

    Raises:
        MlflowException: there is none, or an argument is wrong.
    """
    _row(session, webhook_id)
    checks: dict[str, Callable[[Any], Any]] = {
        "name": _name,
        "description": validate_description,
        "events": lambda events: ",".join(map(str, events_of(events))),
        "status": lambda status: int(status_of(status).is_active()),
    }
    changed = {
        column: checks[column](value) if column in checks else value
        for column, value in given.items()
        if value is not None
    }
    changed["last_update_time"] = now_ms()
    assigned = ", ".join(f"{column} = ?" for column in changed)
    session.run(
        f"UPDATE hr_webhooks SET {assigned} WHERE uuid = ?", (*changed.values(), str(webhook_id))
    )
    return get_webhook(session, webhook_id)


def delete_webhook(session: Session, webhook_id: object) -> None:
    """Remove a webhook, with what it was still to be told.

    Raises:
        MlflowException: there is none.
    """
    _row(session, webhook_id)
    key = session.scalar("SELECT id FROM hr_webhooks WHERE uuid = ?", (str(webhook_id),))
    session.run("DELETE FROM hr_webhook_deliveries WHERE webhook_id = ?", (key,))
    session.run("DELETE FROM hr_webhooks WHERE id = ?", (key,))


def note_event(session: Session, event: WebhookEvent, data: Mapping[str, Any]) -> None:
    """Let everyone be told of an event who wants to, once the transaction is committed.

    Args:
        session: The transaction in which it happens.
        event: What happens.
        data: To what.
    """
    rows = session.rows("SELECT id, events FROM hr_webhooks WHERE status = ?", (_ACTIVE,))
    listening = [key for key, events in rows if str(event) in events.split(",")]
    if not listening:
        return
    now = now_ms()
    body = event_body(event, data, now)
    for key in listening:
        sql = "SELECT COUNT(*) FROM hr_webhook_deliveries WHERE webhook_id = ?"
        if int(session.scalar(sql, (key,)) or 0) >= _MAX_PENDING:
            _logger.warning("A webhook has too much to be told already: %s is left out", event)
            continue
        session.run(
            "INSERT INTO hr_webhook_deliveries (uuid, webhook_id, body, attempts, due_time)"
            " VALUES (?, ?, ?, 0, ?)",
            (new_uuid(), key, body, now),
        )


def event_body(event: WebhookEvent, data: Mapping[str, Any], time_ms: int) -> str:
    """Return what a webhook is told of an event."""
    moment = datetime.fromtimestamp(time_ms / 1000, tz=timezone.utc).isoformat()
    return json.dumps(
        {
            "entity": event.entity.value,
            "action": event.action.value,
            "timestamp": moment,
            "data": data,
        }
    )


def claim_deliveries(session: Session, limit: int, lease_ms: int) -> list[Delivery]:
    """Return what is due, and keep others from it for a while.

    Args:
        session: The transaction.
        limit: How many at most.
        lease_ms: For how long.
    """
    now = now_ms()
    due = session.rows(
        "SELECT d.id, d.uuid, d.body, d.attempts + 1, w.url, w.secret, w.uuid, w.status"
        " FROM hr_webhook_deliveries d JOIN hr_webhooks w ON w.id = d.webhook_id"
        " WHERE d.due_time <= ? ORDER BY d.due_time, d.id LIMIT ?",
        (now, limit),
    )
    claimed = []
    for *fields, status in due:
        delivery = Delivery(*fields)
        if status != _ACTIVE:
            settle_delivery(session, delivery.id)
            continue
        is_ours = session.run(
            "UPDATE hr_webhook_deliveries SET due_time = ?, attempts = ?"
            " WHERE id = ? AND attempts = ?",
            (now + lease_ms, delivery.attempts, delivery.id, delivery.attempts - 1),
        )
        if is_ours:
            claimed.append(delivery)
    return claimed


def settle_delivery(session: Session, delivery_id: int, again_ms: int | None = None) -> None:
    """Note that a delivery was made or given up, or when to try it again.

    Args:
        session: The transaction.
        delivery_id: Its number.
        again_ms: When to try again; None removes it.
    """
    if again_ms is None:
        session.run("DELETE FROM hr_webhook_deliveries WHERE id = ?", (delivery_id,))
    else:
        sql = "UPDATE hr_webhook_deliveries SET due_time = ? WHERE id = ?"
        session.run(sql, (again_ms, delivery_id))


def is_due(session: Session) -> bool:
    """Return whether something is due."""
    sql = "SELECT 1 FROM hr_webhook_deliveries WHERE due_time <= ? LIMIT 1"
    return session.row(sql, (now_ms(),)) is not None
