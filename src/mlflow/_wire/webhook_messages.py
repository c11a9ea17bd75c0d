"""The messages of webhooks, as they are recorded."""

from mlflow._wire.messages import EnumName, Int64, Message


class WebhookEvent(Message):
    """Something that can happen."""

    entity: EnumName | None = None
    action: EnumName | None = None


class Webhook(Message):
    """A URL that is told of events; its secret is never sent."""

    webhook_id: str | None = None
    name: str | None = None
    description: str | None = None
    url: str | None = None
    events: list[WebhookEvent] = []
    status: EnumName | None = None
    creation_timestamp: Int64 | None = None
    last_updated_timestamp: Int64 | None = None


class WebhookTestResult(Message):
    """How a webhook answered a trial: the class of the status, never the body."""

    success: bool | None = None
    response_status: int | None = None
    response_body: str | None = None
    error_message: str | None = None


class CreateWebhook(Message):
    """Add a webhook."""

    name: str | None = None
    description: str | None = None
    url: str | None = None
    events: list[WebhookEvent] = []
    secret: str | None = None
    status: EnumName | None = None


class WebhookResponse(Message):
    """A webhook."""

    webhook: Webhook | None = None


class ListWebhooks(Message):
    """Ask for a page of webhooks."""

    max_results: Int64 | None = None
    page_token: str | None = None


class ListWebhooksResponse(Message):
    """A page of webhooks."""

    webhooks: list[Webhook] = []
    next_page_token: str | None = None


class GetWebhook(Message):
    """Ask for a webhook."""

    webhook_id: str | None = None


class UpdateWebhook(CreateWebhook):
    """Change a webhook; what is left out stays."""

    webhook_id: str | None = None


class DeleteWebhook(GetWebhook):
    """Remove a webhook."""


class TestWebhook(GetWebhook):
    """Tell a webhook of an event that did not happen."""

    event: WebhookEvent | None = None


class TestWebhookResponse(Message):
    """How it answered."""

    result: WebhookTestResult | None = None
