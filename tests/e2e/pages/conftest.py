"""A browser, a page that must not complain, and a server with something of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import mlflow
from tests.e2e.browsers import chromium, need_pages
from tests.e2e.pages.looks import DESK, HOSTILE
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

_EXPECTED = ("400 (Bad Request)", "/previews/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server below a prefix, with runs, files and a model of some kinds."""
    need_pages()
    folder = tmp_path_factory.mktemp("pages")
    with serving(folder, "--static-prefix", "/tracking", prefix="/tracking") as served:
        _fill(served.url)
        yield served


def _fill(uri: str) -> None:
    client = mlflow.MlflowClient(uri)
    experiment = client.create_experiment("digits")
    for number in range(30):
        run = client.create_run(experiment, run_name=f"run {number}").info.run_id
        client.log_param(run, "lr", 0.1 * (number + 1))
        client.log_param(run, "same", "x")
        for step in range(20):
            client.log_metric(run, "loss", 1 / (step + 1 + number), step=step)
        client.log_metric(run, "accuracy", number / 30)
        client.set_terminated(run)
    odd = client.create_run(experiment, run_name=HOSTILE).info.run_id
    client.log_param(odd, "lr", HOSTILE)
    client.log_param(odd, "same", "x")
    client.set_tag(odd, "tag", HOSTILE)
    client.set_tag(odd, "mlflow.note.content", HOSTILE)
    client.log_metric(odd, "loss", float("nan"), step=1)
    client.log_text(odd, f"# Title\n{HOSTILE}\n", "notes/read.md")
    client.log_text(odd, f"<h1>Report</h1>{HOSTILE}", "report.html")
    client.create_experiment("empty")
    client.create_registered_model("churn")
    client.create_model_version("churn", f"runs:/{odd}/model", odd)
    client.set_registered_model_alias("churn", "champion", "1")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of a desk's size that must not complain."""
    context = browser.new_context(viewport=DESK)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: _note(complaints, said))
    yield opened
    context.close()
    assert complaints == []


def _note(complaints: list[str], said: Any) -> None:
    # Refused queries, and what the sandbox of a preview keeps from its page.
    if said.type == "error" and not any(one in said.text for one in _EXPECTED):
        complaints.append(said.text)
