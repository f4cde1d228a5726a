"""What the built pages say to a reader who does not see them, sees them in the dark, or cannot bear motion."""

import functools
import io
import json
import re
from contextlib import contextmanager

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from casebook import figures
from casebook.widgets import MILLISECONDS_PER_FRAME
from tests.contrast import LUMINANCE, contrast, linear, rgb
from tools import pagefiles
from tools.browser import visit
from tools.driving import VIEWS, answers_once, appeared, missing
from tools.files import page_names

PAGES = page_names()
STATE = "application/vnd.jupyter.widget-state+json"


def fragments(html):
    """Return a page and the pieces of HTML that its interactives hold, parsed."""
    page = BeautifulSoup(html, "html.parser")
    states = [json.loads(script.string)["state"] for script in page.find_all("script", type=STATE)]
    held = [
        model["state"].get(trait) for state in states for model in state.values() for trait in ("value", "fallback")
    ]
    return [page, *(BeautifulSoup(text, "html.parser") for text in held if isinstance(text, str))]


@functools.cache
def parts_of(site, page):
    return fragments((site / f"{page}.html").read_text(encoding="utf-8"))


# Language

CYRILLIC = {"ru", "kk", "uk", "sr"}  # the languages of the data that are written in Cyrillic letters
KAZAKH_ONLY = re.compile("[әғқңөұүһ]", re.IGNORECASE)


def unmarked(parts):
    """Return the Cyrillic passages that a screen reader would read with the wrong voice."""
    found = []
    for part in parts:
        for text in part.find_all(string=re.compile("[\u0400-\u04ff]")):
            marked = text.find_parent(lang=True)
            language = marked["lang"] if marked else "none"
            fits = language == "kk" if KAZAKH_ONLY.search(text) else language in CYRILLIC
            if not fits and text.parent.name != "script":
                found.append(f"{language}: {text.strip()[:60]}")
    return found


@pytest.mark.parametrize("page", [*PAGES, "search"])
def test_cyrillic_passages_carry_their_language(site, page):
    assert unmarked(parts_of(site, page)) == []


def test_the_pages_have_cyrillic_passages(site):
    marked = {page: len(parts_of(site, page)[0].find_all(lang=re.compile("ru|kk"))) for page in PAGES}
    assert marked["bibliography"] > 100
    assert marked["evidence"] > 100
    assert marked["timeline"] >= 1


@pytest.mark.parametrize(
    ("planted", "says"),
    [
        ("<p>said «вмешательством извне» then</p>", "none: said «вмешательством извне» then"),
        ('<html lang="en"><pre>приказ</pre>', "en: приказ"),
        ('<q lang="ru">қаза тапқанын</q>', "ru: қаза тапқанын"),
        (
            f'<script type="{STATE}">{{"state": {{"m": {{"state": {{"value": "<td>погибли</td>"}}}}}}}}</script>',
            "none: погибли",
        ),
    ],
    ids=["a note", "a printed output", "the wrong language", "an interactive"],
)
def test_a_passage_without_its_language_is_found(planted, says):
    assert unmarked(fragments(planted)) == [says]


# Pictures, tables, lists, names


def unsized(parts):
    """Return the pictures whose space a browser cannot keep free before they arrive."""
    return [
        image["src"]
        for part in parts
        for image in part.find_all("img")
        if not (image.get("width") and image.get("height"))
    ]


@pytest.mark.parametrize("page", PAGES)
def test_pictures_have_a_size(site, page):
    assert unsized(parts_of(site, page)) == []


def test_a_picture_without_a_size_is_found():
    assert unsized(fragments('<img src="a.png" width="4"><img src="b.png" width="4" height="2">')) == ["a.png"]


