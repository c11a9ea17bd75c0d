"""The part of the client that speaks of webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.entities.webhook import WebhookEvent, events_of

if TYPE_CHECKING:
    from mlflow.entities.webhook import Webhook, WebhookTestResult
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.store.model_registry.abstract_store import AbstractStore


class WebhookClient:
    """Who is told of what happens in the model registry."""

    if TYPE_CHECKING:  # the registry's part of the client has it

        @property
        def _registry(self) -> AbstractStore: ...

    def create_webhook(
        self,
        name: str,
        url: str,
        events: list[Any],
        description: str | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Let a URL be told of events in the model registry.

        Args:
            name: 1 to 63 letters, digits, dots, underscores and hyphens.
            url: ``https://…``.
            events: ``WebhookEvent``, or text such as ``"model_version_alias.created"``.
            description: What it is for.
            secret: Signs what is sent; it is never given out again.
            status: ``ACTIVE`` (the default) or ``DISABLED``.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE for a URL that is not public, say.
        """
        return self._registry.create_webhook(
            name, url, events_of(events), description, secret, status
        )

    def get_webhook(self, webhook_id: str) -> Webhook:
        """Return a webhook."""
        return self._registry.get_webhook(webhook_id)

    def list_webhooks(
        self, max_results: int | None = None, page_token: str | None = None
    ) -> PagedList[Webhook]:
        """Return a page of webhooks, the newest first.

        Args:
            max_results: 1 to 1,000; 100 by default.
            page_token: The token of the page before.
        """
        return self._registry.list_webhooks(max_results, page_token)

    def update_webhook(
        self,
        webhook_id: str,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: list[Any] | None = None,
        secret: str | None = None,
        status: Any = None,
    ) -> Webhook:
        """Change a webhook; what is None stays as it is.

        Args:
            webhook_id: The webhook.
            name: See ``create_webhook``.
            description: See ``create_webhook``.
            url: See ``create_webhook``.
            events: See ``create_webhook``.
            secret: See ``create_webhook``.
            status: See ``create_webhook``.
        """
        known = None if events is None else events_of(events)
        return self._registry.update_webhook(
            webhook_id, name, description, url, known, secret, status
        )

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook."""
        self._registry.delete_webhook(webhook_id)

    def test_webhook(self, webhook_id: str, event: Any = None) -> WebhookTestResult:
        """Tell a webhook of an event that did not happen; return how it answered.

        Args:
            webhook_id: The webhook.
            event: The event; its first one by default.
        """
        known = WebhookEvent.from_str(event) if isinstance(event, str) else event
        return self._registry.test_webhook(webhook_id, known)
