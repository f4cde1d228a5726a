"""Print the book for its readers into one PDF: ``make pdf``.

Chromium prints the site's own pages, so that figures, boxes and fallbacks look as on the site; it tags the document and
makes its bookmarks from the headings. LaTeX would need a second set of styles and a large installation. The part on
teaching holds answers, so it is not printed: who teaches has it on the site, and prints its cards with ``make cards``.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from casebook.errors import CasebookError
from tools import build, chromium
from tools.command import command
from tools.files import ROOT
from tools.pagefiles import THEME
from tools.reader_kit import pages_for_readers
from tools.serving import served

OUTPUT = ROOT / "_build" / "book.pdf"
MARGINS = {"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}
FOOTER = (
    '<div style="font-size: 8px; width: 100%; text-align: center; color: #5b6670">January 2022: a casebook · '
    '<span class="pageNumber"></span> of <span class="totalPages"></span></div>'
)


def print_book(running: Browser, site: Path = build.SITE, output: Path = OUTPUT, root: Path = ROOT) -> None:
    """Print the pages for readers of a built site, in the order of the table of contents, into one tagged PDF.

    Parameters
    ----------
    running : Browser
        A Chromium, as `tools.chromium.started` gives it.
    site : Path
        A built site.
    output : Path
        The PDF file to write.
    root : Path
        The book from which the site was built.

    Raises
    ------
    CasebookError
        If the site is not built.
    """
    with whole_book(running, site, root) as page:
        print_page(page, output)


@contextmanager
def whole_book(running: Browser, site: Path = build.SITE, root: Path = ROOT) -> Iterator[Page]:
    """Open the pages for readers of a built site as one page, which is what is printed.

    Parameters
    ----------
    running : Browser
        A Chromium, as `tools.chromium.started` gives it.
    site : Path
        A built site.
    root : Path
        The book from which the site was built.

    Yields
    ------
    Page
        The page.

    Raises
    ------
    CasebookError
        If the site is not built.
    """
    if not (site / "index.html").exists():
        raise CasebookError(f"{site.name}/index.html is missing; run 'make book' first.")
    with served(site) as address:
        page = running.new_page(color_scheme="light")
        page.goto(f"{address}/index.html")
        page.evaluate((THEME / "whole-book.js").read_text(encoding="utf-8"), pages_for_readers(root))
        yield page
        page.close()


def print_page(page: Page, output: Path) -> None:
    """Print a page that is open in Chromium into one tagged PDF with bookmarks.

    Parameters
    ----------
    page : Page
        The page.
    output : Path
        The PDF file to write.
    """
    page.pdf(
        path=output, format="A4", margin=MARGINS, print_background=True, tagged=True, outline=True,
        display_header_footer=True, header_template="<span></span>", footer_template=FOOTER,
    )  # fmt: skip


@command
def main() -> None:
    """Build the site, print it, and say where the PDF is."""
    build.build()
    chromium.install()
    with chromium.started() as running:
        print_book(running)
    print(f"\nPrinted: {OUTPUT} ({OUTPUT.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    sys.exit(main())
