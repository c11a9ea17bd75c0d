"""The contract of the model registry: numbers, names, aliases, stages, tags, history, evidence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlflow._core.acting import acting_as
from mlflow._core.clock import now_ms
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.model_files import manifest_of
from mlflow.store.entities.version_evidence import DigestStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as Registry
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

BUCKET = "s3://bucket/model"


def error_of(call: Callable[[], object]) -> MlflowException:
    """Return the error that a call raises."""
    with pytest.raises(MlflowException) as caught:
        call()
    return caught.value


def numbers(versions: list[ModelVersion]) -> list[int]:
    """Return the numbers of versions."""
    return [int(one.version) for one in versions]


def add(registry: Registry, name: str, count: int = 1) -> None:
    """Create versions."""
    for _ in range(count):
        registry.create_model_version(name, BUCKET)


def test_a_model_comes_back_as_it_was_made(registry: Registry) -> None:
    """Name, description, tags and times are as asked; a version is READY and belongs to it."""
    tags = [RegisteredModelTag("a", "1"), RegisteredModelTag("ü", "é🎉")]
    made = registry.create_registered_model("m", tags, "about")
    assert (made.name, made.description, made.latest_versions) == ("m", "about", [])
    assert (made.tags, made.aliases) == ({"a": "1", "ü": "é🎉"}, {})
    assert made.creation_timestamp == made.last_updated_timestamp
    assert registry.get_registered_model("m") == made
    version = registry.create_model_version(
        "m", BUCKET, "r1", [ModelVersionTag("k", "v")], "http://link", "first"
    )
    assert (int(version.version), version.source, version.run_id) == (1, BUCKET, "r1")
    assert (version.description, version.run_link) == ("first", "http://link")
    assert (version.status, version.current_stage) == ("READY", "None")
    assert (version.tags, version.aliases) == ({"k": "v"}, [])
    assert registry.get_model_version("m", "1") == version
    assert registry.get_model_version_download_uri("m", "1") == BUCKET
    assert numbers(registry.get_registered_model("m").latest_versions) == [1]


@pytest.mark.parametrize(
    "name", [None, "", "  ", "a/b", "a:b", ".", "..", "x" * 257, "nul\x00", "\ud800"]
)
def test_names_that_could_not_stand_in_a_uri_are_refused(registry: Registry, name: Any) -> None:
    """Nothing, too much, slashes, colons and dots are no names, old or new."""
    registry.create_registered_model("m")
    for call in (
        lambda: registry.create_registered_model(name),
        lambda: registry.rename_registered_model("m", name),
    ):
        assert error_of(call).error_code == "INVALID_PARAMETER_VALUE"
    assert [one.name for one in registry.search_registered_models()] == ["m"]


@pytest.mark.parametrize(
    "names", [("a%2Fb", "a%252Fb"), ("m", "M"), ("m", "m "), ("\u00e9", "e\u0301"), ("a b", "a+b")]
)
def test_names_are_compared_by_bytes(registry: Registry, names: tuple[str, str]) -> None:
    """Names that differ in case, spelling or encoding only are two models, never merged."""
    for name in names:
        registry.create_registered_model(name, description=name)
        add(registry, name)
        registry.set_registered_model_alias(name, "a", "1")
    for name in names:
        assert registry.get_registered_model(name).description == name
        assert registry.get_model_version_by_alias(name, "a").name == name
    registry.delete_registered_model(names[0])
    assert [one.name for one in registry.search_registered_models()] == [names[1]]


def test_a_taken_name_is_refused(registry: Registry) -> None:
    """Neither creating nor renaming takes over another model."""
    registry.create_registered_model("m", description="kept")
    registry.create_registered_model("n")
    for call in (
        lambda: registry.create_registered_model("m"),
        lambda: registry.rename_registered_model("n", "m"),
    ):
        assert error_of(call).error_code == "RESOURCE_ALREADY_EXISTS"
    assert registry.get_registered_model("m").description == "kept"
    assert registry.rename_registered_model("m", "m").name == "m"


def test_what_is_not_there_is_said_to_be_missing(registry: Registry) -> None:
    """Every operation on an unknown model or version says so and changes nothing."""
    registry.create_registered_model("m")
    tag = ModelVersionTag("k", "v")
    for call in (
        lambda: registry.get_registered_model("x"),
        lambda: registry.update_registered_model("x", "d"),
        lambda: registry.rename_registered_model("x", "y"),
        lambda: registry.delete_registered_model("x"),
        lambda: registry.get_latest_versions("x"),
        lambda: registry.set_registered_model_tag("x", RegisteredModelTag("k", "v")),
        lambda: registry.delete_registered_model_tag("x", "k"),
        lambda: registry.create_model_version("x", BUCKET),
        lambda: registry.set_registered_model_alias("x", "a", "1"),
        lambda: registry.delete_registered_model_alias("x", "a"),
        lambda: registry.get_model_version_by_alias("x", "a"),
        lambda: registry.get_model_version_by_alias_at("x", "a", 1),
        lambda: registry.get_registered_model_history("x"),
        lambda: registry.get_model_version("x", "1"),
        *(
            partial(operation, "m", version, *rest)
            for version in ("1", "0", "-1", str(2**64))
            for operation, *rest in (
                (registry.get_model_version,),
                (registry.update_model_version, "d"),
                (registry.delete_model_version,),
                (registry.set_model_version_tag, tag),
                (registry.delete_model_version_tag, "k"),
                (registry.get_model_version_download_uri,),
                (registry.get_model_version_evidence,),
                (registry.transition_model_version_stage, "Staging", False),
            )
        ),
        *(
            partial(registry.set_registered_model_alias, "m", "a", version)
            for version in ("1", "0", "-1", str(2**64))
        ),
    ):
        assert error_of(call).error_code == "RESOURCE_DOES_NOT_EXIST"
    for wrong in ("x", "1.5", "1a"):
        found = error_of(partial(registry.get_model_version, "m", wrong))
        assert found.error_code == "INVALID_PARAMETER_VALUE"
    assert registry.get_registered_model("m").latest_versions == []


def test_numbers_go_on_after_a_deletion(registry: Registry) -> None:
    """A deleted number stays unused; a model that is made anew counts from 1."""
    registry.create_registered_model("m")
    add(registry, "m", 3)
    registry.delete_model_version("m", "3")
    add(registry, "m")
    assert sorted(numbers(registry.search_model_versions("name = 'm'"))) == [1, 2, 4]
    registry.delete_registered_model("m")
    registry.create_registered_model("m")
    add(registry, "m")
    assert numbers(registry.search_model_versions("name = 'm'")) == [1]


def test_two_hundred_creators_get_two_hundred_numbers(registry: Registry) -> None:
    """Versions that are created at once are numbered without gaps, each once."""
    registry.create_registered_model("m")
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: registry.create_model_version("m", BUCKET), range(200)))
    assert sorted(numbers(made)) == list(range(1, 201))
    assert numbers(registry.search_model_versions("name = 'm'", order_by=["version_number"])) == (
        list(range(1, 201))
    )


def test_a_rename_takes_everything_along(registry: Registry) -> None:
    """Versions, tags, aliases and history go on under the new name, and none under the old."""
    registry.create_registered_model("old", [RegisteredModelTag("k", "v")])
    add(registry, "old", 2)
    registry.set_registered_model_alias("old", "a", "1")
    found = registry.rename_registered_model("old", "new")
    assert (found.name, found.tags) == ("new", {"k": "v"})
    assert {one: int(version) for one, version in found.aliases.items()} == {"a": 1}
    assert numbers(registry.search_model_versions("name = 'new'")) == [2, 1]
    assert registry.get_model_version_by_alias("new", "a").name == "new"
    assert len(registry.get_registered_model_history("new")) == 1
    assert registry.search_model_versions("name = 'old'") == []


def test_descriptions_and_tags_change(registry: Registry) -> None:
    """A description is set and removed; tags are set again and removed, missing ones too."""
    registry.create_registered_model("m", description="d")
    add(registry, "m")
    assert registry.update_registered_model("m", None).description is None
    assert registry.update_registered_model("m", "x" * 100_000).description == "x" * 100_000
    assert registry.update_model_version("m", "1", "é").description == "é"
    assert registry.update_model_version("m", "1", None).description is None
    registry.set_registered_model_tag("m", RegisteredModelTag("k", "1"))
    registry.set_registered_model_tag("m", RegisteredModelTag("k", "2"))
    registry.set_model_version_tag("m", "1", ModelVersionTag("k", "3"))
    registry.set_model_version_tag("m", "1", ModelVersionTag("k", "v" * 100_000))
    assert registry.get_registered_model("m").tags == {"k": "2"}
    assert registry.get_model_version("m", "1").tags == {"k": "v" * 100_000}
    for _ in range(2):
        registry.delete_registered_model_tag("m", "k")
        registry.delete_model_version_tag("m", "1", "k")
    assert (
        registry.get_registered_model("m").tags == registry.get_model_version("m", "1").tags == {}
    )


@pytest.mark.parametrize("bad", [("", "v"), ("k" * 251, "v"), ("k", "v" * 100_001), ("k", "\x00")])
def test_tags_that_cannot_be_kept_are_refused(registry: Registry, bad: tuple[str, str]) -> None:
    """Keys too long or empty, values too long and NUL are refused, and nothing is written."""
    registry.create_registered_model("m")
    add(registry, "m")
    for call in (
        lambda: registry.create_registered_model("n", [RegisteredModelTag(*bad)]),
        lambda: registry.create_model_version("m", BUCKET, tags=[ModelVersionTag(*bad)]),
        lambda: registry.set_registered_model_tag("m", RegisteredModelTag(*bad)),
        lambda: registry.set_model_version_tag("m", "1", ModelVersionTag(*bad)),
    ):
        assert error_of(call).error_code == "INVALID_PARAMETER_VALUE"
    assert numbers(registry.search_model_versions()) == [1]
    assert [one.name for one in registry.search_registered_models()] == ["m"]


def test_stages_move_and_archive(registry: Registry) -> None:
    """A version moves in any spelling; others in the stage are archived when asked for."""
    registry.create_registered_model("m")
    add(registry, "m", 3)
    move = registry.transition_model_version_stage
    assert move("m", "1", "PRODUCTION", False).current_stage == "Production"
    move("m", "2", "Production", False)
    assert move("m", "3", "production", True).current_stage == "Production"
    stages = {int(one.version): one.current_stage for one in registry.search_model_versions()}
    assert stages == {1: "Archived", 2: "Archived", 3: "Production"}
    assert numbers(registry.get_latest_versions("m")) == [2, 3]
    assert numbers(registry.get_latest_versions("m", ["production", "None"])) == [3]
    for call in (
        lambda: move("m", "1", "nope", False),
        lambda: move("m", "1", "Archived", True),
        lambda: registry.get_latest_versions("m", ["nope"]),
    ):
        assert error_of(call).error_code == "INVALID_PARAMETER_VALUE"


def test_an_alias_names_one_version(registry: Registry) -> None:
    """An alias moves, is heeded in its case, and goes with its version."""
    registry.create_registered_model("m")
    add(registry, "m", 2)
    registry.set_registered_model_alias("m", "Champion", "1")
    registry.set_registered_model_alias("m", "champion", "2")
    registry.set_registered_model_alias("m", "also-me", "2")
    assert registry.get_model_version("m", "2").aliases == ["also-me", "champion"]
    assert int(registry.get_model_version_by_alias("m", "Champion").version) == 1
    registry.set_registered_model_alias("m", "Champion", "2")
    assert registry.get_model_version("m", "1").aliases == []
    for _ in range(2):
        registry.delete_registered_model_alias("m", "also-me")
    registry.delete_model_version("m", "2")
    assert registry.get_registered_model("m").aliases == {}
    found = error_of(lambda: registry.get_model_version_by_alias("m", "champion"))
    assert found.error_code == "INVALID_PARAMETER_VALUE"
    assert int(registry.get_model_version_by_alias("m", "latest").version) == 1


@pytest.mark.parametrize(
    "alias", ["", "a b", "a.b", "a@b", "a/b", "latest", "LaTeSt", "v1", "V22", "x" * 256]
)
def test_what_is_no_alias_is_refused(registry: Registry, alias: str) -> None:
    """Reserved names and other characters than letters, digits, _ and - are no aliases."""
    registry.create_registered_model("m")
    add(registry, "m")
    found = error_of(lambda: registry.set_registered_model_alias("m", alias, "1"))
    assert found.error_code == "INVALID_PARAMETER_VALUE"
    assert registry.get_registered_model("m").aliases == {}


def test_history_says_who_moved_what_when(registry: Registry) -> None:
    """Every move is there, the newest first, page by page; what changes nothing is none."""
    registry.create_registered_model("m")
    add(registry, "m", 2)
    began = now_ms()
    with acting_as("ada"):
        registry.set_registered_model_alias("m", "a", "1")
        registry.set_registered_model_alias("m", "a", "1")
        registry.transition_model_version_stage("m", "1", "Staging", False)
    with acting_as("bøb ?"):
        registry.set_registered_model_alias("m", "a", "2")
        registry.set_registered_model_alias("m", "b", "2")
        registry.transition_model_version_stage("m", "2", "Staging", True)
    with acting_as(""):
        registry.delete_registered_model_alias("m", "b")
        registry.delete_registered_model_alias("m", "b")
    with acting_as("eve"):
        registry.delete_model_version("m", "2")
    found = registry.get_registered_model_history("m")
    assert [(one.user_id, one.alias, one.version, one.stage) for one in found] == [
        ("eve", "a", None, None),
        (None, "b", None, None),
        ("bøb ?", None, 2, "Staging"),
        ("bøb ?", None, 1, "Archived"),
        ("bøb ?", "b", 2, None),
        ("bøb ?", "a", 2, None),
        ("ada", None, 1, "Staging"),
        ("ada", "a", 1, None),
    ]
    times = [one.time_ms for one in found]
    assert times == sorted(times, reverse=True)
    assert began - 60_000 < times[-1] <= times[0] < now_ms() + 60_000
    pages, token = [], None
    while True:
        page = registry.get_registered_model_history("m", max_results=3, page_token=token)
        pages += list(page)
        token = page.token
        if not token:
            break
    assert pages == list(found)
    assert [one.version for one in registry.get_registered_model_history("m", "a")] == [None, 2, 1]
    for wrong in (0, -1, 10_001):
        ask = partial(registry.get_registered_model_history, "m", max_results=wrong)
        assert error_of(ask).error_code == "INVALID_PARAMETER_VALUE"


def _settled(registry: Registry, name: str) -> int:
    """Return a time after all moves so far and before all later ones."""
    moved = registry.get_registered_model_history(name)[0].time_ms
    while True:  # by the database's clock, which another move shows
        registry.set_registered_model_alias(name, "clock", "1")
        registry.delete_registered_model_alias(name, "clock")
        now = registry.get_registered_model_history(name)[0].time_ms
        if now > moved + 1:
            return moved + 1


def test_an_alias_is_known_as_of_a_time(registry: Registry) -> None:
    """What an alias meant at a time is found after it moved, was removed, and came back."""
    registry.create_registered_model("m")
    add(registry, "m", 2)
    times = []
    registry.set_registered_model_alias("m", "a", "1")
    times.append(_settled(registry, "m"))
    registry.set_registered_model_alias("m", "a", "2")
    times.append(_settled(registry, "m"))
    registry.delete_registered_model_alias("m", "a")
    times.append(_settled(registry, "m"))
    registry.set_registered_model_alias("m", "a", "1")

    def at(time_ms: int) -> int:
        return int(registry.get_model_version_by_alias_at("m", "a", time_ms).version)

    assert [at(times[0]), at(times[1]), at(times[2] + 10**9)] == [1, 2, 1]
    for gone in (0, times[2]):
        found = error_of(partial(at, gone))
        assert found.error_code == "INVALID_PARAMETER_VALUE"
    registry.delete_model_version("m", "2")
    found = error_of(lambda: at(times[1]))
    assert found.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert "version=2" in found.message


def logged(store: SqlAlchemyStore, folder: Path, **files: str) -> LoggedModel:
    """Log a model's files and their manifest, as the client does."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    run_id = store.create_run("0", "user", 1, [], None).info.run_id
    model = store.create_logged_model("0", "model", run_id)
    store.log_model_manifest(model.model_id, manifest_of(folder, ""))
    place = Path(model.artifact_location)
    place.mkdir(parents=True)
    for name in files:
        (place / name).write_bytes((folder / name).read_bytes())
    store.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])
    return store.finalize_logged_model(model.model_id, LoggedModelStatus.READY)


