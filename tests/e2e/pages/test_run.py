"""The page of one run: what is read there, what is changed there, and its console."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import mlflow
from mlflow.entities import LoggedModelOutput
from tests.e2e.browsers import until
from tests.e2e.pages.looks import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.servers import Served

_DIFF = "--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-lr = 0.1\n+lr = 0.01\n"
_ENVIRONMENT = {
    "python": {"version": "3.12.1", "implementation": "CPython", "executable": "/bin/python"},
    "platform": {"system": "Linux", "release": "6", "machine": "x86_64"},
    "command": ["python", "train.py", "--name", "two words"],
    "packages": ["numpy==2.0.1", "torch==2.9.0"],
    "git": {"commit": "c0ffee", "branch": "main", "dirty": True, "diff_complete": True},
}
_NOTE = f"""# Tried

**Slower**, see [the paper](https://example.org/paper) and [this](javascript:alert(1)).

![a picture](https://example.org/pixel.png) {HOSTILE}

| run | loss |
|---|--:|
| a | 0.1 |
"""


@pytest.fixture
def run(server: Served) -> Any:
    """Return a run that is open, in an experiment of its own."""
    client = mlflow.MlflowClient(server.url)
    name = f"of a run {len(client.search_experiments())}"
    return client.create_run(client.create_experiment(name), run_name="tried").info


def _path(server: Served, run: Any, tab: str = "") -> str:
    return f"{server.url}/#/experiments/{run.experiment_id}/runs/{run.run_id}{tab}"


def _write(server: Served, run: Any, sequence: int, text: str, stream: str = "stdout") -> None:
    chunk = {"stream": stream, "sequence": sequence, "time_ms": sequence, "text": text}
    path = f"{server.prefix}/api/headrace/runs/log-console"
    assert server.ask("POST", path, {"run_id": run.run_id, "chunks": [chunk]}).status == 200


def _keep(server: Served, run: Any, **documents: bytes) -> None:
    found = [
        {
            "run_id": run.run_id,
            "name": name,
            "content": b64encode(content).decode(),
            "content_type": "text/plain",
        }
        for name, content in documents.items()
    ]
    path = f"{server.prefix}/api/headrace/runs/log-documents"
    assert server.ask("POST", path, {"documents": found}).status == 200


def _violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def test_one_field_finds_anything(server: Served, page: Page, run: Any) -> None:
    """Metrics with their extremes, params, packages, the command and the changes: all searched."""
    client = mlflow.MlflowClient(server.url)
    for step, value in enumerate((0.5, 0.125, 0.25)):
        client.log_metric(run.run_id, "loss", value, step=step)
    client.log_param(run.run_id, "optimizer", "adam")
    documents = {"environment.json": msgspec.json.encode(_ENVIRONMENT), "git.diff": _DIFF.encode()}
    _keep(server, run, **documents)
    page.goto(_path(server, run))
    loss = page.get_by_role("row", name=re.compile("^loss"))
    expect(loss.get_by_role("cell")).to_have_text(["0.25", "0.125", "0.5"])
    expect(page.get_by_text("python train.py --name 'two words'")).to_be_visible()
    expect(page.get_by_role("row", name="torch")).to_contain_text("2.9.0")
    added = page.locator(".line-added").last
    expect(added).to_have_text("+lr = 0.01")
    assert _violations(page) == []
    find = page.get_by_role("searchbox", name=re.compile("^Find in this run"))
    find.fill("torch")
    expect(page.get_by_role("row", name="torch")).to_be_visible()
    for gone in ("^loss", "optimizer", "numpy"):
        expect(page.get_by_role("row", name=re.compile(gone))).to_have_count(0)
    expect(added).to_have_count(0)
    find.fill("lr = 0.01")
    expect(added).to_be_visible()
    find.fill("")
    page.get_by_role("link", name="loss").click()
    expect(page.get_by_role("heading", name="loss")).to_be_visible()


def test_a_note_is_written_beside_its_preview(server: Served, page: Page, run: Any) -> None:
    """Markdown is read as one types; nothing in it loads or runs, and only http links lead on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(_path(server, run))
    page.get_by_role("button", name="Add a note").press("Enter")
    page.get_by_role("textbox", name="The note of").fill(_NOTE)
    preview = page.get_by_role("region", name="Preview of the note")
    expect(preview.get_by_role("heading", name="Tried")).to_be_visible()
    expect(preview.get_by_role("cell", name="0.1")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(preview).to_have_count(0)
    page.reload()
    note = page.locator(".markdown")
    expect(note).to_contain_text("onerror")
    expect(note.get_by_role("link")).to_have_count(2)
    assert note.locator("img, script").count() == 0
    assert page.title() == "Headrace"
    assert [url for url in asked if not url.startswith(server.url)] == []
    client = mlflow.MlflowClient(server.url)
    assert client.get_run(run.run_id).data.tags["mlflow.note.content"] == _NOTE
    page.get_by_role("button", name="Edit the note").click()
    page.keyboard.press("Escape")
    expect(note).to_be_visible()
    assert _violations(page) == []


def test_tags_are_changed_in_place(server: Served, page: Page, run: Any) -> None:
    """Added, changed, deleted and put back, by keyboard."""
    client = mlflow.MlflowClient(server.url)
    page.goto(_path(server, run))
    page.get_by_role("button", name="Add a tag").press("Enter")
    page.keyboard.type("team")
    page.keyboard.press("Tab")
    page.keyboard.type("vision")
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name=re.compile("^team"))
    expect(row).to_contain_text("vision")
    page.get_by_role("button", name="Edit the tag team").press("Enter")
    page.get_by_role("textbox", name="Value of the tag").fill(HOSTILE)
    page.keyboard.press("Enter")
    expect(row).to_contain_text("onerror")
    until(lambda: client.get_run(run.run_id).data.tags.get("team"), HOSTILE)
    page.get_by_role("button", name="Remove the tag team").press("Enter")
    expect(page.get_by_text("Removed the tag team of")).to_be_visible()
    until(lambda: client.get_run(run.run_id).data.tags.get("team"), None)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(row).to_contain_text("onerror")
    until(lambda: client.get_run(run.run_id).data.tags.get("team"), HOSTILE)


def test_a_run_is_renamed_put_away_and_brought_back(server: Served, page: Page, run: Any) -> None:
    """The name changes everywhere; an archived run says so and is restored where it stands."""
    client = mlflow.MlflowClient(server.url)
    page.goto(_path(server, run))
    page.get_by_role("button", name="Change: Name of the run").click()
    page.get_by_role("textbox", name="Name of the run").fill("found")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="found")).to_be_visible()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("is archived")).to_be_visible()
    until(lambda: client.get_run(run.run_id).info.lifecycle_stage, "deleted")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("button", name="Archive")).to_be_visible()
    until(lambda: client.get_run(run.run_id).info.lifecycle_stage, "active")


