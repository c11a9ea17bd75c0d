"""Hostile texts in every field of a run: none runs, and the policy has nothing to refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

import mlflow
from mlflow.entities import Param, RunTag
from tests.e2e.pages.looks import DESK
from tests.e2e.pages.payloads import PAYLOADS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.servers import Served

_WATCH = """
window.refused = [];
const note = one => window.refused.push(one.violatedDirective);
document.addEventListener('securitypolicyviolation', note);
"""
_FOREIGN = "script:not([src]), iframe, object, embed, base, form[action], [onerror], [onload]"


def _calm(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert page.title() == "Headrace"
    assert page.evaluate("window.refused") == []
    assert page.locator(f"#root :is({_FOREIGN})").count() == 0
    hrefs = page.locator("#root a").evaluate_all("all => all.map(one => one.protocol)")
    assert set(hrefs) <= {"http:", "https:"}


def test_two_hundred_texts_stay_texts(server: Served, browser: Browser) -> None:
    """Name, params, tags, note, console, an MLmodel, Markdown and JSON with all of them."""
    assert len(PAYLOADS) >= 200
    client = mlflow.MlflowClient(server.url)
    experiment = client.create_experiment("hostile texts")
    runs = [client.create_run(experiment, run_name=PAYLOADS[at]).info.run_id for at in (0, 199)]
    text = "\n\n".join(PAYLOADS)
    for run in runs:
        for at in range(0, len(PAYLOADS), 50):
            some = list(enumerate(PAYLOADS))[at : at + 50]
            params = [Param(f"p{number}", one) for number, one in some]
            tags = [RunTag(f"t{number}", one) for number, one in some]
            client.log_batch(run, params=params, tags=tags)
        client.set_tag(run, "mlflow.note.content", text)
        client.set_tag(run, "mlflow.source.name", PAYLOADS[1])
        client.log_text(run, text, "read.md")
        client.log_text(run, f"flavors:\n  python_function: {text}\n", "model/MLmodel")
        client.log_dict(run, {one: one for one in PAYLOADS}, "tree.json")
        chunk = {"stream": "stdout", "sequence": 1, "time_ms": 1, "text": text}
        path = f"{server.prefix}/api/headrace/runs/log-console"
        assert server.ask("POST", path, {"run_id": run, "chunks": [chunk]}).status == 200
    context = browser.new_context(viewport=DESK)
    context.add_init_script(_WATCH)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(f"{server.url}/#/experiments/{experiment}/runs/{runs[0]}")
    expect(page.locator(".markdown")).to_contain_text("onerror")
    _calm(page)
    for _ in range(3):
        more = page.get_by_role("button", name="Show").first
        if more.count():
            more.click()
    _calm(page)
    page.get_by_role("button", name="Edit the note").click()
    expect(page.get_by_role("region", name="Preview of the note")).to_contain_text("onerror")
    _calm(page)
    base = f"{server.url}/#/experiments/{experiment}/runs/{runs[0]}?tab="
    for tab in ("console", "artifacts&path=read.md", "artifacts&path=tree.json"):
        page.goto(base + tab)
        expect(page.locator(".run .content")).to_contain_text("taken")
        _calm(page)
    page.goto(f"{base}artifacts&path=model/MLmodel")
    expect(page.get_by_role("region", name="Content of MLmodel")).to_contain_text("taken")
    _calm(page)
    for tab in ("&all=1", "&tab=code", "&tab=artifacts&path=read.md"):
        page.goto(f"{server.url}/#/compare-runs?runs={','.join(runs)}{tab}")
        expect(page.get_by_role("heading", name="Compare 2 runs")).to_be_visible()
        _calm(page)
    page.goto(f"{server.url}/#/experiments/{experiment}")
    expect(page.get_by_text("2 runs")).to_be_visible()
    _calm(page)
    assert [url for url in asked if not url.startswith(server.url)] == []
    context.close()
