"""Phones: in a window 360 pixels wide every page can be touched and read."""

import functools
import re
from contextlib import ExitStack

import matplotlib as mpl
import nbformat
import pytest

from tools.browser import AXE, visit
from tools.driving import missing
from tools.files import BOOK, ROOT, chapters, page_names

WIDTH = 360
TARGET = 24  # CSS pixels, WCAG 2.2, success criterion 2.5.8
TEXT = 12  # CSS pixels
TEXT_IN_FIGURES = 9  # CSS pixels, after the figure is shrunk
POINTS_PER_INCH = 72

PAGES = [f"{page}.html" for page in page_names()] + ["search.html?q=Zhanaozen"]
PHONES = (ROOT / "tests" / "phones.js").read_text(encoding="utf-8")
TARGET_SIZE = "(root) => axe.run(root, {runOnly: {type: 'rule', values: ['target-size']}, resultTypes: ['violations']})"


@pytest.fixture(scope="module", params=PAGES)
def phone(request, running, home):
    """Return a page as a phone shows it, with its interactives running and its folded code open."""
    with visit(running, f"{home}/{request.param}", WIDTH) as opened:
        page = opened.page
        assert missing(page) == []
        opened.settle()
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        page.evaluate(AXE)
        page.evaluate(PHONES)
        yield page


@pytest.fixture
def planted(running, tmp_path):
    """Return a function that shows a piece of HTML as a phone would."""
    with ExitStack() as visits:

        def show(body):
            path = tmp_path / "page.html"
            path.write_text(f"<!doctype html><meta name=viewport content='width=device-width'>{body}", "utf-8")
            page = visits.enter_context(visit(running, path.as_uri(), WIDTH)).page
            page.evaluate(AXE)
            page.evaluate(PHONES)
            return page

        yield show


def small_targets(page, part="body"):
    """Return the controls below 24 pixels, and the links that are neither large nor apart nor within a sentence."""
    crowded = page.locator(part).evaluate(TARGET_SIZE)["violations"]
    return page.evaluate("phones.smallControls", TARGET) + [node["html"] for rule in crowded for node in rule["nodes"]]


def test_targets_are_large_enough_for_a_finger(phone):
    assert small_targets(phone) == []


@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_targets_in_the_menus_are_large_enough(phone, side):
    button = phone.locator(f".bd-header-article .{side}-toggle")
    if button.count() == 0:  # a page without sections has no second menu
        assert phone.locator(f"#pst-{side}-sidebar").count() == 0
        return
    button.click()
    phone.locator("dialog[open]").wait_for()
    assert small_targets(phone, "dialog[open]") == []
    phone.keyboard.press("Escape")


@pytest.mark.parametrize(
    "body",
    [
        "<button style='width: 20px; height: 20px; padding: 0'>x</button>",
        "<details><summary style='height: 12px; overflow: hidden; font-size: 10px'>Code</summary></details>",
        "<style>a { display: block; line-height: 10px; font-size: 10px }</style>"
        "<nav><a href='#a'>one</a><a href='#b'>two</a><a href='#c'>three</a></nav>",
    ],
    ids=["button", "summary", "links"],
)
def test_a_small_target_is_found(planted, body):
    assert len(small_targets(planted(body))) >= 1


def test_a_link_in_a_sentence_may_be_as_high_as_its_line(planted):
    assert small_targets(planted("<p style='line-height: 15px'>See <a href='#a'>the row</a> and its source.</p>")) == []


def test_text_is_legible(phone):
    assert phone.evaluate("phones.smallText", TEXT) == []


def test_small_text_is_found(planted):
    page = planted("<p>Large <small style='font-size: 11px'>tiny</small> <i style='display: none'>hidden</i></p>")
    assert page.evaluate("phones.smallText", TEXT) == ["tiny"]


def stated_sizes(code):
    """Return the sizes of text, in points, that a piece of code asks for."""
    return [float(size) for size in re.findall(r"""\bfontsize["']?\s*[:=]\s*["']?([\w.-]+)""", code)]


