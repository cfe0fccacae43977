"""What is awaited and what needs a look: dates, rhythms, and how long nobody has looked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from tracker.clocks import At, now
from tracker.queries import SUPPORTED, Row, one, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_JUDGED = """
    SELECT c.*, j.deadline, j.lapses_on
    FROM as_known($day, $known_at) AS c
    JOIN judgements AS j ON j.commitment_id = c.id
        AND j.known_from <= $known_at AND $known_at < j.known_to
        AND j.valid_from <= $day AND $day < j.valid_to
"""


class Awaited(TypedDict, total=False):
    """Of which commitments dates are asked for; what is absent or None narrows nothing."""

    kind: str | None
    pillar: str | None
    party: str | None


def _ahead(which: str) -> str:
    """The dates of the open commitments `AS c` for which a condition holds, as common table expressions.

    The date of a commitment is the one that its schedule is judged by. A milestone in whose window that
    day lies is no further date but its name; of several, the one with the narrowest window.
    """
    return f"""
    awaited AS MATERIALIZED (
        {_JUDGED} WHERE c.status NOT IN ('delivered', 'not-delivered') AND {which}
    ),
    steps AS (
        SELECT m.*, a.title
        FROM milestones_known($known_at) AS m JOIN awaited AS a ON a.id = m.commitment_id
        WHERE m.expected IS NOT NULL AND (m.reached_latest IS NULL OR m.reached_latest > $day)
    ),
    -- The next edition is expected as vaguely as the last one is dated.
    editions AS (
        SELECT h.commitment_id AS id, CAST(h.happened_latest - h.happened_earliest AS INTEGER) AS width
        FROM history_known($known_at) AS h
        JOIN awaited AS a ON a.id = h.commitment_id AND a.deadline IS DISTINCT FROM a.due_latest
        LEFT JOIN findings AS f ON f.commitment_id = h.commitment_id AND f.version = h.version
            AND f.known_from <= $known_at AND $known_at < f.known_to
        WHERE h.withdrawn_at IS NULL AND {SUPPORTED} AND h.certain_on <= $day
            AND h.stage IN ('inaugural-held', 'recurring')
        QUALIFY row_number() OVER (
            PARTITION BY h.commitment_id
            ORDER BY h.happened_latest DESC, h.happened_earliest DESC, h.version DESC) = 1
    ),
    own AS (
        SELECT a.id, a.title, a.schedule AS passed, a.deadline AS due_latest,
            if(a.deadline = a.due_latest, 'due', 'session') AS what,
            if(what = 'due', a.due_earliest, a.deadline - coalesce(e.width, 0)) AS due_earliest,
            CASE WHEN what = 'due' THEN a.due
                WHEN e.width > 0 THEN concat(a.deadline - e.width, '/', a.deadline)
                ELSE CAST(a.deadline AS VARCHAR) END AS due,
            if(what = 'due', 'stated', 'rhythm') AS basis
        FROM awaited AS a LEFT JOIN editions AS e USING (id) WHERE a.deadline IS NOT NULL
    ),
    named AS (
        SELECT o.*, s.name AS step, s.position AS place
        FROM own AS o LEFT JOIN steps AS s ON s.commitment_id = o.id
            AND o.due_latest BETWEEN s.expected_earliest AND s.expected_latest
        QUALIFY row_number() OVER (
            PARTITION BY o.id ORDER BY s.expected_latest - s.expected_earliest, s.position) = 1
    ),
    dated AS (
        SELECT id, title, what, step, due, due_earliest, due_latest, basis, true AS binds, passed FROM named
        UNION ALL
        SELECT s.commitment_id, s.title, 'step', s.name, s.expected, s.expected_earliest, s.expected_latest,
            s.expected_basis, false, 'unknown'
        FROM steps AS s ANTI JOIN named AS n ON n.id = s.commitment_id AND n.place = s.position
        UNION ALL
        SELECT a.id, a.title, 'lapse', NULL, CAST(a.lapses_on AS VARCHAR), a.lapses_on, a.lapses_on,
            'rhythm', true, a.schedule
        FROM awaited AS a
        WHERE a.lapses_on >= $day AND a.lapses_on IS DISTINCT FROM a.deadline
    ),
    judged AS (
        SELECT * EXCLUDE (passed), date_diff('day', $day, due_latest) AS days,
            CASE WHEN days < 0 THEN passed WHEN days <= 90 THEN 'due-soon' ELSE 'upcoming' END AS schedule
        FROM dated
    )
    """


_AHEAD = _ahead("""
    ($kind IS NULL OR c.kind = $kind) AND ($pillar IS NULL OR c.pillar = $pillar)
    AND ($party IS NULL OR list_contains([p.name for p in c.parties], $party))