def sources_of(model: LoggedModel) -> list[tuple[str, str | None, str | None]]:
    """Return the ways to name a logged model: source, run, model."""
    return [
        (f"models:/{model.model_id}", None, model.model_id),
        (f"runs:/{model.source_run_id}/{model.name}", model.source_run_id, None),
        (model.artifact_location, None, model.model_id),
    ]


def test_a_version_is_ready_when_every_file_is_whole(
    store: SqlAlchemyStore, registry: Registry, tmp_path: Path
) -> None:
    """However a logged model is named, its files are held to its manifest, and copies too."""
    registry.create_registered_model("m")
    model = logged(store, tmp_path / "local", MLmodel="flavors", data="1234")
    for source, run_id, model_id in sources_of(model):
        made = registry.create_model_version("m", source, run_id, model_id=model_id)
        assert (made.status, made.run_id or model.source_run_id) == ("READY", model.source_run_id)
        evidence = registry.get_model_version_evidence("m", made.version)
        assert evidence.digest_status is DigestStatus.VERIFIED
        assert evidence.digest == store.get_model_manifest(model.model_id).digest
        assert evidence.model_id == model.model_id
    copy = registry.create_model_version("m", "models:/m/1")
    assert registry.get_model_version_evidence("m", copy.version).digest_status == "verified"
    assert registry.get_model_version_download_uri("m", copy.version) == model.artifact_location


