"""A process that has imported the whole command and forks for every run of it.

The start of an interpreter, its imports and its end cost more than most commands. Only they
are saved: every run has a process, arguments, an environment and streams of its own.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

ABROAD = ("tracker.sql_worker",)
"""Modules of which no command is made."""
LATER = ("babel.dates", "edtf", "importlib.readers", "rich.table", "yaml")
"""What some commands import when they need it; but nothing that starts threads, which a fork loses."""


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    input: bytes,  # noqa: A002
) -> subprocess.CompletedProcess[bytes]:
    """Run the command with these arguments, in this environment alone; wait for its end."""
    with (
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as printed,
        tempfile.TemporaryFile() as complained,
    ):
        asked.write(json.dumps([list(arguments), dict(environment), str(Path.cwd())]).encode())
        given.write(input)
        files = (asked, given, printed, complained)
        for file in files:
            file.seek(0)
        ended, end = os.pipe()
        try:
            socket.send_fds(_parent(), [b"!"], [*(file.fileno() for file in files), end])
            os.close(end)
            code = os.read(ended, 16)
        finally:
            os.close(ended)
        for file in files:
            file.seek(0)
        assert code, f"it died: {complained.read().decode()}"
        return subprocess.CompletedProcess([*arguments], int(code), printed.read(), complained.read())


@cache
def _parent() -> socket.socket:
    """The way to the process that forks."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        env=os.environ | {"PYDANTIC_DISABLE_PLUGINS": "__all__"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _serve(asks: socket.socket) -> None:
    while files := socket.recv_fds(asks, 1, 5)[1]:
        if os.fork() == 0:
            asks.close()
            _become(*files)
        for file in files:
            os.close(file)
        _reap(os.WNOHANG)
    _reap(0)


def _import_all() -> None:
    tracker = importlib.import_module("tracker")
    for module in pkgutil.walk_packages(tracker.__path__, "tracker."):
        if module.name not in ABROAD:
            importlib.import_module(module.name)
    for name in LATER:
        importlib.import_module(name)


def _become(asked: int, given: int, printed: int, complained: int, end: int) -> NoReturn:
    """Run in this process what is asked; tell the exit code as the last thing."""
    from tracker.cli import main

    with open(asked, encoding="utf-8") as file:
        arguments, environment, folder = json.load(file)
    for number, stream in enumerate((given, printed, complained)):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["tracker", *arguments]
    code = 1
    try:
        main()
        code = 0
    except SystemExit as told:
        code = int(told.code or 0)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(end, str(code).encode())
    os._exit(0)


def _reap(how: int) -> None:
    """Wait for those that ended: only then does their time count in that of the tests."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


if __name__ == "__main__":
    _import_all()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    # What was frozen would be complained about as leaked.
    os._exit(0)
