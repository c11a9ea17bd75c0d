"""The lists of experiments and models follow what others do: nobody reloads or comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import mlflow
from mlflow.entities import LoggedModelStatus
from tests.e2e.browsers import need_pages
from tests.e2e.pages.looks import DESK
from tests.e2e.servers import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

SOON = 20_000  # milliseconds on a machine that is busy


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server with nothing of its own."""
    need_pages()
    with serving(tmp_path_factory.mktemp("following")) as served:
        yield served


@pytest.fixture
def client(server: Served) -> mlflow.MlflowClient:
    """Return a client that does what others do."""
    return mlflow.MlflowClient(server.url)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Return a name that no other test has."""
    return re.sub(r"\W+", "-", request.node.name)


def _live(page: Page) -> None:
    """Wait until the page hears what happens."""
    expect(page.get_by_text("Live: changes appear")).to_be_attached(timeout=SOON)


def _row(page: Page, label: str, name: str) -> Locator:
    link = page.get_by_role("link", name=name, exact=True)
    return page.get_by_role("table", name=label).get_by_role("row").filter(has=link)


def test_experiments_come_change_and_go(
    server: Served, page: Page, client: mlflow.MlflowClient, name: str
) -> None:
    """What a client does to experiments is seen; what was chosen stays; one stream is open."""
    first = client.create_experiment(f"{name}-first")
    streams: list[str] = []
    page.on("request", lambda one: streams.append(one.url) if "/live?" in one.url else None)
    page.goto(f"{server.url}/#/experiments")
    chosen = page.get_by_role("checkbox", name=f"Choose {name}-first")
    chosen.check()
    _live(page)
    second = client.create_experiment(f"{name}-second")
    row = _row(page, "Experiments", f"{name}-second")
    expect(row).to_be_visible(timeout=SOON)
    run = client.create_run(second).info.run_id
    client.log_metric(run, "loss", 1)
    expect(row.get_by_role("cell").nth(1)).to_have_text("1", timeout=SOON)
    client.set_experiment_tag(second, "team", "vision")
    expect(row.get_by_text("team: vision")).to_be_visible(timeout=SOON)
    client.rename_experiment(second, f"{name}-renamed")
    expect(_row(page, "Experiments", f"{name}-renamed")).to_be_visible(timeout=SOON)
    expect(row).to_have_count(0)
    client.delete_experiment(second)
    expect(_row(page, "Experiments", f"{name}-renamed")).to_have_count(0, timeout=SOON)
    client.restore_experiment(second)
    expect(_row(page, "Experiments", f"{name}-renamed")).to_be_visible(timeout=SOON)
    expect(chosen).to_be_checked()
    assert len(streams) == 1
    client.delete_experiment(first)
    expect(chosen).to_have_count(0, timeout=SOON)


def test_the_archive_follows_too(
    server: Served, page: Page, client: mlflow.MlflowClient, name: str
) -> None:
    """An experiment that is archived appears among the archived ones, and leaves when restored."""
    made = client.create_experiment(name)
    page.goto(f"{server.url}/#/experiments?view=archived")
    _live(page)
    client.delete_experiment(made)
    restore = page.get_by_role("button", name=f"Restore {name}", exact=True)
    expect(restore).to_be_visible(timeout=SOON)
    client.restore_experiment(made)
    expect(restore).to_have_count(0, timeout=SOON)


def test_the_name_of_an_open_experiment_follows(
    server: Served, page: Page, client: mlflow.MlflowClient, name: str
) -> None:
    """The page of runs bears the new name of its experiment."""
    made = client.create_experiment(name)
    page.goto(f"{server.url}/#/experiments/{made}")
    expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()
    _live(page)
    client.rename_experiment(made, f"{name}-renamed")
    heading = page.get_by_role("heading", level=1, name=f"{name}-renamed")
    expect(heading).to_be_visible(timeout=SOON)


def test_models_and_their_aliases_follow(
    server: Served, page: Page, client: mlflow.MlflowClient, name: str
) -> None:
    """A version comes and an alias moves by a client's call: list and model show it in place."""
    page.goto(f"{server.url}/#/models")
    _live(page)
    client.create_registered_model(name)
    listed = _row(page, "Models", name)
    expect(listed).to_be_visible(timeout=SOON)
    client.create_model_version(name, "s3://bucket/one")
    expect(listed.get_by_role("cell").nth(1)).to_have_text("1", timeout=SOON)
    client.set_registered_model_alias(name, "champion", "1")
    expect(listed.get_by_text("@champion → 1")).to_be_visible(timeout=SOON)
    client.set_registered_model_tag(name, "team", "risk")
    expect(listed.get_by_text("team: risk")).to_be_visible(timeout=SOON)
    page.goto(f"{server.url}/#/models/{name}")
    _live(page)
    versions = page.get_by_role("table", name="Versions")
    first = versions.get_by_role("row").filter(has=page.get_by_label("Version 1", exact=True))
    second = versions.get_by_role("row").filter(has=page.get_by_label("Version 2", exact=True))
    expect(first.get_by_text("@champion")).to_be_visible()
    page.get_by_role("checkbox", name="Choose version 1 to compare").check()
    client.create_model_version(name, "s3://bucket/two")
    expect(second).to_be_visible(timeout=SOON)
    client.set_registered_model_alias(name, "champion", "2")
    expect(second.get_by_text("@champion")).to_be_visible(timeout=SOON)
    expect(first.get_by_text("@champion")).to_have_count(0)
    expect(page.get_by_text("@champion moved to version 2")).to_be_visible(timeout=SOON)
    client.transition_model_version_stage(name, "2", "Staging")
    expect(second.get_by_text("Staging")).to_be_visible(timeout=SOON)
    client.delete_model_version(name, "2")
    expect(second).to_have_count(0, timeout=SOON)
    expect(page.get_by_role("checkbox", name="Choose version 1 to compare")).to_be_checked()


