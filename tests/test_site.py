"""The built site: its pages work in a real browser with nothing from elsewhere."""

import pytest

from casebook.errors import CasebookError
from tools import offline, pagefiles
from tools.browser import visit
from tools.files import page_names
from tools.serving import served

PAGES = page_names()


def test_every_page_is_built(site):
    assert all((site / f"{page}.html").exists() for page in PAGES)


def test_search_finds_a_word(running, place):
    with visit(running, f"{place}/search.html?q=Zhanaozen") as opened:
        opened.page.locator("#search-results li a[href*='timeline.html']").first.wait_for()
        assert opened.wrong == []


def test_a_site_that_is_not_built_cannot_be_packed(tmp_path):
    with pytest.raises(CasebookError, match="index.html is missing; run 'make book' first"):
        offline.pack(tmp_path, tmp_path / "x.zip")


def test_an_archive_that_is_too_large_is_refused(site, tmp_path, monkeypatch):
    monkeypatch.setattr(offline, "MOST_BYTES", 1_000)
    with pytest.raises(CasebookError, match="find what grew and bring it below 1,000"):
        offline.pack(site, tmp_path / "x.zip")


def test_a_page_works_without_scripts(without_scripts, home):
    page = without_scripts(f"{home}/timeline.html")
    pictures = page.locator(".casebook-fallback img")
    assert pictures.first.is_visible()
    assert "1 January 2022" in pictures.first.get_attribute("alt")
    assert page.locator(".casebook-fallback tbody tr").count() > 90


def test_paper_shows_every_state_and_no_control(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.give_sign()
        opened.page.locator(".casebook-interactive").nth(1).wait_for()
        opened.page.emulate_media(media="print")
        states = opened.page.locator(".casebook-paper figure")
        assert states.count() == 8
        assert states.last.is_visible()
        assert not opened.page.locator(".casebook-interactive").first.is_visible()
        fallbacks = opened.page.locator(".casebook-fallback")
        assert [fallbacks.nth(place).is_visible() for place in (0, 1)] == [False, True]


ELSEWHERE = "https://example.invalid/x"
FOREIGN = {
    "a script": f"document.head.append(Object.assign(document.createElement('script'), {{src: '{ELSEWHERE}.js'}}))",
    "a style": f"document.head.insertAdjacentHTML('beforeend', '<link rel=stylesheet href={ELSEWHERE}.css>')",
    "a picture": f"document.body.insertAdjacentHTML('beforeend', '<img alt=x src={ELSEWHERE}.png>')",
    "a request": f"fetch('{ELSEWHERE}').catch(() => 0)",
    "a frame": f"document.body.insertAdjacentHTML('beforeend', '<iframe src={ELSEWHERE}></iframe>')",
}


@pytest.mark.parametrize("planted", FOREIGN.values(), ids=FOREIGN.keys())
def test_the_policy_refuses_what_comes_from_elsewhere(running, home, planted):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.evaluate(f"() => {{ {planted} }}")
        opened.page.wait_for_timeout(300)
        assert any("Content Security Policy" in wrong or "content security policy" in wrong for wrong in opened.wrong)


RUNTIME = "script[src*='vendor/widgets']"


def test_a_reader_who_only_looks_at_the_beginning_gets_no_widget_runtime(running, home):
    with visit(running, "about:blank") as opened:
        opened.page.clock.install()
        opened.page.goto(f"{home}/timeline.html")
        opened.page.clock.run_for(600_000)
        assert opened.page.locator(RUNTIME).count() == 0
        opened.give_sign()
        opened.page.clock.run_for(1_000)
        opened.page.locator(RUNTIME).first.wait_for(state="attached")


@pytest.mark.parametrize(
    "sign",
    [
        lambda page: page.mouse.wheel(0, 100),
        lambda page: page.keyboard.press("Tab"),
        lambda page: page.locator("article h1").click(),
        lambda page: page.locator("article p a").first.evaluate("link => link.focus({preventScroll: true})"),
    ],
    ids=["scrolls", "presses a key", "points", "moves the focus"],
)
def test_interactives_start_when_a_reader(running, home, sign):
    with visit(running, f"{home}/timeline.html") as opened:
        assert opened.page.locator(RUNTIME).count() == 0
        sign(opened.page)
        opened.page.locator(".casebook-interactive").nth(1).wait_for()
        assert opened.wrong == []


def test_an_interactive_that_comes_near_starts(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.set_viewport_size({"width": 1280, "height": 20_000})
        opened.page.locator(".casebook-interactive").first.wait_for()


def test_a_link_into_an_interactive_leads_to_it_and_starts_it(running, home, site):
    with visit(running, f"{home}/timeline.html") as opened:
        place = opened.page.locator("[id]:has(> .cell .casebook-fallback), [id]:has(> .casebook-fallback)").last
        anchor = place.get_attribute("id")
        opened.page.goto("about:blank")
        opened.page.goto(f"{home}/timeline.html#{anchor}")
        opened.page.locator(f"[id='{anchor}'] .casebook-interactive").wait_for()


def test_paper_shows_every_state_before_the_reader_has_done_anything(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.emulate_media(media="print")
        assert opened.page.locator(RUNTIME).count() == 0
        assert opened.page.locator(".casebook-paper figure").last.is_visible()
        assert opened.page.locator(".casebook-fallback").last.is_visible()


def test_a_linked_number_leads_to_its_row(running, place):
    with visit(running, f"{place}/timeline.html") as opened:
        opened.page.locator("a[href='evidence.html#c122']").first.click()
        opened.page.wait_for_url("**/evidence.html#c122")
        assert opened.page.locator("#c122").is_visible()
        assert "2,030 persons" in opened.page.locator("#c122").inner_text()


@pytest.mark.parametrize(("side", "width"), [("primary", 360), ("secondary", 360), ("primary", 1280)])
def test_the_menu_buttons_open_and_close_their_menus(running, home, side, width):
    with visit(running, f"{home}/timeline.html", width) as opened:
        menu = opened.page.locator(f"#pst-{side}-sidebar-modal" if width == 360 else f"#pst-{side}-sidebar")
        before = menu.is_visible()
        opened.page.locator(f".bd-header-article .{side}-toggle").click()
        opened.page.wait_for_timeout(600)
        assert menu.is_visible() != before
        assert opened.wrong == []


def test_solutions_stay_folded(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        folded = opened.page.locator("details", has_text="Show a solution")
        assert folded.count() >= 10
        assert opened.page.locator("details[open]", has_text="Show a solution").count() == 0


def test_a_planted_request_to_elsewhere_is_seen(running, site, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<img src='https://example.invalid/x.png'><script>undefinedFunction()</script>", encoding="utf-8")
    with served(tmp_path) as address, visit(running, f"{address}/page.html") as opened:
        opened.settle()
        assert any("request to elsewhere: https://example.invalid" in wrong for wrong in opened.wrong)
        assert any("undefinedFunction is not defined" in wrong for wrong in opened.wrong)


def test_page_files_need_their_packages(monkeypatch, tmp_path):
    monkeypatch.setitem(pagefiles.SHIPPED, "x.js", tmp_path / "missing.js")
    with pytest.raises(CasebookError, match="missing.js is not installed; run 'make setup'"):
        pagefiles.gather(tmp_path / "target")
    assert not (tmp_path / "target").exists()
