"""The slides: every chapter has a deck that opens from disk, fits its screen, prints, and pleases axe."""

import base64
import io
import re

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image, ImageDraw
from pypdf import PdfReader

from casebook.errors import CasebookError
from tools import slides
from tools.browser import violations_in_both_themes, violations_on, visit
from tools.files import chapters
from tools.lessons import lesson_of
from tools.notebooks import chapter_of, read

FITS = """() => {
  const wide = [];
  for (let slide = 0; slide < Reveal.getTotalSlides(); slide += 1) {
    Reveal.slide(slide);
    const shown = Reveal.getCurrentSlide();
    if (shown.scrollHeight > 720 || shown.scrollWidth > 1280) wide.push(shown.innerText.slice(0, 60));
  }
  Reveal.slide(0);
  return wide;
}"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """Return the deck of every chapter, with its figures as stored."""
    folder = tmp_path_factory.mktemp("slides")
    found = {}
    for path in chapters():
        notebook = read(path)
        lesson = (slides.FOLDER / f"lesson-{path.stem}.md").read_text(encoding="utf-8")
        found[path.stem] = folder / f"{path.stem}.html"
        text = slides.deck(chapter_of(notebook, path), notebook, notebook, lesson)
        found[path.stem].write_text(text, encoding="utf-8")
    return found


def parsed(deck):
    return BeautifulSoup(deck.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_deck_has_what_the_chapter_has(decks, path):
    soup, notebook = parsed(decks[path.stem]), read(path)
    chapter = chapter_of(notebook, path)
    text = soup.main.get_text()
    assert chapter.question in text
    figures = [cell.metadata.mystnb for cell in notebook.cells if "image" in cell.metadata.get("mystnb", {})]
    drawn = {figure["aria-label"] for figure in soup.select("[role=img]")}
    assert drawn == {figure.image.alt for figure in figures}
    assert {figure.figure.caption for figure in figures} <= {heading.get_text() for heading in soup.select("h2")}
    done = [exercise for step in lesson_of(path.stem) for exercise in step.exercises]
    assert all(f"Exercise {exercise}," in text for exercise in done)
    lesson = (slides.FOLDER / f"lesson-{path.stem}.md").read_text(encoding="utf-8")
    asked = [BeautifulSoup(slides.inline(question), "html.parser").get_text() for question in slides.questions(lesson)]
    assert asked
    assert all(question in text for question in asked)
    assert "Key points" in text
    assert not soup.main.select("a[href]:not([href^='#'])"), "a link on a slide leads nowhere"


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_no_slide_gives_a_solution_away(decks, path):
    text = parsed(decks[path.stem]).main.get_text()
    solutions = [cell.source for cell in read(path).cells if "solution" in cell.metadata.get("tags", [])]
    assert solutions
    assert not [source for source in solutions if source in text]
    assert "answer_1 = " not in text


@pytest.mark.parametrize("slug", [path.stem for path in chapters()])
def test_a_deck_opens_from_disk_fits_its_screen_and_pleases_axe(running, decks, slug):
    with visit(running, decks[slug].as_uri()) as opened:
        assert opened.page.evaluate(FITS) == []
        assert violations_in_both_themes(opened) == []
        opened.page.evaluate("Reveal.slide(4)")  # a figure
        assert violations_in_both_themes(opened) == []
        assert [address for address in opened.requested if not address.startswith("file:")] == []
        assert opened.wrong == []


def test_the_keyboard_turns_the_slides(running, decks):
    with visit(running, decks["timeline"].as_uri()) as opened:
        page = opened.page
        page.keyboard.press("ArrowRight")
        page.wait_for_function("Reveal.getIndices().h === 1")
        page.keyboard.press("End")
        page.wait_for_function("Reveal.isLastSlide()")


def test_on_a_phone_the_slides_stand_one_under_the_other(running, decks):
    with visit(running, decks["legal-basis"].as_uri(), width=360) as opened:
        page = opened.page
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator("section").last.is_visible()
        assert violations_on(page) == []


def test_without_scripts_every_slide_shows(without_scripts, decks):
    page = without_scripts(decks["timeline"].as_uri())
    assert all(slide.is_visible() for slide in page.locator("section").all())


def test_every_slide_is_one_page_of_paper(running, decks, tmp_path):
    with visit(running, decks["timeline"].as_uri()) as opened:
        count = opened.page.evaluate("Reveal.getTotalSlides()")
        opened.page.pdf(path=tmp_path / "slides.pdf", prefer_css_page_size=True, print_background=True)
    assert len(PdfReader(tmp_path / "slides.pdf").pages) == count


def test_a_slide_that_does_not_fit_is_seen(running, decks, tmp_path):
    long = decks["timeline"].read_text(encoding="utf-8").replace("<h2>A claim</h2>", f"<h2>A claim{'<br>x' * 40}</h2>")
    (tmp_path / "long.html").write_text(long, encoding="utf-8")
    with visit(running, (tmp_path / "long.html").as_uri()) as opened:
        assert [text[:7] for text in opened.page.evaluate(FITS)] == ["A claim"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("[238](evidence.md#c030) people", "<p>238 <small>C030</small> people</p>\n"),
        ("row [C030](evidence.md#c030)", "<p>row C030</p>\n"),
        ("the [CSTO](glossary.md#g01)", "<p>the CSTO</p>\n"),
    ],
)
def test_a_link_becomes_what_can_be_read_on_a_wall(source, says):
    assert slides.rendered(source) == says


def test_a_tall_figure_is_cut_between_its_rows():
    picture = Image.new("RGB", (200, 500), "white")
    draw = ImageDraw.Draw(picture)
    for top in (20, 120, 235, 320, 420):
        draw.rectangle((10, top, 190, top + 40), fill="black")
    pieces = slides.cut(picture)
    assert len(pieces) == 2
    heights = [Image.open(io.BytesIO(base64.b64decode(piece))).height for piece in pieces]
    assert sum(heights) == 500
    assert not any(top <= heights[0] <= top + 40 for top in (20, 120, 235, 320, 420))


@pytest.mark.parametrize(("height", "shape"), [(260, "columns-1"), (380, "columns-2 low"), (500, "columns-2")])
def test_a_description_stands_where_it_leaves_the_figure_most_room(height, shape):
    buffer = io.BytesIO()
    Image.new("RGB", (200, height), "white").save(buffer, format="png")
    slide = BeautifulSoup(slides.figure_slide(buffer.getvalue(), "Caption", "Description", ""), "html.parser")
    assert " ".join(slide.select_one(".figure")["class"]) == f"figure {shape}"


def test_a_figure_that_fits_stays_whole():
    assert len(slides.cut(Image.new("RGB", (200, 260), "white"))) == 1


def test_figures_are_drawn_again_with_more_pixels_and_without_exercises(tmp_path):
    code = "from casebook import figures\nimport matplotlib.pyplot as plt"
    cells = [
        new_code_cell(code, id="setup"),
        new_code_cell("plt.plot([1, 2])\nplt.show()", id="draw", metadata={"mystnb": {"image": {"alt": "x"}}}),
        new_code_cell("raise SystemExit", id="ex-x-1-answer", metadata={"tags": ["exercise"]}),
    ]
    drawn = slides.sharpened(new_notebook(cells=cells), tmp_path / "x.ipynb")
    assert [cell.id for cell in drawn.cells] == ["setup", "sharp", "draw"]

    width = Image.open(io.BytesIO(base64.b64decode(drawn.cells[2].outputs[0].data["image/png"]))).width
    assert width > 900
    assert len(cells) == 3


def test_a_chapter_without_key_points_is_named():
    notebook = new_notebook(cells=[new_markdown_cell("# Title\n\n## Other\n\nText.", id="prose")])
    with pytest.raises(CasebookError, match="has no section 'Key points'"):
        slides.section(notebook, "Key points")


def test_make_slides_writes_a_deck_for_every_chapter(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(slides, "OUTPUT", tmp_path)
    monkeypatch.setattr(slides, "sharpened", lambda notebook, path: notebook)
    assert slides.main() == 0
    assert {path.stem for path in tmp_path.glob("*.html")} == {path.stem for path in chapters()}
    assert re.search(r"\[6/6\] aftermath: \d\.\d MB", capsys.readouterr().out)


def test_without_the_library_the_command_says_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(slides, "REVEAL", tmp_path / "none")
    assert slides.main() == 1
    assert "reveal.js is not installed; run 'make setup'" in capsys.readouterr().err
