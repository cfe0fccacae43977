"""Processes that die at a line of the tracker's own code, killed as by the system.

Every line that runs in some functions is a step; a process dies before its n-th step. What
it leaves is what a power cut would leave at that line, but for what the system had not
written yet.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import make
import writer

from tracker.store import Store
from tracker.tracker import Tracker

WRITE = ("_write", "_committed", "publish", "replace")
MAKE = ("_write", "_make", "_committed", "begin", "complete")
TAKE = ("take", "begin", "complete", "_keep", "_link", "sync")
MIGRATE = ("migrate", "settle", "publish")
BACKUP = ("write", "_told", "passing", "sync")


def deaths(
    functions: tuple[str, ...], work: Callable[..., None], *arguments: Any, stride: int = 1
) -> Iterator[list]:
    """Let a process die before every step of some work, one after the other.

    Yields what each had reported before, and ends when the work is done before the next step.
    """
    step = 1
    while True:
        process, told = writer.start(_dying, functions, step, work, *arguments)
        reports = writer.reports(told)
        process.join()
        if process.exitcode == 0:
            return
        assert process.exitcode == -signal.SIGKILL, process.exitcode
        yield reports
        step += stride


def _dying(functions: tuple[str, ...], step: int, work: Callable[..., None], *arguments: Any) -> None:
    left = step

    def line(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        ours = code.co_name in functions and Path(code.co_filename).parent.name == "tracker"
        return line if ours else None

    sys.settrace(call)
    work(*arguments)
    sys.settrace(None)


def record(folder: Path, told: Connection) -> None:
    note = str(os.getpid())
    told.send(("asked", note))
    Tracker(Store(folder)).record(make.event(note=note), by="ann", key=note)
    told.send(("told", note))


def make_store(folder: Path, told: Connection) -> None:
    Tracker(Store(folder)).add(make.source(), make.agreement(), make.commitment(), by="ann")
    told.send("made")


def take(folder: Path, whole: Path, told: Connection) -> None:
    Store(folder).take(whole)
    told.send("taken")


def open_(folder: Path, told: Connection) -> None:
    told.send(len(Tracker(Store(folder)).commitments()))


def backup(folder: Path, file: Path, told: Connection) -> None:
    Tracker(Store(folder)).backup(file, overwrite=True)
    told.send("kept")