def programmers_words(parts):
    """Return what cells, captions and options say in the words of code: missing values, and names with underscores."""
    cells = [cell.get_text(strip=True) for part in parts for cell in part.select("td, th")]
    said = [text for text in cells if text in ("NaN", "NaT", "None", "<NA>")]
    captions = [caption.get_text() for part in parts for caption in part.select(".casebook-table caption")]
    options = re.findall(r'"_options_labels": (\[.*?\])', str(parts[0]))
    return said + [
        text for text in captions + [label for found in options for label in json.loads(found)] if "_" in text
    ]


@pytest.mark.parametrize("page", PAGES)
def test_tables_and_filters_speak_in_words(site, page):
    assert programmers_words(parts_of(site, page)) == []


def test_the_words_of_code_are_found():
    table = "<caption>Kind casualty_report</caption><tr><td>NaT</td><td>5</td></tr>"
    state = '{"state": {"m": {"state": {"_options_labels": ["all", "csto_decision"]}}}}'
    planted = f"<table class='casebook-table'>{table}</table><script type='{STATE}'>{state}</script>"
    assert programmers_words(fragments(planted)) == ["NaT", "Kind casualty_report", "csto_decision"]


def test_choices_are_lettered_lists(site):
    (page, *_) = parts_of(site, "timeline")
    assert len(page.select(".exercise ol[type=a]")) >= 2
    assert not [item for item in page.select("ul > li") if re.match(r"a\.\s", item.get_text(strip=True))]


def test_titles_name_the_page_once(site):
    titles = {page: parts_of(site, page)[0].title.get_text() for page in PAGES}
    assert titles["index"] == "January 2022: a casebook"
    assert titles["evidence"] == "Evidence — January 2022: a casebook"
    assert len(set(titles.values())) == len(PAGES)


def test_the_search_page_says_what_it_cannot_find(running, home):
    with visit(running, f"{home}/search.html?q=2030") as opened:
        hint = opened.page.locator("form.bd-search ~ p.casebook-hint").inner_text()
        assert "numbers in the text are not found" in hint
        opened.page.locator(".search-summary", has_text="did not match any documents").wait_for()
        assert opened.page.locator("#search-results li").count() == 0
        opened.page.goto(f"{home}/search.html?q=C030")
        opened.page.locator("#search-results li a").first.wait_for()
        # the summary comes after the last result, and several pages have this row
        opened.page.locator(".search-summary[role=status]", has_text=re.compile("^Search finished")).wait_for()


@pytest.fixture(scope="module", params=[*PAGES, "search"])
def desk(request, running, unpacked):
    """Return a visit to a page as a laptop shows it that has opened the archive."""
    with visit(running, f"{unpacked}/{request.param}.html") as opened:
        assert missing(opened.page) == []
        opened.settle()
        yield opened


def test_a_page_works_from_disk(desk):
    assert desk.wrong == []


def test_every_interactive_answers_from_disk(desk):
    views = desk.page.locator(VIEWS).all()
    assert [answers_once(appeared(view)) for view in views] == [True] * len(views)
    assert desk.wrong == []


def test_copy_buttons_have_names_of_their_own(desk):
    names = desk.page.locator("button.copybtn").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"Copy code \d+ under .+", name) for name in names)
    assert (len(names) > 0) == (desk.page.locator("div.highlight pre").count() > 0)


