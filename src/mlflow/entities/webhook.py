"""Webhooks: who is told of what happens in the model registry."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities._entity import ByValue, ReadOnly
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Self


class _Text(str, Enum):
    def __str__(self) -> str:
        return str(self.value)


class WebhookStatus(_Text):
    """Whether a webhook is told."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"

    def is_active(self) -> bool:
        """Return whether it is told."""
        return self is WebhookStatus.ACTIVE


class WebhookEntity(_Text):
    """What something happens to."""

    REGISTERED_MODEL = "registered_model"
    MODEL_VERSION = "model_version"
    MODEL_VERSION_TAG = "model_version_tag"
    MODEL_VERSION_ALIAS = "model_version_alias"
    PROMPT = "prompt"
    PROMPT_VERSION = "prompt_version"
    PROMPT_TAG = "prompt_tag"
    PROMPT_VERSION_TAG = "prompt_version_tag"
    PROMPT_ALIAS = "prompt_alias"
    BUDGET_POLICY = "budget_policy"


class WebhookAction(_Text):
    """What happens to it."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    SET = "set"
    EXCEEDED = "exceeded"


_MADE: Final = (WebhookAction.CREATED,)
_TAGGED: Final = (WebhookAction.SET, WebhookAction.DELETED)
_ALIASED: Final = (WebhookAction.CREATED, WebhookAction.DELETED)
ACTIONS: Final = {
    WebhookEntity.REGISTERED_MODEL: _MADE,
    WebhookEntity.MODEL_VERSION: _MADE,
    WebhookEntity.MODEL_VERSION_TAG: _TAGGED,
    WebhookEntity.MODEL_VERSION_ALIAS: _ALIASED,
    WebhookEntity.PROMPT: _MADE,
    WebhookEntity.PROMPT_VERSION: _MADE,
    WebhookEntity.PROMPT_TAG: _TAGGED,
    WebhookEntity.PROMPT_VERSION_TAG: _TAGGED,
    WebhookEntity.PROMPT_ALIAS: _ALIASED,
    WebhookEntity.BUDGET_POLICY: (WebhookAction.EXCEEDED,),
}
"""What can happen to each; prompts and budgets are not built, so nothing happens to them."""


class WebhookEvent(ByValue):
    """Something that can happen."""

    __slots__ = ("_action", "_entity")

    def __init__(self, entity: str | WebhookEntity, action: str | WebhookAction) -> None:
        self._entity = _member(WebhookEntity, entity)
        self._action = _member(WebhookAction, action)
        able = ACTIONS[self._entity]
        if self._action not in able:
            raise MlflowException.invalid_parameter_value(
                f"Invalid action '{self._action}' for entity '{self._entity}'. Valid actions are:"
                f" {[str(action) for action in able]}"
            )

    entity = ReadOnly[WebhookEntity]("_entity", "What something happens to.")
    action = ReadOnly[WebhookAction]("_action", "What happens to it.")

    @classmethod
    def from_str(cls, event_str: str) -> Self:
        """Return the event that ``entity.action`` names.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE where it names none.
        """
        entity, dot, action = event_str.partition(".")
        if not dot:
            raise MlflowException.invalid_parameter_value(
                f"Invalid webhook event {event_str!r}: write 'model_version.created', say."
            )
        return cls(entity, action)

    def __str__(self) -> str:
        return f"{self._entity}.{self._action}"

    def __hash__(self) -> int:
        return hash((self._entity, self._action))


def _member(kind: Any, value: object) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise MlflowException.invalid_parameter_value(
            f"Invalid {kind.__name__} {str(value)[:100]!r}: it is one of"
            f" {[str(member) for member in kind]}"
        ) from None


def events_of(given: object) -> list[WebhookEvent]:
    """Return the events that a user names, as ``WebhookEvent`` or as text.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where there are none, or one is unknown.
    """
    if not isinstance(given, (list, tuple)) or not given:
        raise MlflowException.invalid_parameter_value(
            f"Webhook events must be a non-empty list of WebhookEvent objects: {given!r}."[:500]
        )
    events = [
        event if isinstance(event, WebhookEvent) else WebhookEvent.from_str(str(event))
        for event in given
    ]
    return sorted(set(events), key=str)


def status_of(given: object) -> WebhookStatus:
    """Return the status that a user names; ACTIVE for None.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for another.
    """
    return WebhookStatus.ACTIVE if given is None else WebhookStatus(_member(WebhookStatus, given))


class Webhook(ByValue):
    """A URL that is told of events."""

    __slots__ = (
        "_creation_timestamp",
        "_description",
        "_events",
        "_last_updated_timestamp",
        "_name",
        "_secret",
        "_status",
        "_url",
        "_webhook_id",
        "_workspace",
    )

    def __init__(
        self,
        webhook_id: str,
        name: str,
        url: str,
        events: Iterable[WebhookEvent],
        creation_timestamp: int,
        last_updated_timestamp: int,
        description: str | None = None,
        status: str | WebhookStatus = WebhookStatus.ACTIVE,
        secret: str | None = None,
        workspace: str | None = None,
    ) -> None:
        self._webhook_id = webhook_id
        self._name = name
        self._url = url
        self._events = events_of(list(events))
        self._creation_timestamp = creation_timestamp
        self._last_updated_timestamp = last_updated_timestamp
        self._description = description
        self._status = status_of(status)
        self._secret = secret
        self._workspace = workspace

    webhook_id = ReadOnly[str]("_webhook_id", "Its id.")
    name = ReadOnly[str]("_name", "Its name.")
    url = ReadOnly[str]("_url", "Where it is told.")
    events = ReadOnly[list[WebhookEvent]]("_events", "What it is told of.")
    creation_timestamp = ReadOnly[int]("_creation_timestamp", "When it was made, in ms.")
    last_updated_timestamp = ReadOnly[int]("_last_updated_timestamp", "When it changed, in ms.")
    description = ReadOnly[str | None]("_description", "What it is for.")
    status = ReadOnly[WebhookStatus]("_status", "Whether it is told.")
    secret = ReadOnly[str | None]("_secret", "Never given out: always None.")
    workspace = ReadOnly[str | None]("_workspace", "There are none: always None.")

    def __repr__(self) -> str:  # without the secret
        return (
            f"<Webhook: webhook_id={self._webhook_id!r}, name={self._name!r}, url={self._url!r},"
            f" events={[str(event) for event in self._events]}, status='{self._status}'>"
        )


class WebhookTestResult(ByValue):
    """How a webhook answered a trial."""

    __slots__ = ("_error_message", "_response_body", "_response_status", "_success")

    def __init__(
        self,
        success: bool,
        response_status: int | None = None,
        response_body: str | None = None,
        error_message: str | None = None,
    ) -> None:
        self._success = success
        self._response_status = response_status
        self._response_body = response_body
        self._error_message = error_message

    success = ReadOnly[bool]("_success", "Whether it answered with 2xx.")
    response_status = ReadOnly[int | None]("_response_status", "The class of its answer: 200, 400.")
    response_body = ReadOnly[str | None]("_response_body", "Never given out: always None.")
    error_message = ReadOnly[str | None]("_error_message", "Why there was no answer.")
