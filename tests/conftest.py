"""What most tests start from: real stores in a temporary folder, on a clock that they set."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import make
import pytest
from chromium import another, browser, context, first_window, page, phone, second_window, served, server
from reading import reader

from tracker import facts
from tracker.store import Store
from tracker.tracker import Tracker

__all__ = [
    "another",
    "browser",
    "context",
    "first_window",
    "page",
    "phone",
    "reader",
    "second_window",
    "served",
    "server",
]

DATA = Path(__file__).parent / "data"


class Clock:
    """What a store takes for the present, in UTC."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def set(self, text: str) -> None:
        self.now = dt.datetime.fromisoformat(text)


PRESENT = dt.datetime(2025, 6, 1, 9)


@pytest.fixture
def clock() -> Clock:
    return Clock(PRESENT)


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores made once, of which every test gets copies of its own."""
    folder = tmp_path_factory.mktemp("originals")
    clock = Clock(PRESENT)
    empty, small, filled = (Store(folder / name, clock=clock) for name in ("empty", "small", "filled"))
    for made in (empty, small, filled):
        made.create()
    Tracker(small).add(make.source(), make.agreement(), make.commitment(), by="ann")
    Tracker(filled).import_facts(facts.read(DATA / "facts.yaml"), by="compiler")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the store of the test is; it goes with the test, for a store takes megabytes."""
    yield tmp_path / "store"
    shutil.rmtree(tmp_path / "store", ignore_errors=True)


@pytest.fixture
def store(originals: Path, folder: Path, clock: Clock) -> Store:
    """An empty store."""
    shutil.copytree(originals / "empty", folder)
    return Store(folder, clock=clock)


@pytest.fixture
def tracker(originals: Path, folder: Path, clock: Clock) -> Tracker:
    """A tracker that holds one source, one agreement and one commitment, `treaty`."""
    shutil.copytree(originals / "small", folder)
    return Tracker(Store(folder, clock=clock))


@pytest.fixture
def filled(originals: Path, folder: Path, clock: Clock) -> Tracker:
    """A tracker that holds the facts file of the tests."""
    shutil.copytree(originals / "filled", folder)
    return Tracker(Store(folder, clock=clock))


@pytest.fixture(scope="session")
def library(originals: Path) -> Tracker:
    """The same, without a copy of its own: for tests that only read."""
    return Tracker(Store(originals / "filled"))


@pytest.fixture
def facts_file() -> Path:
    return DATA / "facts.yaml"


@pytest.fixture(scope="session")
def shipped_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped") / "store"
    Tracker.open(folder)
    return folder


@pytest.fixture
def shipped(shipped_original: Path, folder: Path) -> Tracker:
    """A tracker that holds the data set that ships with the package."""
    shutil.copytree(shipped_original, folder)
    return Tracker(Store(folder))