def test_a_chosen_state_is_announced_once(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        maps = opened.page.locator(".casebook-interactive").first
        status = opened.page.locator(".casebook-interactive + [role=status]").first
        opened.give_sign()
        status.wait_for(state="attached")
        assert status.inner_text() == ""
        maps.locator("[role=slider]").press("ArrowRight")
        opened.page.wait_for_function("document.querySelector('[role=status]').textContent.includes('2 January')")
        assert "On this day: Zhanaozen, Aktau." in status.inner_text()
        assert maps.locator("img").count() == 1
        tables = opened.page.locator(".casebook-interactive").nth(1)
        tables.get_by_label("Kind", exact=True).select_option("violence")
        opened.page.get_by_role("status").filter(has_text="Kind violence, phase all").wait_for(state="attached")
        assert opened.page.get_by_role("status").count() == opened.page.locator(".casebook-interactive").count()


# Dark theme

TEXT_COLOURS = [figures.INK, figures.GREY, "#3b4853"]  # the last is that of the axes, in the style
MARK_COLOURS = sorted(
    {colour for _, colour, _ in figures.STATEMENT_MARKS.values()}
    | {colour for _, colour in figures.EVENT_MARKS.values()}
)
LEAST_TEXT, LEAST_MARKS = 4.5, 3
GROUND_SHARE = 0.04  # of a picture's area: the paper, and the land on a map
AT_THE_CORNER = """(picture) => {
  const place = "position: fixed; top: 0; left: 0; z-index: 9999; max-width: none";
  picture.style.cssText = `${place}; width: ${picture.naturalWidth}px; height: ${picture.naturalHeight}px`;
}"""


def packed(pixels):
    """Return each pixel's colour as one number: colours are then found and counted at once."""
    return pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)


def shown_pictures(page, site):
    """Yield each figure's alternative text, its pixels in the file, and its pixels as the page shows them."""
    for picture in page.locator("article img:visible").all():
        before = picture.get_attribute("style") or ""
        picture.scroll_into_view_if_needed()
        picture.evaluate(AT_THE_CORNER)
        file = Image.open(site / "_images" / picture.get_attribute("src").rpartition("/")[2])
        shot = Image.open(io.BytesIO(picture.screenshot()))
        picture.evaluate("(picture, before) => { picture.style.cssText = before; }", before)
        assert shot.size == file.size
        yield picture.get_attribute("alt"), np.array(file.convert("RGB")), np.array(shot.convert("RGB"))


def faint(file, shown):
    """Return the colours of text and marks that do not stand out, as shown, from a ground on which they are drawn."""
    numbers = packed(file)
    found, counts = np.unique(numbers, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=-1).astype(int)
    grounds = [colour for colour in colours[counts > GROUND_SHARE * counts.sum()] if linear(colour) @ LUMINANCE > 0.5]
    assert grounds

    def as_shown(colour):
        near = found[np.abs(colours - colour).max(axis=-1) <= 6]  # pictures are stored with a palette
        return np.median(shown[np.isin(numbers, near)], axis=0) if near.size else None

    grounds_shown = [as_shown(ground) for ground in grounds]
    found_faint = []
    for declared, least in ((TEXT_COLOURS, LEAST_TEXT), (MARK_COLOURS, LEAST_MARKS)):
        for colour in declared:
            drawn = as_shown(np.array(rgb(colour)))
            ratios = [] if drawn is None else [contrast(drawn, ground) for ground in grounds_shown]
            found_faint += [f"{colour} has {ratio:.1f}:1" for ratio in ratios if ratio < least]
    return found_faint


@contextmanager
def upright(running, address, theme="light"):
    """Open a page in a window that is high enough for its figures."""
    with visit(running, address, theme=theme) as opened:
        opened.page.set_viewport_size({"width": 1280, "height": 2000})
        assert missing(opened.page) == []
        opened.settle()
        yield opened


def test_figures_are_legible(running, home, site):
    pages = [page for page in PAGES if parts_of(site, page)[0].select("article img")]
    assert "timeline" in pages
    for page in pages:
        with upright(running, f"{home}/{page}.html") as opened:
            for theme in ("light", "dark"):
                opened.turn(theme)
                for alt, file, shown in shown_pictures(opened.page, site):
                    assert faint(file, shown) == [], f"{page}, {theme}: {alt}"


def test_a_figure_dimmed_in_the_dark_is_found(running, home, site):
    dim = "html .bd-content div.cell_output img { filter: brightness(.35) !important }"
    with upright(running, f"{home}/timeline.html", "dark") as opened:
        opened.page.add_style_tag(content=dim)
        _, file, shown = next(shown_pictures(opened.page, site))
        assert any(message.startswith(figures.INK) for message in faint(file, shown))