@functools.cache
def smallest_text():
    """Return the smallest text, in points, that the style, the package and the chapters' cells ask for."""
    sizes = [float(value) for key, value in style().items() if re.search(r"(font|label|title)\.?size$", key)]
    code = [path.read_text(encoding="utf-8") for path in sorted((BOOK / "casebook").glob("*.py"))]
    code += [cell.source for path in chapters() for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return min(sizes + [size for piece in code for size in stated_sizes(piece)])


def style():
    path = BOOK / "casebook" / "casebook.mplstyle"
    return mpl.rc_params_from_file(path, fail_on_error=True, use_default_template=False)


def small_figures(page, points, dpi):
    """Return the pictures whose smallest text is shown with fewer than 9 pixels, with the size that it has."""
    pixels = points * dpi / POINTS_PER_INCH
    shown = [(alt, pixels * min(scales)) for alt, *scales in page.evaluate("phones.shownPictures()")]
    return [f"{alt[:60]}: {size:.1f} pixels" for alt, size in shown if size < TEXT_IN_FIGURES]


def test_text_in_figures_is_legible(phone):
    assert small_figures(phone, smallest_text(), style()["savefig.dpi"]) == []


def stretched(page):
    """Return the pictures that are not shown in their own proportions."""
    return [alt for alt, across, down in page.evaluate("phones.shownPictures()") if abs(across / down - 1) > 0.01]


def test_figures_keep_their_proportions(phone):
    assert stretched(phone) == []


def test_a_stretched_figure_is_found(planted, site):
    picture = next((site / "_images").glob("*.png")).as_uri()
    page = planted(f"<article><img alt='A chart' src='{picture}' width='240' height='900'></article>")
    page.wait_for_load_state("networkidle")
    assert stretched(page) == ["A chart"]


def test_small_text_in_a_figure_is_found(planted, site):
    picture = next((site / "_images").glob("*.png")).as_uri()
    page = planted(f"<article><img alt='A wide chart' src='{picture}' width='240'></article>")
    page.wait_for_load_state("networkidle")
    (found,) = small_figures(page, 9.5, 110)
    assert found.startswith("A wide chart: ")


def test_sizes_of_text_are_read_from_code():
    assert stated_sizes('ax.annotate("x", **{"fontsize": 9.5}); ax.set_title("y", fontsize=11)') == [9.5, 11]
    assert 9 <= smallest_text() <= 12
    with pytest.raises(ValueError, match="small"):
        stated_sizes("ax.text(0, 0, '', fontsize='small')")


def test_a_wide_table_scrolls_in_a_named_region(phone):
    assert phone.evaluate("phones.tablesWithoutRegion()") == []


WIDE = "<table style='width: 900px'><tr><td>wide</td></tr></table>"


@pytest.mark.parametrize(
    "body",
    [
        WIDE,
        f"<div role='region' tabindex='0' style='overflow-x: auto'>{WIDE}</div>",
        f"<div role='region' tabindex='0' aria-label=' ' style='overflow-x: auto'>{WIDE}</div>",
        f"<div role='region' aria-label='Tolls' style='overflow-x: auto'>{WIDE}</div>",
        f"<div role='region' tabindex='0' aria-label='Tolls'>{WIDE}</div>",
    ],
    ids=["no region", "no name", "empty name", "no keyboard", "no scrolling"],
)
def test_a_wide_table_without_a_proper_region_is_found(planted, body):
    assert len(planted(body).evaluate("phones.tablesWithoutRegion()")) == 1


def test_no_word_in_a_table_is_broken(phone):
    assert phone.evaluate("phones.brokenWords()") == []


def test_a_broken_word_is_found(planted):
    cells = "<td style='width: 3ch'>Kazakhstan</td><td>2022-01-05</td>"
    page = planted(f"<table style='table-layout: fixed; width: 6ch; overflow-wrap: anywhere'><tr>{cells}</tr></table>")
    assert "Kazakhstan" in page.evaluate("phones.brokenWords()")
