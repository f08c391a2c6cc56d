"""A web server that serves a folder and misbehaves as it is told to; tests of several rooms use it."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Moods:
    """What the server does wrong, and what it was asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.busy = 0  # answers of 503 still to give
        self.breaks_after = None  # bytes after which each connection breaks
        self.knows_ranges = True
        self.asked: list[tuple[str, str | None]] = []


class Handler(BaseHTTPRequestHandler):
    """Answers GET with ranges."""

    moods: Moods

    def do_GET(self):
        moods, asked = self.moods, self.headers.get("Range")
        moods.asked.append((self.path, asked))
        path = moods.folder / self.path.partition("?")[0].lstrip("/")
        if moods.busy:
            moods.busy -= 1
            return self.answer(503, b"", {"Retry-After": "0"})
        if not path.is_file():
            return self.answer(404, b"")
        data = path.read_bytes()
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and moods.knows_ranges else 0
        if start and start >= len(data):
            return self.answer(416, b"")
        return self.answer(206 if start else 200, data[start:])

    def answer(self, status, data, says=()):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **dict(says)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: self.moods.breaks_after])
        self.close_connection = True

    def log_message(self, *_):
        pass


@contextmanager
def serving(folder):
    """Serve a folder; yield its address and the server's moods."""
    moods = Moods(Path(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"moods": moods}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", moods
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
