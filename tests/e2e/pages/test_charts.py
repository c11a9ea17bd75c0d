"""Charts of runs in a real browser: what is drawn, zoomed, laid out and shared by an address."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import mlflow
from mlflow.entities import Metric
from tests.e2e.pages.looks import DESK

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.e2e.servers import Served

POINTS = 20_000


@pytest.fixture(scope="module")
def charted(server: Served) -> str:
    """Return the address of an experiment with long lines, short ones and odd values."""
    client = mlflow.MlflowClient(server.url)
    experiment = client.create_experiment("charted")
    for number in range(3):
        run = client.create_run(experiment, run_name=f"line {number}").info.run_id
        client.log_param(run, "optimizer", ("adam", "sgd", "adam")[number])
        for start in range(0, POINTS, 1000):
            steps = range(start, start + 1000)
            client.log_batch(
                run,
                [Metric("train/loss", 1 / (s + 1) + number, 10**12 + 37 * s, s) for s in steps],
            )
        odd = [1.0, float("nan"), float("inf"), 4.0, 5.0]
        client.log_batch(
            run,
            [Metric("val/odd", value, 10**12 + s, s) for s, value in enumerate(odd)]
            + [Metric("val/acc", s / 10 + number, 10**12 + s, s) for s in range(5)]
            + [Metric("epoch", s / 1000, 10**12 + s, s) for s in range(0, POINTS, 500)]
            + [Metric("final", number - 1.0, 10**12, 0)],
        )
        client.set_terminated(run)
    return f"{server.url}/#/experiments/{experiment}?view=charts"


def card(page: Page, name: str) -> Locator:
    """Return the card of a metric."""
    return page.get_by_role("article", name=name, exact=True)


def layout(page: Page) -> dict[str, Any]:
    """Return the layout that the address holds."""
    fields = parse_qs(urlsplit(page.evaluate("location.href")).fragment.partition("?")[2])
    found: dict[str, Any] = json.loads(fields.get("layout", ["{}"])[0])
    return found


def lines(page: Page, name: str) -> Locator:
    """Return what a card draws."""
    return card(page, name).locator(".plot")


def points(page: Page, name: str, number: int) -> None:
    """Expect so many points of all lines between the ends of a card."""
    expect(lines(page, name)).to_have_attribute("data-points", str(number))


def at_rest(page: Page, name: str, label: str) -> None:
    """Expect what a card says of itself to somebody who does not see it."""
    expect(lines(page, name)).to_have_attribute("aria-label", re.compile(re.escape(label)))


def with_layout(address: str, **changes: Any) -> str:
    """Return an address with a layout."""
    return f"{address}&{urlencode({'layout': json.dumps(changes)})}"


def test_lines_are_drawn(charted: str, page: Page) -> None:
    """Each metric has a card in its section; a single value is a bar; odd values are named."""
    page.goto(charted)
    at_rest(page, "train/loss", "3 lines, x from 0 to 19,999")
    assert painted(lines(page, "train/loss")) > 100
    expect(card(page, "final").locator("li")).to_have_count(3)
    expect(card(page, "val/odd")).to_contain_text("not finite")
    expect(page.locator(".section summary")).to_have_text(["Metrics 2", "train 1", "val 2"])


def painted(place: Locator) -> int:
    """Return how many pixels of the lines are not empty."""
    script = (
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
        ".reduce((sum, one, at) => sum + (at % 4 === 3 && one > 0 ? 1 : 0), 0)"
    )
    return int(place.locator("canvas").nth(1).evaluate(script))


def test_a_zoom_is_exact(charted: str, page: Page) -> None:
    """A range shows every point in it, from an address too; a double click shows all again."""
    page.goto(with_layout(charted, cards={"train/loss": {"rangeX": [1000, 1050]}}))
    points(page, "train/loss", 3 * 51)
    plot = lines(page, "train/loss")
    plot.dblclick()
    at_rest(page, "train/loss", "x from 0 to 19,999")
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 104, box["y"] + 62)
    page.mouse.move(box["x"] + 110, box["y"] + 63)
    page.mouse.up()
    expect(plot).not_to_have_attribute("aria-label", re.compile("x from 0 to 19,999"))
    expect(card(page, "train/loss").get_by_role("button", name="Show all")).to_be_visible()
    page.wait_for_url(lambda url: "rangeX" in url and "1050" not in url)
    low, high = layout(page)["cards"]["train/loss"]["rangeX"]
    assert 0 < low < high < POINTS
    points(page, "train/loss", 3 * (int(high) - int(-(-low // 1)) + 1))
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    points(other, "train/loss", 3 * (int(high) - int(-(-low // 1)) + 1))


def test_zooms_are_linked(charted: str, page: Page) -> None:
    """A zoom of a section changes all its cards, and no other."""
    page.goto(with_layout(charted, link="section"))
    at_rest(page, "val/acc", "x from 0 to 4")
    plot = lines(page, "val/acc")
    plot.focus()
    page.keyboard.press("+")
    at_rest(page, "val/acc", "x from 1 to 3")
    at_rest(page, "val/odd", "x from 1 to 3")
    at_rest(page, "train/loss", "x from 0 to 19,999")
    page.keyboard.press("0")
    at_rest(page, "val/odd", "x from 0 to 4")


def test_another_metric_across(charted: str, page: Page) -> None:
    """A metric can be the axis of all charts."""
    page.goto(charted)
    page.get_by_role("button", name="Display").click()
    page.get_by_role("dialog").get_by_label("x axis").select_option("metric:epoch")
    page.keyboard.press("Escape")
    at_rest(page, "train/loss", "x from 0 to 19.5")


def test_cards_are_moved_hidden_pinned_and_undone(charted: str, page: Page) -> None:
    """By keys alone; the address keeps it; Ctrl+Z and Ctrl+Y go through the changes."""
    page.goto(charted)
    names = page.get_by_role("article")
    expect(names).to_have_count(5)
    card(page, "epoch").get_by_role("button", name="Move epoch").press("ArrowRight")
    expect(names.nth(0)).to_have_attribute("aria-label", "final")
    expect(names.nth(1)).to_have_attribute("aria-label", "epoch")
    card(page, "train/loss").get_by_role("button", name="Options of train/loss").press("Enter")
    page.get_by_role("button", name="Pin to the top").press("Enter")
    expect(page.locator(".section summary").first).to_have_text("Pinned 1")
    card(page, "val/odd").get_by_role("button", name="Options of val/odd").click()
    page.get_by_role("button", name="Hide").click()
    expect(names).to_have_count(4)
    page.wait_for_url(re.compile("hidden"))
    page.reload()
    expect(names).to_have_count(4)
    expect(page.locator(".section summary").first).to_have_text("Pinned 1")
    page.get_by_role("button", name="Display").click()
    page.get_by_text("Hidden charts").click()
    page.get_by_role("dialog").get_by_role("button", name="Show").click()
    page.keyboard.press("Escape")
    expect(names).to_have_count(5)
    page.keyboard.press("Control+z")
    expect(names).to_have_count(4)
    page.keyboard.press("Control+y")
    expect(names).to_have_count(5)
    page.get_by_role("button", name="Display").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset all charts").click()
    page.keyboard.press("Escape")
    expect(page.locator(".section summary").first).to_have_text("Metrics 2")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".section summary").first).to_have_text("Pinned 1")


def test_charts_are_found(charted: str, page: Page) -> None:
    """By a part of the name or by an expression; empty sections vanish."""
    page.goto(charted)
    search = page.get_by_role("searchbox", name="Find charts")
    search.fill("^val/(acc|nothing)$")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.locator(".section")).to_have_count(1)
    search.fill("nowhere")
    expect(page.get_by_text("No chart has")).to_be_visible()


def test_full_screen(charted: str, page: Page) -> None:
    """One chart fills the screen, arrows step through all, Escape leaves, the address reopens."""
    page.goto(charted)
    card(page, "train/loss").get_by_role("button", name="Full screen").click()
    dialog = page.get_by_role("dialog", name="train/loss")
    expect(dialog.locator(".plot")).to_be_visible()
    expect(dialog.get_by_role("list", name="Lines").get_by_role("listitem")).to_have_count(3)
    page.keyboard.press("ArrowRight")
    following = page.get_by_role("dialog", name=re.compile("^val."))
    expect(following.locator(".plot")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(other.get_by_role("dialog", name=re.compile("^val."))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_values_are_read(charted: str, page: Page) -> None:
    """Pointing and arrow keys say the values there; a click holds them."""
    page.goto(charted)
    at_rest(page, "val/acc", "3 lines")
    plot = lines(page, "val/acc")
    plot.focus()
    page.keyboard.press("ArrowRight")
    tip = card(page, "val/acc").get_by_role("status")
    expect(tip).to_contain_text("line 2")
    page.keyboard.press("Enter")
    expect(tip).to_contain_text("click to let go")
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


@pytest.mark.parametrize(
    ("kind", "start"), [("CSV", b"line,x,value"), ("SVG", b"<svg"), ("PNG", b"\x89PNG")]
)
def test_charts_are_saved(charted: str, page: Page, kind: str, start: bytes) -> None:
    """As numbers, as a drawing and as a picture."""
    page.goto(charted)
    at_rest(page, "val/acc", "3 lines")
    card(page, "val/acc").get_by_role("button", name="Options of val/acc").click()
    with page.expect_download() as saved:
        page.get_by_role("dialog").get_by_role("button", name=kind).click()
    assert saved.value.suggested_filename == f"val_acc.{kind.lower()}"
    assert saved.value.path().read_bytes().startswith(start)


def test_a_live_point_lengthens_its_line(server: Served, page: Page) -> None:
    """What a run logs is drawn without a reload."""
    client = mlflow.MlflowClient(server.url)
    experiment = client.create_experiment("growing")
    run = client.create_run(experiment).info.run_id
    for step in range(2):
        client.log_metric(run, "loss", 1.0, step=step)
    page.goto(f"{server.url}/#/experiments/{experiment}?view=charts")
    expect(page.get_by_title("Live: changes appear by themselves")).to_be_visible()
    points(page, "loss", 2)
    client.log_metric(run, "loss", 2.0, step=7)
    points(page, "loss", 3)
    at_rest(page, "loss", "x from 0 to 7")


def test_groups(charted: str, page: Page) -> None:
    """Runs are put together by a param, drawn as mean and deviation, set apart, and shared."""
    page.goto(charted)
    at_rest(page, "val/acc", "3 lines")
    page.get_by_role("button", name="Display").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Colour by").select_option("params.optimizer")
    dialog.get_by_label("Groups as").select_option("std")
    page.keyboard.press("Escape")
    at_rest(page, "val/acc", "2 lines")
    legend = page.get_by_role("list", name="params.optimizer")
    expect(legend.get_by_role("listitem")).to_have_text(["adam", "sgd"])
    plot = lines(page, "val/acc")
    plot.focus()
    page.keyboard.press("ArrowRight")
    tip = card(page, "val/acc").get_by_role("status")
    expect(tip).to_contain_text("adam")
    expect(tip).to_contain_text("sgd")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Display").click()
    dialog.get_by_label("Facets by").select_option("params.optimizer")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("facet"))
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(card(other, "val/acc").locator("figure")).to_have_count(2)


def test_time_since_each_start(charted: str, page: Page) -> None:
    """Runs are laid over each other by the time since each began."""
    page.goto(with_layout(charted, x="time"))
    at_rest(page, "train/loss", "x from 09/09/2001")
    page.get_by_role("button", name="Display").click()
    page.get_by_role("dialog").get_by_label("x axis").select_option("relative")
    page.keyboard.press("Escape")
    at_rest(page, "train/loss", "3 lines, x from \u2212")


def test_charts_of_all_runs(charted: str, page: Page) -> None:
    """Made from a list, with the fields that fit; changed, removed, brought back and shared."""
    page.goto(charted)
    for title in ("Parallel coordinates", "Scatter", "Contour", "Bars", "Box plot"):
        page.get_by_role("button", name="Add chart").click()
        page.get_by_role("dialog").get_by_role("button", name=title).click()
        expect(card(page, title)).to_be_visible()
    expect(page.get_by_role("img", name="3 of 3 runs over params.optimizer")).to_be_visible()
    card(page, "Box plot").get_by_role("button", name="Fields of Box plot").click()
    page.get_by_role("dialog").get_by_label("Metric").select_option("metrics.final")
    page.keyboard.press("Escape")
    expect(card(page, "Box plot")).to_contain_text("adam: 2 runs, median 0")
    card(page, "Bars").get_by_role("button", name="Remove Bars").click()
    expect(card(page, "Bars")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(card(page, "Bars")).to_be_visible()
    page.wait_for_url(re.compile("metrics.final"))
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(card(other, "Box plot")).to_contain_text("adam: 2 runs, median 0")


def test_a_scatter_marks_the_pareto_front(charted: str, page: Page) -> None:
    """Runs that no other beats are marked once the columns say which way is better."""
    extra = {"id": "a", "kind": "scatter", "fields": ["metrics.final", "metrics.epoch"]}
    page.goto(with_layout(charted, extras=[extra]))
    scatter = card(page, "Scatter")
    scatter.get_by_role("checkbox", name="Pareto front").check()
    expect(scatter).to_contain_text("whether higher or lower is better")
    better = quote(json.dumps({"final": "up", "epoch": "down"}))
    page.wait_for_url(re.compile("front"))
    page.goto(f"{page.url}&better={better}")
    expect(scatter).to_contain_text(re.compile("[123] runs? that no other beats"))
    expect(scatter.get_by_role("checkbox", name="Pareto front")).to_be_checked()


def test_a_group_is_drawn_by_its_best(charted: str, page: Page) -> None:
    """The line of a group is its mean, or the least or the greatest of its runs."""
    page.goto(with_layout(charted, area="range", color=["params.optimizer"]))
    page.get_by_role("button", name="Display").click()
    trend = page.get_by_label("Their line")
    expect(trend).to_have_value("mean")
    trend.select_option("max")
    page.wait_for_url(re.compile("trend"))
    page.reload()
    page.get_by_role("button", name="Display").click()
    expect(trend).to_have_value("max")


def test_brushes_choose_runs(charted: str, page: Page) -> None:
    """Intervals of an axis leave the runs inside, and become a query on demand."""
    extra = {"id": "a", "kind": "parallel", "fields": ["params.optimizer", "metrics.final"]}
    page.goto(with_layout(charted, extras=[extra]))
    picture = page.get_by_role("img", name=re.compile("of 3 runs over"))
    expect(picture).to_have_attribute("aria-label", re.compile("^3 of 3"))
    box = picture.bounding_box()
    assert box is not None
    left = box["x"] + box["width"] - 60
    for low, high in ((0.9, 1.0), (0.0, 0.1)):
        page.mouse.move(left, box["y"] + 10 + low * (box["height"] - 20))
        page.mouse.down()
        page.mouse.move(left, box["y"] + 10 + high * (box["height"] - 20))
        page.mouse.up()
    expect(picture).to_have_attribute("aria-label", re.compile("^2 of 3"))
    page.get_by_role("button", name="Show only these runs").click()
    page.wait_for_url(re.compile("filter="))
    expect(page.get_by_role("img", name=re.compile("2 of 2 runs over"))).to_be_visible()


def test_importance_of_params(server: Served, page: Page) -> None:
    """The param on which a metric depends stands first, with the sign of its correlation."""
    client = mlflow.MlflowClient(server.url)
    experiment = client.create_experiment("tuned")
    for number in range(40):
        run = client.create_run(experiment).info.run_id
        client.log_param(run, "rate", number)
        client.log_param(run, "seed", (number * 17) % 11)
        client.log_metric(run, "loss", 100.0 - number)
    extra = {"id": "a", "kind": "importance", "fields": ["metrics.loss"]}
    page.goto(with_layout(f"{server.url}/#/experiments/{experiment}?view=charts", extras=[extra]))
    first = card(page, "Param importance").get_by_role("row").nth(1)
    expect(first).to_contain_text("params.rate")
    expect(first).to_contain_text("\u22121")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_charts(charted: str, browser: Browser, scheme: Any) -> None:
    """Nothing that axe complains about: cards, what opens from them, groups, charts of all runs."""
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    extras = [
        {"id": kind, "kind": kind, "fields": fields}
        for kind, fields in {
            "parallel": ["params.optimizer", "metrics.final"],
            "scatter": ["params.optimizer", "metrics.final"],
            "contour": ["metrics.epoch", "metrics.final", "metrics.final"],
            "importance": ["metrics.final"],
            "bar": ["metrics.final"],
            "box": ["params.optimizer", "metrics.final"],
        }.items()
    ]
    page.goto(with_layout(charted, extras=extras, area="std", facet=["params.optimizer"]))
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    card(page, "val/acc").scroll_into_view_if_needed()
    expect(card(page, "val/acc").locator("figure")).to_have_count(2)
    found = {"page": Axe().run(page).response["violations"]}
    for name in ("Display", "Add chart", "Options of val/acc", "Full screen: val/acc"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found[name] = Axe().run(page).response["violations"]
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    context.close()
    told = {
        place: [(one["id"], one["nodes"][0]["html"]) for one in those]
        for place, those in found.items()
        if those
    }
    assert told == {}
