"""Every page of the built site: it fits its window, fetches little, pleases axe, and can be used on a phone."""

import functools
import os
import re
from types import SimpleNamespace

import pytest

from casebook.errors import CasebookError
from tests import phones
from tools import browser
from tools.browser import violations_in_both_themes, visit
from tools.measures import (
    BUDGETS,
    MOST_REQUESTS,
    RUNTIME_BUDGET,
    SEARCH,
    WIDTHS,
    Weight,
    file_in,
    kind_of,
    look_at,
    page_names,
    weight_of,
)
from tools.pagefiles import WIDGETS
from tools.widget_models import VIEW

PAGES = page_names()


@pytest.fixture(scope="module", params=[*PAGES, SEARCH])
def seen(request, running, home):
    """Return what a visit to a page finds, and the page as it then is on a phone, with its folded code open."""
    with visit(running, f"{home}/{request.param}.html", WIDTHS[0]) as opened:
        look = look_at(opened)
        opened.widen(WIDTHS[0])
        opened.turn("light")
        if request.param == SEARCH:
            opened.page.goto(f"{home}/{SEARCH}.html?q=Zhanaozen")
            opened.settle()
        opened.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        phones.prepare(opened.page)
        yield SimpleNamespace(name=request.param, look=look, phone=opened.page)


def test_a_page_asks_nobody_else_logs_nothing_fits_its_window_and_pleases_axe(seen):
    assert seen.look.faults() == []


def test_a_page_keeps_its_budget(seen, site, record_property):
    weight = weight_of(seen.look.requested, functools.partial(file_in, site))
    runtime = f"{weight.runtime // 1000} kB of widget runtime"
    record_property("weight", f"{seen.name}: {weight.page // 1000} kB, {runtime}, {weight.requests} requests")
    assert weight.faults(seen.look.kind) == []


def test_targets_are_large_enough_for_a_finger(seen):
    assert phones.small_targets(seen.phone) == []


@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_targets_in_the_menus_are_large_enough(seen, side):
    button = seen.phone.locator(f".bd-header-article .{side}-toggle")
    if button.count() == 0:  # a page without sections has no second menu
        assert seen.phone.locator(f"#pst-{side}-sidebar").count() == 0
        return
    button.click()
    seen.phone.locator("dialog[open]").wait_for()
    assert phones.small_targets(seen.phone, "dialog[open]") == []
    seen.phone.keyboard.press("Escape")


def test_text_is_legible(seen):
    assert seen.phone.evaluate("phones.smallText", phones.TEXT) == []


def test_text_in_figures_is_legible(seen):
    assert phones.small_figures(seen.phone, phones.smallest_text(), phones.style()["savefig.dpi"]) == []


def test_figures_keep_their_proportions(seen):
    assert phones.stretched(seen.phone) == []


def test_a_wide_table_scrolls_in_a_named_region(seen):
    assert seen.phone.evaluate("phones.tablesWithoutRegion()") == []


def test_no_word_in_a_table_is_broken(seen):
    assert seen.phone.evaluate("phones.brokenWords()") == []


PLANTED = """<!doctype html><html lang="en"><title>Planted</title><main><h1>Planted</h1><p>Text</p>
<img src="https://example.invalid/x.png" alt="A picture"><button></button><div style="width: 3000px">Wide</div>
<script>undefinedFunction()</script></main>"""


def test_planted_faults_are_named(running, tmp_path):
    (tmp_path / "page.html").write_text(PLANTED, encoding="utf-8")
    with visit(running, (tmp_path / "page.html").as_uri(), WIDTHS[0]) as opened:
        faults = " | ".join(look_at(opened).faults())
    assert "asks another host for https://example.invalid/x.png" in faults
    assert "logs an error: undefinedFunction is not defined" in faults
    assert "breaks a rule of axe at 360 pixels in the light: button-name: <button></button>" in faults
    assert "breaks a rule of axe at 1280 pixels in the light: button-name: <button></button>" in faults
    assert re.search(r"scrolls sideways by 2\d{3} pixels at 360", faults)


