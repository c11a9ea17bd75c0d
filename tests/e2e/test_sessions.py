"""Signing in by a form: the cookie, what ends it, and that no other site can use it."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from mlflow.server.basic_auth import hash_password
from tests.e2e.servers import Reply, Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SESSION = "/api/headrace/session"
PASSWORD = "correct horse battery"  # noqa: S105 - of a test
ORIGIN = "http://evil.example"


@pytest.fixture(scope="module")
def passwords(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with two names."""
    path = tmp_path_factory.mktemp("passwords") / "passwords"
    path.write_text("".join(f"{name}:{hash_password(PASSWORD)}\n" for name in ("ada", "eve")))
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, passwords: Path) -> Iterator[Served]:
    """Return a server that asks who one is."""
    folder = tmp_path_factory.mktemp("sessions")
    with serving(folder, "--basic-auth-file", str(passwords)) as served:
        yield served


def _sign_in(server: Served, name: str, password: str, **headers: str) -> Reply:
    body = {"username": name, "password": password}
    return server.ask("POST", SESSION, body, headers=headers)


def _cookie(reply: Reply) -> str:
    return reply.headers["set-cookie"].partition(";")[0]


def test_a_cookie_takes_the_place_of_the_password(server: Served) -> None:
    """It opens what the password opens, says who one is, and no script can read it."""
    reply = _sign_in(server, "ada", PASSWORD)
    assert (reply.status, reply.json) == (200, {"user": "ada"})
    said = reply.headers["set-cookie"]
    assert re.search(r"; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict$", said)
    assert PASSWORD not in said
    headers = {"Cookie": f"other=1; {_cookie(reply)}"}
    assert server.ask("GET", "/version", headers=headers).status == 200
    about = server.ask("GET", SESSION, headers=headers).json
    assert about == {"user": "ada", "accounts": True, "has_session": True, "database": "sqlite"}
    made = server.ask(
        "POST", "/api/2.0/mlflow/experiments/create", {"name": "by cookie"}, headers=headers
    )
    assert made.status == 200


@pytest.mark.parametrize("pair", [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("eve ", "x")])
def test_a_wrong_password_opens_nothing(server: Served, pair: tuple[str, str]) -> None:
    """401, no cookie, and no window of the browser's own for a page's request."""
    reply = _sign_in(server, *pair, **{"Sec-Fetch-Mode": "cors"})
    assert reply.status == 401
    assert "set-cookie" not in reply.headers
    assert not reply.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("change", ["cut", "other", "empty", "preview"])
def test_a_forged_cookie_opens_nothing(server: Served, change: str) -> None:
    """What the server did not sign for this is as nothing, for every route."""
    name, _, ticket = _cookie(_sign_in(server, "eve", PASSWORD)).partition("=")
    content, _, mac = ticket.partition(".")
    forged = {
        "cut": ticket[:-2],
        "other": f"{content[:-4]}AAAA.{mac}",
        "empty": "",
        "preview": "x" * 20_000,
    }[change]
    for path in ("/version", SESSION, "/api/2.0/mlflow/experiments/search?max_results=1"):
        assert server.ask("GET", path, headers={"Cookie": f"{name}={forged}"}).status == 401


def test_another_site_cannot_sign_in_or_out(server: Served) -> None:
    """A page of another origin is refused before the password is looked at; forms are no JSON."""
    assert _sign_in(server, "ada", PASSWORD, Origin=ORIGIN).status == 403
    assert server.ask("DELETE", SESSION, headers={"Origin": ORIGIN}).status == 403
    form = {"Content-Type": "text/plain"}
    assert server.ask("POST", SESSION, b'{"username": "ada"}', headers=form).status == 400


def test_signing_out_takes_the_cookie(server: Served) -> None:
    """The browser is told to forget it."""
    reply = server.ask("DELETE", SESSION)
    assert reply.status == 200
    assert "=; Path=/; Max-Age=0; HttpOnly" in reply.headers["set-cookie"]


def test_a_changed_password_ends_its_sessions(tmp_path: Path) -> None:
    """After a restart with another hash, or without the name, the cookie is as nothing."""
    path = tmp_path / "passwords"
    path.write_text(f"ada:{hash_password(PASSWORD)}\n")
    options = ("--basic-auth-file", str(path))
    with serving(tmp_path, *options) as server:
        ticket = _cookie(_sign_in(server, "ada", PASSWORD)).partition("=")[2]
    for line, status in ((path.read_text(), 200), (f"ada:{hash_password(PASSWORD)}\n", 401)):
        path.write_text(line)
        with serving(tmp_path, *options) as server:
            headers = {"Cookie": f"headrace_session_{server.port}={ticket}"}
            assert server.ask("GET", "/version", headers=headers).status == status


def test_guesses_are_slowed_down(tmp_path: Path, passwords: Path) -> None:
    """The form has no more tries than the header, and both count together."""
    with serving(tmp_path, "--basic-auth-file", str(passwords)) as server:
        header = {"Authorization": f"Basic {b64encode(b'ada:wrong').decode()}"}
        tries = [server.ask("GET", "/version", headers=header).status for _ in range(3)]
        tries += [_sign_in(server, "ada", f"wrong {number}").status for number in range(3)]
        assert tries == [401] * 5 + [429]


def test_without_accounts_nobody_signs_in(tmp_path: Path) -> None:
    """The server says that it asks for no names."""
    with serving(tmp_path) as server:
        assert _sign_in(server, "ada", PASSWORD).status == 400
        about = server.ask("GET", SESSION).json
    assert about == {"user": "", "accounts": False, "has_session": False, "database": "sqlite"}
