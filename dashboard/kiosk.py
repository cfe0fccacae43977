"""The wall screen: `kiosk=20` in the address shows one picture after the other, each for so many seconds.

The way from one to the next is a row of links, drawn where the way from page to page otherwise
is; `assets/kiosk.js` follows them, and stops when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import linked
from dashboard.kept import kept
from dashboard.session import at, con, t
from tracker import queries

NAME, STATION = "kiosk", "station"
"""Words of the address: for how many seconds each picture stands, and which one it is."""
USUAL, SHORTEST, LONGEST = 20, 5, 600
HEADLINES = 6
DATES, COMING = 7, 4
"""Dates that can be read from across a room, and how many of them are to come if there are any."""
GROUPS = 8

Row = Mapping[str, Any]


class Station(NamedTuple):
    """A part of a page: the heading that begins it, counted from 1; 0 is the top."""

    page: str
    part: int = 0
    id: str | None = None


PICTURES = 4
"""Of the overview, each under a heading of its own."""


def seconds() -> int | None:
    """For how many seconds each picture stands; None where nobody asked for a wall screen."""
    if NAME not in st.query_params:
        return None
    asked = linked.number(NAME)
    return min(max(asked, SHORTEST), LONGEST) if asked is not None else USUAL


def fitting(rows: Sequence[Row]) -> Sequence[Row]:
    """Of dates in order, as many around today as a wall screen has room for, most of them to come."""
    if seconds() is None:
        return rows
    passed, coming = ([row for row in rows if (row["days"] < 0) is gone] for gone in (True, False))
    coming = coming[: max(DATES - len(passed), COMING)]
    return [*passed[len(coming) - DATES :], *coming]


def few(rows: Sequence[Row]) -> Sequence[Row]:
    """As many groups, from the first, as a wall screen has room for; elsewhere all."""
    return rows if seconds() is None else rows[:GROUPS]


def more(n: int) -> None:
    """That a picture shows not everything; nothing where it does."""
    if n:
        st.html(f'<p class="note">{escape(t("kiosk.more", n=n))}</p>')


def bar(each: int) -> None:
    """Links to all pictures, and the ways to stop and to leave."""
    stations = kept("kiosk", _stations)
    current = linked.number(STATION) or 1
    links = "".join(_link(number, station, each, current) for number, station in enumerate(stations, 1))
    leave = linked.address("./")
    pause, resume = escape(t("kiosk.pause")), escape(t("kiosk.resume"))
    st.html(
        f'<nav class="kiosk" aria-label="{escape(t("kiosk.title"))}" data-seconds="{each}">{links}'
        f'<button type="button" data-pause="{pause}" data-resume="{resume}">{pause}</button>'
        f'<a href="{escape(leave)}">{escape(t("kiosk.leave"))}</a></nav>'
    )


def _stations() -> list[Station]:
    headlines = queries.commitments(con(), headline=True, limit=HEADLINES, at=at())
    # Where there are any, they stand under the first heading.
    first = 2 if headlines else 1
    pictures = [Station("./", part) for part in range(first, first + PICTURES)]
    each = [Station("commitment", id=row["id"]) for row in headlines]
    return [Station("./"), *pictures, Station("next"), Station("changes"), *each]


def _link(number: int, station: Station, each: int, current: int) -> str:
    query = {NAME: str(each), STATION: str(number)} | ({"id": station.id} if station.id else {})
    mark = ' aria-current="true"' if number == current else ""
    name = escape(t("kiosk.station", n=number))
    return (
        f'<a href="{escape(linked.address(station.page, **query))}" data-part="{station.part}" '
        f'aria-label="{name}"{mark}>{number}</a>'
    )
