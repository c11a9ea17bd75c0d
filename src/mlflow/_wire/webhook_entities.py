"""Webhooks to messages and back."""

from mlflow._wire import webhook_messages as w
from mlflow.entities.webhook import Webhook, WebhookEvent, WebhookTestResult


def event_message(event: WebhookEvent) -> w.WebhookEvent:
    """Return an event."""
    return w.WebhookEvent(entity=event.entity.name, action=event.action.name)


def event_of(message: w.WebhookEvent) -> WebhookEvent:
    """Return the event that a message holds.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is none.
    """
    return WebhookEvent(str(message.entity or "").lower(), str(message.action or "").lower())


def webhook_message(webhook: Webhook) -> w.Webhook:
    """Return a webhook, without its secret."""
    return w.Webhook(
        webhook_id=webhook.webhook_id,
        name=webhook.name,
        description=webhook.description,
        url=webhook.url,
        events=[event_message(event) for event in webhook.events],
        status=webhook.status.value,
        creation_timestamp=webhook.creation_timestamp,
        last_updated_timestamp=webhook.last_updated_timestamp,
    )


def webhook_of(message: w.Webhook | None) -> Webhook:
    """Return the webhook that a message holds."""
    one = message or w.Webhook()
    return Webhook(
        webhook_id=one.webhook_id or "",
        name=one.name or "",
        url=one.url or "",
        events=[event_of(event) for event in one.events],
        creation_timestamp=one.creation_timestamp or 0,
        last_updated_timestamp=one.last_updated_timestamp or 0,
        description=one.description,
        status=str(one.status or "ACTIVE"),
    )


def result_message(result: WebhookTestResult) -> w.WebhookTestResult:
    """Return how a webhook answered."""
    return w.WebhookTestResult(
        success=result.success,
        response_status=result.response_status,
        error_message=result.error_message,
    )


def result_of(message: w.WebhookTestResult | None) -> WebhookTestResult:
    """Return how a webhook answered, as a message says it."""
    one = message or w.WebhookTestResult()
    return WebhookTestResult(
        bool(one.success), one.response_status, one.response_body, one.error_message
    )
