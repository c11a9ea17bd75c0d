"""The route of live events: ``GET /api/headrace/live?experiment_id=…&experiment_id=…&topic=…``.

Server-sent events: ``cursor`` first, then ``run``, ``status``, ``metric`` and ``console`` as things
happen, with JSON data that say how they are now, and ids now and then. A client that comes back
says ``Last-Event-ID`` (or ``cursor=``) and gets what it missed, some of it twice; ``reset`` in
place of ``cursor`` says that it has to read everything anew.

With ``topic=experiments``, ``activity``, ``models`` or ``logged_models`` the stream has events of
that kind too, whose data say no more than what changed: ``{"changed": ["3", "7"]}`` with ids of
experiments or names of registered models, null for more than can be named. They have no ids: who
comes back reads anew what it shows of a topic. A stream may have topics and no experiments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._asgi.errors import Overloaded
from mlflow._asgi.response import StreamResponse
from mlflow._wire.endpoints import OWN_PREFIX
from mlflow._wire.permissions import EXPERIMENT_READ
from mlflow.exceptions import MlflowException
from mlflow.server.dispatch import Route
from mlflow.server.live import MAX_ID

if TYPE_CHECKING:
    from mlflow._asgi.request import Request
    from mlflow._asgi.response import Answer
    from mlflow.server.state import ServerState

MAX_STREAMS: Final = 256
MAX_EXPERIMENTS: Final = 100
MAX_TOGETHER: Final = 1000  # of all streams: what one question to the store takes
_LONGEST_EXPERIMENT_ID: Final = 64
_UNKNOWN_CURSOR: Final = "INVALID_PARAMETER_VALUE"
_HEADERS: Final = (("cache-control", "no-store"), ("x-accel-buffering", "no"))


async def follow(request: Request, state: ServerState) -> Answer:
    """Answer with a stream of what happens in some experiments.

    Raises:
        MlflowException: no experiments are named, or too many, or as many follow as may.
    """
    topics = sorted({value for name, value in request.query() if name == "topic"})
    experiment_ids = _experiments(request, least=0 if topics else 1)
    for topic in topics:
        await state.news(topic, None)
    together = len(state.live.followed().union(experiment_ids))
    if state.live.count >= MAX_STREAMS or together > MAX_TOGETHER:
        raise Overloaded("As many clients follow experiments as may.")
    cursor = request.query_value("cursor") or request.headers.get("last-event-id") or None
    reset = cursor is not None and len(cursor) > MAX_ID
    try:
        first = await state.changes(experiment_ids, None if reset else cursor)
    except MlflowException as error:
        if cursor is None or error.error_code != _UNKNOWN_CURSOR:
            raise
        reset, first = True, await state.changes(experiment_ids, None)
    events = state.live.follow(experiment_ids, first, reset=reset, topics=topics)
    return StreamResponse(events, content_type="text/event-stream", headers=_HEADERS)


def _experiments(request: Request, *, least: int) -> list[str]:
    found = sorted({value for name, value in request.query() if name == "experiment_id"})
    too_long = any(len(one) > _LONGEST_EXPERIMENT_ID for one in found)
    if too_long or not least <= len(found) <= MAX_EXPERIMENTS:
        raise MlflowException.invalid_parameter_value(
            f"Name 1 to {MAX_EXPERIMENTS} experiments to follow, each as experiment_id=…."
        )
    return found


ROUTES: Final = (Route("GET", f"{OWN_PREFIX}/live", follow, EXPERIMENT_READ, "live"),)
