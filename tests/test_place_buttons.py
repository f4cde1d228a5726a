"""The buttons of a chapter: where it runs, what can be downloaded, what each will do; none without an address."""

import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup

from casebook.errors import CasebookError
from tools import published as settings
from tools.browser import violations_on, visit
from tools.downloads import DATA, FOLDER
from tools.files import ROOT, chapters
from tools.place_buttons import NOT_MEASURED, TITLE, buttons, with_buttons
from tools.published import Published, published

NOWHERE = Published("", "main", "")
SOMEWHERE = Published("someone/casebook", "main", "https://example.org/casebook/")
SIZES = {"timeline.ipynb": 1_571_904, DATA: 554_768}
DAY = {"date": "2026-11-02", "cores": 2}
FIGURES = {
    "browser": DAY | {"cold": 21.4, "warm": 4.4, "megabytes": 51.2},
    "binder": DAY | {"seconds": {"timeline": 12.1}},
    "colab": DAY | {"seconds": {"sources": 9.0}},
}


def shown(places, measured=FIGURES, solved=True):
    found = buttons("timeline", places, measured, SIZES, "downloads/", solved=solved)
    return {button.words: button for button in found}


def test_a_copy_that_is_published_nowhere_offers_its_downloads():
    assert list(shown(NOWHERE)) == ["Download notebook", "Download data"]


def test_a_published_copy_offers_every_place():
    found = shown(SOMEWHERE)
    assert list(found) == ["Run in this browser", "Binder", "Colab", "Download notebook", "Download data"]
    assert found["Run in this browser"].address == (
        "https://example.org/casebook/lite/notebooks/index.html?path=book/timeline.ipynb"
    )
    assert found["Binder"].address == (
        "https://mybinder.org/v2/gh/someone/casebook/main?urlpath=lab%2Ftree%2Fbook%2Ftimeline.ipynb"
    )
    assert found["Colab"].address == (
        "https://colab.research.google.com/github/someone/casebook/blob/colab/timeline.ipynb"
    )


def test_a_line_has_the_figures_and_their_day():
    found = shown(SOMEWHERE)
    assert found["Run in this browser"].line.endswith(
        "The first start took 21 seconds and 51 MB, a later one 4 (2 November 2026, 2 cores)."
    )
    assert found["Binder"].line.endswith("the cells took 12 seconds (2 November 2026, 2 cores).")
    assert ", 1.6 MB." in found["Download notebook"].line
    assert ", 555 kB." in found["Download data"].line


def test_a_page_without_solutions_does_not_lead_to_them():
    assert "solutions included" in shown(SOMEWHERE)["Binder"].line
    assert "Binder" not in shown(SOMEWHERE, solved=False)


def test_what_was_not_measured_is_said():
    assert shown(SOMEWHERE)["Colab"].line.endswith(NOT_MEASURED)
    assert shown(SOMEWHERE, {})["Run in this browser"].line.endswith(NOT_MEASURED)


def test_buttons_stand_before_the_first_section():
    body = '<section id="a"><h1>A</h1><p>Box</p><section id="b"><h2>B</h2></section></section>'
    soup = BeautifulSoup(with_buttons(body, list(shown(NOWHERE).values())), "html.parser")
    assert soup.find("nav").find_next_sibling()["id"] == "b"
    assert [link["download"] for link in soup.select("nav a")] == ["timeline.ipynb", DATA]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('repository = "OWNER / NAME"', "repository is 'OWNER / NAME'; make it owner/name"),
        ('site = "example.org"', "site is 'example.org'; make it an address that begins with https://"),
        ("branch = 1", "branch is 1; make it the name of a branch"),
        ('hub = "x"', "must set repository, branch, site and nothing else"),
        ("repository =", "is not TOML"),
    ],
)
def test_settings_that_cannot_be_used_are_named(tmp_path, line, sentence):
    path = tmp_path / "published.toml"
    name = line.partition(" ")[0]
    kept = [row for row in settings.SETTINGS.read_text(encoding="utf-8").splitlines() if not row.startswith(name)]
    path.write_text("\n".join([*kept, line]), encoding="utf-8")
    with pytest.raises(CasebookError, match=sentence):
        published(path)


