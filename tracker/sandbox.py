"""Where strangers' SQL runs: a process that waits with the engine ready, and a child of it per statement.

The process is started once and ends when this one does. It is asked over a socket; whoever
lets go of a question, for whatever reason, has the child killed that works on it.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.resources import files
from typing import Any, NamedTuple

from tracker.errors import QueryRefused

AT_ONCE = 2
"""Statements that run at the same moment; others wait for their turn."""
TURN_SECONDS = 10.0
"""How long one waits for its turn."""
START_SECONDS = 30.0
TICK = 0.1
"""Seconds between two moments at which the asker may change their mind."""

Tick = Callable[[float], None]
"""Is called now and then with the seconds that a statement runs; what it raises ends the statement."""

_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # An allocator that takes little more than it needs,
    "MALLOC_ARENA_MAX": "2",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # and libraries that start no threads,
    "OPENBLAS_NUM_THREADS": "1",  # for only the thread that forks is there after a fork.
    "OMP_NUM_THREADS": "1",
}
"""All that the processes know of ours."""


class Reply(NamedTuple):
    """What came of a statement: what is known of its answer, and the rows as an Arrow stream."""

    known: dict[str, Any]
    rows: bytearray


class Sandbox:
    """The process and those who wait for it. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._free = AT_ONCE
        self._process: subprocess.Popen[bytes] | None = None
        self._asks: socket.socket | None = None

    def start(self) -> None:
        """Start the process, if it does not run. Returns at once; it is ready a moment later."""
        with self._lock:
            self._running()

    def stop(self) -> None:
        """End the process; with it ends every statement."""
        with self._lock:
            self._end()

    def ask(
        self, database: int, question: Mapping[str, Any], *, seconds: float, tick: Tick | None = None
    ) -> Reply:
        """Have a child run a statement on the open file `database`. Raises `QueryRefused`.

        `seconds` count from the moment at which the engine has opened the file.
        """
        tick = tick or (lambda elapsed: None)
        with self._turn(tick):
            ours, theirs = socket.socketpair()
            with ours:
                with theirs:
                    self._hand_over(theirs, database)
                with suppress(BrokenPipeError):  # It is dead, and its last frame says of what.
                    body = json.dumps({**question, "seconds": seconds}).encode()
                    ours.sendall(struct.pack(">cQ", b"Q", len(body)) + body)
                return self._reply(ours, seconds, tick)

    def forget(self) -> None:
        """In a process that was forked from this one: it shares nothing with its parent."""
        if self._asks is not None:
            self._asks.close()
        self.__init__()  # type: ignore[misc]

    # The process

    def _running(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._asks is None:
            ours, theirs = socket.socketpair()
            worker = str(files("tracker").joinpath("sql_worker.py"))
            try:
                with theirs:
                    self._process = subprocess.Popen(
                        [sys.executable, "-P", worker, str(theirs.fileno())],
                        pass_fds=[theirs.fileno()],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE,
                        env=_ENVIRONMENT,
                        cwd="/",
                        start_new_session=True,  # Ctrl+C is for us alone.
                    )
            except OSError as error:
                ours.close()
                raise QueryRefused("query-worker", detail=error.strerror or str(error)) from error
            self._asks = ours
        return self._asks

    def _end(self) -> str:
        """Let the process end, and say why it did."""
        if self._asks is not None:
            self._asks.close()
        process, self._asks, self._process = self._process, None, None
        if process is None:
            return ""
        told = process.communicate()[1].decode(errors="replace").strip()
        return told.splitlines()[-1] if told else f"exit code {process.returncode}"

    def _hand_over(self, control: socket.socket, database: int) -> None:
        with self._lock:
            for last in (False, True):
                try:
                    socket.send_fds(self._running(), [b"!"], [control.fileno(), database])
                    return
                except BrokenPipeError as error:
                    # It died since it was used last; or it cannot live.
                    detail = self._end()
                    if last:
                        raise QueryRefused("query-worker", detail=detail) from error

    # A statement

    @contextmanager
    def _turn(self, tick: Tick) -> Iterator[None]:
        """Wait in the queue for a place. Raises `QueryRefused` for who waits too long."""
        turn = threading.Event()
        deadline = time.monotonic() + TURN_SECONDS
        with self._lock:
            self._waiting.append(turn)
            self._call()
        try:
            while not turn.wait(TICK):
                if time.monotonic() > deadline:
                    raise QueryRefused("query-busy", seconds=TURN_SECONDS)
                tick(0.0)
            yield
        finally:
            with self._lock:
                if turn.is_set():
                    self._free += 1
                else:
                    self._waiting.remove(turn)
                self._call()

    def _call(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._waiting.popleft().set()

    def _reply(self, control: socket.socket, seconds: float, tick: Tick) -> Reply:
        began: float | None = None
        deadline = time.monotonic() + START_SECONDS
        known: dict[str, Any] = {}
        frames = _Frames(control)
        poller = select.poll()
        poller.register(control, select.POLLIN)
        while True:
            now = time.monotonic()
            if now > deadline:
                raise (
                    QueryRefused("query-worker", detail=f"{START_SECONDS:g} s")
                    if began is None
                    else QueryRefused("query-too-slow", seconds=seconds)
                )
            if not poller.poll(min(TICK, deadline - now) * 1000 + 1):
                tick(now - began if began is not None else 0.0)
                continue
            for kind, body in frames.more():
                if kind == b"S":
                    began = time.monotonic()
                    deadline = began + seconds
                elif kind == b"R":
                    told = json.loads(body)
                    raise QueryRefused(told["code"], **told["facts"])
                elif kind == b"H":
                    known = json.loads(body)
                elif kind == b"T":
                    return Reply(known, body)
                else:
                    raise _death(json.loads(body), seconds)
            if frames.ended:
                with self._lock:
                    raise QueryRefused("query-worker", detail=self._end())


class _Frames:
    """What the other side of a socket says, in frames."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._got = bytearray()
        self.ended = False

    def more(self) -> Iterator[tuple[bytes, bytearray]]:
        """The frames that are whole after one more look."""
        with suppress(ConnectionError):
            more = self._control.recv(1 << 20)
            self.ended = not more
            self._got += more
        while len(self._got) >= 9:
            kind, length = struct.unpack_from(">cQ", self._got)
            if len(self._got) < 9 + length:
                return
            body = self._got[9 : 9 + length]
            del self._got[: 9 + length]
            yield kind, body


def _death(code: int, seconds: float) -> QueryRefused:
    """Why a child ended that did not say: the limits end it by a signal."""
    if -code in (signal.SIGXCPU, signal.SIGALRM):
        return QueryRefused("query-too-slow", seconds=seconds)
    if code < 0:
        return QueryRefused("query-too-large")
    return QueryRefused("query-worker", detail=f"exit code {code}")


SANDBOX = Sandbox()
"""The one of this process."""
atexit.register(SANDBOX.stop)
os.register_at_fork(after_in_child=SANDBOX.forget)
