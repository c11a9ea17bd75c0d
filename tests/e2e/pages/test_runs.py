"""The table of runs in a real browser: columns, filters, groups, batches, views, keys, news."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import mlflow
from mlflow._core.tags import HEADRACE_COLOR, MLFLOW_PARENT_RUN_ID
from mlflow.entities import Metric, Param
from tests.e2e.browsers import until
from tests.e2e.pages.looks import DESK, PHONE
from tests.parity.upstream import upstream_python

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from tests.e2e.servers import Served

_MODELS = ("tree", "mlp", "forest")
_MANY = 2_000


@pytest.fixture(scope="module")
def client(server: Served) -> mlflow.MlflowClient:
    """Return a client of the server."""
    return mlflow.MlflowClient(server.url)


@pytest.fixture
def experiment(client: mlflow.MlflowClient, request: pytest.FixtureRequest) -> str:
    """Return an experiment of twelve runs: three models, two metrics, one run without a model."""
    made = client.create_experiment(f"runs of {request.node.name}")
    for number in range(12):
        run = client.create_run(made, start_time=number + 1, run_name=f"r{number}").info.run_id
        points = [Metric("loss", value, 1, step) for step, value in enumerate((9, number / 2))]
        params = [Param("lr", str(number)), Param("same", "x")]
        if number != 11:
            params.append(Param("model", _MODELS[number % 3]))
        client.log_batch(run, [*points, Metric("acc", number / 10, 1, 0)], params)
        client.set_terminated(run, "FAILED" if number == 4 else "FINISHED", end_time=5000)
    return made


def _open(page: Page, server: Served, experiment: str, query: str = "") -> Locator:
    page.goto(f"{server.url}/#/experiments/{experiment}?{query or 'view=table'}")
    table = page.get_by_role("table", name="Runs")
    expect(table.get_by_role("link").first).to_be_visible()
    return table


def _names(table: Locator) -> Locator:
    return table.get_by_role("link")


def _fields(page: Page) -> dict[str, str]:
    found = parse_qs(page.evaluate("location.hash.split('?')[1] || ''"))
    return {name: values[0] for name, values in found.items()}


def _cell(table: Locator, run: str, column: str) -> Locator:
    titles = table.get_by_role("columnheader")
    place = next(
        titles.nth(at).get_attribute("aria-colindex")
        for at in range(titles.count())
        if titles.nth(at).get_attribute("title") == column
    )
    row = table.get_by_role("row").filter(has=table.page.get_by_role("link", name=run, exact=True))
    return row.locator(f"[role=cell][aria-colindex='{place}']")


def _menu(page: Page, table: Locator, column: str, item: str) -> None:
    table.get_by_role("columnheader", name=column).first.hover()
    table.get_by_role("button", name=f"Menu of {column}", exact=True).click()
    page.get_by_role("menu").get_by_text(item, exact=True).click()


def test_first_rows_come_before_the_others(
    server: Served, page: Page, client: mlflow.MlflowClient
) -> None:
    """A small question brings the first with the true count; all can be scrolled to."""
    made = client.create_experiment("many runs")
    for number in range(_MANY):
        client.create_run(made, start_time=number, run_name=f"run {number}")
    asked: list[dict[str, Any]] = []
    page.on("request", lambda sent: _note_table(asked, sent))
    table = _open(page, server, made)
    expect(page.get_by_text("2,000 runs")).to_be_visible()
    expect(_names(table).first).to_have_text(f"run {_MANY - 1}")
    expect(table).to_have_attribute("aria-rowcount", str(_MANY + 1))
    assert asked[0]["max_results"] == 200
    assert table.get_by_role("row").count() < 80
    table.evaluate("table => { table.scrollTop = table.scrollHeight }")
    expect(table.get_by_role("link", name="run 0", exact=True)).to_be_visible()
    assert table.get_by_role("row").count() < 80


def _note_table(asked: list[dict[str, Any]], sent: Any) -> None:
    if sent.url.endswith("/runs/table"):
        asked.append(json.loads(sent.post_data))


def test_a_column_is_fetched_by_itself(server: Served, page: Page, experiment: str) -> None:
    """A column that is added is asked for alone, without the rows that are there."""
    table = _open(page, server, experiment)
    expect(table.get_by_role("columnheader", name="same")).to_have_count(0)
    asked: list[dict[str, Any]] = []
    page.on("request", lambda sent: _note_table(asked, sent))
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("searchbox", name="Find metrics and params").fill("sme")
    page.get_by_role("checkbox", name="params.same").check()
    page.keyboard.press("Escape")
    expect(_cell(table, "r3", "same")).to_have_text("x")
    # What is told live is asked for by its ids, and may come between.
    (one,) = [one for one in asked if "run_id IN" not in one.get("filter", "")]
    assert (one["columns"], one["ids_only"]) == (["params.same"], True)
    until(lambda: "params.same" in _fields(page).get("columns", ""), wanted=True)


def test_thousands_of_keys_are_never_loaded(
    server: Served, page: Page, client: mlflow.MlflowClient
) -> None:
    """The picker says how many keys there are, and finds one that is not in its list."""
    made = client.create_experiment("many keys")
    run = client.create_run(made).info.run_id
    for start in range(0, 3000, 1000):
        client.log_batch(
            run, [Metric(f"layer/{n}/norm", n, 1, 0) for n in range(start, start + 1000)]
        )
    table = _open(page, server, made)
    page.get_by_role("button", name="Columns").click()
    expect(page.get_by_text(re.compile(r"2,80\d more: type to find them"))).to_be_visible()
    page.get_by_role("searchbox", name="Find metrics and params").fill("2987")
    page.get_by_role("checkbox", name="layer/2987/norm").check()
    expect(table.get_by_role("columnheader", name="…/2987/norm")).to_be_visible()
    expect(table.locator("[title='2987']")).to_have_text("2987")


def test_several_keys_order_the_runs(server: Served, page: Page, experiment: str) -> None:
    """A click orders by one column, with Shift by another after it; the address says so."""
    table = _open(page, server, experiment, 'view=table&columns=["params.model","metrics.loss"]')
    table.get_by_role("button", name="model", exact=True).click()
    table.get_by_role("button", name="loss", exact=True).click(modifiers=["Shift"])
    expect(_names(table)).to_have_text(
        ["r9", "r6", "r3", "r0", "r10", "r7", "r4", "r1", "r8", "r5", "r2", "r11"]
    )
    until(lambda: _fields(page).get("order"), "params.model DESC, metrics.loss DESC")
    head = table.get_by_role("columnheader", name="loss")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(head).to_contain_text("↓2")
    _menu(page, table, "model", "Sort low to high")
    expect(_names(table).first).to_have_text("r8")


def test_a_column_shows_the_least_moves_and_stays_in_sight(
    server: Served, page: Page, experiment: str
) -> None:
    """The menu of a column: its minimum, its place, its width, and out of the table."""
    table = _open(
        page, server, experiment, 'view=table&columns=["params.lr","metrics.loss","metrics.acc"]'
    )
    expect(_cell(table, "r2", "loss")).to_have_text("1")
    _menu(page, table, "loss", "Show the maximum")
    expect(_cell(table, "r2", "max of loss")).to_have_text("9")
    _menu(page, table, "acc", "Keep in sight")
    heads = table.get_by_role("columnheader")
    expect(heads.nth(1)).to_have_attribute("title", "acc")
    expect(heads.nth(1)).to_have_class(re.compile("sticky"))
    _menu(page, table, "lr", "Move right")
    expect(heads.nth(3)).to_have_attribute("title", "lr")
    before = heads.nth(2).bounding_box()
    _menu(page, table, "max of loss", "Wider")
    page.wait_for_function(
        "before => document.querySelectorAll('[role=columnheader]')[2].offsetWidth > before + 30",
        arg=before and before["width"],
    )
    _menu(page, table, "lr", "Hide")
    expect(heads).to_have_count(3)
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(other.get_by_role("columnheader").nth(1)).to_have_attribute("title", "acc")
    until(lambda: set(_fields(page)) >= {"columns", "stick", "widths"}, wanted=True)


def test_runs_are_ordered_by_extremes_and_durations(
    server: Served, page: Page, client: mlflow.MlflowClient, request: pytest.FixtureRequest
) -> None:
    """What a column shows is what it sorts by: the least or greatest value, how long a run took."""
    made = client.create_experiment(f"order of {request.node.name}")
    histories = {"low": (4.0, 0.5, 3.0), "mid": (2.0, 1.0), "high": (9.0, 1.0, 1.5), "none": ()}
    for number, (name, values) in enumerate(histories.items()):
        run = client.create_run(made, start_time=number + 1, run_name=name).info.run_id
        client.log_batch(run, [Metric("loss", value, 1, at) for at, value in enumerate(values)])
        if name != "none":
            client.set_terminated(run, end_time=1_000 * (number % 2 + 1) + number + 1)
    table = _open(page, server, made, 'view=table&columns=["metrics.loss","attributes.duration"]')
    head = table.get_by_role("columnheader", name="loss")
    _menu(page, table, "loss", "Sort low to high")
    expect(_names(table)).to_have_text(["mid", "high", "low", "none"])
    # A column that shows something else takes its place in the order along.
    _menu(page, table, "loss", "Show the minimum")
    expect(_names(table)).to_have_text(["low", "high", "mid", "none"])
    expect(head).to_have_attribute("title", "min of loss")
    expect(head).to_have_attribute("aria-sort", "ascending")
    table.get_by_role("button", name="Duration", exact=True).click(modifiers=["Shift"])
    expect(head).to_contain_text("↑1")
    expect(_names(table)).to_have_text(["low", "mid", "high", "none"])
    assert _fields(page)["order"] == "min:metrics.loss ASC, attributes.duration DESC"
    # Whoever opens the address sees the same.
    other = page.context.new_page()
    other.goto(page.url)
    there = other.get_by_role("table", name="Runs")
    expect(_names(there)).to_have_text(["low", "mid", "high", "none"])
    expect(there.get_by_role("columnheader", name="Duration")).to_contain_text("↓2")
    other.close()
    _menu(page, table, "min of loss", "Show the maximum")
    expect(_names(table)).to_have_text(["mid", "low", "high", "none"])
    table.get_by_role("button", name="Duration", exact=True).click()
    expect(_names(table)).to_have_text(["high", "low", "mid", "none"])
    expect(table.get_by_role("columnheader", name="Duration")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_a_saved_view_keeps_an_order_by_an_extreme(
    server: Served, page: Page, experiment: str
) -> None:
    """A view that was saved brings the order back, and the menu of the eyes has the longest."""
    table = _open(page, server, experiment, 'view=table&columns=["max:metrics.loss"]')
    table.get_by_role("button", name="max loss", exact=True).click()
    head = table.get_by_role("columnheader", name="max loss")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Views").click()
    form = page.get_by_role("dialog", name="Views")
    form.get_by_label("Name of the view").fill("by the greatest")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("link", name="by the greatest")).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    table.get_by_role("button", name=re.compile("^Run · ")).click()
    page.get_by_role("menu").get_by_text("Sort longest first", exact=True).click()
    expect(_names(table).first).to_have_text("r0")
    expect(head).not_to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Views").click()
    form.get_by_role("link", name="by the greatest").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert _fields(page)["order"] == "max:metrics.loss DESC"


def test_a_column_is_pulled_and_dragged(server: Served, page: Page, experiment: str) -> None:
    """The edge of a head changes its width, and a head dropped on another takes its place."""
    table = _open(page, server, experiment, 'columns=["metrics.loss","metrics.acc","params.lr"]')
    heads = table.get_by_role("columnheader")
    box = heads.nth(1).locator(".head-edge").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 63, box["y"] + 5, steps=4)
    page.mouse.up()
    page.wait_for_function("location.hash.includes('widths')")
    assert json.loads(_fields(page)["widths"]) == {"metrics.loss": 160}
    heads.nth(3).drag_to(heads.nth(1))
    expect(heads.nth(1)).to_have_attribute("title", "lr")


def test_only_columns_that_differ(server: Served, page: Page, experiment: str) -> None:
    """Columns that say the same in all shown runs are left out, until runs differ in them."""
    table = _open(page, server, experiment, 'columns=["params.same","params.model"]')
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Only columns that differ").check()
    expect(table.get_by_role("columnheader", name="same")).to_have_count(0)
    expect(table.get_by_role("columnheader", name="model")).to_be_visible()


def test_a_baseline_shows_how_far_others_are(server: Served, page: Page, experiment: str) -> None:
    """Deltas are signed and in percent, without a judgement until the better way is known."""
    table = _open(page, server, experiment, 'columns=["metrics.loss"]')
    table.get_by_role("link", name="r4", exact=True).hover()
    table.get_by_role("button", name="Menu of r4").click()
    page.get_by_role("menuitemcheckbox", name="Baseline").click()
    delta = _cell(table, "r5", "loss").locator(".delta")
    expect(delta).to_have_text("+0.5 (+25 %)")
    expect(delta).to_have_class("delta")
    expect(_cell(table, "r4", "loss").locator(".delta")).to_have_text("")
    _menu(page, table, "loss", "Lower is better")
    expect(delta).to_have_class("delta bad")
    expect(delta).to_contain_text("▲")
    expect(_cell(table, "r3", "loss").locator(".delta")).to_have_class("delta good")
    until(lambda: json.loads(_fields(page).get("better", "{}")), {"loss": "down"})
    # Another takes its place, and it stays at hand.
    table.get_by_role("button", name="Menu of r2").click(force=True)
    page.get_by_role("menuitemcheckbox", name="Baseline").click()
    expect(delta).to_contain_text("+1.5 (+150 %)")
    expect(_names(table).first).to_have_text("r4")


def test_the_query_line_completes_and_says_what_is_wrong(
    server: Served, page: Page, experiment: str
) -> None:
    """Keys, operators and values are offered as one types; mistakes are shown at their place."""
    table = _open(page, server, experiment)
    query = page.get_by_role("combobox", name="Query")
    hints = page.get_by_role("listbox", name="What may follow")
    query.press_sequentially("params.mod")
    expect(hints.get_by_role("option").first).to_have_text("params.model")
    query.press("ArrowDown")
    query.press("Enter")
    expect(query).to_have_value("params.model ")
    expect(hints.get_by_role("option", name="NOT LIKE", exact=True)).to_be_visible()
    query.press_sequentially("= ")
    hints.get_by_role("option", name="'tree'").click()
    expect(query).to_have_value("params.model = 'tree' ")
    expect(page.get_by_text("4 of 12 runs")).to_be_visible()
    expect(_names(table)).to_have_text(["r9", "r6", "r3", "r0"])
    query.fill("params.model = tree")
    query.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Position 16: found “tree”, expected text in quotes")
    expect(query).to_have_attribute("aria-invalid", "true")
    expect(alert.locator("mark")).to_have_text("t")
    query.fill("")
    expect(page.get_by_text("12 runs")).to_be_visible()


def test_a_filter_is_built_by_hand(server: Served, page: Page, experiment: str) -> None:
    """Tests and groups of tests become the query, at once; a query becomes tests and groups."""
    table = _open(page, server, experiment)
    page.get_by_role("button", name="Build a filter").click()
    form = page.get_by_role("dialog", name="Build a filter")
    form.get_by_role("button", name="New filter").click()
    form.get_by_role("combobox", name="Field").fill("metrics.loss")
    form.get_by_role("combobox", name="Field").press("Enter")
    form.get_by_role("combobox", name="Operator").select_option(">=")
    form.get_by_label("Value", exact=True).fill("4")
    query = page.get_by_role("combobox", name="Query")
    expect(query).to_have_value("metrics.loss >= 4")
    expect(_names(table)).to_have_text(["r11", "r10", "r9", "r8"])
    form.get_by_role("button", name="New group").click()
    expect(query).to_have_value(
        "metrics.loss >= 4 AND (attributes.status = 'FINISHED' OR attributes.status = 'FINISHED')"
    )
    form.get_by_role("combobox", name="How the filters are joined").nth(1).select_option("none")
    expect(query).to_have_value(re.compile(r"AND NOT \(attributes.status"))
    page.keyboard.press("Escape")
    query.fill("params.model = 'mlp' OR metrics.acc > 1")
    query.press("Enter")
    expect(_names(table)).to_have_text(["r11", "r10", "r7", "r4", "r1"])
    page.get_by_role("button", name="Build a filter").click()
    expect(form.get_by_role("combobox", name="How the filters")).to_have_value("or")
    expect(form.get_by_role("combobox", name="Field")).to_have_count(2)
    form.get_by_role("button", name="Remove the filter of model").click()
    expect(query).to_have_value("metrics.acc > 1")


def test_switches_narrow_the_runs(server: Served, page: Page, experiment: str) -> None:
    """Failed runs are hidden, and one person's shown, without touching the query."""
    _open(page, server, experiment)
    page.get_by_role("button", name="Arrange").click()
    page.get_by_role("checkbox", name="Hide failed and killed runs").check()
    expect(page.get_by_text("11 of 12 runs")).to_be_visible()
    page.get_by_label("Only runs of").select_option(index=1)
    expect(page.get_by_text("11 of 12 runs")).to_be_visible()
    until(lambda: {"failed", "mine", "filter"} & set(_fields(page)), {"failed", "mine"})


