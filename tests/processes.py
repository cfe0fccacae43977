"""Processes of this machine, looked at from outside."""

from __future__ import annotations

import os
import select
from pathlib import Path

SOON = 60
"""Seconds after which something that should have ended is said not to have."""


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                told = (folder / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            state, parent = told.rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(folder.name)] = int(parent)
    return found


def descendants(process: int) -> set[int]:
    """The processes that a process has started, and those they have."""
    parents = _parents()
    found: set[int] = set()
    while more := {p for p, parent in parents.items() if parent in found | {process}} - found:
        found |= more
    return found


def workers(process: int) -> set[int]:
    """The processes that this one, and no other under it, has started to have the engine ready."""
    return {p for p, parent in _parents().items() if parent == process and _is_worker(p)}


def statements(process: int) -> set[int]:
    """The processes in which a statement runs that this one, and no other under it, has asked for."""
    return {p for worker in workers(process) for p in descendants(worker)}


def _is_worker(process: int) -> bool:
    try:
        return b"sql_worker.py" in Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def await_end(process: int) -> None:
    """Wait for the end of a process that is not ours to wait for."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([handle], [], [], SOON)
    finally:
        os.close(handle)
    assert ended, f"process {process} goes on"
