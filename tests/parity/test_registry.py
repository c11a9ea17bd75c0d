"""The model registry answers as upstream's: each client at each server, and random requests."""

from __future__ import annotations

import random
from pathlib import Path
from pprint import pformat
from typing import Any, Final

from tests.e2e.servers import serving
from tests.parity.servers import server_process
from tests.parity.two_servers import Server
from tests.parity.upstream import our_python, run_script, upstream_python

_SCRIPT: Final = Path(__file__).with_name("registry_calls_script.py").read_text("utf-8")
_ONE_TRY: Final = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}

# Call -> why our client or server answers otherwise on purpose (COMPATIBILITY.md).
_BY_RUN: Final = "a source that names a run's logged model leads to that model's files"
DIFFERENCES: Final = {
    **{
        f"{place}: {call}": why
        for place in ("ours at theirs", "ours at ours", "ours in a database")
        for call, why in (
            ("register nothing", "a model that is not there is missing; there INTERNAL_ERROR"),
            ("load m/4", _BY_RUN),
            ("files m/4", _BY_RUN),
        )
    },
    "ours in a database: versions run_id != 'x'": "no run is none; an empty text at servers",
}

_NAMES: Final = ("m", "n", "ü b", "a%2Fb", "bad/name", "", "gone")
_ALIASES: Final = ("champion", "Champion", "x-1", "latest", "v1", "no good", "é")
_STAGES: Final = ("None", "Staging", "Production", "Archived", "production", "nope")
_FILTERS: Final = (
    *("", "name = 'm'", "name LIKE 'a%'", "name ILIKE 'M%'", "name != 'm'", "tags.k = 'v'"),
    *("tags.k != 'v' AND name = 'm'", "name IN ('m', 'n')", "bad", "nope = 'x'"),
)
_VERSION_FILTERS: Final = (
    *("", "name = 'm'", "version_number > 1", "version_number = '2'", "run_id = 'r'", "nope = 'x'"),
    *("source_path LIKE '%/2'", "name = 'n' AND tags.k = 'v'", "run_id IN ('r', 's')"),
)
_OPERATIONS: Final = 900
_SHOWN: Final = 5


def test_clients_and_servers_agree(tmp_path: Path) -> None:
    """Both clients get the same from a database, from our server and from upstream's."""
    python = upstream_python()
    with (
        server_process(python, tmp_path / "theirs", "--workers", "1") as theirs,
        serving(_made(tmp_path / "ours")) as ours,
    ):
        places = {
            "theirs at theirs": (python, theirs),
            "ours at theirs": (our_python(), theirs),
            "theirs at ours": (python, ours.url),
            "ours at ours": (our_python(), ours.url),
            "ours in a database": (our_python(), f"sqlite:///{tmp_path / 'a.db'}"),
        }
        found = {
            name: run_script(one, _SCRIPT, uri, _ONE_TRY) for name, (one, uri) in places.items()
        }
    wanted = found.pop("theirs at theirs")
    assert len(wanted) > 140
    unlisted = []
    seen: set[str] = set()
    for name, answers in found.items():
        assert [one[0] for one in answers] == [one[0] for one in wanted]
        for theirs_said, ours_said in zip(wanted, answers, strict=True):
            if theirs_said != ours_said:
                key = f"{name}: {theirs_said[0]}"
                seen.add(key)
                if key not in DIFFERENCES:
                    unlisted.append((key, theirs_said[1:], ours_said[1:]))
    assert not unlisted, pformat(unlisted, width=160)
    assert seen == DIFFERENCES.keys()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


# Path, their code, our code: see COMPATIBILITY.md.
_OTHER_CODES: Final = frozenset(
    {
        ("/model-versions/transition-stage", "INTERNAL_ERROR", "INVALID_PARAMETER_VALUE"),
    }
)
# A name that no model can have is none that a model has.
_IMPOSSIBLE: Final = "bad/name"
_NO_SUCH_NAME: Final = ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST")
_SORTED: Final = {"latest_versions", "tags", "aliases", "model_versions"}
_MADE_UP: Final = {"creation_timestamp", "last_updated_timestamp", "next_page_token", "workspace"}


