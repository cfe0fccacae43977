"""What the first reader would otherwise wait for, done before the server takes anybody in."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Any

from dashboard import session
from tracker import queries
from tracker.errors import TrackerError

# What pages need and nothing else loads at the start.
_MODULES = (
    "altair",
    "pandas",
    "pyarrow",
    "dashboard.charts",
    "dashboard.entry.forms",
    "streamlit.elements.arrow",
)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Load what pages need, open the store, and spare what is loaded from every later collection."""
    await asyncio.to_thread(_warm_up)
    yield


def _warm_up() -> None:
    for name in _MODULES:
        import_module(name)
    # What fails here says so when somebody asks.
    with suppress(TrackerError), session.tracker().store.reading() as con:
        queries.newest(con)
    gc.collect()
    gc.freeze()