def test_a_page_that_never_stops_asking_is_named(running, home, monkeypatch):
    monkeypatch.setattr(browser, "SETTLED", 1_500)
    with visit(running, f"{home}/index.html") as opened:
        opened.settle()
        with opened.page.expect_request("**/x.png?*"):
            opened.page.evaluate("setInterval(() => { new Image().src = `x.png?${Math.random()}`; }, 100)")
        with pytest.raises(CasebookError, match=r"/index\.html does not settle: it waits for "):
            opened.settle()


FAINT = "color: #ccc"  # on white, where #333 is the colour of the others
TEXTS = """<!doctype html><html lang=en><title>Faint</title><style>body {{ color: #333 }} {}</style><main>
<h1>Faint</h1><p>One text</p>
<p>Another text with <a href="#x">a link</a>, and with <a href="#y"><b>another</b></a>, to follow</p>
<section>A part</section><label>Name <input value="Text"></label><p>The last text</p></main></html>"""


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", []),
        (f"p:last-of-type {{ {FAINT} }}", ["in the light: color-contrast", "in the dark: color-contrast"]),
        ("@media (prefers-color-scheme: dark) { body { background: #111; color: #444 } }", ["in the dark: color-c"]),
        ("html[data-theme=dark] { background: #111; color: #444 }", ["in the dark: color-c"]),
        ("p:last-of-type { background: #444 }", ["in the light: color-c", "in the dark: color-c"]),
        ("section { opacity: .3 }", ["in the light: color-c", "in the dark: color-c"]),
        ("p a { color: #444; text-decoration: none }", ["in the light: link-in", "in the dark: link-in"]),
        (f"p a b {{ {FAINT} }}", ["in the light: color-c", "in the dark: color-c"]),
        (f"input {{ {FAINT} }}", ["in the light: color-c", "in the dark: color-c"]),
    ],
)
def test_one_faint_text_among_many_is_named(running, tmp_path, rule, says):
    (tmp_path / "page.html").write_text(TEXTS.format(rule), encoding="utf-8")
    with visit(running, (tmp_path / "page.html").as_uri()) as opened:
        found = violations_in_both_themes(opened)
    assert len(found) == len(says)
    assert all(violation.startswith(start) for violation, start in zip(found, says, strict=True))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<p>Text</p>", "text"),
        ("<img alt='' src='x.png'>", "figures"),
        (f"<img alt='' src='x.png'><script type='{VIEW}'></script>", "widgets"),
    ],
)
def test_a_page_shows_its_kind(running, tmp_path, content, kind):
    path = tmp_path / "page.html"
    path.write_text(f"<main><article>{content}</article></main>", encoding="utf-8")
    with visit(running, path.as_uri()) as opened:
        assert kind_of(opened.page) == kind


@pytest.mark.parametrize(
    ("weight", "kind", "fault"),
    [
        (Weight(250_001, 0, 1), "text", "fetches 250,001 bytes, and a page with text may fetch 250,000"),
        (Weight(600_001, 0, 1), "figures", "fetches 600,001 bytes, and a page with figures may fetch 600,000"),
        (Weight(1, 700_001, 1), "widgets", "fetches 700,001 bytes of widget runtime, and a page may fetch 700,000"),
        (Weight(1, 0, 41), "text", "fetches 41 files, and a page may fetch 40"),
    ],
)
def test_a_page_over_its_budget_is_named(weight, kind, fault):
    assert weight.faults(kind) == [fault]


def test_a_page_at_its_budget_is_fine():
    assert Weight(BUDGETS["text"], RUNTIME_BUDGET, MOST_REQUESTS).faults("text") == []


def test_a_file_weighs_once_and_the_runtime_apart(tmp_path):
    runtime = tmp_path / WIDGETS / "embed-amd.js"
    runtime.parent.mkdir(parents=True)
    runtime.write_bytes(os.urandom(5_000))
    (tmp_path / "page.html").write_bytes(os.urandom(1_000))
    asked = [
        "http://127.0.0.1:1/page.html?q=x",
        "http://127.0.0.1:1/page.html",
        f"http://127.0.0.1:1/{WIDGETS}/embed-amd.js",
        "http://127.0.0.1:1/gone",
    ]
    weight = weight_of(asked, functools.partial(file_in, tmp_path))
    assert 1_000 <= weight.page < 1_100
    assert 5_000 <= weight.runtime < 5_100
    assert weight.requests == 4
