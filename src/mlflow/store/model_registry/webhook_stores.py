"""Webhooks of a model registry: the contract, and its two engines."""
# ruff: noqa: ARG002 - a contract's methods use none of their arguments

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from mlflow._http.egress import check_url
from mlflow._wire import webhook_messages as w
from mlflow._wire.messages import Empty
from mlflow._wire.webhook_entities import event_message, result_of, webhook_of
from mlflow.entities.webhook import Webhook, WebhookEvent, WebhookTestResult, events_of
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.sql import webhooks
from mlflow.store.sql.sealing import seal, unseal

if TYPE_CHECKING:
    from mlflow.store.sql.webhooks import Delivery

_PAGE = 100


class AbstractWebhooks:
    """Who is told of what happens in a registry. Telling is the server's, at least once each."""

    def create_webhook(
        self,
        name: str,
        url: str,
        events: list[WebhookEvent],
        description: str | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Add a webhook; its secret is never given out again."""
        raise _missing("create_webhook")

    def get_webhook(self, webhook_id: str) -> Webhook:
        """Return a webhook."""
        raise _missing("get_webhook")

    def list_webhooks(
        self, max_results: int | None = None, page_token: str | None = None
    ) -> PagedList[Webhook]:
        """Return a page of webhooks, the newest first."""
        raise _missing("list_webhooks")

    def update_webhook(
        self,
        webhook_id: str,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: list[WebhookEvent] | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Change a webhook; what is None stays as it is."""
        raise _missing("update_webhook")

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook, with what it was still to be told."""
        raise _missing("delete_webhook")

    def test_webhook(self, webhook_id: str, event: WebhookEvent | None = None) -> WebhookTestResult:
        """Tell a webhook of an event that did not happen."""
        raise _missing("test_webhook")


def _missing(name: str) -> MlflowException:
    return MlflowException(f"This model registry has no {name}.", NOT_IMPLEMENTED)


class SqlWebhooks(AbstractWebhooks):
    """Webhooks in a database; a subclass has ``_read`` and ``_write``."""

    _read: Any
    _write: Any

    def create_webhook(
        self,
        name: str,
        url: str,
        events: list[WebhookEvent],
        description: str | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Add a webhook; its secret is never given out again."""
        given = (name, check_url(url), events, description, seal(secret), status)
        made: Webhook = self._write(webhooks.create_webhook, *given)
        return made

    def get_webhook(self, webhook_id: str) -> Webhook:
        """Return a webhook."""
        found: Webhook = self._read(webhooks.get_webhook, webhook_id)
        return found

    def list_webhooks(
        self, max_results: int | None = None, page_token: str | None = None
    ) -> PagedList[Webhook]:
        """Return a page of webhooks, the newest first."""
        limit = _PAGE if max_results is None else max_results
        page: PagedList[Webhook] = self._read(webhooks.list_webhooks, limit, page_token)
        return page

    def update_webhook(
        self,
        webhook_id: str,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: list[WebhookEvent] | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Change a webhook; what is None stays as it is."""
        given = {
            "name": name,
            "description": description,
            "url": None if url is None else check_url(url),
            "events": events,
            "secret": seal(secret),
            "status": status,
        }
        changed: Webhook = self._write(webhooks.update_webhook, webhook_id, given)
        return changed

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook, with what it was still to be told."""
        self._write(webhooks.delete_webhook, webhook_id)

    def test_webhook(self, webhook_id: str, event: WebhookEvent | None = None) -> NoReturn:
        """Raise: webhooks are told by servers."""
        del event
        self.get_webhook(webhook_id)
        raise MlflowException(
            "Webhooks are told by a server: start `mlflow server` on this store, and ask it.",
            NOT_IMPLEMENTED,
        )

    def get_webhook_secret(self, webhook_id: str) -> str | None:
        """Return a webhook's secret; for whoever tells it."""
        return unseal(self._read(webhooks.get_sealed_secret, webhook_id))

    def claim_deliveries(self, limit: int, lease_ms: int) -> list[Delivery]:
        """Return what is due, and keep others from it for a while."""
        found: list[Delivery] = self._write(webhooks.claim_deliveries, limit, lease_ms)
        return found

    def has_due_deliveries(self) -> bool:
        """Return whether something is due."""
        return bool(self._read(webhooks.is_due))

    def settle_delivery(self, delivery_id: int, again_ms: int | None = None) -> None:
        """Note that a delivery was made or given up, or when to try it again."""
        self._write(webhooks.settle_delivery, delivery_id, again_ms)


class RestWebhooks(AbstractWebhooks):
    """Webhooks behind a server; a subclass has ``_call`` and ``_create``."""

    _call: Any
    _create: Any

    def create_webhook(
        self,
        name: str,
        url: str,
        events: list[WebhookEvent],
        description: str | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Add a webhook; its secret is never given out again."""
        request = w.CreateWebhook(
            name=name,
            url=url,
            events=[event_message(event) for event in events_of(events)],
            description=description,
            secret=secret,
            status=None if status is None else str(status),
        )
        return webhook_of(self._create("create_webhook", request, w.WebhookResponse).webhook)

    def get_webhook(self, webhook_id: str) -> Webhook:
        """Return a webhook."""
        request = w.GetWebhook(webhook_id=webhook_id)
        return webhook_of(self._call("get_webhook", request, w.WebhookResponse).webhook)

    def list_webhooks(
        self, max_results: int | None = None, page_token: str | None = None
    ) -> PagedList[Webhook]:
        """Return a page of webhooks, the newest first."""
        request = w.ListWebhooks(max_results=max_results, page_token=page_token)
        page = self._call("list_webhooks", request, w.ListWebhooksResponse)
        return PagedList(map(webhook_of, page.webhooks), page.next_page_token or None)

    def update_webhook(
        self,
        webhook_id: str,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: list[WebhookEvent] | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Change a webhook; what is None stays as it is."""
        request = w.UpdateWebhook(
            webhook_id=webhook_id,
            name=name,
            description=description,
            url=url,
            events=[event_message(event) for event in events_of(events)] if events else [],
            secret=secret,
            status=None if status is None else str(status),
        )
        return webhook_of(self._call("update_webhook", request, w.WebhookResponse).webhook)

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook, with what it was still to be told."""
        self._call("delete_webhook", w.DeleteWebhook(webhook_id=webhook_id), Empty)

    def test_webhook(self, webhook_id: str, event: WebhookEvent | None = None) -> WebhookTestResult:
        """Tell a webhook of an event that did not happen."""
        request = w.TestWebhook(
            webhook_id=webhook_id, event=None if event is None else event_message(event)
        )
        return result_of(self._call("test_webhook", request, w.TestWebhookResponse).result)
