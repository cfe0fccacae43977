"""The server: the pages, the guard before them, and those whom people sign in with.

`streamlit run` finds `app` here.
"""

import os
import sys
from pathlib import Path

# `streamlit run` puts this folder on the path, not the one that holds the package.
sys.path.insert(0, str(Path(__file__).parent.parent))

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import access, components, i18n
from dashboard.markup import navigation
from dashboard.server import guard, shell, uploads, visits, warm
from tracker import roles


def _failed(error: Exception) -> bool:
    """Say what went wrong where the page would go on. Streamlit logs it."""
    components.uncaught(error)
    return True


async def _unanswered(request: Request, error: Exception) -> Response:
    """What somebody sees of a mistake outside the pages. The server logs the rest."""
    return PlainTextResponse(i18n.words("en")("access.request.failed"), status_code=500)


_login = roles.read_login(Path(os.environ[access.LOGIN])) if os.environ.get(access.LOGIN) else None
# Whoever binds another address, or says that there is a proxy, means to be reached by other names.
_local = roles.is_loopback(st.get_option("server.address")) and not os.environ.get(access.PROXY)
_pages = [navigation.path(page) for page in navigation.PAGES]
app = st.App(
    "app.py",
    lifespan=warm.lifespan,
    middleware=[
        Middleware(guard.Guard, origin=_login.origin if _login else None, local=_local),
        Middleware(visits.Visits, pages=_pages),
        Middleware(shell.Shell, pages=_pages),
        Middleware(uploads.Uploads),
    ],
    routes=[shell.ROUTE],
    on_script_error=_failed,
    exception_handlers={Exception: _unanswered},
    secrets=_login.secrets() if _login else None,
)
