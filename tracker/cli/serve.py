"""The command that serves the dashboard, as a process of its own."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click

from tracker.cli import output
from tracker.errors import Refused, StoreUnavailable
from tracker.words import Words

_FILE = click.Path(dir_okay=False, path_type=Path)
FIRST_PORT = 8501
START_SECONDS = 60.0
_HERE = ("127.0.0.1", "::1", "0.0.0.0", "::")
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
"""Addresses that stand for all of this machine, and one of them to ask."""


@click.command("dashboard")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; by default the first free one from 8501.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--read-only", is_flag=True, help="Show no forms.")
@click.option(
    "--login", type=_FILE, help="Let people sign in with the OpenID Connect provider of this TOML file."
)
@click.option("--roles", type=_FILE, help="Who may do what once signed in; read again when it changes.")
@click.option("--behind-proxy", is_flag=True, help="Answer under every name, for a proxy on this machine.")
@click.pass_context
def dashboard_command(
    ctx: click.Context,
    host: str,
    port: int | None,
    no_browser: bool,
    read_only: bool,
    login: Path | None,
    roles: Path | None,
    behind_proxy: bool,
) -> None:
    """Serve the dashboard and print its address.

    Stop it with Ctrl+C. On this machine alone everybody may record changes; where others
    can reach it, nobody may, unless they sign in.
    """
    from tracker.roles import is_loopback

    if not host:
        # Empty, it would be every address of this machine.
        raise click.BadParameter("name an address", param_hint="--host")
    public = _public(login, roles)
    spec = find_spec("dashboard")
    if spec is None or not spec.submodule_search_locations:
        raise Refused("dashboard-missing")
    app = Path(next(iter(spec.submodule_search_locations))) / "asgi.py"
    tracker = output.opened(ctx)
    with tracker.store.reading():
        tracker.store.release()
    with _reserved(host, [port] if port is not None else range(FIRST_PORT, FIRST_PORT + 100)) as chosen:
        click.echo("starting the dashboard …")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        told = {
            "TRACKER_STORE": str(tracker.store.folder),
            "TRACKER_READ_ONLY": "1" if read_only else "",
            "TRACKER_BEHIND_PROXY": "1" if behind_proxy else "",
            # Not on the command line of the server, which everybody on this machine can list.
            "TRACKER_LOGIN": str(login.absolute()) if login else "",
            "TRACKER_ROLES": str(roles.absolute()) if roles else "",
        }
        options = ["--server.address", host, "--server.port", str(chosen), "--server.headless", "true"]
        # Its welcome would ask a server on the internet for the address of this one.
        options += ["--logger.level", "warning", "--logger.hideWelcomeMessage", "true"]
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(app), *options],
            # Pages run in threads, and what is freed in one place of memory per thread is not given back.
            env={"MALLOC_ARENA_MAX": "2"} | os.environ | told,
            stdout=subprocess.DEVNULL,
        )
        try:
            _await(server, f"http://{_EVERYWHERE.get(host, _in_address(host))}:{chosen}/_stcore/health")
            bound = f"http://{'localhost' if host in _HERE else _in_address(host)}:{chosen}"
            address, words = public or bound, Words("en")
            click.echo(f"dashboard: {address}")
            if address != bound:
                click.echo(words("command.bound", address=bound))
            click.echo(f"store: {tracker.store.folder}")
            if (behind_proxy or not is_loopback(host)) and not (public or read_only):
                click.echo(words("command.open"))
            if not no_browser:
                webbrowser.open(address)
            if code := server.wait():
                raise Refused("dashboard-failed", detail=f"exit code {code}")
        except KeyboardInterrupt:
            pass
        finally:
            server.terminate()
            server.wait()


def _public(login: Path | None, roles: Path | None) -> str | None:
    """The address at which people sign in, if they can. Raises `Refused` for files that cannot be used."""
    from tracker.roles import read_login, read_roles

    if login is None and roles is None:
        return None
    if login is None or roles is None:
        raise Refused("roles-alone" if login is None else "login-alone")
    read_roles(roles)
    return read_login(login).origin


def _await(server: subprocess.Popen[bytes], health: str) -> None:
    """Wait until the server answers. Raises `Refused` when it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(health, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Refused("dashboard-failed", detail=f"exit code {server.poll()}")


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _reserved(host: str, ports: Iterable[int]) -> Iterator[int]:
    """The first port that nobody has, kept from other dashboards while they start and run.

    Between the look and the start of the server another dashboard could take the port, and
    would then be taken for this one. Raises `StoreUnavailable` when every port is taken.
    """
    for port in ports:
        lock = Path(tempfile.gettempdir()) / f"commitment-tracker-{os.getuid()}-{port}.lock"
        with lock.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if _is_free(host, port):
                yield port
                return
    raise StoreUnavailable("port-taken", port=port)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Refused("no-address", host=host, detail=error.strerror or str(error)) from error
            return False
    return True