@pytest.mark.parametrize("harm", ["missing", "other", "longer", "further", "link"])
def test_a_version_of_damaged_files_cannot_be_used(
    store: SqlAlchemyStore, registry: Registry, tmp_path: Path, harm: str
) -> None:
    """One wrong file is enough: the version keeps its number, says why, and has no location."""
    registry.create_registered_model("m")
    model = logged(store, tmp_path / "local", MLmodel="flavors", data="1234")
    data = Path(model.artifact_location) / "data"
    if harm == "further":
        (data.parent / "more").write_text("more")
    elif harm == "missing":
        data.unlink()
    elif harm == "link":
        data.rename(tmp_path / "elsewhere")
        data.symlink_to(tmp_path / "elsewhere")
    else:
        data.write_text("4321" if harm == "other" else "12345")
    for number, (source, run_id, model_id) in enumerate(sources_of(model), 1):
        made = registry.create_model_version("m", source, run_id, model_id=model_id)
        assert (int(made.version), made.status) == (number, "FAILED_REGISTRATION")
        assert ("more" if harm == "further" else "data") in (made.status_message or "")
        assert registry.get_model_version_evidence("m", number).digest_status == "failed"
        found = error_of(partial(registry.get_model_version_download_uri, "m", number))
        assert found.error_code == "INVALID_STATE"
    copy = registry.create_model_version("m", "models:/m/1")
    assert copy.status == "FAILED_REGISTRATION"


