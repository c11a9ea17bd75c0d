"""What each operation of webhooks does: message → store method → message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._wire import messages as m
from mlflow._wire import webhook_messages as w
from mlflow._wire.webhook_entities import event_of, webhook_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.entities.webhook import Webhook
    from mlflow.store.model_registry.webhook_stores import AbstractWebhooks


def _found(webhook: Webhook) -> m.Message:
    return w.WebhookResponse(webhook=webhook_message(webhook))


def _create_webhook(store: AbstractWebhooks, ask: w.CreateWebhook) -> m.Message:
    events = [event_of(event) for event in ask.events]
    status = None if ask.status is None else str(ask.status)
    return _found(
        store.create_webhook(
            ask.name or "", ask.url or "", events, ask.description, ask.secret, status
        )
    )


def _get_webhook(store: AbstractWebhooks, ask: w.GetWebhook) -> m.Message:
    return _found(store.get_webhook(ask.webhook_id or ""))


def _list_webhooks(store: AbstractWebhooks, ask: w.ListWebhooks) -> m.Message:
    page = store.list_webhooks(ask.max_results or None, ask.page_token or None)
    return w.ListWebhooksResponse(
        webhooks=list(map(webhook_message, page)), next_page_token=page.token
    )


def _update_webhook(store: AbstractWebhooks, ask: w.UpdateWebhook) -> m.Message:
    return _found(
        store.update_webhook(
            ask.webhook_id or "",
            name=ask.name,
            description=ask.description,
            url=ask.url,
            events=[event_of(event) for event in ask.events] or None,
            secret=ask.secret,
            status=None if ask.status is None else str(ask.status),
        )
    )


def _delete_webhook(store: AbstractWebhooks, ask: w.DeleteWebhook) -> None:
    store.delete_webhook(ask.webhook_id or "")


WEBHOOK_HANDLERS: Final[dict[str, Callable[[Any, Any], m.Message | None]]] = {
    "create_webhook": _create_webhook,
    "get_webhook": _get_webhook,
    "list_webhooks": _list_webhooks,
    "update_webhook": _update_webhook,
    "delete_webhook": _delete_webhook,
}