# Motion

MOVES = """(ms) => new Promise((done) => {
  const SHOWN = { subtree: true, childList: true, characterData: true, attributeFilter: ["class", "src", "style"] };
  let moves = 0;
  const watch = new MutationObserver((changes) => { moves += changes.length; });
  watch.observe(document.querySelector("article"), SHOWN);
  setTimeout(() => { watch.disconnect(); done(moves); }, ms);
})"""
MOVING_STYLES = """() => [...document.querySelectorAll("*")].flatMap((part) =>
  [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)).filter((style) =>
    style.animationName !== "none" || style.scrollBehavior === "smooth" ||
    style.transitionDuration.split(",").some((time) => parseFloat(time) > 0))).length"""


@pytest.fixture
def still(running, home):
    """Return the timeline as a reader sees it who asked for reduced motion, with its interactives running."""
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.emulate_media(reduced_motion="reduce")
        opened.give_sign()
        opened.page.locator(".casebook-interactive").nth(1).wait_for()
        opened.settle()
        yield opened.page


def test_nothing_moves_before_play_is_pressed(still):
    assert still.evaluate(MOVES, 3 * MILLISECONDS_PER_FRAME) == 0


def test_the_watch_sees_what_moves(still):
    still.get_by_role("button", name="Play").click()
    assert still.evaluate(MOVES, 3 * MILLISECONDS_PER_FRAME) > 0


def test_play_goes_in_steps_pauses_and_stops_at_the_end(still):
    maps = still.locator(".casebook-interactive").first
    picture = maps.locator("img")
    maps.get_by_role("button", name="Play").click()
    still.wait_for_function("document.querySelector('.casebook-interactive img').alt.includes('up to 2 January')")
    maps.get_by_role("button", name="Pause").click()
    paused = picture.get_attribute("alt")
    assert still.evaluate(MOVES, 2 * MILLISECONDS_PER_FRAME) == 0
    assert picture.get_attribute("alt") == paused
    maps.locator("[role=slider]").press("End")
    maps.locator("[role=slider]").press("ArrowLeft")
    maps.get_by_role("button", name="Play").click()
    still.wait_for_function("document.querySelector('.casebook-interactive img').alt.includes('up to 8 January')")
    maps.get_by_role("button", name="Play").wait_for()
    assert still.evaluate(MOVES, 2 * MILLISECONDS_PER_FRAME) == 0


def test_a_reader_who_asks_for_less_motion_gets_none(desk):
    assert desk.page.evaluate(MOVING_STYLES) > 0  # others get the theme's transitions, so the test can see them
    desk.page.emulate_media(reduced_motion="reduce")
    assert desk.page.evaluate(MOVING_STYLES) == 0


# The stylesheet


def loose_colours(sheet):
    """Return the rules that name a colour instead of a variable."""
    rules = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL).splitlines()
    return [
        rule.strip()
        for rule in rules
        if re.search(r":[^;{]*#[0-9a-f]{3,8}\b", rule) and not rule.strip().startswith("--")
    ]


def test_the_stylesheet_is_short_and_built_on_variables():
    sheet = (pagefiles.THEME / "casebook.css").read_text(encoding="utf-8")
    assert len(sheet.splitlines()) <= 300
    assert loose_colours(sheet) == []
    used = set(re.findall(r"var\((--[\w-]+)", sheet))
    assert any(name.startswith("--pst-") for name in used)
    own = set(re.findall(r"(?m)^\s*(--casebook-[\w-]+):", sheet))
    assert own == {name for name in used if name.startswith("--casebook-")}


def test_a_loose_colour_is_found():
    assert loose_colours("a { --line: #fff; }\n--line: #fff;\nb { color: #22303c; }\n#toc { color: red; }") == [
        "a { --line: #fff; }",
        "b { color: #22303c; }",
    ]
