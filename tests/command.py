"""The `tracker` command as a process of its own, as a shell or a terminal would start it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import forked

PROGRAM = [sys.executable, "-c", "from tracker.cli import main; main()"]
PASSING = ("store.lock", ".reader-")
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Command:
    """Runs the command on one store."""

    def __init__(self, store: Path, home: Path) -> None:
        self.store = store
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_") and k != "COLUMNS"}
        self.environment = kept | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "TERM": "xterm"}

    def run(self, *arguments: str, input: bytes = b"", **options: Any) -> subprocess.CompletedProcess[str]:  # noqa: A002
        own = options.pop("env", {})
        environment = self.environment | {"TRACKER_STORE": str(self.store)} | own
        # What concerns the start of the interpreter needs one.
        if options or any(name.startswith("PYTHON") for name in own):
            options |= {"input": input, "capture_output": True, "env": environment}
            done = subprocess.run([*PROGRAM, *arguments], check=False, **options)
        else:
            done = forked.run(arguments, environment, input)
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def __call__(self, *arguments: str, **options: Any) -> str:
        """What it prints when all goes well."""
        done = self.run(*arguments, **options)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--format", "json"))

    def refused(self, code: int, *arguments: str, **options: Any) -> str:
        """The one line it says when it refuses; it prints nothing else and changes nothing.

        `publishes` tells that the store was touched by hand, and is published by the next reader.
        """
        publishes = options.pop("publishes", False)
        before = self.files()
        done = self.run(*arguments, **options)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert done.stderr.startswith("tracker: "), done.stderr
        assert done.stderr.count("\n") == 1
        assert publishes or self.files() == before
        return done.stderr.removeprefix("tracker: ").rstrip("\n")

    def all_refused(self, code: int, cases: Iterable[tuple[Sequence[str], str]]) -> list[str]:
        """Two at a time; each case is a command line and what must be in the line that refuses it."""
        cases = list(cases)
        with ThreadPoolExecutor(2) as pool:
            lines = list(pool.map(lambda case: self.refused(code, *case[0]), cases))
        for (arguments, said), line in zip(cases, lines, strict=True):
            assert said in line, arguments
        return lines

    def files(self) -> dict[str, bytes]:
        """What the store folder holds, apart from the empty lock file and what readers use for a moment."""
        if not self.store.is_dir():
            return {}
        return {p.name: p.read_bytes() for p in self.store.iterdir() if not p.name.startswith(PASSING)}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        environment = self.environment | {"TRACKER_STORE": str(self.store)}
        return subprocess.Popen([*PROGRAM, *arguments], env=environment, **options)

    def on_terminal(self, columns: int, *arguments: str, code: int = 0) -> list[str]:
        """The lines it prints on a terminal of some width, without colours."""
        near, far = os.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = self.start(*arguments, stdin=far, stdout=far, stderr=far)
        os.close(far)
        printed = b""
        while block := _read(near):
            printed += block
        os.close(near)
        assert process.wait() == code
        return ESCAPES.sub("", printed.decode()).splitlines()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # Linux says so when the last writer has gone.
        return b""
