"""What most tests start from: real stores in a temporary folder, on a clock that they set."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import make
import pytest

from tracker import facts
from tracker.store import Store
from tracker.tracker import Tracker

DATA = Path(__file__).parent / "data"


class Clock:
    """What a store takes for the present, in UTC."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def set(self, text: str) -> None:
        self.now = dt.datetime.fromisoformat(text)


@pytest.fixture
def clock() -> Clock:
    return Clock(dt.datetime(2025, 6, 1, 9))


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    """An empty store."""
    made = Store(tmp_path / "store", clock=clock)
    made.create()
    return made


@pytest.fixture
def tracker(store: Store) -> Tracker:
    """A tracker that holds one source, one agreement and one commitment, `treaty`."""
    made = Tracker(store)
    made.add(make.source(), make.agreement(), make.commitment(), by="ann")
    return made


@pytest.fixture
def facts_file() -> Path:
    return DATA / "facts.yaml"


@pytest.fixture
def filled(store: Store, facts_file: Path) -> Tracker:
    """A tracker that holds the facts file of the tests."""
    made = Tracker(store)
    made.import_facts(facts.read(facts_file), by="compiler")
    return made
