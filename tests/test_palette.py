"""Statuses and schedules can be told apart by every reader, on screens light and dark, and on paper."""

from __future__ import annotations

import itertools
import math

import pytest

from dashboard import theme

# Machado, Oliveira and Fernandes 2009, severity 1; they apply to linear light.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """Lightness and two hues (CIELAB, D65) as an eye of this kind sees them."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    seen = [min(1.0, max(0.0, p)) for p in times(VISIONS[vision], light)]
    x, y, z = (
        c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116
        for c in (v / w for v, w in zip(times(XYZ, seen), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("looks", [theme.STATUS, theme.SCHEDULE], ids=["status", "schedule"])
def test_colours_stay_apart_for_every_kind_of_vision(looks, ground: str, vision: str) -> None:
    for (one, mark), (other, second) in itertools.combinations(looks.items(), 2):
        a, b = (theme.colour(m, ground) for m in (mark, second))
        assert math.dist(lab(a, vision), lab(b, vision)) >= 13.5, (one, other)


@pytest.mark.parametrize("looks", [theme.STATUS, theme.SCHEDULE], ids=["status", "schedule"])
def test_without_any_colour_signs_tell_them_apart(looks) -> None:
    assert len({mark.sign for mark in looks.values()}) == len(looks)


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_what_stands_on_a_colour_can_be_read(ground: str) -> None:
    for mark in (*theme.STATUS.values(), *theme.SCHEDULE.values()):
        colour = theme.colour(mark, ground)
        assert theme.contrast(theme.ink(colour), colour) >= 4.5, mark
    assert theme.contrast(theme.LINK[ground], theme.PAPER[ground]) >= 4.5
