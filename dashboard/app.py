"""The entry point: navigation, title, one snapshot, one page."""

import sys
from pathlib import Path

# `streamlit run` puts this folder on the path, not the one that holds the package.
sys.path.insert(0, str(Path(__file__).parent.parent))

import streamlit as st

from dashboard import access, clocks, components, kiosk, pulse, session, who
from dashboard.entry import forms
from dashboard.markup import navigation
from dashboard.session import t
from tracker.errors import TrackerError

PAGES = Path(__file__).parent / "app_pages"


def _page(name: str, **options: object) -> st.Page:
    title = t(f"page.{name}")
    return st.Page(PAGES / f"{name}.py", title=title, **options)  # type: ignore[arg-type]


barred = access.refusal(access.Action.READ)
pages = {name: _page(name, default=not navigation.path(name)) for name in navigation.PAGES}
page = st.navigation(list(pages.values()), position="hidden")
hidden = {"commitment", "coding", "import"}
if not access.needs_approval():
    hidden.add("approvals")
if session.read_only():
    hidden.add("add")
st.set_page_config(page_title=f"{page.title} – {t('site.title')}", page_icon="⚖️", layout="wide")
access.keep()
try:
    if barred:
        who.stranger(barred)
    else:
        with session.snapshot():
            current = next(name for name, told in pages.items() if told.url_path == page.url_path)
            if each := kiosk.seconds():
                kiosk.bar(each)
            else:
                navigation.bar([name for name in pages if name not in hidden], current)
                with st.container(horizontal=True, horizontal_alignment="right", key="clocks"):
                    pulse.beat()
                    clocks.control(session.words())
                    who.control()
            who.notice()
            clocks.notice(session.words(), page.title)
            forms.unsaved()
            # A page that ends early stands on the same data as any other.
            body, foot = st.container(), st.container()
            with foot:
                pulse.footer()
            with body:
                page.run()
except TrackerError as error:
    components.failed(error)
