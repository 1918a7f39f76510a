"""Serves one review page to the browser of this machine, and to nobody else.

Only 127.0.0.1 is listened on; the address holds a random token; a request must name this host, must not come
from another page, and must be small. Knows HTTP and the session; knows nothing of label files.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from punkdetect.errors import PunkdetectError, UsageError
from punkdetect.report.page import render_page
from punkdetect.review.session import AskFirstError, ChangedElsewhereError, Session

HOST = "127.0.0.1"
MAX_BODY = 4096
"""Bytes of a decision: a row, a trait and a few words."""

TIMEOUT = 30
"""Seconds that a connection may be silent."""

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ReviewServer(ThreadingHTTPServer):
    """The server of one session.

    Parameters
    ----------
    session : Session
    port : int
        0: any that is free.
    title : str

    Raises
    ------
    UsageError
        If the port is taken.
    """

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, session: Session, port: int = 0, title: str = "Review") -> None:
        self.session, self.title = session, title
        self._connections: set[socket.socket] = set()
        self.token = secrets.token_urlsafe(16)
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise UsageError(f"port {port}: {error.strerror}: choose another --port, or none") from None
        self.hosts = {f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"}

    @property
    def address(self) -> str:
        """The page's address, with the token."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def stop(self) -> None:
        """End `serve_forever`, from any thread."""
        threading.Thread(target=self.shutdown, daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection that is done."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening, and hang up: browsers keep connections open that nobody uses."""
        super().server_close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT

    def do_GET(self) -> None:
        if self._is_refused():
            return
        if self.path != f"/{self.server.token}/":
            self._send(404, {"message": "there is nothing here"})
            return
        page = render_page("review", self.server.title, self.server.session.data(), connect=True)
        self._send_bytes(200, page.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        if self._is_refused():
            return
        actions: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "label": self._label,
            "undo": self._undo,
            "done": self._done,
        }
        action = actions.get(self.path.removeprefix(f"/{self.server.token}/"))
        body = self._body()
        if action is None or body is None:
            self._send(404 if action is None else 400, {"message": "this is no decision"})
            return
        try:
            self._send(200, action(body))
        except AskFirstError as ask:
            self._send(409, {"ask": {"words": ask.words, "who": ask.who, "when": ask.when}})
        except ChangedElsewhereError:
            self._send(409, {"changed": True})
        except UsageError as error:
            self._send(400, {"message": error.message})
        except (PunkdetectError, OSError) as error:
            self._send(500, {"message": getattr(error, "message", str(error))})
        if action == self._done:
            self.server.stop()  # the answer is out by now; nobody waits for this thread at the end

    def _label(self, body: dict[str, Any]) -> dict[str, Any]:
        row, trait, words = body.get("row"), body.get("trait"), body.get("words")
        if type(row) is not int or not isinstance(trait, str) or not isinstance(words, str):
            raise UsageError("a decision needs a row, a trait and words")
        return self.server.session.label(row, trait, words, replace=body.get("replace") is True)

    def _undo(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.server.session.undo() or {"row": None}

    def _done(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"done": True}

    def _is_refused(self) -> bool:
        """Answer what does not come from the page itself; returns whether it did."""
        origin = self.headers.get("Origin")
        hosts = self.server.hosts
        wrong = (
            self.headers.get("Host") not in hosts
            or (origin is not None and origin not in {f"http://{host}" for host in hosts})
            or self.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        )
        token = self.path[1:].split("/", 1)[0]
        unknown = not hmac.compare_digest(token.encode(), self.server.token.encode())
        if wrong or unknown:
            self.close_connection = True  # a body that was not read must not pass for the next request
            self._send(403 if wrong else 404, {"message": "there is nothing here"})
        return wrong or unknown

    def _body(self) -> dict[str, Any] | None:
        """Return the JSON object that was sent; None if it is none."""
        length = self.headers.get("Content-Length", "")
        kind = self.headers.get("Content-Type", "").split(";")[0].strip()
        if not length.isdecimal() or int(length) > MAX_BODY or kind != "application/json":
            self.close_connection = True
            return None
        try:
            value = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def _send(self, status: int, value: dict[str, Any]) -> None:
        self._send_bytes(status, json.dumps(value).encode(), "application/json")

    def _send_bytes(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        for name, text in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(data))}.items():
            self.send_header(name, text)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def version_string(self) -> str:
        return "punkdetect"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (named so by its base class)
        """Keep the terminal quiet."""
