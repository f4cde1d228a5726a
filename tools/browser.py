"""The built site, opened in a real browser."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, Route

from casebook.errors import CasebookError
from tools.pagefiles import MODULES

AXE = (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
HEIGHT = 900  # of the window
THEMES = ("light", "dark")
SETTLED = 20_000  # milliseconds that a widget may take to appear on a busy machine
QUIET = 0.5  # seconds without a request after which a page has fetched what it needs
POLLING = 50  # milliseconds from one look to the next; a look at every frame would keep a page from its own work

# Preloading asks for stylesheets again, which a page from disk may not; no rule that runs by default needs it.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
EXAMINED = "data-colours-examined"
COLOUR_RULES = [
    {"id": "color-contrast", "selector": f"[{EXAMINED}]"},
    {"id": "link-in-text-block", "selector": f"a[href][{EXAMINED}]"},
]
# Of all texts and fields that look the same on the same ground, mark the first, and the link that it is in: a page has
# thousands of them in a few dozen styles, and the rules on colour took most of axe's time.
MARK_STYLES = """(mark) => {
  document.querySelectorAll(`[${mark}]`).forEach((part) => part.removeAttribute(mark));
  const grounds = new Map([[null, ""]]);
  const ground = (part) => {
    if (!grounds.has(part)) {
      const style = getComputedStyle(part);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join();
      grounds.set(part, ground(part.parentElement) + (own === "rgba(0, 0, 0, 0),none,1,none" ? "" : own));
    }
    return grounds.get(part);
  };
  const face = (part) => {
    const style = getComputedStyle(part);
    const lines = [style.textDecorationLine, style.borderBottom, style.textShadow];
    return [part.localName, part.className, part.disabled, style.color, style.fontSize, style.fontWeight, ...lines];
  };
  const parts = new Set(document.querySelectorAll("input, select, textarea"));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.data.trim()) parts.add(texts.currentNode.parentElement);
  const styles = new Map();
  for (const part of parts) {
    if (!part.checkVisibility({ visibilityProperty: true })) continue;
    const outer = part.closest("a") ?? part;
    const style = [part, outer, outer.parentElement].map(face).concat(ground(part)).join("|");
    if (!styles.has(style)) styles.set(style, [part, outer]);
  }
  [...styles.values()].flat().forEach((part) => part.setAttribute(mark, ""));
}"""


class Visit:
    """A page, what it asked for, and what went wrong on it: errors, and requests that failed or went elsewhere."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.home = "{0.scheme}://{0.netloc}/".format(urlsplit(address))
        self.requested: list[str] = []
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self._unanswered: set[Request] = set()
        self._changed = time.monotonic()
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", lambda request: self.errors.append(f"failed: {request.url}"))
        page.on("request", lambda request: self._asked(request.url))
        page.on("request", lambda request: self._follow(request, self._unanswered.add))
        for answered in ("requestfinished", "requestfailed"):
            page.on(answered, lambda request: self._follow(request, self._unanswered.discard))

    def _asked(self, url: str) -> None:
        if url.startswith(("data:", "blob:")):
            return
        self.requested.append(url)
        if not url.startswith(self.home):
            self.elsewhere.append(url)

    def _follow(self, request: Request, note: Callable[[Request], None]) -> None:
        note(request)
        self._changed = time.monotonic()

    def settle(self) -> None:
        """Wait until every answer has come and nothing more is asked for.

        Chromium's own word for that, "networkidle", does not always come on long pages when the machine is busy.
        """
        end = time.monotonic() + SETTLED / 1000
        while self._unanswered or time.monotonic() - self._changed < QUIET:
            if time.monotonic() > end:
                waiting = ", ".join(sorted(request.url for request in self._unanswered)) or "new requests"
                raise CasebookError(f"{self.page.url} does not settle: it waits for {waiting}.")
            self.page.wait_for_timeout(POLLING)

    def give_sign(self) -> None:
        """Press a key that does nothing: at a reader's first sign a page starts its interactives, wherever they are."""
        self.page.keyboard.press("Shift")

    def widen(self, width: int) -> None:
        """Make the window as wide as a number of pixels."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def turn(self, theme: str) -> None:
        """Turn a page ``"light"`` or ``"dark"``, as its switch and the reader's system do, without a transition."""
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.page.evaluate("(theme) => Object.assign(document.documentElement.dataset, { mode: theme, theme })", theme)

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


def bring_axe(page: Page) -> None:
    """Give a page axe-core, unless it has it, with rules on colour that examine only the elements marked for them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
        page.evaluate("(rules) => axe.configure({ rules })", COLOUR_RULES)


def violations_on(page: Page, colours_only: bool = False) -> list[str]:
    """List what axe finds wrong with a page, of any weight: the rule and the first element.

    The rules on colour examine one element of every style that the page shows, the other rules everything.

    Parameters
    ----------
    page : Page
        A page that a browser has opened.
    colours_only : bool
        Run the rules on colour alone, since nothing else has changed.
    """
    bring_axe(page)
    page.evaluate(MARK_STYLES, EXAMINED)
    options = OPTIONS | ({"runOnly": [rule["id"] for rule in COLOUR_RULES]} if colours_only else {})
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found]


def violations_in_both_themes(opened: Visit) -> list[str]:
    """List what axe finds wrong with a page in the light and then in the dark, where nothing but colours differs.

    Parameters
    ----------
    opened : Visit
        A visit to the page; it is left in the dark.
    """
    found = []
    for theme in THEMES:
        opened.turn(theme)
        violations = violations_on(opened.page, colours_only=theme != THEMES[0])
        found += [f"in the {theme}: {violation}" for violation in violations]
    return found
