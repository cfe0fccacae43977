"""Rows and words in, an Altair chart out. No Streamlit, no database, no sentence of its own."""

from dashboard.charts.ahead import ahead, distance
from dashboard.charts.course import course
from dashboard.charts.drawing import MARKS
from dashboard.charts.grades import grades
from dashboard.charts.groups import groups
from dashboard.charts.history import history
from dashboard.charts.months import changes, months, pace
from dashboard.charts.plan import plan, slip
from dashboard.charts.standing import standing

__all__ = [
    "MARKS",
    "ahead",
    "changes",
    "course",
    "distance",
    "grades",
    "groups",
    "history",
    "months",
    "pace",
    "plan",
    "slip",
    "standing",
]