def test_chosen_runs_are_compared_tagged_and_archived(
    server: Served, page: Page, experiment: str, client: mlflow.MlflowClient
) -> None:
    """Choosing is apart from showing; a batch names its runs, and the archive gives them back."""
    table = _open(page, server, experiment)
    table.get_by_role("checkbox", name="Choose r9").click()
    table.get_by_role("checkbox", name="Choose r6").click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Chosen runs")
    expect(bar).to_contain_text("4 chosen")
    expect(bar.get_by_role("link", name="Compare 4")).to_be_visible()
    expect(page.locator("[aria-pressed=true].eye")).to_have_count(10)
    bar.get_by_role("button", name="Tag").click()
    page.get_by_label("Tag", exact=True).fill("reviewed")
    page.get_by_label("Value", exact=True).fill("yes")
    page.get_by_role("dialog").get_by_role("button", name="Tag").click()
    expect(page.get_by_text("4 runs tagged with reviewed.")).to_be_visible()
    until(lambda: len(client.search_runs([experiment], "tags.reviewed = 'yes'")), 4)
    table.get_by_role("checkbox", name="Choose all matching runs").check()
    expect(bar).to_contain_text("12 chosen")
    table.get_by_role("checkbox", name="Choose all matching runs").uncheck()
    table.get_by_role("checkbox", name="Choose r9").check()
    table.get_by_role("checkbox", name="Choose r8").check()
    bar.get_by_role("button", name="Archive").click()
    question = page.get_by_role("dialog", name="Archive runs")
    expect(question).to_contain_text("r9")
    question.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("10 runs")).to_be_visible()
    expect(table.get_by_role("link", name="r9", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("12 runs")).to_be_visible()
    expect(table.get_by_role("link", name="r9", exact=True)).to_be_visible()


def test_archived_runs_are_restored(
    server: Served, page: Page, experiment: str, client: mlflow.MlflowClient
) -> None:
    """The archive is a view of its own, where runs are restored, and not deleted from a page."""
    (run,) = client.search_runs([experiment], "attributes.run_name = 'r5'")
    client.delete_run(run.info.run_id)
    _open(page, server, experiment)
    page.get_by_role("button", name="Arrange").click()
    page.get_by_role("checkbox", name="Archived runs").check()
    expect(page.get_by_text("1 archived run")).to_be_visible()
    page.keyboard.press("Escape")
    table = page.get_by_role("table", name="Runs")
    table.get_by_role("checkbox", name="Choose r5").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(f"mlflow gc --run-ids {run.info.run_id}")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("No archived runs")).to_be_visible()
    page.get_by_role("button", name="Show the runs that are not archived").click()
    expect(page.get_by_text("12 runs")).to_be_visible()


