"""Who may send files to this server, and how many: only pages that ask for one, and a few at a time.

Streamlit takes a file from every session and keeps it in memory until the session ends, whether
or not its page asks for one.
"""

from __future__ import annotations

import re
import threading
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import i18n

KEPT = 3
"""Files that are kept of one session; with one more, those before it are let go."""
_PLACE = re.compile(r".*/_stcore/upload_file/(?P<session>[^/]+)/[^/]+")
_expected: set[str] = set()
_lock = threading.Lock()


def expect() -> None:
    """This session's page asks for a file."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return
    active = runtime.get_instance().is_active_session
    with _lock:
        _expected.difference_update([session for session in _expected if not active(session)])
        _expected.add(context.session_id)


class Uploads:
    """Refuses files that nobody asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = _PLACE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if place is not None and scope["method"] == "PUT":
            with _lock:
                expected = place["session"] in _expected
            if not expected:
                refusal = PlainTextResponse(i18n.words("en")("import.unasked"), status_code=403)
                return await refusal(scope, receive, send)
            _make_room(place["session"])
        return await self.app(scope, receive, send)


def _make_room(session: str) -> None:
    manager: Any = runtime.get_instance().uploaded_file_mgr
    if len(manager.file_storage.get(session, ())) >= KEPT:
        manager.remove_session_files(session)
