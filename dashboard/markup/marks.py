"""Statuses, schedules and other short words as HTML: a symbol and a word in a tinted box."""

from __future__ import annotations

from html import escape

from dashboard import linked, theme
from dashboard.session import t
from tracker.terms import Schedule, Status


def tag(text: str, tone: str) -> linked.Html:
    """A short text in a box; `tone` is one of those in `assets/site.css`: blue, yellow, red and so on."""
    return linked.Html(f'<span class="tag {tone}">{escape(text)}</span>')


def status(code: str) -> linked.Html:
    """A status as symbol and word."""
    mark = theme.STATUS[Status(code)]
    return tag(f"{mark.sign} {t(f'status.{code}')}", mark.badge)


def schedule(code: str) -> linked.Html:
    """A schedule as symbol and word."""
    mark = theme.SCHEDULE[Schedule(code)]
    return tag(f"{mark.sign} {t(f'schedule.{code}')}", mark.badge)


def claimed(stage: str) -> linked.Html:
    """A stage that sources tell and the evidence does not support."""
    return tag(f"? {t('row.claimed', stage=t(f'stage.{stage}'))}", "orange")
