"""The contract of webhooks: what is kept, what is told of what happens, and that secrets stay."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
from mlflow.entities.webhook import WebhookEvent, WebhookStatus
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://receiver.example/hook?a=1"
ALL = [
    WebhookEvent.from_str(text)
    for text in (
        "registered_model.created",
        "model_version.created",
        "model_version_tag.set",
        "model_version_tag.deleted",
        "model_version_alias.created",
        "model_version_alias.deleted",
    )
]


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY", Fernet.generate_key().decode())


def error_of(call: Callable[[], object]) -> MlflowException:
    """Return the error that a call raises."""
    with pytest.raises(MlflowException) as caught:
        call()
    return caught.value


def test_a_webhook_comes_back_as_it_was_made(registry: Any) -> None:
    """All but the secret comes back, by id and in the list; what is changed is changed."""
    made = registry.create_webhook("w-1", URL, ALL[:2], "about", "s3cret", "DISABLED")
    assert (made.name, made.url, made.description) == ("w-1", URL, "about")
    assert (made.events, made.status) == (sorted(ALL[:2], key=str), WebhookStatus.DISABLED)
    assert made.secret is None
    assert registry.get_webhook(made.webhook_id) == made
    assert list(registry.list_webhooks()) == [made]
    changed = registry.update_webhook(made.webhook_id, events=ALL[4:], status="ACTIVE")
    assert (changed.name, changed.url, changed.description) == ("w-1", URL, "about")
    assert (changed.events, changed.status) == (sorted(ALL[4:], key=str), WebhookStatus.ACTIVE)
    assert changed.last_updated_timestamp >= made.last_updated_timestamp
    registry.delete_webhook(made.webhook_id)
    for call in (
        lambda: registry.get_webhook(made.webhook_id),
        lambda: registry.delete_webhook(made.webhook_id),
        lambda: registry.update_webhook(made.webhook_id, name="x"),
    ):
        assert error_of(call).error_code == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""},
        {"name": "a b"},
        {"name": "-a"},
        {"name": "x" * 64},
        {"url": "ftp://x.example"},
        {"url": "http://x.example"},
        {"url": "https://user@x.example"},
        {"url": "https://10.0.0.1/"},
        {"events": []},
        {"status": "PAUSED"},
    ],
)
def test_what_cannot_be_kept_is_refused(registry: Any, given: dict[str, Any]) -> None:
    """Bad names, URLs, events and statuses are INVALID_PARAMETER_VALUE, and nothing is kept."""
    whole = {"name": "w", "url": URL, "events": ALL[:1], **given}
    assert error_of(lambda: registry.create_webhook(**whole)).error_code == (
        "INVALID_PARAMETER_VALUE"
    )
    assert list(registry.list_webhooks()) == []


def test_pages_are_steady(registry: Any) -> None:
    """Pages follow one another, the newest first, while webhooks come."""
    for number in range(5):
        registry.create_webhook(f"w{number}", URL, ALL[:1])
    first = registry.list_webhooks(2)
    registry.create_webhook("late", URL, ALL[:1])
    second = registry.list_webhooks(2, first.token)
    third = registry.list_webhooks(2, second.token)
    assert [one.name for one in (*first, *second, *third)] == ["w4", "w3", "w2", "w1", "w0"]
    assert not third.token
    for limit in (-1, 1001):
        error = error_of(partial(registry.list_webhooks, limit))
        assert error.error_code == "INVALID_PARAMETER_VALUE"


def test_a_secret_needs_a_key(registry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the operator's key a secret is refused, and a webhook without one is not."""
    monkeypatch.delenv("MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY")
    error = error_of(lambda: registry.create_webhook("w", URL, ALL[:1], secret="s"))  # noqa: S106
    assert error.error_code == "INVALID_PARAMETER_VALUE"
    assert "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY" in str(error)
    registry.create_webhook("w", URL, ALL[:1])


def _told(direct: Any) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in direct.claim_deliveries(100, 60_000)]


@pytest.fixture
def direct(registry: Any) -> Any:
    """The registry on its database; what is due can be asked of it."""
    if not hasattr(registry, "claim_deliveries"):
        pytest.skip("what is due is asked of databases, and a server tells it at once")
    return registry


def test_everything_that_happens_is_told_once(direct: Any) -> None:
    """Each event is due for who listens, with its fields; failed calls tell nothing."""
    direct.create_webhook("all", URL, ALL)
    direct.create_webhook("off", URL, ALL, status="DISABLED")
    direct.create_registered_model("m", [RegisteredModelTag("a", "b")], "about")
    direct.create_model_version("m", "s3://b/x", None, [ModelVersionTag("k", "v")])
    direct.set_model_version_tag("m", 1, ModelVersionTag("t", "1"))
    direct.delete_model_version_tag("m", 1, "t")
    direct.set_registered_model_alias("m", "best", 1)
    direct.delete_registered_model_alias("m", "best")
    error_of(lambda: direct.create_registered_model("m"))
    error_of(lambda: direct.set_registered_model_alias("m", "best", 9))
    told = _told(direct)
    assert [f"{one['entity']}.{one['action']}" for one in told] == [str(event) for event in ALL]
    assert [one["data"] for one in told] == [
        {"name": "m", "tags": {"a": "b"}, "description": "about"},
        {
            "name": "m",
            "version": "1",
            "source": "s3://b/x",
            "run_id": None,
            "tags": {"k": "v"},
            "description": None,
        },
        {"name": "m", "version": "1", "key": "t", "value": "1"},
        {"name": "m", "version": "1", "key": "t"},
        {"name": "m", "alias": "best", "version": "1"},
        {"name": "m", "alias": "best"},
    ]
    assert _told(direct) == []


def test_what_fails_is_due_again_and_what_is_told_is_gone(direct: Any) -> None:
    """A lease that ran out, or a time to try again, makes it due; a told one never again."""
    direct.create_webhook("w", URL, ALL[:1])
    direct.create_registered_model("m")
    (first,) = direct.claim_deliveries(10, -1)
    (again,) = direct.claim_deliveries(10, 60_000)
    assert (again.uuid, again.body) == (first.uuid, first.body)
    assert (first.attempts, again.attempts) == (1, 2)
    direct.settle_delivery(again.id, 0)
    (third,) = direct.claim_deliveries(10, -1)
    direct.settle_delivery(third.id)
    assert direct.claim_deliveries(10, -1) == []


def test_a_webhook_takes_what_is_due_with_it(direct: Any) -> None:
    """What a removed or disabled webhook was to be told is told to nobody."""
    gone, off = (direct.create_webhook(name, URL, ALL[:1]) for name in ("gone", "off"))
    direct.create_registered_model("m")
    direct.delete_webhook(gone.webhook_id)
    direct.update_webhook(off.webhook_id, status="DISABLED")
    assert direct.claim_deliveries(10, -1) == []


def test_the_database_holds_no_secret(direct: Any) -> None:
    """The secret is kept sealed; who has the key reads it."""
    made = direct.create_webhook("w", URL, ALL[:1], secret="open sesame")  # noqa: S106
    row = direct._database.read(lambda session: session.row("SELECT * FROM hr_webhooks"))
    assert "open sesame" not in json.dumps([str(cell) for cell in row])
    assert direct.get_webhook_secret(made.webhook_id) == "open sesame"