def test_without_a_manifest_nothing_is_known(store: SqlAlchemyStore, registry: Registry) -> None:
    """A version of a bucket, or of a model that another client logged, is READY as elsewhere."""
    registry.create_registered_model("m")
    model = store.create_logged_model("0")
    store.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    registry.create_model_version("m", BUCKET)
    registry.create_model_version("m", f"models:/{model.model_id}", model_id=model.model_id)
    for version in (1, 2):
        assert registry.get_model_version("m", version).status == "READY"
        assert registry.get_model_version_evidence("m", version).digest_status == "unknown"


def test_a_model_whose_upload_failed_cannot_be_used(
    store: SqlAlchemyStore, registry: Registry
) -> None:
    """What was marked as failed is never READY, with a manifest or without."""
    registry.create_registered_model("m")
    model = store.create_logged_model("0")
    store.finalize_logged_model(model.model_id, LoggedModelStatus.FAILED)
    made = registry.create_model_version("m", f"models:/{model.model_id}", model_id=model.model_id)
    assert made.status == "FAILED_REGISTRATION"
    assert model.model_id in (made.status_message or "")


def test_sources_that_name_nothing_are_refused(registry: Registry) -> None:
    """A model or version that is not there, and a path in one, make no version."""
    registry.create_registered_model("m")
    for source in ("models:/m-0", "models:/m/7", "models:/x/1", "models:/m@a", "models:/m/1/data"):
        model_id = "m-0" if source.endswith("m-0") else None
        found = error_of(partial(registry.create_model_version, "m", source, model_id=model_id))
        assert found.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
    assert registry.search_model_versions() == []
