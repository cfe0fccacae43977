"""The command that serves the dashboard, as a process of its own."""

from __future__ import annotations

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
@click.pass_context
def dashboard_command(
    ctx: click.Context, host: str, port: int | None, no_browser: bool, read_only: bool
) -> None:
    """Serve the dashboard and print its address.

    Stop it with Ctrl+C.
    """
    spec = find_spec("dashboard")
    if spec is None or not spec.submodule_search_locations:
        raise Refused("dashboard-missing")
    app = Path(next(iter(spec.submodule_search_locations))) / "app.py"
    tracker = output.opened(ctx)
    with tracker.store.reading():
        tracker.store.release()
    with _reserved(host, [port] if port is not None else range(FIRST_PORT, FIRST_PORT + 100)) as chosen:
        click.echo("starting the dashboard …")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        environment = os.environ | {"TRACKER_STORE": str(tracker.store.folder)}
        environment["TRACKER_READ_ONLY"] = "1" if read_only else ""
        options = ["--server.address", host, "--server.port", str(chosen), "--server.headless", "true"]
        options += ["--logger.level", "warning"]
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(app), *options],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            _await(server, f"http://{_EVERYWHERE.get(host, _in_address(host))}:{chosen}/_stcore/health")
            address = f"http://{'localhost' if host in _HERE else _in_address(host)}:{chosen}"
            click.echo(f"dashboard: {address}")
            click.echo(f"store: {tracker.store.folder}")
            if not no_browser:
                webbrowser.open(address)
            if code := server.wait():
                raise Refused("dashboard-failed", detail=f"exit code {code}")
        except KeyboardInterrupt:
            pass
        finally:
            server.terminate()
            server.wait()


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
        except OSError:
            return False
    return True
