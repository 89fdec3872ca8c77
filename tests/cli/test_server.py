"""The app in a browser: who gets in, what it can do there, and what a real browser makes of it."""

import asyncio
import gc
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tui.cli import server
from tui.errors import PapersError

pytest.importorskip("textual_serve")

import aiohttp
from aiohttp import WSMsgType, web

from tests.cli import browser

TOKEN: Final = "a-token-that-nobody-knows"
ELSEWHERE: Final = "http://evil.example"
UPGRADE: Final = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@asynccontextmanager
async def served(command: str = "true", token: str = TOKEN) -> AsyncIterator[str]:
    """The origin of a server."""
    listening = socket.create_server((server.HOST, 0))
    origin = f"http://{server.HOST}:{listening.getsockname()[1]}"
    runner = web.AppRunner(
        server.application(command, origin, token), access_log=None, shutdown_timeout=1.0
    )
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield origin
    finally:
        await runner.cleanup()
        for each in gc.get_objects():  # textual-serve leaves pipes open
            if isinstance(each, asyncio.SubprocessTransport):
                each.close()


async def status(url: str, headers: Mapping[str, str]) -> int:
    """The status of an answer."""
    async with aiohttp.ClientSession() as client, client.get(url, headers=headers) as answer:
        return answer.status


async def test_the_page_and_all_that_it_loads_need_the_token() -> None:
    async with served() as origin:
        for path in ("", "page.js", "static/js/textual.js", "static/css/xterm.css"):
            assert await status(f"{origin}/{TOKEN}/{path}", {}) == 200
        for path in ("", "ws", "page.js", "static/js/textual.js", f"{TOKEN[:-1]}/", f"{TOKEN}x/"):
            assert await status(f"{origin}/{path}", {}) == 404
        assert await status(f"{origin}/download/0123456789abcdef", {}) == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ELSEWHERE},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "localhost"},
        {"Host": "127.0.0.1"},
    ],
    ids=lambda headers: next(f"{name} {value}" for name, value in headers.items()),
)
@pytest.mark.parametrize("path", ["", "ws", "page.js"])
async def test_a_page_of_another_site_is_refused_though_it_has_the_token(
    headers: dict[str, str], path: str
) -> None:
    async with served() as origin:
        ours = {**UPGRADE, "Origin": origin} if path == "ws" else {}
        assert await status(f"{origin}/{TOKEN}/{path}", {**ours, **headers}) == 403


async def test_a_socket_needs_the_origin_of_the_page_and_the_token() -> None:
    async with served() as origin, aiohttp.ClientSession() as client:
        assert await status(f"{origin}/{TOKEN}/ws", UPGRADE) == 403
        assert await status(f"{origin}/wrong/ws", {**UPGRADE, "Origin": origin}) == 404
        assert await status(f"{origin}/ws", {**UPGRADE, "Origin": origin}) == 404
        url = f"{origin}/{TOKEN}/ws"
        async with client.ws_connect(url, headers={"Origin": origin}) as opened:
            assert not opened.closed


async def test_the_page_is_in_no_frame_and_loads_nothing_from_elsewhere() -> None:
    async with (
        served() as origin,
        aiohttp.ClientSession() as client,
        client.get(f"{origin}/{TOKEN}/") as answer,
    ):
        text, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert set(re.findall(r"\w+://[\w.:]+", text)) == {origin.replace("http", "ws")}


# The app behind it


class Tab:
    """What a browser does with a socket: it reads all the time."""

    def __init__(self, opened: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = opened
        self._news = asyncio.Event()
        self.drawn = ""
        self.told: list[list[Any]] = []
        """Messages to the page: addresses to open, files to fetch."""

    async def type(self, keys: str) -> None:
        for key in keys:  # what arrives at once is a paste
            await self._socket.send_json(["stdin", key])

    async def read(self) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.BINARY:
                self.drawn += re.sub(r"\x1b\[[^A-Za-z]*[A-Za-z]", "", message.data.decode())
            else:
                self.told.append(message.json())
            self._news.set()

    async def until(self, text: str) -> None:
        """Waits until a text was drawn, or the page was told of it."""
        while text not in self.drawn and text not in json.dumps(self.told):
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 60)


@asynccontextmanager
async def tab_of(origin: str) -> AsyncIterator[Tab]:
    """A page that shows the app."""
    url = f"{origin}/{TOKEN}/ws?width=100&height=30"
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(url, headers={"Origin": origin}) as opened,
    ):
        tab = Tab(opened)
        reading = asyncio.create_task(tab.read())
        yield tab
        reading.cancel()


@pytest.fixture
def command(home: Path) -> str:
    """Runs the app on a library with the samples."""
    return server._command([])


async def test_a_session_in_a_browser_triages_opens_links_and_downloads(command: str) -> None:
    async with served(command) as origin, aiohttp.ClientSession() as client, tab_of(origin) as tab:
        await tab.type("d")  # before anything is drawn
        await tab.until("Dismissed: TCIA")
        await tab.type("o")
        await tab.until('"open_url"')
        assert tab.told[-1][1]["url"].startswith("https://arxiv.org/")
        await tab.type("E\r")
        await tab.until("deliver_file_start")
        async with client.get(f"{origin}/download/{tab.told[-1][1]}") as answer:
            text = await answer.text()
        assert await status(f"{origin}/download/{tab.told[-1][1]}", {}) == 404
        await tab.type(":export --query lora -o x.md\r")
        await tab.until("Unrecognized arguments: -o")
    assert answer.headers["Content-Disposition"] == "attachment; filename=inbox.md"
    assert "CoDiEmb" in text


def test_an_app_whose_server_is_gone_ends(command: str) -> None:
    driver = {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, shell=True, stdin=pipe, stdout=pipe, env={**os.environ, **driver}
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"__GANGLION__\n"
        process.stdin.close()
        process.stdout.read()
        assert process.wait(60) is not None


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    with pytest.raises(PapersError) as error:
        server.serve([], 0)
    assert "papers-tui[web]" in error.value.hint


def test_a_port_in_use_is_said_to_be() -> None:
    with socket.create_server((server.HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PapersError, match=rf"Port {port}: .*in use"):
            server.serve([], port)


# In a real browser


async def test_a_browser_shows_it_with_the_keys_for_it_and_no_other_page_does(home: Path) -> None:
    if browser.PROGRAM is None:
        pytest.skip("chromium is not installed")
    journals = home / "data" / "papers-tui" / "journal"
    with browser.served_papers(os.environ) as url:
        async with asyncio.timeout(120), browser.chromium() as page, served() as elsewhere:
            await page.open(url)
            await page.type("d")
            while not any("dismissed" in each.read_text() for each in journals.rglob("*.jsonl")):
                await page.frame()
            await page.call("Page.navigate", url=f"{elsewhere}/{TOKEN}/page.js")
            opened = await page.run(
                "new Promise(done => {"
                f"  const socket = new WebSocket('{url.replace('http', 'ws')}ws');"
                "  socket.onopen = () => done('opened'); socket.onerror = () => done('refused')})"
            )
            fetched = await page.run(f"fetch('{url}').then(() => 'read', () => 'refused')")
            assert (opened, fetched) == ("refused", "refused")
