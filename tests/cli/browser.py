"""Chromium without a window, driven by its own protocol."""

import asyncio
import base64
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

PROGRAM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
SERVING: Final = Path(sys.executable).with_name("papers-tui")
_FLAGS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0")


class Page:
    """One page of it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Drives what is at the other end of a socket."""
        self._socket = socket
        self._count = 0

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command of the protocol; what else is said meanwhile is dropped."""
        self._count += 1
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})
        async for message in self._socket:
            answer: dict[str, Any] = message.json()
            if answer.get("id") == self._count:
                return dict(answer.get("result", {}))
        raise ConnectionError("Chromium has gone")

    async def open(self, url: str, width: int = 1000, height: int = 700) -> None:
        """Shows the app that is served there, and waits until it has drawn something."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        await self.call("Page.navigate", url=url)
        while not await self.run("document.body?.classList.contains('-first-byte')"):
            await self.frame()

    async def type(self, keys: str) -> None:
        """Types some characters."""
        for key in keys:
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=key, key=key)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def run(self, script: str) -> Any:
        """The value of an expression in JavaScript, awaited."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return answer["result"].get("value")

    async def frame(self) -> None:
        """Waits until the page is drawn again."""
        await self.run("new Promise(requestAnimationFrame)")

    async def picture(self) -> bytes:
        """What is drawn, as PNG."""
        answer = await self.call("Page.captureScreenshot")
        return base64.b64decode(answer["data"])


@contextmanager
def served_papers(env: Mapping[str, str]) -> Iterator[str]:
    """The address that ``papers-tui serve`` prints."""
    with subprocess.Popen(
        [SERVING, "serve"], stdout=subprocess.PIPE, text=True, env=env
    ) as program:
        try:
            assert program.stdout is not None
            yield program.stdout.readline().strip()
        finally:
            program.terminate()


@asynccontextmanager
async def chromium() -> AsyncIterator[Page]:
    """An empty page."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [PROGRAM, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        try:
            assert process.stderr is not None
            address = await asyncio.to_thread(_address, process)
            async with aiohttp.ClientSession(trust_env=False) as client:
                async with client.get(f"http://{address}/json") as answer:
                    pages = [each for each in await answer.json() if each["type"] == "page"]
                url = pages[0]["webSocketDebuggerUrl"]
                async with client.ws_connect(url, max_msg_size=0) as socket:
                    yield Page(socket)
        finally:
            process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()


def _address(process: "subprocess.Popen[bytes]") -> str:
    """Where it listens, as it says itself."""
    assert process.stderr is not None
    for line in process.stderr:
        if b"DevTools listening on ws://" in line:
            return line.split(b"ws://")[1].split(b"/")[0].decode()
    raise ConnectionError("Chromium does not start")
