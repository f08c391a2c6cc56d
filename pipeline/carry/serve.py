"""A local look at releases over HTTP: byte ranges, types and entity tags as a good host would send them.

Starlette's static files bring ranges, HEAD, `304 Not Modified` and the refusal of paths that lead outside; what is
said here is the types that it cannot know and the page to open first. No other origin may read (no CORS).
"""

from __future__ import annotations

import os
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.release import versions

if TYPE_CHECKING:
    from starlette.types import Scope

PAGE = "index.html"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# What the standard tables of types lack or say otherwise: https://www.iana.org/assignments/media-types
# A .gz is sent as what it is, and not unpacked on the way, or its checksum would not hold.
TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".gz": "application/gzip",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown; charset=utf-8",
    ".cff": "application/yaml",
    ".wasm": "application/wasm",
    ".js": "text/javascript; charset=utf-8",
}
SAYS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


class Files(StaticFiles):
    """The files of a folder, with the types that releases need."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with a file, a part of it, or that it has not changed."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        known = TYPES.get(Path(full_path).suffix)
        if known and "content-type" in response.headers:
            response.headers["content-type"] = known
        response.headers.update(SAYS)
        return response


def app(folder: Path, hosts: tuple[str, ...] = ("*",)) -> Starlette:
    """Return the server of a folder, as an ASGI application.

    Args:
        folder: a version, a dataset, or a folder of datasets.
        hosts: names that it answers to; a page elsewhere cannot reach it under another (DNS rebinding).
    """
    first = page(folder)
    routes: list[Mount | Route] = [Mount("/", Files(directory=folder, html=True))]
    if first not in (None, ""):
        routes.insert(0, Route("/", lambda _: RedirectResponse(f"/{first}"), methods=["GET", "HEAD"]))
    guards = [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)]
    return Starlette(routes=routes, middleware=guards)


def page(folder: Path) -> str | None:
    """Return the address of the page to open first, relative to the folder; null if there is none.

    The folder's own page, else that of its newest version, else the first of a dataset below.
    """
    if (folder / PAGE).is_file():
        return ""
    found = [path.parent for path in folder.glob(f"v*/{PAGE}") if versions.NAME.match(path.parent.name)]
    if found:
        return f"{max(found, key=lambda path: versions.numbers(path.name)).name}/"
    below = sorted(path.parent for path in folder.glob(f"*/{PAGE}"))
    if below:
        return f"{below[0].name}/"
    inner = (
        (child.name, page(child)) for child in sorted(folder.iterdir()) if (child / "index.json").is_file()
    )
    return next((f"{name}/{first}" for name, first in inner if first), None)


def listen(host: str, port: int) -> socket.socket:
    """Take the port, so that one in use is told before anything starts.

    Raises:
        OSError: it is in use, or the host is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise OSError(
            f"{host}:{port}: {(error.strerror or str(error)).lower()}; do: another --port or --host"
        ) from error
    return taken


def answered(address: str) -> tuple[str, ...]:
    """Name the hosts that a server at an address answers to: all, unless none but this machine reaches it."""
    return (*LOOPBACK, address) if ip_address(address).is_loopback else ("*",)


def run(folder: Path, taken: socket.socket) -> None:
    """Serve a folder on the port that was taken, until Ctrl-C."""
    import uvicorn  # noqa: PLC0415 - a quarter of a second

    hosts = answered(taken.getsockname()[0])
    settings = uvicorn.Config(app(folder, hosts), log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(settings).run(sockets=[taken])