def test_a_run_knows_its_family_and_its_pulse(server: Served, page: Page, run: Any) -> None:
    """Links lead to the parent and the children; an open run says when it was last heard of."""
    client = mlflow.MlflowClient(server.url)
    tags = {"mlflow.parentRunId": run.run_id}
    client.create_run(run.experiment_id, run_name="child", tags=tags)
    beat = f"{server.prefix}/api/headrace/runs/heartbeat"
    assert server.ask("POST", beat, {"run_ids": [run.run_id]}).status == 200
    page.goto(_path(server, run))
    expect(page.get_by_text(re.compile(r"last heard of \d+"))).to_be_visible()
    page.get_by_role("link", name="child").click()
    expect(page.get_by_role("heading", name="child")).to_be_visible()
    page.get_by_role("link", name="tried").click()
    client.set_terminated(run.run_id)
    expect(page.get_by_text(re.compile("^took "))).to_be_visible()


def test_a_console_grows(server: Served, page: Page, run: Any) -> None:
    """What a run writes follows what was there, each piece once, a longer one in its place."""
    _write(server, run, 1, "one\n")
    page.goto(_path(server, run, "?tab=console"))
    lines = page.get_by_role("region", name="Console").locator(".line-text")
    expect(lines).to_have_text(["one"])
    expect(page.get_by_title("Live: changes appear by themselves")).to_be_visible()
    _write(server, run, 2, "two\nthr")
    expect(lines).to_have_text(["one", "two", "thr"])
    _write(server, run, 2, "two\nthree\n")
    expect(lines).to_have_text(["one", "two", "three"])
    assert _violations(page) == []


