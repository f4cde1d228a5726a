"""Every page of the built site: it fits its window, fetches little, axe finds nothing; the printed book is whole."""

import gzip

import pytest
from pypdf import PdfReader

from casebook.errors import CasebookError
from tests.browser import AXE, visit
from tools import pdf
from tools.files import chapters, pages_in_toc

PAGES = [page.stem for page in pages_in_toc()]
CHAPTERS = [page.stem for page in chapters()]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_and_fits_its_window(running, place, page, width):
    with visit(running, f"{place}/{page}.html", width) as opened:
        opened.page.wait_for_load_state("networkidle")
        overflow = opened.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert opened.wrong == []
        assert overflow <= 0, f"{page} scrolls sideways by {overflow} pixels at {width}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_axe_finds_nothing(running, home, page, width, theme):
    with visit(running, f"{home}/{page}.html", width, theme) as opened:
        if interactives := opened.page.locator(".casebook-fallback").count():
            opened.page.locator(".casebook-interactive").nth(interactives - 1).wait_for()
        opened.page.evaluate(AXE)
        found = opened.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found] == []


def test_axe_finds_a_planted_fault(running, tmp_path):
    (tmp_path / "page.html").write_text(
        "<html><body><img src='data:,'><button></button></body></html>", encoding="utf-8"
    )
    with visit(running, (tmp_path / "page.html").as_uri()) as opened:
        opened.page.evaluate(AXE)
        found = opened.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert {"image-alt", "button-name"} <= {rule["id"] for rule in found}


BUDGETS = {"text": 250_000, "figures": 600_000, "runtime": 700_000}
RUNTIME = "/_static/vendor/widgets/"


def weights(running, home, site, page):
    """Return the gzipped bytes of what a visit to a page fetches: the page with its files, and the widget runtime."""
    with visit(running, f"{home}/{page}.html") as opened:
        opened.page.wait_for_load_state("networkidle")
        if opened.page.locator(".casebook-fallback").count():
            opened.page.locator(".casebook-interactive").first.wait_for()
            opened.page.wait_for_load_state("networkidle")
        files = {
            site / url.removeprefix(home).partition("?")[0].lstrip("/")
            for url in opened.requested
            if url.startswith(home)
        }
    sizes = {path: len(gzip.compress(path.read_bytes(), 6)) for path in files}
    runtime = sum(size for path, size in sizes.items() if RUNTIME in path.as_posix())
    return sum(sizes.values()) - runtime, runtime


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_its_budget(running, home, site, page, record_property):
    weight, runtime = weights(running, home, site, page)
    kind = "figures" if page in CHAPTERS else "text"
    record_property("weight", f"{page}: {weight // 1000} kB and {runtime // 1000} kB of widget runtime")
    assert weight <= BUDGETS[kind], f"{page} weighs {weight} bytes; the budget of a page with {kind} is {BUDGETS[kind]}"
    assert runtime <= BUDGETS["runtime"]


@pytest.fixture(scope="module")
def printed(running, site, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pdf.print_book(running, site, path)
    return PdfReader(path)


def test_the_pdf_is_tagged_with_bookmarks_and_page_numbers(printed):
    assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
    bookmarks = [entry.title for entry in printed.outline if not isinstance(entry, list)]
    assert len(bookmarks) == len(PAGES)
    assert "What happened, and how sure are we?" in bookmarks
    assert f"3 of {len(printed.pages)}" in printed.pages[2].extract_text()


def test_the_pdf_has_the_exercises_without_their_solutions(printed):
    text = "\n".join(page.extract_text() for page in printed.pages[:40])
    assert "Exercise 14" in text
    assert "answer_8 = 100 *" not in text
    assert "timeline-8: correct" not in text


def test_a_site_that_is_not_built_cannot_be_printed(running, tmp_path):
    with pytest.raises(CasebookError, match="index.html is missing; run 'make book' first"):
        pdf.print_book(running, tmp_path, tmp_path / "x.pdf")
