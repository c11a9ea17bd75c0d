"""Searches of registered models and versions: every field, order and page, on every database."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as Registry


@pytest.fixture
def filled(registry: Registry) -> Registry:
    """Five models; the first two have versions."""
    for name, team in (
        ("Alpha", "risk"),
        ("beta", "risk"),
        ("Gamma 3", "ads"),
        ("d'E", ""),
        ("é", ""),
    ):
        tags = [RegisteredModelTag("team", team)] if team else []
        registry.create_registered_model(name, tags, f"about {name}" if name != "é" else None)
    for number in range(1, 6):
        tags_of = [ModelVersionTag("odd", str(number))] if number % 2 else []
        run = f"r{number % 2}" if number < 5 else "r9"
        registry.create_model_version("Alpha", f"s3://b/{number}", run, tags_of)
    registry.create_model_version("beta", "gs://c/1", "r1")
    registry.transition_model_version_stage("Alpha", "2", "Production", False)
    return registry


@pytest.mark.parametrize(
    ("filter_string", "wanted"),
    [
        (None, "Alpha Gamma_3 beta d'E é"),
        ("name = 'Alpha'", "Alpha"),
        ("name = 'alpha'", ""),
        ("name != 'Alpha'", "Gamma_3 beta d'E é"),
        ("name LIKE '%a%'", "Alpha Gamma_3 beta"),
        ("name ILIKE 'A%'", "Alpha"),
        ("name IN ('beta', 'é')", "beta é"),
        ('name = "d\'E"', "d'E"),
        ("tags.team = 'risk'", "Alpha beta"),
        ("tag.`team` != 'risk'", "Gamma_3"),
        ("tags.team IS NULL", "d'E é"),
        ("tags.none = 'x'", ""),
        ("attribute.name = 'Alpha' AND tags.team = 'risk'", "Alpha"),
        ("name = 'Alpha' OR tags.team = 'ads'", "Alpha Gamma_3"),
        ("NOT (tags.team = 'risk')", "Gamma_3 d'E é"),
        ("description LIKE 'about%' AND creation_timestamp > 0", "Alpha Gamma_3 beta d'E"),
        ("description IS NULL", "é"),
        ("last_updated_timestamp < 5", ""),
        ("name LIKE 'A%' AND tag.`mlflow.prompt.is_prompt` != 'true'", "Alpha"),
    ],
)
def test_models_that_a_filter_selects(
    filled: Registry, filter_string: str | None, wanted: str
) -> None:
    """Each test means the same on every database."""
    found = [one.name.replace(" ", "_") for one in filled.search_registered_models(filter_string)]
    assert found == wanted.split()


@pytest.mark.parametrize(
    ("filter_string", "wanted"),
    [
        ("name = 'Alpha'", [1, 2, 3, 4, 5]),
        ("name LIKE 'A%' AND version_number > 3", [4, 5]),
        ("name = 'Alpha' AND version_number = '2'", [2]),
        ("version_number BETWEEN 4 AND 9", [4, 5]),
        ("name = 'Alpha' AND version_number NOT IN (1, 2)", [3, 4, 5]),
        ("run_id = 'r1' AND name = 'Alpha'", [1, 3]),
        ("run_id NOT IN ('r1', 'r0')", [5]),
        ("run_id != 'r1'", [2, 4, 5]),
        ("source_path = 's3://b/3'", [3]),
        ("source_path LIKE 'gs%'", [1]),
        ("tags.odd = '3' OR tags.odd = '5'", [3, 5]),
        ("tags.odd IS NULL AND name = 'Alpha'", [2, 4]),
        ("current_stage = 'Production'", [2]),
        ("stage != 'None'", [2]),
        ("status = 'READY' AND name = 'beta'", [1]),
        ("status = 'FAILED_REGISTRATION'", []),
    ],
)
def test_versions_that_a_filter_selects(
    filled: Registry, filter_string: str, wanted: list[int]
) -> None:
    """Each test means the same on every database."""
    found = filled.search_model_versions(filter_string, order_by=["version_number ASC"])
    assert [int(one.version) for one in found] == wanted


def test_orders_are_total(filled: Registry) -> None:
    """By any field up and down; ties go by name, then by the greatest number."""
    models, versions = filled.search_registered_models, filled.search_model_versions
    assert [one.name for one in models(order_by=["name DESC"])][:2] == ["é", "d'E"]
    assert [one.name for one in models(order_by=["tags.team", "name DESC"])] == (
        ["Gamma 3", "beta", "Alpha", "é", "d'E"]
    )
    assert models(order_by=["timestamp DESC"])[0].name == "Alpha"
    assert [(one.name, int(one.version)) for one in versions(order_by=["name"])] == [
        *(("Alpha", number) for number in (5, 4, 3, 2, 1)),
        ("beta", 1),
    ]
    assert [int(one.version) for one in versions(order_by=["current_stage DESC"])][:1] == [2]
    assert int(versions()[0].version) == 2  # the last that changed
    by_source = versions(order_by=["source_path DESC"])
    assert [one.source for one in by_source][:2] == ["s3://b/5", "s3://b/4"]


def test_pages_are_parts_of_the_whole(filled: Registry) -> None:
    """Every page size gives the same rows, each once, also while others are added."""
    for size in (1, 2, 4, 100):
        names: list[str] = []
        token = None
        while True:
            models = filled.search_registered_models(max_results=size, page_token=token)
            names += [one.name for one in models]
            token = models.token
            if not token:
                break
        assert names == ["Alpha", "Gamma 3", "beta", "d'E", "é"]
    first = filled.search_model_versions("name = 'Alpha'", 2, ["version_number DESC"])
    filled.create_model_version("Alpha", "s3://b/6")
    order = ["version_number DESC"]
    rest = filled.search_model_versions("name = 'Alpha'", 200, order, first.token)
    assert [int(one.version) for one in (*first, *rest)] == [5, 4, 3, 2, 1]
    assert not rest.token


def test_aliases_and_newest_versions_are_shown(filled: Registry) -> None:
    """What is found says its aliases, and of a model the newest version of each stage."""
    filled.set_registered_model_alias("Alpha", "a", "5")
    model = filled.search_registered_models("name = 'Alpha'")[0]
    assert {alias: int(version) for alias, version in model.aliases.items()} == {"a": 5}
    assert {int(one.version) for one in model.latest_versions} == {2, 5}
    found = filled.search_model_versions("name = 'Alpha' AND version_number = 5")
    assert found[0].aliases == ["a"]


@pytest.mark.parametrize("wrong", ["nope = 'x'", "name", "name > 'a'", "name = 3", "tags.k = 3"])
def test_filters_that_mean_nothing_are_refused(filled: Registry, wrong: str) -> None:
    """The error says what was expected."""
    for search in (filled.search_registered_models, filled.search_model_versions):
        with pytest.raises(MlflowException) as caught:
            search(wrong)
        assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_bad_pages_and_orders_are_refused(filled: Registry) -> None:
    """Sizes that are none or too large, damaged tokens, fields twice or unknown are errors."""
    models, versions = filled.search_registered_models, filled.search_model_versions
    token = models(max_results=1).token
    for call in (
        *(partial(models, max_results=size) for size in (0, -1, 1_001)),
        *(partial(versions, max_results=size) for size in (0, -1, 200_001)),
        *(partial(search, order_by=["nope"]) for search in (models, versions)),
        *(partial(search, order_by=["name", "name DESC"]) for search in (models, versions)),
        *(partial(search, None, 5, None, "damaged") for search in (models, versions)),
        partial(models, page_token=token, order_by=["name DESC"]),
    ):
        with pytest.raises(MlflowException) as caught:
            call()
        assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_what_is_no_prompt_is_a_model(filled: Registry) -> None:
    """The test that clients add passes models without the tag, and no prompt."""
    filled.set_registered_model_tag("beta", RegisteredModelTag("mlflow.prompt.is_prompt", "true"))
    filled.set_registered_model_tag("é", RegisteredModelTag("mlflow.prompt.is_prompt", "false"))
    found = filled.search_registered_models("tag.`mlflow.prompt.is_prompt` != 'true'")
    assert [one.name for one in found] == ["Alpha", "Gamma 3", "d'E", "é"]
