"""The pages of models: the registry, versions and their aliases, logged models, trying one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import mlflow
from tests.e2e.browsers import need_pages, until
from tests.e2e.pages.looks import DESK, HOSTILE, PHONE
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

_MLMODEL = """flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: 3.11.7
  sklearn:
    code: null
mlflow_version: 3.17.2
model_size_bytes: 2048
saved_input_example_info:
  artifact_path: input_example.json
  serving_input_path: serving_input_example.json
  type: dataframe
signature:
  inputs: '[{"type": "double", "name": "length", "required": true}, {"type": "string",
    "name": "it''s <b>", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: '[{"name": "limit", "type": "double", "default": 0.5, "shape": null}]'
evil: !!js/function "function(){ document.title = 'taken' }"
"""
_EXAMPLE = {"dataframe_split": {"columns": ["length", "it's <b>"], "data": [[1.5, "x"]]}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server with logged models that have files, and registered ones."""
    need_pages()
    folder = tmp_path_factory.mktemp("models")
    with serving(folder) as served:
        _fill(mlflow.MlflowClient(served.url), folder)
        yield served


def _fill(client: mlflow.MlflowClient, folder: Path) -> None:
    experiment = client.create_experiment("trees")
    client.create_registered_model("forest", {"team": "wood"}, "Tells **trees** apart.")
    for number in range(3):
        run = client.create_run(experiment, run_name=f"fit {number}").info.run_id
        model = client.create_logged_model(
            experiment, f"tree {number}", run, {"k": HOSTILE}, {"depth": str(number), "seed": "7"}
        )
        files = folder / f"model-{number}"
        files.mkdir()
        (files / "MLmodel").write_text(_MLMODEL)
        (files / "requirements.txt").write_text(f"numpy==2.{number}\nscikit-learn==1.9.1\n")
        (files / "serving_input_example.json").write_text(json.dumps(_EXAMPLE))
        client.log_model_artifacts(model.model_id, str(files))
        client.finalize_logged_model(model.model_id, "READY")
        client.log_metric(run, "accuracy", 0.5 + number / 10, model_id=model.model_id)
        client.log_metric(
            run,
            "loss",
            1 / (number + 1),
            model_id=model.model_id,
            dataset_name="test",
            dataset_digest="d1",
        )
        uri = f"models:/{model.model_id}"
        client.create_model_version("forest", uri, run, model_id=model.model_id)
    client.set_registered_model_alias("forest", "champion", "1")
    client.create_registered_model(HOSTILE.replace("/", ""), {"k": HOSTILE}, HOSTILE)
    client.create_model_version(HOSTILE.replace("/", ""), "s3://bucket/x", tags={"k": HOSTILE})
    for number in range(130):
        client.create_registered_model(f"filler {number:03d}")


def _client(server: Served) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(server.url)


def _versions(page: Page) -> Locator:
    return page.get_by_role("table", name="Versions")


def test_models_are_found_by_words_and_by_the_language(server: Served, page: Page) -> None:
    """Words find names, filters go to the server, which answers to a wrong one; pages follow."""
    page.goto(f"{server.url}/#/models?order=name+ASC")
    table = page.get_by_role("table", name="Models")
    expect(page.get_by_text("100 models so far")).to_be_visible()
    search = page.get_by_role("searchbox", name="Find models")
    search.fill("for est")
    row = table.get_by_role("row", name=re.compile("^forest"))
    expect(row).to_contain_text("3")
    expect(table.get_by_role("row")).to_have_count(2)
    row.get_by_role("button", name="team: wood").click()
    expect(search).to_have_value("tags.`team` = 'wood'")
    expect(table.get_by_role("row")).to_have_count(2)
    search.fill("nonsense > 1")
    expect(page.get_by_role("alert")).to_contain_text("nonsense")
    search.fill("no such model")
    page.get_by_role("button", name="Show all").click()
    table.evaluate("grid => grid.scrollTo(0, 1e6)")
    expect(page.get_by_text(re.compile(r"^13\d models$"))).to_be_visible()


