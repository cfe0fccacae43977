"""The entry point: navigation, title, one snapshot, one page."""

import sys
from pathlib import Path

# `streamlit run` puts this folder on the path, not the one that holds the package.
sys.path.insert(0, str(Path(__file__).parent.parent))

import streamlit as st

from dashboard import access, clocks, components, forms, pulse, session, who
from dashboard.session import t
from tracker.errors import TrackerError

PAGES = Path(__file__).parent / "app_pages"


def _page(name: str, **options: object) -> st.Page:
    title = t(f"page.{name}")
    return st.Page(PAGES / f"{name}.py", title=title, **options)  # type: ignore[arg-type]


barred = access.refusal(access.Action.READ)
page = st.navigation(
    [
        _page("overview", default=True),
        _page("commitments"),
        _page("commitment", visibility="hidden"),
        _page("attention"),
        _page("sources"),
        _page("corrections"),
        _page("approvals", visibility="visible" if access.needs_approval() else "hidden"),
        _page("import", visibility="hidden" if session.read_only() else "visible"),
        _page("ask"),
        _page("method"),
        _page("coding", visibility="hidden"),
    ],
    position="hidden" if barred else "top",
)
st.set_page_config(page_title=f"{page.title} – {t('site.title')}", page_icon="⚖️", layout="wide")
components.style()
clocks.carry(page.title)
access.keep()
try:
    if barred:
        who.stranger(barred)
    else:
        with session.snapshot():
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