""")


def agenda(con: DuckDBPyConnection, at: At | None = None, limit: int = 12) -> list[Row]:
    """Dates that are awaited, oldest first: at most `limit` that passed, and as many that come.

    The rows are those of `ahead`, without the days on which a rhythm breaks; `dates` counts all that
    there would be without a limit.
    """
    return rows(
        con,
        f"""
        WITH {_AHEAD}
        SELECT *, count(*) OVER () AS dates FROM judged WHERE what <> 'lapse'
        QUALIFY row_number() OVER (PARTITION BY days < 0 ORDER BY abs(days), title, step) <= $limit
        ORDER BY days, title, step
        """,
        now(at).bound() | _wanted({}) | {"limit": limit},
    )


def of(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """The dates of one commitment, oldest first, with the columns of `ahead`; empty once it is settled."""
    return rows(
        con,
        f"WITH {_ahead('c.id = $id')} FROM judged ORDER BY days, due_earliest, what, step",
        now(at).bound() | {"id": commitment_id},
    )


def ahead(
    con: DuckDBPyConnection,
    until: dt.date,
    at: At | None = None,
    *,
    limit: int = 200,
    **wanted: Unpack[Awaited],
) -> list[Row]:
    """Dates that have passed without an answer, and those that come: at most `limit` of either.

    First what is late, lapsed or unknown (`schedule`), the longest first; then what may come by
    `until`, the nearest first. `what` is a date `due`, a `session` expected by the rhythm, a `step`
    on the way (a milestone, named by `step`) or a `lapse`, the last day on which the rhythm is kept;
    `binds` tells the dates of commitments from mere steps, which no rule calls late. `basis` is stated,
    inferred or rhythm; `days` counts from the day asked for to the latest day that the date may mean.
    """
    return rows(
        con,
        f"""
        WITH {_AHEAD}
        FROM judged WHERE days < 0 OR due_earliest <= $until
        QUALIFY row_number() OVER (PARTITION BY days < 0 ORDER BY abs(days), title, what, step) <= $limit
        ORDER BY days >= 0, list_position(['late', 'lapsed', 'unknown'], schedule), days, due_earliest, title,
            what, step
        """,
        now(at).bound() | _wanted(wanted) | {"until": until, "limit": limit},
    )


def outlook(con: DuckDBPyConnection, until: dt.date, at: At | None = None, **wanted: Unpack[Awaited]) -> Row:
    """How many dates `ahead` would find without a limit: `late`, `lapsed`, `unknown`, and `coming`.

    `unknown_steps` and `coming_steps` count the mere steps among them, `beyond` the dates that lie after
    `until`, `open` the commitments that await anything, and `undated` those of them without any date.
    """
    return one(
        con,
        f"""
        WITH {_AHEAD}
        SELECT count(*) FILTER (schedule = 'late') AS late, count(*) FILTER (schedule = 'lapsed') AS lapsed,
            count(*) FILTER (days < 0 AND schedule NOT IN ('late', 'lapsed')) AS unknown,
            count(*) FILTER (days >= 0 AND due_earliest <= $until) AS coming,
            count(*) FILTER (days < 0 AND NOT binds) AS unknown_steps,
            count(*) FILTER (days >= 0 AND due_earliest <= $until AND NOT binds) AS coming_steps,
            count(*) FILTER (days >= 0 AND due_earliest > $until) AS beyond,
            any_value(a.open) AS open, any_value(a.open) - count(DISTINCT id) AS undated
        FROM (SELECT count(*) AS open FROM awaited) AS a LEFT JOIN judged ON true
        """,
        now(at).bound() | _wanted(wanted) | {"until": until},
    )


def by_month(
    con: DuckDBPyConnection, first: dt.date, until: dt.date, at: At | None = None, **wanted: Unpack[Awaited]
) -> list[Row]:
    """The dates that `outlook` counts up to `until`, by the month of their last day, and by schedule.

    What is older than `first` counts in the first month, and what may reach beyond `until` in the last.
    """
    return rows(
        con,
        f"""
        WITH {_AHEAD}
        SELECT CAST(date_trunc('month', least(greatest(due_latest, $first), $until)) AS DATE) AS month,
            schedule, count(*) AS n
        FROM judged WHERE days < 0 OR due_earliest <= $until GROUP BY ALL ORDER BY ALL
        """,
        now(at).bound() | _wanted(wanted) | {"first": first, "until": until},
    )


def parties(con: DuckDBPyConnection, at: At | None = None, limit: int = 100) -> list[str]:
    """Names of the parties whose commitments are on record."""
    found = rows(
        con,
        "SELECT DISTINCT unnest([p.name for p in parties]) AS name FROM definitions "
        "WHERE known_from <= $known_at AND $known_at < known_to ORDER BY name LIMIT $limit",
        {"known_at": now(at).known_at, "limit": limit},
    )
    return [row["name"] for row in found]


def _wanted(wanted: Awaited) -> dict[str, Any]:
    return dict.fromkeys(Awaited.__annotations__) | dict(wanted)


def rhythm(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> Row:
    """Editions held, the window of the next one and the gaps; empty where there is no rhythm to speak of.

    The keys are those of `tracker.schedule.Rhythm`; editions are EDTF dates.
    """
    from tracker import schedule
    from tracker.dates import Edtf
    from tracker.record import Event, Record
    from tracker.terms import Kind, Stage

    at = now(at)
    told = rows(
        con,
        "SELECT h.version, h.stage, h.happened_on, CAST(h.recorded_at AS DATE) AS recorded_on "
        "FROM history_known($known_at) AS h LEFT JOIN findings AS f "
        "ON f.commitment_id = h.commitment_id AND f.version = h.version "
        "AND f.known_from <= $known_at AND $known_at < f.known_to "
        f"WHERE h.commitment_id = $id AND h.withdrawn_at IS NULL AND {SUPPORTED} "
        "AND h.certain_on <= $day ORDER BY h.version",
        at.bound() | {"id": commitment_id},
    )
    wording = one(
        con,
        "SELECT kind, cadence, lapses_after FROM definitions "
        "WHERE commitment_id = $id AND known_from <= $known_at AND $known_at < known_to",
        {"known_at": at.known_at, "id": commitment_id},
    )
    steps = []
    for event in told:
        on = Edtf(event["happened_on"])
        steps.append(
            Event(
                event["version"], Stage(event["stage"]), on, on.earliest, on.latest, event["recorded_on"], ()
            )
        )
    record = Record(
        Kind(wording["kind"]), at.day, cadence=wording["cadence"], lapses_after=wording["lapses_after"]
    )
    found = schedule.rhythm(record, steps, at.day)
    if not found.editions:
        return {}
    return {name: getattr(found, name) for name in found.__slots__} | {
        "editions": [e.happened_on for e in found.editions]
    }


def needs_look(con: DuckDBPyConnection, at: At | None = None, limit: int = 200) -> list[Row]:
    """Commitments by how much a search for them is worth, those that need it most first.

    `silent` counts the days since evidence or a check last spoke, and all days since the
    commitment was recorded where none ever did; `days` those to `due_latest`, the latest day that the
    date that is awaited may mean, and `due_earliest` is the first.
    A look is worth more the longer the silence and the nearer the date, before or after
    it: the order is by silence / (30 + distance of the date), the distance being at most a
    year, and a year where no date is awaited. What was settled needs no look.
    """
    return rows(
        con,
        f"""
        WITH looks AS MATERIALIZED (
            SELECT j.id, j.title, j.status, j.stage, j.schedule, j.evidence_reaches, j.last_checked,
                date_diff('day', coalesce(j.evidence_reaches, CAST(f.known_from AS DATE)), $day) AS silent,
                date_diff('day', $day, j.deadline) AS days,
                silent / (30 + least(coalesce(abs(days), 365), 365)) AS worth
            FROM ({_JUDGED}) AS j
            JOIN (SELECT commitment_id, min(known_from) AS known_from FROM definitions GROUP BY ALL) AS f
                ON f.commitment_id = j.id
            WHERE j.status NOT IN ('delivered', 'not-delivered')
            ORDER BY worth DESC, j.title LIMIT $limit
        ),
        {_ahead("c.id IN (SELECT id FROM looks)")}
        SELECT looks.*, own.due_earliest, own.due_latest FROM looks LEFT JOIN own USING (id)
        ORDER BY worth DESC, looks.title
        """,
        now(at).bound() | {"limit": limit},
    )


def silence(con: DuckDBPyConnection, at: At | None = None) -> Row:
    """How much is open, how much of it nobody ever looked for, and the longest silence.

    `open` counts what `needs_look` lists, `unlooked` those of them without any check,
    `unanswered` those whose date passed and was not answered; `silent` is the longest
    silence in days, that of the commitment `id` with its `title`.
    """
    return one(
        con,
        f"""
        SELECT count(*) AS open, count(*) FILTER (last_checked IS NULL) AS unlooked,
            count(*) FILTER (schedule = 'unknown') AS unanswered,
            max(silent) AS silent, arg_max(id, silent) AS id, arg_max(title, silent) AS title
        FROM (
            SELECT j.*,
                date_diff('day', coalesce(j.evidence_reaches, CAST(f.known_from AS DATE)), $day) AS silent
            FROM ({_JUDGED}) AS j
            JOIN (SELECT commitment_id, min(known_from) AS known_from FROM definitions GROUP BY ALL) AS f
                ON f.commitment_id = j.id
            WHERE j.status NOT IN ('delivered', 'not-delivered')
        )
        """,
        now(at).bound(),
    )
