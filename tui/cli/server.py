"""The app in a browser on this machine: who has the address has the session, and nobody else.

textual-serve runs an app for each page that is open, and draws it. What is added here keeps others
out: other machines, other users of this one, and pages of other sites, which a browser lets send
requests to any address, and which can make a name of theirs mean this machine.
"""

import secrets
import shlex
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

from tui.cli.output import say
from tui.config import APP
from tui.errors import PapersError
from tui.files import read_text
from tui.model.text import sanitize

if TYPE_CHECKING:
    from aiohttp import web
    from aiohttp.typedefs import Handler

HOST: Final = "127.0.0.1"
TOKEN_BYTES: Final = 32
_HERE: Final = Path(__file__).parent
_SHUTDOWN_SECONDS: Final = 1.0
"""How long the open pages may take to end by themselves."""


def serve(arguments: Sequence[str], port: int) -> int:
    """Serves the app until it is interrupted, and returns its exit code.

    Args:
        arguments: Those of the app on the command line.
        port: The port; 0 for any that is free.

    Raises:
        PapersError: If textual-serve is not installed, or the port is in use.
    """
    try:
        from aiohttp import web
        from textual_serve import server as _  # noqa: F401
    except ImportError as error:
        hint = f"Install it: pip install '{APP}[web]'."
        raise PapersError("Serving needs the package textual-serve", hint) from error
    try:
        listening = socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PapersError(f"Port {port}: {reason}", "Choose another: --port 0.") from error
    origin = f"http://{HOST}:{listening.getsockname()[1]}"
    token = secrets.token_urlsafe(TOKEN_BYTES)
    print(sanitize(f"{origin}/{token}/"), flush=True)
    say("Open this address in a browser on this machine; keep it to yourself. Ctrl+c stops.")
    web.run_app(
        application(_command(arguments), origin, token),
        sock=listening,
        access_log=None,  # it would have the token
        print=None,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )
    return 0


def application(command: str, origin: str, token: str) -> "web.Application":
    """The application that answers the requests of browsers.

    Args:
        command: A shell command that runs the app.
        origin: The origin of its pages, such as ``http://127.0.0.1:8000``.
        token: What the path of each page begins with.
    """
    from aiohttp import web
    from textual_serve.server import Server

    server = Server(command, host=HOST, title=APP, public_url=origin)
    socket_address = origin.replace("http", "ws", 1)
    template = Template(read_text(_HERE / "page.html"))
    page = template.substitute(title=APP, socket=f"{socket_address}/{token}/ws")
    script = read_text(_HERE / "page.js")

    async def show_page(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    async def send_script(_: web.Request) -> web.Response:
        return web.Response(text=script, content_type="text/javascript")

    @web.middleware
    async def guard(request: web.Request, handler: "Handler") -> web.StreamResponse:
        """Answers only pages of this server, as a browser tells it truly of every page."""
        sent_by = request.headers.get("Origin")
        is_socket = request.headers.get("Upgrade", "").lower() == "websocket"
        is_ours = sent_by == origin or (sent_by is None and not is_socket)
        if not is_ours or f"http://{request.host}" != origin:
            raise web.HTTPForbidden
        return await handler(request)

    async def protect(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(_HEADERS)
        response.headers["Content-Security-Policy"] += f"; connect-src {socket_address}"

    app = web.Application(middlewares=[guard])
    app.on_response_prepare.append(protect)
    app.add_routes(
        [
            web.get(f"/{token}/", show_page),
            web.get(f"/{token}/page.js", send_script),
            web.get(f"/{token}/ws", server.handle_websocket),
            # The script knows no other place for it; the key is as secret, and works once.
            web.get("/download/{key}", server.handle_download),
            web.static(f"/{token}/static", server.statics_path),
        ]
    )
    return app


_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:;"
        " font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""No other page may show this one or read from it, and it loads and sends nothing elsewhere."""


def _command(arguments: Sequence[str]) -> str:
    """A shell command that runs the app; -P, as the current folder may have modules of its own."""
    words: list[Any] = [sys.executable, "-P", "-m", "tui", *arguments]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
