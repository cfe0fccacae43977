"""Colours and symbols of statuses and schedules, one place for charts and badges.

The palette was searched for contrast (3:1 for marks) and for distance under protanopia,
deuteranopia and tritanopia. A symbol and a word always stand beside the colour.
"""

from typing import Any, NamedTuple

from dashboard import i18n
from tracker.terms import Schedule, Status


class Mark(NamedTuple):
    """How something looks: a colour for light and dark ground, a Vega shape, a character."""

    light: str
    dark: str
    shape: str
    sign: str
    badge: str
    """Streamlit's name of the badge colour nearest to it."""


CROSS = "M-0.35,-1h0.7v0.65h0.65v0.7h-0.65v0.65h-0.7v-0.65h-0.65v-0.7h0.65z"
TIMES = "M-1,-0.7L-0.7,-1L0,-0.3L0.7,-1L1,-0.7L0.3,0L1,0.7L0.7,1L0,0.3L-0.7,1L-1,0.7L-0.3,0z"

STATUS = {
    Status.DELIVERED: Mark("#0A2558", "#8BC2FD", "circle", "●", "blue"),
    Status.ONGOING: Mark("#1097E1", "#1F74E8", "square", "■", "blue"),
    Status.IN_PROGRESS: Mark("#AF8B10", "#FCD375", "diamond", "◆", "yellow"),
    Status.PLEDGED: Mark("#6B6F72", "#6B6F72", "circle", "○", "gray"),
    Status.UNCONFIRMED: Mark("#913790", "#D07BA4", CROSS, "✚", "violet"),
    Status.NOT_DELIVERED: Mark("#4B4E50", "#DEE0E1", TIMES, "✕", "gray"),
}
SCHEDULE = {
    Schedule.LATE: Mark("#A3240F", "#F04A2F", "triangle-up", "▲", "red"),
    Schedule.LAPSED: Mark("#4B4E50", "#DEE0E1", TIMES, "✕", "gray"),
    Schedule.UNKNOWN: Mark("#913790", "#D07BA4", CROSS, "✚", "violet"),
    Schedule.DUE_SOON: Mark("#AF8B10", "#FCD375", "diamond", "◆", "yellow"),
    Schedule.UPCOMING: Mark("#1097E1", "#1F74E8", "square", "■", "blue"),
    Schedule.MET: Mark("#0A2558", "#8BC2FD", "circle", "●", "blue"),
    Schedule.NO_DATE: Mark("#6B6F72", "#6B6F72", "circle", "–", "gray"),
}
AWAITED = {"due": "◎", "session": "↻", "step": "⚑", "lapse": "✕"}
"""Signs of what a date is of (see `tracker.agenda.ahead`)."""
CHANGE = {
    "status": Mark("#0A2558", "#8BC2FD", "circle", "→", "blue"),
    "correction": Mark("#A3240F", "#F04A2F", "circle", "↺", "red"),
    "commitment": Mark("#1097E1", "#1F74E8", "circle", "+", "blue"),
    "revision": Mark("#C4622D", "#F0A36B", "circle", "✎", "orange"),
    "dispute": Mark("#913790", "#D07BA4", "circle", "≠", "violet"),
    "check": Mark("#6B6F72", "#9AA0A5", "circle", "∅", "gray"),
    "source": Mark("#AF8B10", "#FCD375", "circle", "§", "yellow"),
    "agreement": Mark("#7A6A2C", "#B79F52", "circle", "¶", "yellow"),
    "proposal": Mark("#4B4E50", "#DEE0E1", "circle", "✓", "gray"),
    "coding": Mark("#4B4E50", "#DEE0E1", "circle", "2", "gray"),
    "together": Mark("#87929B", "#5E6974", "circle", "≡", "gray"),
}
"""Sorts of changes in the log (see `tracker.log.SORTS`)."""

ORDER = (
    Status.DELIVERED,
    Status.ONGOING,
    Status.IN_PROGRESS,
    Status.PLEDGED,
    Status.UNCONFIRMED,
    Status.NOT_DELIVERED,
)
"""Statuses as they are listed and stacked: what was kept first, what was not last."""

INKS = ("#FFFFFF", "#000000")
"""A light and a dark colour for texts that stand on a colour."""
LINK = {"light": "#0B5C8C", "dark": "#8BC2FD"}
TEXT = {"light": "#33404D", "dark": "#C7CED5"}
PAPER = {"light": "#FFFFFF", "dark": "#12161B"}
GRID = {"light": "#E3E8EC", "dark": "#2A333C"}
RAMP = {"light": ("#DCE9F5", "#0A2558"), "dark": ("#1C2F45", "#8BC2FD")}
FONT = "Source Sans, Apple SD Gothic Neo, Malgun Gothic, Noto Sans KR, Noto Sans CJK KR, sans-serif"


def colour(mark: Mark, ground: str) -> str:
    """The colour of a mark on a light or dark ground."""
    return mark.dark if ground == "dark" else mark.light


def luminance(colour: str) -> float:
    """Relative luminance of a colour, from 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, part: float) -> str:
    """The colour that lies so far, from 0 to 1, on the way from one to another (sRGB)."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)


def ink(colour: str) -> str:
    """The colour in which a text on this one is read best."""
    return max(INKS, key=lambda ink: contrast(ink, colour))


def config(ground: str, language: str) -> dict[str, Any]:
    """The Vega-Lite configuration of every chart."""
    text, grid = TEXT[ground], GRID[ground]
    return {
        "locale": i18n.chart_locale(language),
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "text": {"fontSize": 12},
        "axis": {
            # Described in English alone; what a chart shows is in its text and in its marks.
            "aria": False,
            "labelColor": text,
            "titleColor": text,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "gridColor": grid,
            "tickColor": grid,
            "domainColor": grid,
        },
        "legend": {
            "aria": False,
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "labelColor": text,
            "labelFontSize": 13,
            "symbolSize": 110,
            "columns": 0,
            "offset": 12,
        },
    }