def test_random_requests_get_the_same_answers(tmp_path: Path) -> None:
    """Status, code, fields and values of hundreds of requests in a row are upstream's."""
    python = upstream_python()
    chance = random.Random(3172)  # noqa: S311 - the same each time
    unlisted = []
    with (
        server_process(python, tmp_path / "theirs", "--workers", "1") as theirs_uri,
        serving(_made(tmp_path / "ours")) as served,
    ):
        theirs, ours = Server(theirs_uri), Server(served.url)
        for number in range(_OPERATIONS):
            verb, path, fields = _request(chance)
            asked = f"/api/2.0/mlflow{path}"
            wanted, found = (one.ask(verb, asked, fields) for one in (theirs, ours))
            what = (number, verb, path, fields, wanted, found)
            if wanted[0] >= 400:
                codes = (path, wanted[1]["error_code"], found[1].get("error_code"))
                known = codes in _OTHER_CODES or (
                    fields.get("name") == _IMPOSSIBLE and codes[1:] == _NO_SUCH_NAME
                )
                if codes[1] != codes[2] and not known:
                    unlisted.append(what)
            elif found[0] != wanted[0] or _normal(found[1]) != _normal(wanted[1]):
                unlisted.append(what)
            if len(unlisted) > _SHOWN:
                break
        for one in (theirs, ours):
            one.close()
    assert not unlisted, pformat(unlisted, width=160)


def _request(chance: random.Random) -> tuple[str, str, dict[str, Any]]:
    """Return a random request; most are good ones about a few models."""
    pick = chance.choice
    name = pick(_NAMES) if chance.random() < 0.3 else pick(_NAMES[:4])
    version = str(pick([1, 1, 2, 2, 3, 4, 5, 99]) if chance.random() < 0.95 else "x")
    models, versions = "/registered-models", "/model-versions"
    of_model: dict[str, Any] = {"name": name}
    of_version = {"name": name, "version": version}
    tag = {"key": pick(["k", "l"]), "value": pick(["v", "w", ""])}
    order = ["name ASC", "version_number DESC"]
    requests: list[tuple[int, str, str, dict[str, Any]]] = [
        (6, "POST", f"{models}/create", {**of_model, "tags": [tag], "description": pick("ab")}),
        (1, "DELETE", f"{models}/delete", of_model),
        (2, "PATCH", f"{models}/update", {**of_model, "description": pick(["", "é", "x"])}),
        (1, "POST", f"{models}/rename", {**of_model, "new_name": pick(_NAMES)}),
        (4, "GET", f"{models}/get", of_model),
        (3, "POST", f"{models}/set-tag", {**of_model, **tag}),
        (2, "DELETE", f"{models}/delete-tag", {**of_model, "key": tag["key"]}),
        (6, "GET", f"{models}/search", {"filter": pick(_FILTERS), "order_by": ["name DESC"]}),
        (3, "GET", f"{models}/get-latest-versions", {**of_model, "stages": [pick(_STAGES)]}),
        (9, "POST", f"{versions}/create", {
            **of_model, "source": f"s3://b/{pick('123')}", "run_id": pick(["", "r", "s"]),
            "tags": [tag], "description": pick(["", "d"]),
        }),
        (4, "GET", f"{versions}/get", of_version),
        (1, "DELETE", f"{versions}/delete", of_version),
        (2, "PATCH", f"{versions}/update", {**of_version, "description": pick(["x", "é"])}),
        (3, "POST", f"{versions}/set-tag", {**of_version, **tag}),
        (2, "DELETE", f"{versions}/delete-tag", {**of_version, "key": tag["key"]}),
        (2, "GET", f"{versions}/get-download-uri", of_version),
        (4, "POST", f"{versions}/transition-stage", {
            **of_version, "stage": pick(_STAGES), "archive_existing_versions": pick([True, False]),
        }),
        (6, "GET", f"{versions}/search", {"filter": pick(_VERSION_FILTERS), "order_by": order}),
        (5, "POST", f"{models}/alias", {**of_version, "alias": pick(_ALIASES)}),
        (4, "GET", f"{models}/alias", {**of_model, "alias": pick(_ALIASES)}),
        (2, "DELETE", f"{models}/alias", {**of_model, "alias": pick(_ALIASES)}),
    ]  # fmt: skip
    weights = [one[0] for one in requests]
    _, verb, path, fields = chance.choices(requests, weights)[0]
    return verb, path, fields


def _normal(answer: Any, key: str = "") -> Any:
    """Return an answer without times, its lists in an order, aliases only where both have them."""
    if isinstance(answer, dict):
        kept = {
            name: _normal(value, name)
            for name, value in answer.items()
            if name not in _MADE_UP
            and not (name == "aliases" and key == "model_versions")  # ours are there too
        }
        return dict(sorted(kept.items()))
    if isinstance(answer, list):
        values = [_normal(one, key) for one in answer]
        return sorted(values, key=str) if key in _SORTED else values
    return answer