def test_a_model_is_made_renamed_described_and_deleted(server: Served, page: Page) -> None:
    """Each where one looks at it; deleting needs the name and says what goes."""
    client = _client(server)
    page.goto(f"{server.url}/#/models")
    page.get_by_role("button", name="New").click()
    page.get_by_role("textbox", name="Name").fill("forest")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("forest")
    page.get_by_role("textbox", name="Name").fill("passing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No versions yet")).to_be_visible()
    page.get_by_role("button", name="Change: Name of the model passing").click()
    page.keyboard.type("passed on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="passed on")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="passing")).to_be_visible()
    page.get_by_role("button", name="Add a description of passing").click()
    page.keyboard.type("Not **for** long")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Edit the description of passing")).to_be_visible()
    expect(page.locator("strong", has_text="for")).to_be_visible()
    until(lambda: client.get_registered_model("passing").description, "Not **for** long")
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_role("textbox", name="Key of the tag").fill("a")
    page.get_by_role("textbox", name="Value of the tag").fill("b")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove the tag a")).to_be_visible()
    until(lambda: client.get_registered_model("passing").tags, {"a": "b"})
    page.get_by_role("button", name="What to do with passing").click()
    page.get_by_role("menuitem", name="Delete the model").click()
    button = page.get_by_role("button", name="Delete for good")
    expect(button).to_be_disabled()
    expect(page.get_by_text("0 versions and the history")).to_be_visible()
    page.get_by_role("textbox", name="Type passing to confirm").fill("passing")
    button.click()
    expect(page.get_by_text("Deleted the model “passing”")).to_be_visible()
    assert client.search_registered_models("name = 'passing'") == []


def test_an_alias_is_dragged_to_another_version(server: Served, page: Page) -> None:
    """Dropping asks and says what changes; the message takes it back; history tells all of it."""
    client = _client(server)
    page.goto(f"{server.url}/#/models/forest")
    row = _versions(page).get_by_role("row", name=re.compile("Version 3"))
    page.get_by_role("button", name="Alias @champion").drag_to(row.get_by_role("cell").nth(2))
    dialog = page.get_by_role("dialog", name="Alias of version 3")
    expect(dialog).to_contain_text("leads to version 1 now, and to version 3 from then on")
    dialog.get_by_role("button", name="Move").click()
    expect(row.get_by_role("button", name="Alias @champion")).to_be_visible()
    until(lambda: client.get_model_version_by_alias("forest", "champion").version, "3")
    page.get_by_role("button", name="Undo").click()
    first = _versions(page).get_by_role("row", name=re.compile("Version 1"))
    expect(first.get_by_role("button", name="Alias @champion")).to_be_visible()
    until(lambda: client.get_model_version_by_alias("forest", "champion").version, "1")
    expect(page.get_by_text("@champion moved to version 3")).to_be_visible()


def test_an_alias_moves_and_goes_by_its_menu(server: Served, page: Page) -> None:
    """Without a mouse: the menu of an alias, a choice of versions, and what it meant at a time."""
    client = _client(server)
    client.set_registered_model_alias("forest", "walker", "2")
    page.goto(f"{server.url}/#/models/forest")
    page.get_by_role("button", name="Alias @walker").press("Enter")
    page.get_by_role("menuitem", name="Move to another version").press("Enter")
    dialog = page.get_by_role("dialog", name="Alias @walker")
    expect(dialog.get_by_role("combobox", name="Version")).to_be_focused()
    dialog.get_by_role("combobox", name="Version").select_option("1")
    dialog.get_by_role("button", name="Move").press("Enter")
    expect(page.get_by_text("@walker moved to version 1")).to_be_visible()
    page.get_by_role("button", name="Alias @walker").click()
    page.get_by_role("menuitem", name="Remove the alias").click()
    expect(page.get_by_text("will lead to nothing until it is set again")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("@walker was removed")).to_be_visible()
    page.get_by_role("combobox", name="Alias").select_option("walker")
    page.get_by_label("Time").fill("2020-01-01T00:00:00")
    expect(page.get_by_text("nothing then")).to_be_visible()


def test_what_an_alias_meant_at_a_time(server: Served, page: Page) -> None:
    """The version that it led to at a time, as a link."""
    page.goto(f"{server.url}/#/models/forest")
    page.get_by_role("combobox", name="Alias").select_option("champion")
    page.get_by_label("Time").fill("2100-01-01T00:00:00")
    expect(page.locator("output").get_by_role("link", name="version 1")).to_be_visible()


def test_a_version_says_all_that_is_known(server: Served, page: Page) -> None:
    """Status, digests, lines to load it, where it comes from, its schema, its files."""
    page.goto(f"{server.url}/#/models/forest")
    _versions(page).get_by_role("link", name="Version 1").click()
    expect(page.get_by_text("Verified: the files are those that were logged")).to_be_visible()
    expect(page.get_by_text('load_model("models:/forest/1")')).to_be_visible()
    expect(page.get_by_text('load_model("models:/forest@champion")')).to_be_visible()
    expect(page.get_by_role("link", name="fit 0")).to_be_visible()
    expect(page.get_by_role("row", name="length double")).to_be_visible()
    expect(page.get_by_role("row", name="it's <b> string optional")).to_be_visible()
    expect(page.get_by_role("row", name="tensor of int64 (any)")).to_be_visible()
    expect(page.get_by_role("row", name="limit double 0.5 by default")).to_be_visible()
    expect(page.get_by_role("row", name="Flavors python_function, sklearn")).to_be_visible()
    page.get_by_role("link", name="Files").click()
    expect(page.get_by_role("row", name=re.compile("^requirements.txt"))).to_contain_text("B")
    page.get_by_role("button", name="Show requirements.txt").click()
    expect(page.locator("pre.code")).to_have_text("numpy==2.0\nscikit-learn==1.9.1\n")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download MLmodel").click()
    assert started.value.suggested_filename == "MLmodel"
    assert page.title() == "Headrace"


def test_a_request_is_made_for_the_scoring_server(server: Served, page: Page) -> None:
    """The saved example, changed in a form, as JSON, curl and Python; nothing is sent from here."""
    page.goto(f"{server.url}/#/models/forest/versions/2?tab=try")
    area = page.get_by_role("textbox", name="JSON")
    expect(page.get_by_text("From the example saved with the model")).to_be_visible()
    assert json.loads(area.input_value()) == _EXAMPLE
    page.get_by_role("textbox", name="length").fill("2.25")
    page.get_by_role("textbox", name="it's <b>").fill("it's")
    assert json.loads(area.input_value())["dataframe_split"]["data"] == [[2.25, "it's"]]
    page.get_by_role("textbox", name="Scoring server").fill("http://there:7000/")
    curl = page.locator("pre.code").nth(1)
    expect(curl).to_contain_text("http://there:7000/invocations")
    expect(curl).to_contain_text("it'\\''s")
    expect(page.locator("pre.code").nth(2)).to_contain_text('[2.25, "it\'s"]')
    expect(page.locator("pre.code").first).to_contain_text("serve -m 'models:/forest/2' -p 7000")
    area.fill("{")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Start anew").click()
    assert json.loads(area.input_value()) == _EXAMPLE


def test_two_versions_side_by_side(server: Served, page: Page) -> None:
    """What differs in metrics, params and requirements, at an address of its own."""
    page.goto(f"{server.url}/#/models/forest")
    page.get_by_role("checkbox", name="Choose version 3 to compare").check()
    page.get_by_role("checkbox", name="Choose version 1 to compare").check()
    page.get_by_role("link", name="Compare 2").click()
    expect(page.get_by_role("heading", name="Versions 1 and 3")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^accuracy"))).to_contain_text("+0.2 (+40 %)")
    expect(page.get_by_role("row", name="depth 0 2")).to_be_visible()
    expect(page.get_by_role("row", name="numpy ==2.0 ==2.2")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^scikit-learn"))).to_have_count(0)
    page.get_by_role("button", name="Differences only").click()
    expect(page.get_by_role("row", name=re.compile("^scikit-learn"))).to_be_visible()
    expect(page).to_have_url(re.compile("versions=1%2C3"))


def test_logged_models_by_what_they_were_measured_at(server: Served, page: Page) -> None:
    """Metrics by dataset are columns that order; filters go to the server; columns are chosen."""
    page.goto(f"{server.url}/#/experiments/1/models")
    table = page.get_by_role("table", name="Logged models")
    expect(table.get_by_role("columnheader", name="loss (test)")).to_be_visible()
    links = table.get_by_role("link", name=re.compile("^tree"))
    table.get_by_role("button", name="loss (test)").click()
    expect(links).to_have_text(["tree 0", "tree 1", "tree 2"])
    table.get_by_role("button", name="loss (test)").click()
    expect(links).to_have_text(["tree 2", "tree 1", "tree 0"])
    page.reload()
    expect(links).to_have_text(["tree 2", "tree 1", "tree 0"])
    page.get_by_role("searchbox", name="Find models").fill("metrics.accuracy > 0.55")
    expect(links).to_have_text(["tree 2", "tree 1"])
    expect(table.get_by_role("columnheader", name="seed")).to_have_count(0)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="seed").check()
    page.keyboard.press("Escape")
    expect(table.get_by_role("columnheader", name="seed")).to_be_visible()
    expect(table.get_by_role("link", name="forest 3")).to_be_visible()


def test_a_logged_model_is_registered(server: Served, page: Page) -> None:
    """Its page shows params, metrics and files, and makes a version of a new or known model."""
    page.goto(f"{server.url}/#/experiments/1/models?filter=tree+2")
    page.get_by_role("link", name="tree 2").click()
    expect(page.get_by_role("heading", name="tree 2")).to_be_visible()
    expect(page.get_by_role("row", name="loss test 0.3333")).to_be_visible()
    expect(page.get_by_role("row", name="seed 7")).to_be_visible()
    page.get_by_role("button", name="Register").click()
    field = page.get_by_role("combobox", name="Registered model")
    expect(field).to_have_value("forest")
    expect(page.get_by_text("It becomes its next version")).to_be_visible()
    field.fill("grove")
    expect(page.get_by_text("A new registered model, with this as version 1")).to_be_visible()
    field.press("Enter")
    expect(page.get_by_text("Registered as version 1 of “grove”")).to_be_visible()
    expect(page.get_by_text("Verified: the files are those")).to_be_visible()
    version = _client(server).get_model_version("grove", "1")
    assert version.status == "READY"
    page.get_by_role("button", name="What to do with version 1").click()
    page.get_by_role("menuitem", name="Delete the version").click()
    page.get_by_role("textbox", name="Type 1 to confirm").fill("1")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Deleted version 1 of “grove”")).to_be_visible()
    assert _client(server).search_model_versions("name = 'grove'") == []


def test_stages_show_where_they_are_used(server: Served, page: Page) -> None:
    """A column of stages only where a version has one."""
    client = _client(server)
    page.goto(f"{server.url}/#/models/forest")
    expect(_versions(page).get_by_role("link", name="Version 1")).to_be_visible()
    expect(_versions(page).get_by_role("columnheader", name="Stage")).to_have_count(0)
    client.create_registered_model("staged")
    client.create_model_version("staged", "s3://bucket/x")
    client.transition_model_version_stage("staged", "1", "Production")
    page.goto(f"{server.url}/#/models/staged")
    expect(_versions(page).get_by_role("columnheader", name="Stage")).to_be_visible()
    expect(_versions(page).get_by_role("cell", name="Production")).to_be_visible()
    expect(page.get_by_text("version 1 went to Production")).to_be_visible()


def test_hostile_models_are_text(server: Served, browser: Browser) -> None:
    """Names, tags, descriptions and MLmodel files with scripts are shown, and never run."""
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{server.url}/#/models?find=onerror")
    page.get_by_role("link", name="<img").click()
    expect(page.get_by_role("heading", name="<img")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^k <img")).first).to_be_visible()
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_text("The MLmodel file cannot be read here")).to_be_visible()
    page.get_by_role("link", name="Try it").click()
    expect(page.get_by_text("The MLmodel file cannot be read here")).to_be_visible()
    page.get_by_role("link", name="Files").click()
    expect(page.get_by_text("The files of this version are not listed here")).to_be_visible()
    assert page.title() == "Headrace"
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_them(server: Served, browser: Browser, scheme: Any) -> None:
    """No page of models has anything that axe complains about."""
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    model = _client(server).search_logged_models(["1"])[0].model_id
    found = {}
    for path in (
        *("models?find=forest", "models/forest", "models/forest/versions/1"),
        *("models/forest/versions/1?tab=try", "models/forest/versions/1?tab=files"),
        *("models/forest/compare?versions=1,3&all=1", "experiments/1/models"),
        f"experiments/1/models/{model}",
    ):
        page.goto(f"{server.url}/#/{path}")
        page.wait_for_load_state("networkidle")
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        if violations := Axe().run(page).response["violations"]:
            found[path] = [(one["id"], one["nodes"][0]["html"]) for one in violations]
    context.close()
    assert found == {}


def test_a_phone_reads_them(server: Served, browser: Browser) -> None:
    """Nothing is wider than the screen."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    for path in ("models", "models/forest", "models/forest/versions/1", "experiments/1/models"):
        for tab in ("", "?tab=try", "?tab=files"):
            page.goto(f"{server.url}/#/{path}{tab}")
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], path + tab
    context.close()
