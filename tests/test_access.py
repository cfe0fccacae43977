"""Who may do what: the two files of an operator, and what follows for whoever is there."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from command import Command
from reading import COMMITMENT, said
from streamlit.testing.v1 import AppTest

from tracker import roles
from tracker.errors import BadFile
from tracker.tracker import Tracker

ANSWERS = """
import streamlit as st
from dashboard import access
who = access.identity()
told = {str(a): access.refusal(a) for a in access.Action}
st.json(told | {
    "name": who.name, "role": who.role, "confirmed": who.confirmed,
    "waits": access.needs_approval(), "door": access.door(),
})
"""
ANN = {"is_logged_in": True, "email": "Ann@Example.org", "email_verified": True, "iat": time.time()}
PEOPLE = '[people]\n"ann@example.org" = "editor"\n"cho@example.org" = "approver"\n'
LOGIN = """[auth]
redirect_uri = "https://tracker.example.org/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "tracker"
client_secret = "s"
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"
"""
Ask = Callable[..., dict[str, Any]]
PAPER = (Path(__file__).parent.parent / "docs" / "deployment.md").read_text(encoding="utf-8")


@pytest.fixture
def command(folder: Path, tmp_path: Path) -> Command:
    return Command(folder, tmp_path)


@pytest.fixture
def served_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes the file of roles that the pages of this test go by."""

    def write(text: str) -> Path:
        path = tmp_path / "roles.toml"
        path.write_text(text)
        monkeypatch.setenv("TRACKER_ROLES", str(path))
        return path

    return write


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """What the dashboard says of somebody with these claims."""
    for name in ("TRACKER_READ_ONLY", "TRACKER_ROLES", "TRACKER_BEHIND_PROXY"):
        monkeypatch.delenv(name, raising=False)
    st.config.set_option("server.address", "127.0.0.1")

    def answers(claims: Mapping[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
        app = AppTest.from_string(ANSWERS)
        app.user = {k: v for k, v in {**(claims or {}), **changed}.items() if v is not None}
        app.run()
        assert not app.exception, app.exception[0].value
        told: dict[str, Any] = json.loads(app.json[0].value)
        return told

    return answers


def test_on_its_own_machine_everybody_may_do_everything_under_a_name_nobody_checked(ask: Ask) -> None:
    told = ask()
    assert (told["read"], told["edit"], told["approve"]) == (None, None, None)
    assert (told["confirmed"], told["waits"], told["door"]) == (False, False, "dashboard")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "tracker.example.org", None])
def test_where_others_can_reach_it_nobody_may_record_without_login(ask: Ask, address: str | None) -> None:
    st.config.set_option("server.address", address)
    told = ask()
    assert (told["read"], told["edit"], told["approve"]) == (None, "open", "open")
    assert told["role"] == "reader"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_addresses_of_this_machine_alone(ask: Ask, address: str) -> None:
    st.config.set_option("server.address", address)
    assert ask()["edit"] is None


def test_a_server_for_reading_or_behind_a_proxy_lets_nobody_record(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_BEHIND_PROXY", "1")
    assert ask()["edit"] == "proxy"
    monkeypatch.setenv("TRACKER_READ_ONLY", "1")
    assert ask()["edit"] == "read-only"


def test_roles_say_what_somebody_may_do(ask: Ask, served_with: Callable[[str], Path]) -> None:
    served_with(PEOPLE)
    told = ask(ANN)
    assert (told["name"], told["role"], told["confirmed"]) == ("ann@example.org", "editor", True)
    assert (told["edit"], told["approve"], told["waits"], told["door"]) == (None, "editor", False, "login")
    told = ask(ANN, email="cho@example.org")
    assert (told["edit"], told["approve"]) == (None, None)
    told = ask(ANN, email="dan@example.org")
    assert (told["role"], told["read"], told["edit"]) == ("reader", None, "reader")
    assert (ask()["edit"], ask()["read"]) == ("sign-in", None)


def test_with_approval_every_change_waits_an_approvers_too(
    ask: Ask, served_with: Callable[[str], Path]
) -> None:
    served_with("approval = true\n" + PEOPLE)
    assert ask(ANN)["waits"]
    assert ask(ANN, email="cho@example.org")["waits"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"email": None}, "no-email"),
        ({"email": "ann"}, "no-email"),
        ({"email": "ann@example.org\u0007"}, "no-email"),
        ({"email": ["ann@example.org"]}, "no-email"),
        ({"email_verified": False}, "unverified"),
        ({"email_verified": "false"}, "unverified"),
        ({"email_verified": None}, "unverified"),
        ({"iat": time.time() - 13 * 3600}, "expired"),
        ({"iat": None}, "expired"),
        ({"is_logged_in": False}, "sign-in"),
        ({"is_logged_in": "yes"}, "sign-in"),
    ],
)
def test_whoever_is_not_known_for_sure_is_nobody(
    ask: Ask, served_with: Callable[[str], Path], changed: dict[str, Any], why: str
) -> None:
    served_with('read = "signed-in"\n' + PEOPLE)
    told = ask(ANN, **changed)
    assert (told["read"], told["edit"], told["approve"]) == (why, why, why)
    assert (told["name"], told["confirmed"]) == ("", False)


