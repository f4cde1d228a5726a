"""The figures of ``make measures``: counted from the pages, set beside stock Jupyter Book, and able to fail."""

import contextlib

import pytest

from casebook.errors import CasebookError
from tools import build, chromium, measures, offline, stock
from tools.browser import visit
from tools.measures import Look, Measured, StockPage, Weight, comparison, summary
from tools.serving import served

CLEAN = Look("text", ["http://x/a.html"], [], [], {360: 0, 1280: -15}, [])
FAULTY = Look(
    "widgets",
    [],
    ["https://example.invalid/x.js"],
    ["undefined"],
    {360: 12, 1280: 0},
    ["at 360 pixels in the light: button-name: <i>"],
)
HTML_MANAGER = "https://cdn.jsdelivr.net/npm/@jupyter-widgets/html-manager@1.0.6/dist/embed-amd.js"
UNKNOWN = "https://example.invalid/x.js"


PAGES = [
    Measured("index", Weight(133_400, 0, 22), CLEAN),
    Measured("evidence", Weight(194_000, 0, 22), CLEAN),
    Measured("timeline", Weight(328_000, 694_600, 34), FAULTY),
]


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "book-offline.zip"
    path.write_bytes(b"x" * 2_150_000)
    return path


def test_the_summary_counts_and_names_the_largest_page_of_each_kind(archive):
    lines = dict(line.split("  ", 1) for line in summary(PAGES, 1, 2, archive).splitlines())
    assert {label: value.strip() for label, value in lines.items()} == {
        "pages": "3",
        "third-party requests": "1",
        "console errors": "1",
        "axe violations (2 widths, 2 themes)": "1",
        "pages that scroll sideways": "1",
        "interactives driven / total": "1 / 2",
        "largest page with text": "194 kB, 22 requests (evidence)",
        "largest page with figures": "none",
        "largest page with widgets": "328 kB and 695 kB of widget runtime, 34 requests (timeline)",
        "book-offline.zip": "2.15 MB",
    }


def test_a_measured_page_names_each_fault_once():
    assert PAGES[0].faults() == []
    assert PAGES[2].faults() == [
        "timeline asks another host for https://example.invalid/x.js.",
        "timeline logs an error: undefined.",
        "timeline breaks a rule of axe at 360 pixels in the light: button-name: <i>.",
        "timeline scrolls sideways by 12 pixels at 360.",
    ]


def test_the_comparison_sets_ours_beside_stock_and_tells_what_was_answered():
    blocked = f"Failed to find a valid digest in the 'integrity' attribute for resource '{HTML_MANAGER}'"
    other = StockPage(Weight(2_000_000, 720_000, 37), [HTML_MANAGER, UNKNOWN], [blocked])
    told = comparison(PAGES[2:], {"timeline": other})
    assert "| timeline | widgets | 328 | 695 | 34 | 2720 | 37 | 2 | 1 |" in told
    assert f"{HTML_MANAGER}: answered with our embed-amd.js, which the page's checksum refused" in told
    assert f"{UNKNOWN}: not answered, weighs nothing here" in told


@pytest.fixture
def quick(monkeypatch, archive):
    """Replace the slow steps of the command by ready results; return where to put the results."""
    results = {"pages": PAGES[:2], "driven": (2, 2, [])}
    monkeypatch.setattr(build, "build", lambda: None)
    monkeypatch.setattr(offline, "pack", lambda: None)
    monkeypatch.setattr(offline, "ARCHIVE", archive)
    monkeypatch.setattr(chromium, "install", lambda: None)
    monkeypatch.setattr(chromium, "started", contextlib.nullcontext)
    monkeypatch.setattr(measures, "served", lambda _site: contextlib.nullcontext("http://x"))
    monkeypatch.setattr(measures, "page_names", lambda: [page.name for page in results["pages"][:-1]])
    monkeypatch.setattr(measures, "SEARCH", "evidence")
    monkeypatch.setattr(
        measures, "measure", lambda *arguments: next(page for page in results["pages"] if page.name == arguments[-1])
    )
    monkeypatch.setattr(measures, "drive_chapters", lambda *_arguments: results["driven"])
    monkeypatch.setattr(
        measures, "visit_stock", lambda _running, names: {name: StockPage(Weight(1, 1, 1), [], []) for name in names}
    )
    return results


def test_clean_measures_end_well(quick, capsys):
    assert measures.main() == 0
    assert "| evidence | text | 194 | 0 | 22 | 0 | 1 | 0 | 0 |" in capsys.readouterr().out


def test_a_measure_over_its_limit_ends_badly_and_is_named(quick, capsys):
    quick["pages"] = [PAGES[2], PAGES[1]]
    assert measures.main() == 1
    assert "timeline scrolls sideways by 12 pixels at 360." in capsys.readouterr().err


def test_an_interactive_that_was_not_driven_ends_badly(quick, capsys):
    quick["driven"] = (1, 2, [])
    assert measures.main() == 1
    assert "1 of 2 interactives answer to all their controls" in capsys.readouterr().err


def test_a_site_that_cannot_be_built_ends_badly(quick, monkeypatch, capsys):
    def fail():
        raise CasebookError("The site was not built.")

    monkeypatch.setattr(build, "build", fail)
    assert measures.main() == 1
    assert capsys.readouterr().err == "The site was not built.\n"


def test_the_stock_build_takes_its_pages_and_nothing_of_our_look(tmp_path):
    book = tmp_path / "book"
    book.mkdir()
    (book / "index.md").write_text("# Title\n\n```{exercise} Try\n:label: x\n\nDo it.\n```\n", encoding="utf-8")
    toc = tmp_path / "_toc.yml"
    toc.write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    site = stock.build_stock(tmp_path / "stock", book, toc)
    page = (site / "index.html").read_text(encoding="utf-8")
    assert 'class="exercise' in page
    assert "casebook" not in page.replace(stock.CONFIG["title"], "").replace(stock.CONFIG["author"], "")


def test_a_stock_build_that_fails_is_one_sentence(tmp_path):
    (tmp_path / "book").mkdir()
    with pytest.raises(CasebookError, match="Jupyter Book could not build the stock site: "):
        stock.build_stock(tmp_path / "stock", tmp_path / "book", tmp_path / "missing.yml")


def test_what_a_stock_page_asks_of_others_is_answered_from_our_packages(running, site, tmp_path):
    (tmp_path / "page.html").write_text(f"<script src='{HTML_MANAGER}'></script><img alt='x' src='{UNKNOWN}'>")
    with served(tmp_path) as home, visit(running, f"{home}/page.html", elsewhere=stock.answer) as opened:
        assert opened.elsewhere == [HTML_MANAGER, UNKNOWN]
        assert f"failed: {UNKNOWN}" in opened.errors
        assert f"failed: {HTML_MANAGER}" not in opened.errors
    assert stock.our_file(HTML_MANAGER).stat().st_size > 3_000_000
    assert stock.our_file(HTML_MANAGER.replace("embed-amd", "gone")) is None