def test_a_console_looks_like_a_terminal(server: Served, page: Page, run: Any) -> None:
    """Colours, bars that are drawn over, one stream alone, lines found, and a file of it all."""
    _write(server, run, 1, f"\x1b[1;31mred\x1b[0m plain\n{HOSTILE}\n")
    _write(server, run, 1, "\r 10%|#    |\r 50%|##   |\r100%|#####|\n", "stderr")
    page.goto(_path(server, run, "?tab=console"))
    lines = page.get_by_role("region", name="Console").locator(".line-text")
    expect(lines).to_have_text(["red plain", HOSTILE, "100%|#####|"])
    expect(page.locator(".ink-1.is-bold")).to_have_text("red")
    page.get_by_role("button", name="stderr").click()
    expect(lines).to_have_text(["100%|#####|"])
    page.get_by_role("button", name="both").click()
    page.get_by_role("searchbox", name="Find in the console").fill("plain")
    expect(page.get_by_text("1 of 1 line")).to_be_visible()
    expect(page.locator("mark")).to_have_text("plain")
    find = page.get_by_role("searchbox", name="Find in the console")
    find.fill("e")
    expect(page.get_by_text("1 of 2 lines")).to_be_visible()
    find.press("Enter")
    expect(page.locator(".text-line.found")).to_have_text(HOSTILE)
    page.get_by_role("button", name="Previous").click()
    expect(page.locator(".text-line.found")).to_have_text("red plain")
    find.fill("plain")
    page.get_by_role("button", name="Only these").click()
    expect(lines).to_have_text(["red plain"])
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(other.locator(".line-text")).to_have_text(["red plain"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert text.split("\n")[:2] == ["red plain", HOSTILE]
    assert page.title() == "Headrace"


def test_a_long_console_opens_at_its_end(server: Served, page: Page, run: Any) -> None:
    """Of half a million lines the last ones are there at once, a screen of them in the document."""
    for part in range(70):
        text = "".join(f"{part}/{line}\n" for line in range(8000))
        _write(server, run, part, text)
    page.goto(_path(server, run, "?tab=console"))
    console = page.get_by_role("region", name="Console")
    last = console.locator(".line-text").last
    expect(last).to_contain_text("69/")
    assert console.locator(".text-line").count() < 200
    page.get_by_role("button", name="Load all").click()
    expect(page.get_by_role("button", name="Load all")).to_have_count(0)
    page.get_by_role("searchbox", name="Find in the console").fill("0/0")
    expect(console.get_by_text("0/0", exact=True).first).to_be_visible()
    assert console.locator(".text-line").count() < 200


def test_what_the_machine_did_has_its_own_charts(server: Served, page: Page, run: Any) -> None:
    """Keys below system/ are apart from those of the run."""
    client = mlflow.MlflowClient(server.url)
    for step in range(3):
        client.log_metric(run.run_id, "loss", 1 / (step + 1), step=step)
        client.log_metric(run.run_id, "system/cpu_utilization", 10 + step, step=step)
    page.goto(_path(server, run))
    expect(page.get_by_role("row", name=re.compile("^loss"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("cpu_utilization"))).to_have_count(0)
    page.get_by_role("link", name="System").click()
    expect(page.get_by_role("heading", name=re.compile("cpu_utilization"))).to_be_visible()
    expect(page.get_by_role("heading", name="loss")).to_have_count(0)


def test_models_stand_with_their_scores(server: Served, page: Page, run: Any) -> None:
    """Each model of a run with its step, its metrics and the line that loads it."""
    client = mlflow.MlflowClient(server.url)
    page.goto(_path(server, run))
    expect(page.get_by_role("link", name="Overview")).to_be_visible()
    expect(page.get_by_role("link", name="Models", exact=True)).to_have_count(1)  # of the rail
    for step, name in enumerate(("early", "late")):
        model = client.create_logged_model(run.experiment_id, name, run.run_id, params={"a": name})
        client.log_metric(run.run_id, "score", step + 0.5, model_id=model.model_id)
        client.log_outputs(run.run_id, [LoggedModelOutput(model.model_id, step)])
    tab = page.get_by_role("navigation", name="Parts of the run").get_by_role("link", name="Models")
    tab.click()
    models = page.get_by_role("region", name=re.compile("^Model "))
    expect(models).to_have_count(2)
    late = page.get_by_role("region", name="Model late")
    expect(late).to_contain_text("step 1")
    expect(late).to_contain_text(f'load_model("models:/{model.model_id}")')
    expect(late.get_by_role("row", name="score")).to_contain_text("1.5")
    assert _violations(page) == []
