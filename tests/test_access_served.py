"""A dashboard that other machines can reach: what it says, answers and asks."""

from __future__ import annotations

import http.client
import os
import select
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import PROGRAM


@dataclass
class Reachable:
    """A dashboard at an address of every machine, and the proxy through which it would ask others."""

    port: int
    told: str
    proxy: socket.socket

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        asked.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = asked.getresponse()
        asked.close()
        return answer

    def stream(self, origin: str) -> int:
        """The status of an answer to a page of `origin` that wants to talk to this server."""
        wanted = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": origin}
        key = {"Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        return self.get("/_stcore/stream", **wanted, **key).status


@pytest.fixture(scope="module")
def reachable(shipped_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reachable]:
    store = tmp_path_factory.mktemp("reachable") / "store"
    shutil.copytree(shipped_original, store)
    with socket.create_server(("127.0.0.1", 0)) as proxy, socket.create_server(("0.0.0.0", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        through = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), through)
        local = {"NO_PROXY": "localhost,127.0.0.1", "no_proxy": "localhost,127.0.0.1"}
        options = ["dashboard", "--no-browser", "--host", "0.0.0.0", "--port", str(port)]
        process = subprocess.Popen(
            [*PROGRAM, "--store", str(store), *options],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | proxies | local,
        )
        assert process.stdout is not None
        told = ""
        for line in process.stdout:
            told += line
            if line.startswith("read-only: "):
                break
        yield Reachable(port, told, proxy)
        process.terminate()
        process.wait()
        process.stdout.close()


def test_the_command_says_that_nobody_can_record_anything(reachable: Reachable) -> None:
    assert "read-only: other machines can reach this server and nobody signs in" in reachable.told


def test_answers_say_what_a_page_may_load_and_who_may_frame_it(reachable: Reachable) -> None:
    for path in ("/", "/commitments", "/_stcore/health", "/favicon.png"):
        told = reachable.get(path).headers
        policy = dict(rule.split(" ", 1) for rule in told["Content-Security-Policy"].split("; "))
        assert policy["frame-ancestors"] == "'none'"
        assert policy["default-src"] == "'self'"
        assert "unsafe" not in policy["script-src"]
        assert told["X-Content-Type-Options"] == "nosniff"
        assert told["Referrer-Policy"] == "same-origin"


def test_pages_of_other_sites_get_no_answer_and_nobody_else_is_asked_about_them(
    reachable: Reachable,
) -> None:
    own = f"http://127.0.0.1:{reachable.port}"
    assert reachable.stream(own) == 101
    for origin in (
        "http://localhost:3000",
        "https://evil.example",
        "null",
        f"http://0.0.0.0:{reachable.port}",
    ):
        assert reachable.stream(origin) == 403
        assert reachable.get("/_stcore/health", Origin=origin).status == 403
    assert reachable.get("/_stcore/health", Host="tracker.example.org").status == 200
    asked, _, _ = select.select([reachable.proxy], [], [], 0)
    assert not asked, "the server asked another machine"
