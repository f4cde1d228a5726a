"""The built site, opened in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tools import pagefiles

AXE = (pagefiles.MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
SETTLED = 20_000  # milliseconds that a widget may take to appear on a busy machine


class Visit:
    """A page, what it asked for, and what went wrong on it: errors, and requests that failed or went elsewhere."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.wrong: list[str] = []
        self.requested: list[str] = []
        page.on("console", lambda message: self.wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        page.on("request", lambda request: self._asked(request.url, home))

    def _asked(self, url: str, home: str) -> None:
        self.requested.append(url)
        if not url.startswith((home, "data:", "blob:")):
            self.wrong.append(f"request to elsewhere: {url}")


@contextmanager
def visit(running: Browser, address: str, width: int = 1280, theme: str = "light") -> Iterator[Visit]:
    """Open an address in a window of a given width and theme."""
    context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page = context.new_page()
    page.set_default_timeout(SETTLED)
    opened = Visit(page, address.rpartition("/")[0])
    page.goto(address)
    yield opened
    context.close()