def test_runs_are_exported(server: Served, page: Page, experiment: str, tmp_path: Path) -> None:
    """CSV and Parquet hold the chosen runs with the visible columns; Markdown is copied."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    table = _open(page, server, experiment, 'columns=["metrics.loss","params.model"]')
    table.get_by_role("checkbox", name="Choose all matching runs").check()
    bar = page.get_by_role("region", name="Chosen runs")

    def export(kind: str) -> Path:
        bar.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=kind).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    rows = list(csv.DictReader(io.StringIO(export("CSV").read_text("utf-8"))))
    assert len(rows) == 12
    assert rows[0]["run_name"] == "r11"
    assert (rows[1]["metrics.loss"], rows[1]["params.model"]) == ("5", "mlp")
    assert rows[0]["params.model"] == ""
    program = (
        "import json, sys, pyarrow.parquet as p;"
        "print(json.dumps(p.read_table(sys.argv[1]).select(['run_name', 'metrics.loss',"
        " 'params.model']).to_pylist()[:2]))"
    )
    path = export("Parquet")
    found = subprocess.run(
        [upstream_python(), "-c", program, path], capture_output=True, text=True, check=True
    )
    assert json.loads(found.stdout) == [
        {"run_name": "r11", "metrics.loss": 5.5, "params.model": None},
        {"run_name": "r10", "metrics.loss": 5.0, "params.model": "mlp"},
    ]
    bar.get_by_role("button", name="Export").click()
    page.get_by_role("menuitem", name="Copy as Markdown").click()
    expect(page.get_by_text("12 runs on the clipboard as Markdown.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0].startswith("| run_id | run_name |")
    assert len(copied.splitlines()) == 14


def test_several_experiments_together(
    server: Served, page: Page, experiment: str, client: mlflow.MlflowClient
) -> None:
    """Runs of several experiments say of which they are, and all are exported without a choice."""
    other = client.create_experiment("the other one")
    client.create_run(other, run_name="elsewhere")
    table = _open(page, server, f"{experiment},{other}")
    expect(page.get_by_role("heading", name="2 experiments")).to_be_visible()
    expect(page.get_by_text("13 runs")).to_be_visible()
    expect(_cell(table, "elsewhere", "Experiment")).to_have_text("the other one")
    page.get_by_role("button", name="Arrange").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text("utf-8").splitlines()
    assert len(lines) == 14
    assert "elsewhere" in lines[1]


def test_the_eyes_have_rules(server: Served, page: Page, experiment: str) -> None:
    """The first so many, all, none, only the running; and only one, from its menu."""
    table = _open(page, server, experiment)
    seen = page.locator("[aria-pressed=true].eye")
    expect(seen).to_have_count(10)
    for rule, count in (("First 5 of this order", 5), ("All", 12), ("Only running", 0)):
        table.get_by_role("button", name=re.compile("in charts ▾")).click()
        page.get_by_role("menuitemcheckbox", name=rule).click()
        expect(seen).to_have_count(count)
    table.get_by_role("button", name=re.compile("in charts ▾")).click()
    page.get_by_role("menuitemcheckbox", name="Sort by name").click()
    expect(_names(table).nth(2)).to_have_text("r10")
    table.get_by_role("button", name="Menu of r7").click(force=True)
    page.get_by_role("menuitem", name="Show only this in charts").click()
    expect(seen).to_have_count(1)
    expect(page.get_by_role("button", name="Show r7 in charts")).to_have_attribute(
        "aria-pressed", "true"
    )
    until(lambda: _fields(page).get("show"), "none")


def test_child_runs_stand_below_their_parents(
    server: Served, page: Page, experiment: str, client: mlflow.MlflowClient
) -> None:
    """Children are indented, closed with their parent, or listed as the others are."""
    runs = {run.info.run_name: run.info.run_id for run in client.search_runs([experiment])}
    for child, parent in (("r9", "r0"), ("r7", "r0"), ("r8", "r9")):
        client.set_tag(runs[child], MLFLOW_PARENT_RUN_ID, runs[parent])
    table = _open(page, server, experiment)
    expect(_names(table)).to_have_text(
        ["r11", "r10", "r6", "r5", "r4", "r3", "r2", "r1", "r0", "r9", "r8", "r7"]
    )
    expect(table.get_by_role("link", name="r8", exact=True)).to_have_attribute("data-level", "2")
    table.get_by_role("button", name="Close r0").click()
    expect(_names(table)).to_have_count(9)
    page.reload()
    expect(_names(table)).to_have_count(9)
    page.get_by_role("button", name="Arrange").click()
    page.get_by_label("Child runs").select_option("flat")
    expect(_names(table).nth(2)).to_have_text("r9")
    expect(_names(table)).to_have_count(12)


def test_groups_have_statistics_and_open_by_criteria(
    server: Served, page: Page, experiment: str, client: mlflow.MlflowClient
) -> None:
    """A group says mean, spread and count; what has no value is one; a group becomes a query."""
    table = _open(page, server, experiment, 'columns=["metrics.loss"]')
    page.get_by_role("button", name="Arrange").click()
    add = page.get_by_role("combobox", name="Add a param, tag or attribute")
    add.fill("params.model")
    add.press("Enter")
    groups = table.locator(".grid-row.group")
    expect(groups).to_have_count(4)
    expect(groups.locator(".group-name")).to_have_text(
        ["model forest", "model mlp", "model tree", "model (none)"]
    )
    # Losses of 1, 2.5 and 4: mean 2.5, deviation 1.5, 1.96 * 1.5 / sqrt(3) = 1.697.
    forest = groups.first.locator("[role=cell]").nth(1)
    expect(forest).to_have_text("2.5 ± 1.697")
    title = "mean 2.5, min 1, max 4, std 1.5, 95 % CI ±1.697, of 3"
    expect(forest.locator("span").first).to_have_attribute("title", title)
    page.get_by_label("Beside the mean").select_option("range")
    expect(forest).to_have_text("2.5 1 \u2013 4")
    page.keyboard.press("Escape")
    table.get_by_role("button", name="Open model forest").click()
    expect(_names(table)).to_have_text(["r8", "r5", "r2"])
    late = client.create_run(experiment, run_name="late").info.run_id
    client.log_param(late, "model", "forest")
    expect(_names(table)).to_have_text(["late", "r8", "r5", "r2"])
    groups.last.get_by_role("button", name="Menu of (none)").click(force=True)
    page.get_by_role("menuitem", name="Open as a query").click()
    expect(page.get_by_role("combobox", name="Query")).to_have_value("params.model IS NULL")
    expect(_names(table)).to_have_text(["r11"])


def test_pinned_runs_stand_above_the_others(server: Served, page: Page, experiment: str) -> None:
    """A pinned run stays in sight whatever the query and the scroll are."""
    table = _open(page, server, experiment)
    table.get_by_role("button", name="Menu of r2").click(force=True)
    page.get_by_role("menuitemcheckbox", name="Pin above the others").click()
    expect(_names(table).first).to_have_text("r2")
    expect(_names(table)).to_have_count(12)
    query = page.get_by_role("combobox", name="Query")
    query.fill("metrics.loss > 5")
    query.press("Enter")
    expect(_names(table)).to_have_text(["r2", "r11"])
    page.reload()
    expect(_names(table)).to_have_text(["r2", "r11"])


def test_a_colour_is_kept_for_everybody(
    server: Served, page: Page, experiment: str, client: mlflow.MlflowClient
) -> None:
    """A colour that was chosen is a tag of the run, and can be taken back."""
    table = _open(page, server, experiment)
    dot = table.get_by_role("button", name="Colour of r3")
    before = dot.evaluate("dot => dot.style.color")
    dot.click()
    page.get_by_role("button", name="#1f9aa8").click()
    expect(dot).to_have_css("color", "rgb(31, 154, 168)")
    expect(page.get_by_text("has another colour")).to_be_visible()
    (run,) = client.search_runs([experiment], "attributes.run_name = 'r3'")
    assert run.data.tags[HEADRACE_COLOR] == "#1f9aa8"
    page.reload()
    expect(dot).to_have_css("color", "rgb(31, 154, 168)")
    dot.click()
    page.get_by_role("button", name="The colour of its id").click()
    page.wait_for_function(
        "was => [...document.querySelectorAll('.color')].some(dot => dot.style.color === was)",
        arg=before,
    )
    expect(dot).to_have_css("color", before)


def test_runs_that_are_shown_have_colours_of_their_own(
    server: Served, page: Page, client: mlflow.MlflowClient, request: pytest.FixtureRequest
) -> None:
    """No two of 24 look the same, and each looks the same again after a reload."""
    made = client.create_experiment(request.node.name)
    for number in range(24):
        client.create_run(made, start_time=number + 1, run_name=f"c{number}")
    table = _open(page, server, made, "view=table&show=all")
    expect(page.get_by_text("24 runs")).to_be_visible()
    dots = table.locator(".color:not(.off)")
    expect(dots).to_have_count(24)
    of_dots = "dots => dots.map(dot => dot.style.color)"
    before = dots.evaluate_all(of_dots)
    assert len(set(before)) == 24
    page.reload()
    expect(dots).to_have_count(24)
    assert dots.evaluate_all(of_dots) == before


def test_views_are_saved_and_shared(
    server: Served, page: Page, browser: Browser, experiment: str
) -> None:
    """One's own view comes back from this browser, a shared one in anybody's."""
    _open(page, server, experiment, "order=metrics.loss+ASC&filter=metrics.acc+>+0.5")
    page.get_by_role("button", name="Views").click()
    form = page.get_by_role("dialog", name="Views")
    form.get_by_label("Name of the view").fill("good ones")
    form.get_by_role("button", name="Save").click()
    form.get_by_label("Name of the view").fill("for all")
    form.get_by_role("checkbox", name="For everybody").check()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("link", name="for all")).to_be_visible()
    page.keyboard.press("Escape")
    _open(page, server, experiment)
    page.get_by_role("button", name="Views").click()
    form.get_by_role("link", name="good ones").click()
    expect(page.get_by_text("6 of 12 runs")).to_be_visible()
    other = browser.new_context(viewport=DESK)
    elsewhere = other.new_page()
    elsewhere.goto(f"{server.url}/#/experiments/{experiment}")
    elsewhere.get_by_role("button", name="Views").click()
    views = elsewhere.get_by_role("dialog", name="Views")
    expect(views.get_by_role("link", name="good ones")).to_have_count(0)
    views.get_by_role("link", name="for all").click()
    expect(elsewhere.get_by_text("6 of 12 runs")).to_be_visible()
    elsewhere.keyboard.press("Escape")
    elsewhere.get_by_role("button", name="Views").click()
    views.get_by_role("button", name="Delete the view for all").click()
    expect(views.get_by_role("link", name="for all")).to_have_count(0)
    gone = elsewhere.get_by_role("region", name="Messages")
    gone.get_by_role("button", name="Undo").click()
    elsewhere.get_by_role("button", name="Views").click()
    expect(views.get_by_role("link", name="for all")).to_be_visible()
    other.close()


def test_columns_are_found_again(server: Served, page: Page, experiment: str) -> None:
    """What one chose is there without an address, and stands in the address again."""
    table = _open(page, server, experiment, 'view=table&columns=["params.same","params.lr"]')
    _menu(page, table, "lr", "Hide")
    page.goto("about:blank")
    table = _open(page, server, experiment, "order=params.lr+ASC")
    expect(table.get_by_role("columnheader", name="loss")).to_be_visible()
    page.goto("about:blank")
    page.goto(f"{server.url}/#/experiments/{experiment}")
    expect(table.get_by_role("columnheader", name="same")).to_be_visible()
    expect(table.get_by_role("columnheader", name="loss")).to_have_count(0)
    until(lambda: json.loads(_fields(page).get("columns", "[]")), ["params.same"])


def test_the_table_is_walked_by_keys(server: Served, page: Page, experiment: str) -> None:
    """j, k, x, e, p, m and Enter, the divider, and table or charts, without a pointer."""
    table = _open(page, server, experiment, "filter=metrics.acc+>+0.5")
    expect(_names(table)).to_have_count(6)
    page.keyboard.press("j")
    expect(table.locator("[data-key]:focus")).to_contain_text("r11")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(table.locator("[data-key]:focus")).to_contain_text("r10")
    page.keyboard.press("x")
    expect(table.get_by_role("checkbox", name="Choose r10")).to_be_checked()
    page.keyboard.press("e")
    expect(table.get_by_role("button", name="Show r10 in charts")).to_have_attribute(
        "aria-pressed", "false"
    )
    page.keyboard.press("m")
    expect(page.get_by_role("menu", name="Menu of r10")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemcheckbox", name="Pin above")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    charts = page.get_by_role("region", name="Charts")
    expect(charts).to_be_visible()
    page.keyboard.press("Control+j")
    expect(charts).to_have_count(0)
    page.keyboard.press("Control+j")
    expect(charts).to_be_visible()
    expect(table).to_have_count(0)
    page.get_by_role("button", name="Both").click()
    divider = page.get_by_role("separator", name="Width of the table")
    before = divider.get_attribute("aria-valuenow")
    divider.focus()
    page.keyboard.press("ArrowLeft")
    expect(divider).to_have_attribute("aria-valuenow", str(int(before or "0") - 5))
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Query")).to_be_focused()
    table.locator("[data-key]").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="r11")).to_be_visible()
    page.go_back()
    expect(table).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Models")).to_be_visible()


def test_live_changes_keep_the_place(
    server: Served, page: Page, client: mlflow.MlflowClient
) -> None:
    """New runs come in above without moving what is read; in another order a chip offers them."""
    made = client.create_experiment("live table")
    runs = [
        client.create_run(made, start_time=number, run_name=f"old {number}").info.run_id
        for number in range(120)
    ]
    client.log_metric(runs[60], "loss", 0.5)
    table = _open(page, server, made, 'view=table&columns=["metrics.loss"]')
    expect(page.get_by_title("Live: changes appear by themselves")).to_be_visible()
    table.evaluate("table => { table.scrollTop = 1400 }")
    kept = table.get_by_role("link", name="old 60", exact=True)
    expect(kept).to_be_visible()
    table.get_by_role("checkbox", name="Choose old 60").check()
    before = kept.bounding_box()
    for number in range(3):
        client.create_run(made, run_name=f"new {number}")
    expect(page.get_by_text("123 runs")).to_be_visible()
    until(kept.bounding_box, before)
    expect(table.get_by_role("checkbox", name="Choose old 60")).to_be_checked()
    client.log_metric(runs[60], "loss", 0.25, step=1)
    expect(table.locator(".flash")).to_have_text("0.25")
    page.goto(f"{server.url}/#/experiments/{made}?order=metrics.loss+DESC")
    expect(_names(table).first).to_have_text("old 60")
    late = client.create_run(made, run_name="best").info.run_id
    client.log_metric(late, "loss", 9)
    page.get_by_role("button", name="1 new run").click()
    expect(_names(table).first).to_have_text("best")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_what_opens(
    server: Served, browser: Browser, experiment: str, scheme: Any
) -> None:
    """axe finds nothing in the table with a baseline and groups, in its menus and its forms."""
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    table = _open(page, server, experiment, "better={%22loss%22:%22down%22}")
    _check(page)
    table.get_by_role("checkbox", name="Choose r9").check()
    table.get_by_role("button", name="Menu of r4").click(force=True)
    _check(page)
    page.get_by_role("menuitemcheckbox", name="Baseline").click()
    for name in ("Columns", "Arrange", "Views", "Build a filter"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".popup")).to_be_visible()
        _check(page)
        page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Query").fill("params.model = ")
    expect(page.get_by_role("option").first).to_be_visible()
    _check(page)
    page.goto(f"{server.url}/#/experiments/{experiment}?group=[%22params.model%22]")
    expect(page.locator(".grid-row.group").first).to_be_visible()
    _check(page)
    context.close()


def _check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_shows_the_runs(server: Served, browser: Browser, experiment: str) -> None:
    """On a narrow screen the query has a line of its own and nothing is wider than the screen."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    _open(page, server, experiment)
    box = page.get_by_role("combobox", name="Query").bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    context.close()
