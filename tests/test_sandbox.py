"""Processes in which strangers' SQL runs: one each, ended with whoever asked, and few at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import processes
import pytest

from tracker import sandbox, sql
from tracker.errors import QueryRefused

LONG = "select sleep_ms(600000)"
ASK = f"""
import sys
from tracker import Tracker, sql
store = Tracker.open(sys.argv[1]).store
sql.run(store, {LONG!r}, seconds=600, tick=lambda elapsed: print(elapsed, flush=True))
"""


class Left(Exception):
    """Whoever asked does not wait any more."""


def test_a_statement_ends_when_nobody_waits_for_it(library):
    seen = set()

    def leave(elapsed):
        seen.update(processes.statements(os.getpid()))
        if elapsed and seen:
            raise Left

    with pytest.raises(Left):
        sql.run(library.store, LONG, seconds=600, tick=leave)
    assert len(seen) == 1
    for process in seen:
        processes.await_end(process)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_the_process_that_asked(library, end):
    asking = subprocess.Popen(
        [sys.executable, "-c", ASK, str(library.store.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert asking.stdout is not None
    with asking, asking.stdout:
        # A statement is under way from the second on that has any time.
        while float(asking.stdout.readline()) == 0:
            pass
        left = processes.descendants(asking.pid)
        assert len(left) == 2
        asking.send_signal(end)
    for process in left:
        processes.await_end(process)


def test_a_worker_that_died_is_replaced(library):
    sql.warm_up()
    (worker,) = processes.workers(os.getpid())
    os.kill(worker, signal.SIGKILL)
    processes.await_end(worker)
    assert sql.run(library.store, "select 1 as a").table.to_pylist() == [{"a": 1}]
    assert worker not in processes.workers(os.getpid())


def test_one_that_dies_under_a_statement_is_not_blamed_on_it(library):
    def kill(elapsed):
        for worker in processes.workers(os.getpid()) if elapsed else ():
            os.kill(worker, signal.SIGKILL)

    with pytest.raises(QueryRefused) as refused:
        sql.run(library.store, LONG, seconds=600, tick=kill)
    assert refused.value.code == "query-worker"
    assert sql.run(library.store, "select 1 as a").table.num_rows == 1


def test_statements_wait_for_their_turn_and_are_told_when_it_does_not_come(library, monkeypatch):
    full, over = threading.Barrier(sandbox.AT_ONCE + 1), threading.Event()

    def hold(elapsed):
        if elapsed and not over.is_set():
            full.wait()
            over.wait()
        if over.is_set():
            raise Left

    def occupy():
        with pytest.raises(Left):
            sql.run(library.store, LONG, seconds=600, tick=hold)

    with ThreadPoolExecutor() as pool:
        occupied = [pool.submit(occupy) for _ in range(sandbox.AT_ONCE)]
        full.wait()
        with monkeypatch.context() as patch:
            patch.setattr(sandbox, "TURN_SECONDS", 0)
            with pytest.raises(QueryRefused) as refused:
                sql.run(library.store, "select 1")
        waiting = pool.submit(sql.run, library.store, "select 1 as a")
        over.set()
        assert waiting.result().table.num_rows == 1
        for one in occupied:
            one.result()
    assert (refused.value.code, refused.value.facts) == ("query-busy", {"seconds": 0})


@pytest.mark.parametrize(
    ("count", "total"), [(0, None), (99, None), (100, 100), (1000, 100)], ids=["not", "few", "just", "many"]
)
def test_rows_beyond_the_limit_are_counted_when_that_is_wanted(library, count, total):
    answer = sql.run(library.store, "from range(100)", limit=10, count=count)
    assert (answer.table.num_rows, answer.truncated, answer.total) == (10, True, total)


def test_the_engine_says_how_long_it_took(library):
    assert sql.run(library.store, "select sleep_ms(50)").seconds >= 0.05
