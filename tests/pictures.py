"""Pictures of every view: in three languages, light and dark, as wide as a laptop and as a phone.

    python tests/pictures.py [FOLDER] [--only VIEW]… [--language CODE]… [--readme]

They are for people to look at: nothing is compared. Says of each what axe finds in it, and by how much
it is wider than its window; ends with 1 if there is any of that.
With `--readme`, only the six that illustrate the README, into `docs/pictures/`.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import axe
from chromium import CHROMIUM, FLAGS, overflow, serving, settled
from PIL import Image
from views import GROUNDS, LANGUAGES, VIEWS, address

from tracker.store import Store
from tracker.tracker import Tracker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
WIDTHS = (1280, 360)
TALLEST = 9000
README = {
    "overview": ("en", "light", 1280, 1130, "", 0),
    "commitment": ("en", "light", 1280, 1200, "commitment?id=gsomia", 4),
    "past": ("fr", "dark", 1280, 900, "?as_of=2026-01-31", 0),
    "phone": ("ko", "light", 390, 1000, "", 0),
    "next": ("en", "light", 1280, 1000, "next", 0),
    "record": ("en", "light", 1280, 1130, "commitment?id=gsomia&edit=1", 0),
}
"""Language, ground, width, height and address of each picture of the README, and with which heading of
the second rank it begins; with the top where that is 0."""


def opened(page: Page, where: str) -> None:
    """Go there, and wait until the script has run and the pictures are drawn."""
    page.goto(where)
    page.wait_for_selector("h1")
    drawn(page)


def drawn(page: Page) -> None:
    settled(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_function(
        """() => {
          const now = [document.querySelector('[data-testid=stMain]').scrollHeight,
            document.querySelectorAll('.stVegaLiteChart :is(svg, canvas)').length].join();
          const same = window.last === now && !document.querySelector('[data-testid=stSkeleton]')
            && document.querySelectorAll('.stVegaLiteChart:not(:has(svg, canvas))').length === 0;
          window.last = now;
          return same;
        }""",
        polling=120,
    )


def shot(page: Page, width: int, height: int | None = None) -> bytes:
    """The whole page at a width, or as much of it as is so high."""
    page.set_viewport_size({"width": width, "height": height or 900})
    drawn(page)
    if height is None:
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(int(tall), TALLEST)})
        drawn(page)
    return page.screenshot()


def every(browser: Browser, served: str, empty: str, folder: Path, args: argparse.Namespace) -> bool:
    """All views; whether no fault was found."""
    made = 0
    faulty = set()
    for ground in GROUNDS:
        context = browser.new_context(color_scheme=ground, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        page = context.new_page()
        for language in args.language or LANGUAGES:
            wanted = {view: f"{served}/{address(view, language)}" for view in VIEWS}
            wanted["empty"] = f"{empty}/?lang={language}"
            for view, where in wanted.items():
                if args.only and view not in args.only:
                    continue
                page.set_viewport_size({"width": WIDTHS[0], "height": 900})
                opened(page, where)
                for width in WIDTHS:
                    name = f"{view}-{language}-{ground}-{width}.png"
                    (folder / name).write_bytes(shot(page, width))
                    made += 1
                    faults = [f"{wide} px wider than its window"] if (wide := overflow(page)) > 0 else []
                    for fault in [*faults, *axe.findings(page)]:
                        print(f"{name}: {fault}", flush=True)
                        faulty.add(name)
        context.close()
    print(f"{made} pictures in {folder}, {len(faulty)} with faults")
    return not faulty


def illustrations(browser: Browser, served: str, folder: Path) -> None:
    """The pictures of the README, small enough to be read over a slow line."""
    for name, (language, ground, width, height, where, part) in README.items():
        context = browser.new_context(color_scheme=ground, reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        opened(page, f"{served}/{where}{'&' if '?' in where else '?'}lang={language}")
        if part:
            page.locator("h2").nth(part - 1).evaluate("(heading) => heading.scrollIntoView()")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        # The commonest colours alone would leave out that of a mark of which there is one.
        few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(folder / f"{name}.png", optimize=True)
        context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "pictures")
    parser.add_argument("--only", action="append", choices=[*VIEWS, "empty"])
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument("--readme", action="store_true")
    args = parser.parse_args()
    folder: Path = ROOT / "docs" / "pictures" if args.readme else args.folder
    folder.mkdir(parents=True, exist_ok=True)

    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        with Tracker.open(f"{name}/shipped"):
            pass
        Store(Path(name, "empty")).create()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with serving(Path(name, "shipped")) as served, serving(Path(name, "empty")) as empty:
            fine = True
            if args.readme:
                illustrations(browser, served, folder)
            else:
                fine = every(browser, served, empty, folder, args)
        browser.close()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