def test_an_open_version_follows(
    server: Served, browser: Browser, client: mlflow.MlflowClient, name: str
) -> None:
    """Alias, tag and description of an open version are those that it has now."""
    client.create_registered_model(name)
    client.create_model_version(name, "s3://bucket/one")
    page = browser.new_page(viewport=DESK)  # that may say that it cannot read the MLmodel file
    page.goto(f"{server.url}/#/models/{name}/versions/1")
    _live(page)
    client.set_registered_model_alias(name, "blue", "1")
    expect(page.get_by_role("button", name="@blue")).to_be_visible(timeout=SOON)
    client.update_model_version(name, "1", "the best so far")
    expect(page.get_by_text("the best so far")).to_be_visible(timeout=SOON)
    page.close()


def test_logged_models_follow(
    server: Served, page: Page, client: mlflow.MlflowClient, name: str
) -> None:
    """A model that a run logs appears as pending and becomes ready."""
    experiment = client.create_experiment(name)
    page.goto(f"{server.url}/#/experiments/{experiment}/models")
    expect(page.get_by_text("No models yet")).to_be_visible()
    _live(page)
    made = client.create_logged_model(experiment, "classifier")
    row = _row(page, "Logged models", "classifier")
    expect(row.get_by_text("Pending")).to_be_visible(timeout=SOON)
    client.finalize_logged_model(made.model_id, LoggedModelStatus.READY)
    expect(row.get_by_text("Ready")).to_be_visible(timeout=SOON)


def test_what_others_delete_is_gone(
    server: Served, browser: Browser, client: mlflow.MlflowClient, name: str
) -> None:
    """The page of a model that somebody deletes says so, and shows nothing of it any more."""
    client.create_registered_model(name)
    page = browser.new_page(viewport=DESK)  # that may say that something is not found
    page.goto(f"{server.url}/#/models/{name}")
    expect(page.get_by_text("No versions yet")).to_be_visible()
    _live(page)
    client.delete_registered_model(name)
    expect(page.get_by_text(f"Registered Model with name={name} not found")).to_be_visible(
        timeout=SOON
    )
    expect(page.get_by_text("No versions yet")).to_have_count(0)
    page.close()


def test_a_refused_stream_is_asked_for_again(
    server: Served, browser: Browser, client: mlflow.MlflowClient, name: str
) -> None:
    """While a stream is refused the page reads anew now and then, and follows once it may."""
    page = browser.new_page(viewport=DESK)
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/live?" in one.url else None)
    page.route("**/api/headrace/live?*", lambda route: route.fulfill(status=503))
    page.goto(f"{server.url}/#/experiments")
    expect(page.get_by_role("table", name="Experiments")).to_be_visible()
    expect(page.get_by_text("Not connected")).to_be_attached()
    client.create_experiment(f"{name}-one")
    before = len(asked)
    while len(asked) == before:
        page.clock.fast_forward(31_000)
    expect(_row(page, "Experiments", f"{name}-one")).to_be_visible(timeout=SOON)
    page.unroute("**/api/headrace/live?*")
    while page.get_by_text("Live: changes appear").count() == 0:
        page.clock.fast_forward(31_000)
    client.create_experiment(f"{name}-two")
    expect(_row(page, "Experiments", f"{name}-two")).to_be_visible(timeout=SOON)
    page.close()
