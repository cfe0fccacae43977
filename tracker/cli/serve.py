"""The command that serves the dashboard, as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from importlib.util import find_spec
from pathlib import Path

import click

from tracker.cli import output
from tracker.errors import Refused, StoreUnavailable

FIRST_PORT = 8501
START_SECONDS = 60.0


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
    chosen = port if port is not None else _free_port(host)
    if not _is_free(host, chosen):
        raise StoreUnavailable("port-taken", port=chosen)
    environment = os.environ | {"TRACKER_STORE": str(tracker.store.folder)}
    environment["TRACKER_READ_ONLY"] = "1" if read_only else ""
    options = ["--server.address", host, "--server.port", str(chosen), "--server.headless", "true"]
    click.echo("starting the dashboard …")
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(app), *options],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        shown = "localhost" if host in ("127.0.0.1", "::1", "0.0.0.0") else host
        address = f"http://{shown}:{chosen}"
        _await(server, f"http://{host if host != '0.0.0.0' else '127.0.0.1'}:{chosen}/_stcore/health")
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


def _free_port(host: str) -> int:
    return next((p for p in range(FIRST_PORT, FIRST_PORT + 100) if _is_free(host, p)), FIRST_PORT)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
