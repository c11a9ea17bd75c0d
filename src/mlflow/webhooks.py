"""What receivers of webhooks get: one dictionary class for each event.

A delivery is ``{"entity": …, "action": …, "timestamp": …, "data": payload}``. To trust one, compare
``X-MLflow-Signature`` with ``v1,`` and the base64 form of HMAC-SHA256, under the webhook's secret,
of ``<X-MLflow-Delivery-Id>.<X-MLflow-Timestamp>.<body>``, and see that the time is near.
"""

from __future__ import annotations

from typing import Any, Final

from mlflow.entities.webhook import WebhookEvent
from mlflow.store.sql.registry_events import example

_NAMES: Final = {
    "RegisteredModelCreatedPayload": "registered_model.created",
    "ModelVersionCreatedPayload": "model_version.created",
    "ModelVersionTagSetPayload": "model_version_tag.set",
    "ModelVersionTagDeletedPayload": "model_version_tag.deleted",
    "ModelVersionAliasCreatedPayload": "model_version_alias.created",
    "ModelVersionAliasDeletedPayload": "model_version_alias.deleted",
}


def _payload(name: str, event: str) -> type[dict[str, Any]]:
    def make() -> dict[str, Any]:
        made: dict[str, Any] = kind(example(WebhookEvent.from_str(event)))
        return made

    kind: type[dict[str, Any]] = type(
        name,
        (dict,),
        {
            "__module__": __name__,
            "__doc__": f"What a webhook is told of ``{event}``.",
            "example": staticmethod(make),
        },
    )
    return kind


PAYLOADS: Final = {name: _payload(name, event) for name, event in _NAMES.items()}


def __getattr__(name: str) -> Any:
    if name in PAYLOADS:
        return PAYLOADS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
