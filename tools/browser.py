"""The built site, opened in a real browser."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from tools.pagefiles import MODULES

AXE = (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
HEIGHT = 900  # of the window
SETTLED = 20_000  # milliseconds that a widget may take to appear on a busy machine


class Visit:
    """A page, what it asked for, and what went wrong on it: errors, and requests that failed or went elsewhere."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.home = "{0.scheme}://{0.netloc}/".format(urlsplit(address))
        self.requested: list[str] = []
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", lambda request: self.errors.append(f"failed: {request.url}"))
        page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if url.startswith(("data:", "blob:")):
            return
        self.requested.append(url)
        if not url.startswith(self.home):
            self.elsewhere.append(url)

    def give_sign(self) -> None:
        """Press a key that does nothing: at a reader's first sign a page starts its interactives, wherever they are."""
        self.page.keyboard.press("Shift")

    @property
    def wrong(self) -> list[str]:
        """Everything that a page of this site must not do, as sentences."""
        return [*self.errors, *(f"request to elsewhere: {url}" for url in self.elsewhere)]


@contextmanager
def visit(
    running: Browser,
    address: str,
    width: int = 1280,
    theme: str = "light",
    elsewhere: Callable[[Route], None] | None = None,
) -> Iterator[Visit]:
    """Open an address in a window of a given width and theme.

    Parameters
    ----------
    running : Browser
        A Chromium, as `tools.chromium.started` gives it.
    address : str
        A page; what another host serves is elsewhere.
    width : int
        Of the window, in pixels.
    theme : str
        ``"light"`` or ``"dark"``.
    elsewhere : callable, optional
        Answers what the page asks of other hosts; without it, the network does.

    Yields
    ------
    Visit
        The page, with what it has asked for and what went wrong.
    """
    context = running.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=theme)
    context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page = context.new_page()
    page.set_default_timeout(SETTLED)
    opened = Visit(page, address)
    if elsewhere:
        context.route(lambda url: not url.startswith((opened.home, "data:", "blob:")), elsewhere)
    page.goto(address)
    yield opened
    context.close()


def violations_on(page: Page, only: Sequence[str] = ()) -> list[str]:
    """List what axe finds wrong with a page, of any weight: the rule and the first element.

    Parameters
    ----------
    page : Page
        A page that a browser has opened.
    only : sequence of str
        The rules to run; all that run by default if none is named.
    """
    page.evaluate(AXE)
    # Preloading asks for stylesheets again, which a page from disk may not; no rule that runs by default needs it.
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": list(only)} if only else {})
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found]
