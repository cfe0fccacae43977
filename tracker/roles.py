"""Who may do what, and with whom people sign in: two files that an operator writes.

What is wrong with one of them is told by the name of the key, never by its value.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

from tracker.errors import BadFile, Invalid
from tracker.fields import Line, Url
from tracker.modelling import Model

COOKIE_BYTES = 32
"""The least length of the secret that signs the cookies of those who have signed in."""
CALLBACK = "/oauth2callback"
"""The path to which the provider sends people back."""
_File = TypeVar("_File", bound=Model)


class Role(StrEnum):
    """What somebody may do; each may do all that those before it may."""

    READER = "reader"
    EDITOR = "editor"
    APPROVER = "approver"


class Read(StrEnum):
    """Who may read where people can sign in."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"
    LISTED = "listed"
    """Those whom the file names."""


def address(text: str) -> str:
    """An e-mail address as it is compared: without regard to the case of ASCII letters.

    Only of those: in Unicode, other letters than K become a k, and somebody who owns such an
    address would be taken for somebody else. Raises ValueError for what is no address.
    """
    name, _, domain = text.rpartition("@")
    if not (name and domain) or "@" in name or len(text) > 200 or not text.isprintable() or " " in text:
        raise ValueError("not an e-mail address")
    return "".join(c.lower() if c.isascii() else c for c in text)


def _email(text: str) -> str:
    try:
        return address(text)
    except ValueError as error:
        raise PydanticCustomError("not_email", "not an e-mail address", {"address": text}) from error


def _each_once(people: Mapping[str, Role]) -> dict[str, Role]:
    """Addresses as they are compared. Raises for one that is there twice, with other capitals."""
    told = Counter(map(_email, people))
    if twice := [name for name, count in told.items() if count > 1]:
        raise PydanticCustomError("same_address", "named twice", {"address": ", ".join(twice)})
    return {_email(name): role for name, role in people.items()}


class Roles(Model):
    """Who may do what on a dashboard where people sign in."""

    default: Role = Role.READER
    """The role of somebody who has signed in and is not named."""
    approval: StrictBool = False
    """Whether a change waits until somebody else approves it."""
    read: Read = Read.ANYONE
    hours: Annotated[StrictInt, Field(ge=1, le=720)] = 12
    """How long a sign-in lasts."""
    unverified: StrictBool = False
    """Whether an address counts of which the provider does not say that it is verified."""
    people: Annotated[dict[str, Role], AfterValidator(_each_once)] = Field(default_factory=dict)

    def closed(self) -> Roles:
        """The same where nobody is more than a reader."""
        readers = dict.fromkeys(self.people, Role.READER)
        return self.model_copy(update={"default": Role.READER, "people": readers})


def _safe(url: str) -> str:
    """An address that nobody on the way can read: https, or of this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_loopback(parts.hostname):
        raise PydanticCustomError("https", "not https")
    return url


def _callback(url: str) -> str:
    if tuple(urlsplit(url)[2:]) != (CALLBACK, "", ""):
        raise PydanticCustomError("callback", "another path", {"path": CALLBACK})
    return url


def _random(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().encode()) < COOKIE_BYTES or len(set(secret.get_secret_value())) < 8:
        raise PydanticCustomError("weak_secret", "too short", {"n": COOKIE_BYTES})
    return secret


class Provider(Model):
    """The provider of identities, as Streamlit calls its settings."""

    model_config = ConfigDict(hide_input_in_errors=True)

    redirect_uri: Annotated[Url, AfterValidator(_safe), AfterValidator(_callback)]
    cookie_secret: Annotated[SecretStr, AfterValidator(_random)]
    client_id: Line
    client_secret: Annotated[SecretStr, Field(min_length=1)]
    server_metadata_url: Annotated[Url, AfterValidator(_safe)]
    client_kwargs: dict[str, str] = Field(default_factory=dict)


class Login(Model):
    """With whom people sign in."""

    auth: Provider

    @property
    def origin(self) -> str:
        """The address under which people reach the dashboard."""
        return self.auth.redirect_uri.removesuffix(CALLBACK)

    def secrets(self) -> dict[str, Any]:
        """The settings with their secrets, for Streamlit alone."""
        told = self.auth.model_dump()
        return {
            "auth": {
                name: value.get_secret_value() if isinstance(value, SecretStr) else value
                for name, value in told.items()
            }
        }


def read_roles(path: Path) -> Roles:
    """Read a file of roles. Raises `BadFile` that says what is wrong with it."""
    if _mode(path, str(path)) & 0o002:
        raise BadFile("roles-open", path=str(path))
    return _parsed(Roles, path, str(path), "roles-invalid")


def read_login(path: Path) -> Login:
    """Read a file of login settings. Raises `BadFile`, which tells neither its path nor its content."""
    if _mode(path, "of --login") & 0o027:
        raise BadFile("login-open")
    return _parsed(Login, path, "of --login", "login-invalid")


def is_loopback(host: str | None) -> bool:
    """Whether only this machine reaches this address or name."""
    if host is None:
        return False
    bare = host.strip("[]").rstrip(".").casefold()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def _mode(path: Path, named: str) -> int:
    try:
        return os.stat(path).st_mode
    except OSError as error:
        raise BadFile("unreadable", path=named, detail=error.strerror or "") from error


def _parsed(model: type[_File], path: Path, named: str, code: str) -> _File:
    # The causes are left out on purpose: they quote what stands in the file.
    try:
        return model.parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadFile("unreadable", path=named, detail=error.strerror or "") from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at [^()]*(?=\)$)", str(error))
        raise BadFile("not-toml", path=named, where=where[0] if where else "") from None
    except UnicodeDecodeError:
        raise BadFile("not-text", path=named) from None
    except Invalid as error:
        raise BadFile(code, path=named, problems=error.problems) from None
