"""Who is there, and what they may do. Asked anew whenever something is drawn, and again when it is saved.

Without login everybody at this machine may do everything, under the name they give; once
others can reach the server, nobody may change anything. With login, a file of roles says who
may do what, and it is read again as soon as it changes.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import streamlit as st

from tracker import roles
from tracker.cli import sentence
from tracker.errors import BadFile, Refused
from tracker.roles import Read, Role, Roles
from tracker.terms import Door

READ_ONLY, PROXY = "TRACKER_READ_ONLY", "TRACKER_BEHIND_PROXY"
LOGIN, ROLES = "TRACKER_LOGIN", "TRACKER_ROLES"
"""Environment variables in which the command says how this server was started."""
NAME = "name"
"""Where the name of the editor is kept for the next form."""
COOKIE = "tracker_name"
"""The cookie in which the browser keeps that name."""
FAILED = "tracker_sign_in_failed"
"""The cookie that says, for a moment, that somebody tried to sign in and could not."""
LONGEST = 200
# The name stands in an attribute beside it, percent-encoded, so that the script is always the
# same: browsers run it because they were told its digest, and run no other.
KEEP_NAME = (
    "document.cookie = 'tracker_name=' + document.currentScript.dataset.name"
    " + '; path=/; max-age=31536000; samesite=lax'"
)
"""The script that puts the name into the cookie."""
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")
"""What proxies add to a request."""
_log = logging.getLogger(__name__)
_last: dict[str, Roles] = {}


class Action(StrEnum):
    """What somebody may do."""

    READ = "read"
    EDIT = "edit"
    APPROVE = "approve"


@dataclass(frozen=True)
class Identity:
    """Who is there."""

    name: str
    """As the ledger names them: the e-mail address that the provider has verified, or the name
    they gave; empty where neither is known."""
    shown: str
    """As the pages name them."""
    role: Role
    confirmed: bool
    """Whether an identity provider has said so."""


def identity() -> Identity:
    """Who is there now."""
    if not login():
        name = _typed_name()
        return Identity(name, name, Role.READER if closed() else Role.APPROVER, confirmed=False)
    claims = _claims()
    held = _roles()
    if _doubt(claims, held):
        return Identity("", "", Role.READER, confirmed=False)
    name = roles.address(str(claims["email"]))
    shown = str(claims.get("name") or name)[:60]
    role = Role.READER if os.environ.get(READ_ONLY) else held.people.get(name, held.default)
    return Identity(name, shown, role, confirmed=True)


def may(action: Action) -> bool:
    """Whether whoever is there may do this now."""
    return refusal(action) is None


def require(action: Action) -> None:
    """Raise `Refused` unless whoever is there may do this now; its fact `why` is a code of `refusal`."""
    if why := refusal(action):
        raise Refused("not-allowed", why=why)


def refusal(action: Action) -> str | None:
    """Why whoever is there may not do this now, as a code of the catalogue; None if they may."""
    if action is Action.READ:
        return _unreadable() if login() else None
    if why := closed():
        return why
    who = identity()
    if not who.confirmed and login():
        return _doubt(_claims(), _roles())
    if who.role is Role.READER:
        return "reader"
    return "editor" if action is Action.APPROVE and who.role is not Role.APPROVER else None


def needs_approval() -> bool:
    """Whether what is saved now waits until somebody else approves it, whoever saves it.

    An approver's own change waits as well: nobody approves their own.
    """
    return login() and _roles().approval


def door() -> Door:
    """By what way a change by whoever is there comes in."""
    return Door.LOGIN if login() else Door.DASHBOARD


def login() -> bool:
    """Whether people can sign in to this server."""
    return bool(os.environ.get(ROLES))


def sign_in_failed() -> bool:
    """Whether somebody has just tried to sign in and could not."""
    return st.context.cookies.get(FAILED) == "1" and not identity().confirmed


def closed() -> str | None:
    """Why nobody at all may change anything here, as a code of the catalogue; None if somebody may."""
    if os.environ.get(READ_ONLY):
        return "read-only"
    if login():
        return None if _unbroken() else "roles"
    if not roles.is_loopback(st.get_option("server.address")):
        return "open"
    headers = st.context.headers
    host = headers.get("Host")
    foreign = isinstance(host, str) and not roles.is_loopback(urlsplit(f"//{host}").hostname)
    if os.environ.get(PROXY) or foreign or any(isinstance(headers.get(h), str) for h in _FORWARDED):
        return "proxy"
    return None


def remember(name: str) -> None:
    """Keep the name that somebody gave, for the next form."""
    st.session_state[NAME] = name


def kept() -> str:
    """The name that the browser keeps, as text: whatever stands in the cookie, it is no more than that."""
    raw = st.context.cookies.get(COOKIE)
    if not isinstance(raw, str) or len(raw) > 12 * LONGEST:
        return ""
    name = unquote(raw, errors="replace").strip()
    return name if len(name) <= LONGEST and name.isprintable() else ""


def keep() -> None:
    """Have the browser keep the name that was given, for other tabs and days, unless it does."""
    name = st.session_state.get(NAME)
    # It is always there: what comes and goes above a page makes the browser draw all of it anew.
    with st.container(key="keep-name"):
        if isinstance(name, str) and name != kept() and not login():
            told = f'<script data-name="{quote(name, safe="")}">{KEEP_NAME}</script>'
            st.html(told, unsafe_allow_javascript=True)


def _typed_name() -> str:
    return str(st.session_state.get(NAME) or kept())


def _claims() -> Mapping[str, Any]:
    """What the provider said of whoever has signed in; empty for nobody."""
    told = st.user.to_dict()
    return told if told.get("is_logged_in") is True else {}


def _doubt(claims: Mapping[str, Any], held: Roles) -> str | None:
    """Why these claims name nobody, as a code of the catalogue; None if they do."""
    if not claims:
        return "sign-in"
    email = claims.get("email")
    try:
        roles.address(email if isinstance(email, str) else "")
    except ValueError:
        return "no-email"
    # Some providers write the truth as a text.
    verified = str(claims.get("email_verified", held.unverified)).lower()
    if verified != "true":
        return "unverified"
    since = claims.get("iat")
    if not isinstance(since, int | float) or since + 3600 * held.hours <= time.time():
        return "expired"
    return None


def _unreadable() -> str | None:
    """Why whoever is there may not read."""
    held = _roles()
    if held.read is Read.ANYONE:
        return None
    who = identity()
    if not who.confirmed:
        return _doubt(_claims(), held)
    return "not-listed" if held.read is Read.LISTED and who.name not in held.people else None


def _roles() -> Roles:
    """What the file of roles says; while it cannot be used, who may read stays as it was, and no more."""
    path = os.environ[ROLES]
    held = _unbroken()
    if held is None:
        return _last[path].closed() if path in _last else Roles(read=Read.LISTED)
    _last[path] = held
    return held


def _unbroken() -> Roles | None:
    path = Path(os.environ[ROLES])
    try:
        seen = path.stat()
    except OSError:
        return _read(path, None)
    return _read(path, (seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino))


@lru_cache(maxsize=4)
def _read(path: Path, seen: tuple[int, ...] | None) -> Roles | None:
    """The roles in the file as it was `seen`; None and a line in the log if it cannot be used."""
    try:
        return roles.read_roles(path)
    except BadFile as error:
        _log.error("%s", sentence(error))
        return None