def test_every_chapter_has_its_buttons_and_no_placeholder(site):
    for chapter in chapters():
        page = BeautifulSoup((site / f"{chapter.stem}.html").read_text(encoding="utf-8"), "html.parser")
        links = page.select("nav.casebook-places a")
        assert len(links) == len(
            list(buttons(chapter.stem, published(), {}, {chapter.name: 1, DATA: 1}, "", solved=True))
        )
        assert all((site / link["href"]).is_file() for link in links if link.has_attr("download"))


def test_the_notebook_to_download_has_no_solutions(site):
    for chapter in chapters():
        cells = nbformat.read(site / FOLDER / chapter.name, as_version=4).cells
        assert not any("solution" in cell.metadata.get("tags", []) for cell in cells)


def test_the_data_to_download_are_all_that_a_notebook_needs(site):
    with zipfile.ZipFile(site / FOLDER / DATA) as packed:
        names = {name.partition("/")[2] for name in packed.namelist()}
    tables = {f"data/{path.name}" for path in (ROOT / "data").glob("*.csv")}
    assert tables | {"data/datapackage.json", "book/casebook/__init__.py", "README.md", "requirements.txt"} <= names
    assert not [name for name in names if name.endswith((".ipynb", ".pyc"))]


@pytest.mark.parametrize(("words", "file"), [("notebook", "timeline.ipynb"), ("data", DATA)])
def test_downloads_are_saved_by_keyboard(running, home, words, file):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.get_by_role("link", name=f"Download {words}").focus()
        with opened.page.expect_download() as saved:
            opened.page.keyboard.press("Enter")
        assert saved.value.suggested_filename == file
        assert opened.page.get_by_role("navigation", name=TITLE).is_visible()


def test_downloads_are_in_the_zip_that_opens_from_disk(running, unpacked):
    with visit(running, f"{unpacked}/timeline.html") as opened:
        with opened.page.expect_download() as saved:
            opened.page.get_by_role("link", name="Download data").click()
        assert saved.value.suggested_filename == DATA
        # Chromium saves no notebook from disk: it shows the file, which is on disk already.
        opened.page.get_by_role("link", name="Download notebook").click()
        opened.page.wait_for_url("**/downloads/timeline.ipynb")
        assert nbformat.reads(opened.page.inner_text("body"), as_version=4).cells


def test_buttons_are_folded_on_a_phone_and_open_on_a_wide_page(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        places = opened.page.get_by_role("navigation", name=TITLE)
        assert places.get_by_role("link").first.is_visible()
        assert places.get_by_text(TITLE).is_hidden()
        opened.page.set_viewport_size({"width": 360, "height": 800})
        assert places.get_by_role("link").first.is_hidden()
        assert places.bounding_box()["height"] < 60
        places.get_by_text(TITLE).focus()
        opened.page.keyboard.press("Enter")
        assert places.get_by_role("link").last.is_visible()


def test_five_buttons_break_no_rule_of_axe(running, home):
    every = with_buttons("<h2>", list(shown(SOMEWHERE).values()))
    for width, theme in ((1280, "light"), (360, "dark")):
        with visit(running, f"{home}/timeline.html", width, theme) as opened:
            place = opened.page.get_by_role("navigation", name=TITLE)
            place.evaluate("(place, every) => { place.outerHTML = every; }", every)
            place.locator("details").evaluate("(folded) => { folded.open = true; }")
            assert place.get_by_role("link").count() == 5
            assert violations_on(opened.page) == []


def test_buttons_are_not_printed(running, home):
    with visit(running, f"{home}/timeline.html") as opened:
        opened.page.emulate_media(media="print")
        assert opened.page.locator(".casebook-places").is_hidden()
