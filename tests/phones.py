"""What a window of a phone's width shows that nobody can touch or read: for the tests of pages, planted and built."""

import functools
import re

import matplotlib as mpl
import nbformat

from tools.browser import bring_axe
from tools.files import BOOK, ROOT, chapters

TARGET = 24  # CSS pixels, WCAG 2.2, success criterion 2.5.8
TEXT = 12  # CSS pixels
TEXT_IN_FIGURES = 9  # CSS pixels, after the figure is shrunk
POINTS_PER_INCH = 72

PHONES = (ROOT / "tests" / "phones.js").read_text(encoding="utf-8")
TARGET_SIZE = "(root) => axe.run(root, {runOnly: {type: 'rule', values: ['target-size']}, resultTypes: ['violations']})"


def prepare(page):
    """Give a page what the functions of this module ask it."""
    bring_axe(page)
    page.evaluate(PHONES)


def small_targets(page, part="body"):
    """Return the controls below 24 pixels, and the links that are neither large nor apart nor within a sentence."""
    crowded = page.locator(part).evaluate(TARGET_SIZE)["violations"]
    return page.evaluate("phones.smallControls", TARGET) + [node["html"] for rule in crowded for node in rule["nodes"]]


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


def stretched(page):
    """Return the pictures that are not shown in their own proportions."""
    return [alt for alt, across, down in page.evaluate("phones.shownPictures()") if abs(across / down - 1) > 0.01]
