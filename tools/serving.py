"""Serve a folder on this machine for as long as a block runs, compressed and cacheable as a public host would."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

SECONDS_CACHED = 600  # what the usual hosts of static sites tell browsers


class _Cached(StaticFileHandler):
    """A file that a browser may keep for a while."""

    def set_extra_headers(self, _path: str) -> None:
        """Say for how long."""
        self.set_header("Cache-Control", f"max-age={SECONDS_CACHED}")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder over http and yield its address.

    Parameters
    ----------
    folder : Path
        What to serve.

    Yields
    ------
    str
        The address, without a slash at its end.
    """
    sockets = bind_sockets(0, "127.0.0.1")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_serve, args=(folder, sockets, loop), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def _serve(folder: Path, sockets: list, loop: asyncio.AbstractEventLoop) -> None:
    """Answer requests until the loop is stopped; a request gets no line in a log."""
    asyncio.set_event_loop(loop)
    files = [(r"/(.*)", _Cached, {"path": str(folder)})]
    server = HTTPServer(Application(files, compress_response=True, log_function=lambda _handler: None))
    server.add_sockets(sockets)
    IOLoop.current().start()
    server.stop()
