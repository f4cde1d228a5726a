"""Serve a folder on this machine for as long as a block runs, compressed and cacheable as a public host would."""

import asyncio
import mimetypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler, StaticFileHandler

SECONDS_CACHED = 600  # what the usual hosts of static sites tell browsers
ENDINGS = {"br": ".br", "gzip": ".gz"}  # of the compressed copies that stand beside a file, best first


class _Cached(StaticFileHandler):
    """A file that a browser may keep for a while, sent as the compressed copy beside it if the browser takes that."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Choose the file to send."""
        taken = self.request.headers.get("Accept-Encoding", "")
        for coding, ending in ENDINGS.items():
            if coding in taken and Path(absolute_path + ending).exists():
                self.set_header("Content-Encoding", coding)
                return super().validate_absolute_path(root, absolute_path + ending)
        return super().validate_absolute_path(root, absolute_path)

    def get_content_type(self) -> str:
        """Say what kind of file it is, compressed or not."""
        return mimetypes.guess_type(self.path)[0] or "application/octet-stream"

    def set_extra_headers(self, _path: str) -> None:
        """Say for how long a browser may keep it."""
        self.set_header("Cache-Control", f"max-age={SECONDS_CACHED}")


@contextmanager
def served(folder: Path, sent: Callable[[int], None] = lambda _size: None) -> Iterator[str]:
    """Serve a folder over http and yield its address.

    Parameters
    ----------
    folder : Path
        What to serve.
    sent : callable, optional
        Is told the bytes of every file that goes out.

    Yields
    ------
    str
        The address, without a slash at its end.
    """
    sockets = bind_sockets(0, "127.0.0.1")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_serve, args=(folder, sent, sockets, loop), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def _serve(folder: Path, sent: Callable[[int], None], sockets: list, loop: asyncio.AbstractEventLoop) -> None:
    """Answer requests until the loop is stopped; a request gets no line in a log."""
    asyncio.set_event_loop(loop)

    def answered(handler: RequestHandler) -> None:
        if handler.get_status() == HTTPStatus.OK:
            sent(Path(handler.absolute_path).stat().st_size)

    files = [(r"/(.*)", _Cached, {"path": str(folder)})]
    server = HTTPServer(Application(files, compress_response=True, log_function=answered))
    server.add_sockets(sockets)
    IOLoop.current().start()
    server.stop()
