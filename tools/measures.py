"""Measure the built site as a reader gets it, and print the figures: ``make measures``.

The tests of the site look at its pages with the same functions, so that a figure and a test cannot disagree.
"""

import gzip
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
from playwright.sync_api import Browser, Page

from tools import build, chromium, ledger, offline, stock
from tools.browser import THEMES, Visit, violations_in_both_themes, visit
from tools.command import command
from tools.driving import VIEWS, drive, missing, stored_views
from tools.files import BOOK, chapters, page_names
from tools.markdown import markdown_table
from tools.pagefiles import WIDGETS
from tools.serving import served

WIDTHS = (360, 1280)
SEARCH = "search"  # a page that no chapter is behind

BUDGETS = {"text": 250_000, "figures": 600_000, "widgets": 600_000}  # bytes with gzip, without the widget runtime
RUNTIME_BUDGET = 700_000  # once for the whole book, and only when an interactive comes near
MOST_REQUESTS = 40  # measured in November 2026: 22 on a page of text, 34 on the timeline with its interactives


@dataclass(frozen=True)
class Look:
    """What one visit to a page finds: first in a window as wide as a phone, then in wider ones, in each theme."""

    kind: str  # text, figures or widgets
    requested: list[str]
    elsewhere: list[str]
    errors: list[str]
    sideways: dict[int, int]  # by width of the window: the pixels by which the page is wider
    violations: list[str]  # of axe's rules, in all widths and themes

    def faults(self) -> list[str]:
        """List everything that must not be, in words."""
        return [
            *(f"asks another host for {url}" for url in self.elsewhere),
            *(f"logs an error: {error}" for error in self.errors),
            *(f"breaks a rule of axe {violation}" for violation in self.violations),
            *(f"scrolls sideways by {by} pixels at {width}" for width, by in self.sideways.items() if by > 0),
        ]


@dataclass(frozen=True)
class Weight:
    """What a visit fetches: bytes with gzip, those of the widget runtime apart, and the number of requests."""

    page: int
    runtime: int
    requests: int

    def faults(self, kind: str) -> list[str]:
        """List what is more than a page of a kind may fetch, in words."""
        limits = [
            (self.page, BUDGETS[kind], f"bytes, and a page with {kind}"),
            (self.runtime, RUNTIME_BUDGET, "bytes of widget runtime, and a page"),
            (self.requests, MOST_REQUESTS, "files, and a page"),
        ]
        return [f"fetches {found:,} {what} may fetch {most:,}" for found, most, what in limits if found > most]


@dataclass(frozen=True)
class Measured:
    """A page with its weight and what a visit finds."""

    name: str
    weight: Weight
    look: Look

    def faults(self) -> list[str]:
        """List everything that must not be, in sentences, each once."""
        found = self.look.faults() + self.weight.faults(self.look.kind)
        return [f"{self.name} {fault}." for fault in dict.fromkeys(found)]


@dataclass(frozen=True)
class StockPage:
    """A page of the stock build: its weight, what it asks of other hosts, and the errors that it logs."""

    weight: Weight
    elsewhere: list[str]
    errors: list[str]


def look_at(opened: Visit) -> Look:
    """Bring a page's interactives up, and in each width see whether it fits and let axe examine both themes.

    Parameters
    ----------
    opened : Visit
        A visit that has just begun, in a window of the first of the widths; it is left in the last, and in the dark.
    """
    sideways, violations = {}, []
    never = missing(opened.page)
    opened.settle()
    requested = list(opened.requested)
    for width in WIDTHS:
        opened.widen(width)
        sideways[width] = opened.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        violations += [f"at {width} pixels {violation}" for violation in violations_in_both_themes(opened)]
    errors = [*opened.errors, *never]
    return Look(kind_of(opened.page), requested, opened.elsewhere, errors, sideways, violations)


def kind_of(page: Page) -> str:
    """Say what a page shows besides text, from the page itself: widgets, figures, or nothing (text)."""
    if page.locator(VIEWS).count():
        return "widgets"
    return "figures" if page.locator("main article img").count() else "text"


def weight_of(requested: list[str], file_of: Callable[[str], Path | None]) -> Weight:
    """Weigh what a visit has asked for.

    Parameters
    ----------
    requested : list of str
        Addresses.
    file_of : callable
        Finds the file behind an address; one that nobody has weighs nothing.
    """
    files = set(filter(None, map(file_of, requested)))
    sizes = {path: len(gzip.compress(path.read_bytes(), 6)) for path in files}
    runtime = sum(size for path, size in sizes.items() if WIDGETS in path.as_posix())
    return Weight(sum(sizes.values()) - runtime, runtime, len(requested))


def file_in(site: Path, url: str) -> Path | None:
    """Return the file of a served site behind an address, if there is one."""
    path = site / urlsplit(url).path.lstrip("/")
    return path if path.is_file() else None


