"""Telling webhooks: what the store says is due is sent, again later where it fails."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import http.client
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from mlflow._asgi.response import Response
from mlflow._core.clock import now_ms
from mlflow._core.ids import new_uuid
from mlflow._http.egress import EgressRefused, post
from mlflow._wire import webhook_messages as w
from mlflow._wire.codec import encode_json
from mlflow._wire.endpoints import endpoint
from mlflow._wire.webhook_entities import event_of, result_message
from mlflow.entities.webhook import WebhookEvent, WebhookTestResult
from mlflow.environment_variables import (
    MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS,
    MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES,
)
from mlflow.exceptions import MlflowException
from mlflow.server.dispatch import Route
from mlflow.server.perform import decode_request
from mlflow.store.model_registry.webhook_stores import SqlWebhooks
from mlflow.store.sql.registry_events import example
from mlflow.store.sql.sealing import unseal
from mlflow.store.sql.webhooks import event_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow._asgi.request import Request
    from mlflow.server.state import ServerState
    from mlflow.store.sql.webhooks import Delivery

_logger: Final = logging.getLogger(__name__)
_POLL_SECONDS: Final = 1.0
_LEASE_MS: Final = 60_000  # longer than a delivery may take
_FIRST_WAIT_MS: Final = 1_000
_LONGEST_WAIT_MS: Final = 60_000
_SUCCESS: Final = range(200, 300)
_PERMANENT: Final = frozenset({*range(300, 408), *range(409, 429), *range(430, 500)})
_FAILURES: Final = (EgressRefused, OSError, http.client.HTTPException, ValueError)


def headers_of(delivery_id: str, body: str, secret: str | None) -> dict[str, str]:
    """Return the headers of a delivery; a secret signs id, time and body (HMAC-SHA256).

    Args:
        delivery_id: The same however often it is sent.
        body: The JSON text.
        secret: What the receiver knows too.
    """
    seconds = str(now_ms() // 1000)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "headrace",
        "X-MLflow-Delivery-Id": delivery_id,
        "X-MLflow-Timestamp": seconds,
    }
    if secret:
        signed = f"{delivery_id}.{seconds}.{body}".encode()
        digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
        headers["X-MLflow-Signature"] = f"v1,{base64.b64encode(digest).decode()}"
    return headers


def send(delivery_id: str, url: str, body: str, secret: str | None) -> int:
    """Send a delivery; return the status of the answer.

    Raises:
        EgressRefused: the place must not be called.
        OSError: nobody answers there, or too slowly.
        http.client.HTTPException: what answers is no HTTP.
    """
    return post(url, body.encode(), headers_of(delivery_id, body, secret))


def _deliver(delivery: Delivery) -> tuple[bool, int | None]:
    """Send what is due; return whether it was told, and when to try again (None: never)."""
    again = min(_FIRST_WAIT_MS * 2 ** (delivery.attempts - 1), _LONGEST_WAIT_MS)
    try:
        status = send(delivery.uuid, delivery.url, delivery.body, unseal(delivery.secret))
        told, why = status in _SUCCESS, f"it answered {status}"
        is_over = status in _PERMANENT
    except (*_FAILURES, MlflowException) as error:
        told, why = False, f"{type(error).__name__}"
        is_over = isinstance(error, (EgressRefused, MlflowException))
    if told:
        return True, None
    if is_over or delivery.attempts > MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES.get():
        _logger.warning("Webhook %s was not told: %s", delivery.webhook_id, why)
        return False, None
    return False, now_ms() + again


async def tell_webhooks(state: ServerState) -> None:
    """Send what is due, until the server stops.

    Args:
        state: The server's.
    """
    registry = state.registry
    if not isinstance(registry, SqlWebhooks):
        return
    size = max(1, MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS.get())
    pool = ThreadPoolExecutor(size, thread_name_prefix="webhooks")
    loop = asyncio.get_running_loop()

    async def tell(delivery: Delivery) -> None:
        _, again = await loop.run_in_executor(pool, _deliver, delivery)
        await state.write_registry(partial(registry.settle_delivery, delivery.id, again))

    try:
        while not state.stopping.is_set():
            claimed: list[Delivery] = []
            with suppress(MlflowException):  # the database is away, or the server busy: later
                if await state.read(registry.has_due_deliveries):
                    claim = partial(registry.claim_deliveries, size, _LEASE_MS)
                    claimed = await state.write_registry(claim)
            for outcome in await asyncio.gather(*map(tell, claimed), return_exceptions=True):
                if isinstance(outcome, Exception):
                    _logger.warning("A delivery could not be noted: %s", outcome)
            if not claimed:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(state.stopping.wait(), _POLL_SECONDS)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def webhook_routes() -> Iterator[Route]:
    """Yield the routes of the trial: it calls out, so it is no call of the store alone."""
    row = endpoint("test_webhook")
    for path in row.routes():
        yield Route(row.method, path, _try, row.permission, row.name)


async def _try(request: Request, state: ServerState) -> Response:
    row = endpoint("test_webhook")
    body = await request.body(state.settings.body_limit)
    ask: Any = decode_request(
        row, query=request.query_string, body=body, path_fields=request.params
    )
    registry = state.registry
    webhook = await state.read(partial(registry.get_webhook, ask.webhook_id))
    event = event_of(ask.event) if ask.event is not None else webhook.events[0]
    secret = None
    if isinstance(registry, SqlWebhooks):
        secret = await state.read(partial(registry.get_webhook_secret, webhook.webhook_id))
    result = await state.run_in_pool(partial(_trial, webhook.url, event, secret))
    return Response(encode_json(w.TestWebhookResponse(result=result_message(result))))


def _trial(url: str, event: WebhookEvent, secret: str | None) -> WebhookTestResult:
    """Send an example; of the answer only the status' class is told."""
    told = event_body(event, example(event), now_ms())
    try:
        status = send(new_uuid(), url, told, secret)
    except EgressRefused as error:
        return WebhookTestResult(success=False, error_message=str(error))
    except _FAILURES:
        return WebhookTestResult(success=False, error_message="There was no answer in time.")
    return WebhookTestResult(success=status in _SUCCESS, response_status=status // 100 * 100)
