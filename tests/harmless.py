"""Whether anything was made of hostile texts on a page in a browser."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import hostile

from dashboard.markup.navigation import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

MADE = """pages => {
  const all = [...document.querySelectorAll('[data-testid=stApp] *')];
  const named = e => e.outerHTML.slice(0, 150);
  const foreign = 'script, iframe, object, embed, base, meta, form[action], input[name=password], '
    + '[srcdoc], img[src^="x"], img[src*="far"]';
  const ours = new RegExp(`^(#|https?://localhost|([.]/|${pages})?([?]|$))`);
  return {
    hit: window.hit,
    formulas: all.filter(e => e.matches('.katex, math')).map(named),
    handlers: all.filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).map(named),
    elements: all.filter(e => e.matches(foreign)).map(named),
    links: all.filter(e => e.matches('a[href]')).map(e => e.getAttribute('href')).filter(h => !ours.test(h)),
    broken: all.filter(e => e.matches('[data-testid=stException]')).map(named),
    wide: all.filter(e => e.matches('[data-testid=stMain]')).map(e => e.scrollWidth - e.clientWidth),
    text: document.body.innerText,
  }
}"""
SOURCES = {
    "https://example.org/",
    *(f"https://example.org/s-{n}" for n in range(len(hostile.SHOWN))),
    f'https://{hostile.FAR}/a?b=(c)[d]<e>%22\'&f="g"#`h`|*i*',
    f"https://{hostile.FAR}/a?b=(c)%5Bd%5D%3Ce%3E%22'&f=%22g%22#%60h%60%7C*i*",
}
"""Where links may lead: to the documents themselves."""


def plain(text: str) -> str:
    """Text as it is compared: without what keeps it from being a link, and with every space alike."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).replace("\u2060", "")).strip()


def unharmed(page: Page, where: str) -> str:
    """The text of a page on which nothing was made of the data."""
    made = page.evaluate(MADE, "|".join(PAGES[1:]))
    text: str = made.pop("text")
    links = set(made.pop("links"))
    assert links <= SOURCES, (where, links - SOURCES)
    assert made == {name: [] for name in made} | {"hit": None, "wide": [0]}, (where, made)
    return plain(text)