def test_a_provider_may_leave_out_that_an_address_is_verified_where_the_operator_says_so(
    ask: Ask, served_with: Callable[[str], Path]
) -> None:
    served_with("unverified = true\nhours = 24\n" + PEOPLE)
    assert ask(ANN, email_verified=None, iat=time.time() - 13 * 3600)["edit"] is None
    assert ask(ANN, email_verified="true")["edit"] is None
    assert ask(ANN, email_verified=False)["edit"] == "unverified"


def test_letters_that_only_look_alike_are_somebody_else(ask: Ask, served_with: Callable[[str], Path]) -> None:
    served_with('[people]\n"kim@example.org" = "approver"\n')
    assert ask(ANN, email="KIM@example.org")["approve"] is None
    assert ask(ANN, email="\u212aim@example.org")["approve"] == "reader"  # the sign of the kelvin


def test_reading_can_be_for_those_who_are_listed(ask: Ask, served_with: Callable[[str], Path]) -> None:
    served_with('read = "listed"\ndefault = "editor"\n' + PEOPLE)
    assert ask()["read"] == "sign-in"
    assert ask(ANN)["read"] is None
    assert ask(ANN, email="dan@example.org")["read"] == "not-listed"


def test_a_file_that_breaks_takes_every_role_and_leaves_reading_as_it_was(
    ask: Ask, served_with: Callable[[str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    path = served_with('read = "listed"\n' + PEOPLE)
    assert ask(ANN)["edit"] is None
    path.write_text("[people")
    told = ask(ANN)
    assert f"The file {path} is not TOML: there is a mistake at end of document" in caplog.text
    assert (told["role"], told["edit"], told["read"]) == ("reader", "roles", None)
    assert ask()["read"] == "sign-in"
    path.unlink()
    assert ask(ANN)["edit"] == "roles"
    path.write_text(PEOPLE)
    assert ask(ANN)["edit"] is None


def test_a_reader_meets_no_form_on_any_page(
    shipped: Tracker, reader: Any, served_with: Callable[[str], Path]
) -> None:
    served_with(PEOPLE)
    app = reader(COMMITMENT, id="sof-mou", edit="1")
    assert not app.text_area
    app.user = ANN
    assert [b for b in app.run().button if b.label == "Save status"]
    assert app.text_area
    app.user = {**ANN, "email": "dan@example.org"}
    for page, query in [
        (COMMITMENT, {"id": "sof-mou", "edit": "1"}),
        (COMMITMENT, {"id": "gsomia", "look": "1"}),
        (COMMITMENT, {"id": "gsomia", "correct": "9"}),
        ("app_pages/sources.py", {"id": "heraldcorp-22-2026-02-26", "regrade": "heraldcorp-22-2026-02-26"}),
        ("app_pages/sources.py", {"dispute": "new"}),
        ("app_pages/attention.py", {"look": "1"}),
        ("app_pages/coding.py", {}),
    ]:
        app.switch_page(page)
        app.query_params.clear()
        app.query_params.update(query)
        app.run()
        assert not app.exception, app.exception[0].value
        assert not app.text_area, (page, query)
        assert not [b.label for b in app.button if b.label not in ("Sign out",)], (page, query)


def test_what_a_browser_claims_to_be_called_does_not_count_after_signing_in(
    shipped: Tracker, reader: Any, served_with: Callable[[str], Path]
) -> None:
    served_with(PEOPLE)
    app = reader(COMMITMENT, id="gsomia", look="1")
    app.user = ANN
    app.session_state["name"] = "Somebody else"
    app.session_state["look:gsomia:by"] = "Somebody else"
    app.run()
    assert "Recorded as **ann@example.org**" in said(app)
    app.text_area(key="look:gsomia:places").set_value("forged.example")
    next(b for b in app.button if b.label == "Save search").click().run()
    assert "Saved: a search" in said(app)
    last = shipped.sql("SELECT actor, door FROM ledger ORDER BY seq DESC LIMIT 1").to_pylist()
    assert last == [{"actor": "ann@example.org", "door": "login"}]


def test_what_is_wrong_with_a_file_of_roles_is_said_in_one_line(command: Command, tmp_path: Path) -> None:
    login, file = tmp_path / "login.toml", tmp_path / "roles.toml"
    login.write_text(LOGIN)
    login.chmod(0o600)
    options = ("dashboard", "--no-browser", "--login", str(login), "--roles", str(file))
    for text, line in [
        ('default = "king"', "default is not one of 'reader', 'editor' or 'approver'"),
        ('[people]\n"ann@example.org" = "boss"', "people.ann@example.org is not one of"),
        ('[people]\n"ann" = "editor"', "people names ann, which is not an e-mail address"),
        ('[people]\n"a@b.c" = "editor"\n"A@B.c" = "reader"', "names a@b.c twice"),
        ('[people]\n"a@b.c" = "editor"\n"a@b.c" = "reader"\n', "a mistake at line 3"),
        ('roles = "x"', "roles is not known"),
        ('approval = "yes"', "approval is neither true nor false"),
        ('read = "all"', "read is not one of 'anyone', 'signed-in' or 'listed'"),
        ("hours = 0", "hours is less than 1"),
        ("people = 1", "people is not a table"),
    ]:
        file.write_text(text)
        assert line in command.refused(1, *options), text
    file.write_bytes(b"\xff")
    assert "is not text in UTF-8" in command.refused(1, *options)
    file.write_text(PEOPLE)
    file.chmod(0o666)
    assert "make themselves approvers" in command.refused(1, *options)
    file.unlink()
    assert "cannot be read: No such file" in command.refused(1, *options)
    assert "name the provider with --login" in command.refused(1, "dashboard", "--roles", str(file))
    assert "say with --roles who may do what" in command.refused(1, "dashboard", "--login", str(login))


def test_what_is_wrong_with_a_login_file_is_said_without_any_of_it(tmp_path: Path, command: Command) -> None:
    login, file = tmp_path / "planted-name.toml", tmp_path / "roles.toml"
    file.write_text(PEOPLE)
    options = ("dashboard", "--no-browser", "--login", str(login), "--roles", str(file))
    assert "planted" not in command.refused(1, *options)
    login.touch(0o600)
    for old, new, line in [
        ("client_secret", "planted_secret", "auth.client_secret is missing"),
        ('"s"', "planted", "is not TOML: there is a mistake at line 5"),
        ('"s"', '["planted"]', "auth.client_secret is not a text"),
        ("0123456789abcdef0123456789abcdef", "planted", "auth.cookie_secret is not random enough"),
        ("https://tracker", "http://planted", "auth.redirect_uri is not an https address"),
        ("/oauth2callback", "/planted", "auth.redirect_uri does not end in /oauth2callback"),
        ("https://id.", "planted://", "auth.server_metadata_url is not an http or https address"),
        ("[auth]", "planted = 1\n[auth]", "planted is not known"),
    ]:
        login.write_text(LOGIN.replace(old, new))
        told = command.refused(1, *options)
        assert line in told
        assert new == line.split()[0] or "planted" not in told.replace("planted_secret", "").replace(
            "planted is not known", ""
        )
    login.write_text(LOGIN)
    for mode in (0o644, 0o620, 0o606):
        login.chmod(mode)
        assert "chmod 600" in command.refused(1, *options)
    login.chmod(0o640)
    assert roles.read_login(login).origin == "https://tracker.example.org"
    with pytest.raises(BadFile):
        roles.read_login(tmp_path)


def test_the_files_of_the_deployment_notes_are_accepted_and_tell_every_key(tmp_path: Path) -> None:
    login, named = re.findall(r"^```toml\n(.*?)^```$", PAPER, re.MULTILINE | re.DOTALL)
    file = tmp_path / "file.toml"
    file.touch(0o600)
    file.write_text(login)
    assert set(tomllib.loads(login)["auth"]) == set(roles.Provider.model_fields) - {"client_kwargs"}
    assert roles.read_login(file).origin == "https://tracker.example.org"
    file.write_text(named)
    told = tomllib.loads(named)
    assert set(told) == set(roles.Roles.model_fields)
    # All but the people stands there as it is unless told.
    assert roles.read_roles(file) == roles.Roles(people=told["people"])