def measure(running: Browser, site: Path, home: str, name: str) -> Measured:
    """Look at a page, and weigh it."""
    with visit(running, f"{home}/{name}.html", WIDTHS[0]) as opened:
        look = look_at(opened)
    return Measured(name, weight_of(look.requested, partial(file_in, site)), look)


def visit_stock(running: Browser, names: list[str]) -> dict[str, StockPage]:
    """Build the pages with Jupyter Book as it comes, and visit each."""
    site, pages = stock.build_stock(), {}
    with served(site) as home:
        for name in names:
            with visit(running, f"{home}/{name}.html", elsewhere=stock.answer) as opened:
                opened.settle()
                weight = weight_of(opened.requested, lambda url: stock.our_file(url) or file_in(site, url))
                pages[name] = StockPage(weight, opened.elsewhere, opened.errors)
    return pages


def summary(pages: list[Measured], driven: int, interactives: int, archive: Path) -> str:
    """Write the figures of the whole site, one a line."""
    looks = [page.look for page in pages]
    lines = [
        ("pages", len(pages)),
        ("third-party requests", sum(len(look.elsewhere) for look in looks)),
        ("console errors", sum(len(look.errors) for look in looks)),
        (f"axe violations ({len(WIDTHS)} widths, {len(THEMES)} themes)", sum(len(look.violations) for look in looks)),
        ("pages that scroll sideways", sum(any(by > 0 for by in look.sideways.values()) for look in looks)),
        ("interactives driven / total", f"{driven} / {interactives}"),
        *(
            (f"largest page with {kind}", largest([page for page in pages if page.look.kind == kind]))
            for kind in BUDGETS
        ),
        (archive.name, f"{archive.stat().st_size / 1e6:.2f} MB"),
    ]
    return "\n".join(f"{label:<40} {value}" for label, value in lines)


def largest(pages: list[Measured]) -> str:
    """Say which of some pages weighs most, and how much."""
    if not pages:
        return "none"
    page = max(pages, key=lambda page: page.weight.page)
    runtime = f" and {kilobytes(page.weight.runtime)} kB of widget runtime" if page.weight.runtime else ""
    return f"{kilobytes(page.weight.page)} kB{runtime}, {page.weight.requests} requests ({page.name})"


def comparison(pages: list[Measured], stock_pages: dict[str, StockPage]) -> str:
    """Write the table of pages, ours beside stock, and what became of the requests of stock pages to other hosts."""
    rows = [
        {
            "page": page.name,
            "with": page.look.kind,
            "kB gzip": kilobytes(page.weight.page),
            "runtime kB": kilobytes(page.weight.runtime),
            "requests": page.weight.requests,
            "stock kB gzip": kilobytes(other.weight.page + other.weight.runtime),
            "stock requests": other.weight.requests,
            "third-party": len(other.elsewhere),
            "stock errors": len(other.errors),
        }
        for page in pages
        for other in [stock_pages[page.name]]
    ]
    errors = [error for other in stock_pages.values() for error in other.errors]
    asked = dict.fromkeys(url for other in stock_pages.values() for url in other.elsewhere)
    fates = [f"- {url}: {stock.fate(url, errors)}" for url in asked]
    return "\n".join([markdown_table(pd.DataFrame(rows)), "What the stock pages asked of other hosts:", *fates])


def kilobytes(size: int) -> int:
    """Return bytes as kilobytes, rounded."""
    return round(size / 1000)


def drive_chapters(running: Browser, home: str) -> tuple[int, int, list[str]]:
    """Drive the interactives of every chapter; return how many are sound, how many there are, and what is wrong."""
    sound, total, wrong = 0, 0, []
    for chapter in chapters():
        with visit(running, f"{home}/{chapter.relative_to(BOOK).with_suffix('').as_posix()}.html") as opened:
            faults = drive(opened.page, chapter.stem)
            wrong += [f"{chapter.stem}, while it was driven: {problem}" for problem in opened.wrong]
        sound += faults.count([])
        total += stored_views(chapter)
        wrong += chain.from_iterable(faults)
    return sound, total, wrong


@command
def main() -> int:
    """Build the site and the stock site, measure both, print the figures, and fail if one is over its limit."""
    accounts = [ledger.account(path) for path in chapters()]
    build.build()
    offline.pack()
    chromium.install()
    with chromium.started() as running, served(build.SITE) as home:
        names = [*page_names(), SEARCH]
        pages = [measure(running, build.SITE, home, name) for name in names]
        sound, total, wrong = drive_chapters(running, home)
        stock_pages = visit_stock(running, names)
    print(ledger.table(accounts))
    print(summary(pages, sound, total, offline.ARCHIVE))
    print(comparison(pages, stock_pages))
    wrong += [*ledger.problems(accounts), *(fault for page in pages for fault in page.faults())]
    if sound != total:
        wrong.append(f"{sound} of {total} interactives answer to all their controls; mend the others.")
    for fault in wrong:
        print(fault, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
