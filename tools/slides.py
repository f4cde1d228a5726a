"""Make slides of every chapter from the chapter itself: ``make slides``.

A deck is one HTML file that opens from disk: question, aims, claim, figures, the exercises done in class, the questions
for discussion, what we now know, key points. reveal.js turns the pages; on a phone, on paper and without scripts the
slides stand one under the other.
"""

import base64
import html
import io
import math
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from PIL import Image

from casebook.errors import CasebookError
from tools.command import command
from tools.execute import execute
from tools.exercises import headers
from tools.files import BOOK, EXERCISES, ROOT, chapters, write_atomic
from tools.generated_cells import objectives_in_order
from tools.lessons import lesson_of
from tools.lint import DIRECTIVE, EXERCISE_TAGS
from tools.notebooks import BOX, SELF_CHECK, Chapter, chapter_of, read
from tools.numbers import LINK, ROW_LINK
from tools.page_markup import letter_choices, mark_languages
from tools.pagefiles import MODULES, THEME
from tools.teaching_pages import FOLDER

OUTPUT = ROOT / "_build" / "slides"
REVEAL = MODULES / "reveal.js" / "dist"
SHARP = 'import matplotlib\n\nmatplotlib.rcParams["figure.dpi"] *= 2.5'  # a projector shows more pixels than a page
TALLEST = 1.35  # height by width of a figure that fits a slide; a taller one is cut into columns
LOW = 0.97  # height by width of a column below which columns are larger with the description under them
SECTION = re.compile(r"(?m)^## (?P<title>.+)$")
QUESTION = re.compile(r"(?m)^\d+\. \*\*(?P<question>.+?)\*\*")
NOT_ON_SLIDES = re.compile(r"<!--.*?-->|^\*To try the checks.*?\*$", re.DOTALL | re.MULTILINE)

DECK = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slides: {title}</title>
<style>{reveal_style}</style>
<style>{style}</style>
</head>
<body class="plain">
<main><div class="reveal"><div class="slides">
{slides}
</div></div></main>
<script>{reveal}</script>
<script>
if (matchMedia("(min-width: 700px)").matches) {{
  document.body.classList.remove("plain");
  Reveal.initialize({{
    width: 1280, height: 720, margin: 0.03, center: false, hash: true, slideNumber: "c/t", transition: "none",
  }});
}}
</script>
</body>
</html>
"""


def sharpened(notebook: NotebookNode, path: Path, book: Path = BOOK) -> NotebookNode:
    """Draw a chapter's figures again with more pixels, for a projector.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter; it is not changed.
    path : Path
        Where it is, for the message.
    book : Path
        Where the kernel runs.

    Returns
    -------
    NotebookNode
        The chapter without its exercises, executed.
    """
    copy = nbformat.from_dict(notebook)
    kept = [cell for cell in copy.cells if not EXERCISE_TAGS & set(cell.metadata.get("tags", []))]
    place = next(place for place, cell in enumerate(kept) if cell.cell_type == "code")
    copy.cells = [*kept[: place + 1], new_code_cell(SHARP, id="sharp"), *kept[place + 1 :]]
    execute(copy, path, book)
    return copy


def deck(chapter: Chapter, figures: NotebookNode, prose: NotebookNode, lesson: str) -> str:
    """Return the slides of a chapter as one HTML file.

    Parameters
    ----------
    chapter : Chapter
        What it says of itself.
    figures, prose : NotebookNode
        The chapter, with figures as they should be shown, and with its exercises.
    lesson : str
        Its lesson plan, for the questions.

    Returns
    -------
    str
        A whole page that loads nothing.
    """
    slides = [
        title_slide(chapter),
        text_slide("What you can do afterwards", bullets(aims(chapter))),
        text_slide("A claim", paragraphs(prose.cells[0].source)),
        *figure_slides(figures),
        *exercise_slides(chapter, prose),
        *(text_slide("Discuss", f"<p class='question'>{inline(question)}</p>") for question in questions(lesson)),
        *now_slides(prose),
        text_slide("Key points", rendered(section(prose, "Key points"))),
        text_slide("Look it up", LOOK_UP),
    ]
    soup = BeautifulSoup("\n".join(slides), "html.parser")
    letter_choices(soup)
    mark_languages(soup)
    return DECK.format(
        title=html.escape(chapter.title),
        reveal_style=(REVEAL / "reveal.css").read_text(encoding="utf-8"),
        style=(THEME / "slides.css").read_text(encoding="utf-8"),
        slides=soup,
        reveal=(REVEAL / "reveal.js").read_text(encoding="utf-8"),
    )


LOOK_UP = """<p>A number is followed by the id of its row, such as <small>C030</small>. The page of evidence in the
book says who stated it, when, counting what, and who disagrees.</p>
<p>January 2022: a casebook. Text and data CC BY 4.0. The slides turn with reveal.js, MIT licence.</p>"""


def title_slide(chapter: Chapter) -> str:
    """Return the first slide: title, question, and what the chapter reports."""
    return (
        f'<section class="title"><h1>{html.escape(chapter.title)}</h1>'
        f"<p class='question'>{html.escape(chapter.question)}</p>"
        "<p><small>January 2022: a casebook. It is about violence in which people died; it shows no pictures of them "
        "and names no victim.</small></p></section>"
    )


def text_slide(heading: str, body: str, above: str = "") -> str:
    """Return a slide with a heading, and above it the section that it belongs to."""
    kicker = f"<p class='kicker'>{inline(above)}</p>" if above else ""
    return f"<section>{kicker}<h2>{inline(heading)}</h2>{body}</section>"


def aims(chapter: Chapter) -> list[str]:
    """Return a chapter's objectives in the order in which its exercises assess them."""
    return [chapter.objectives[name] for name in objectives_in_order(chapter, headers(chapter.slug, EXERCISES))]


def figure_slides(notebook: NotebookNode) -> Iterator[str]:
    """Yield a slide for each figure: its caption as heading, the picture, and its description beside it."""
    above = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (titles := SECTION.findall(cell.source)):
            above = titles[-1]
        described = cell.metadata.get("mystnb", {})
        for output in cell.get("outputs", []):
            if "image" in described and "image/png" in output.get("data", {}):
                picture = base64.b64decode(output["data"]["image/png"])
                yield figure_slide(picture, described["figure"]["caption"], described["image"]["alt"], above)


def figure_slide(picture: bytes, caption: str, alternative: str, above: str) -> str:
    """Return the slide of one figure; the description is read once, with the picture, and seen beside or below it."""
    drawn = Image.open(io.BytesIO(picture))
    columns = cut(drawn)
    low = len(columns) > 1 and drawn.height / drawn.width / len(columns) < LOW
    shape = f"columns-{len(columns)}" + " low" * low
    order = "<br><small>The figure goes on from column to column, under the same labels.</small>" * (len(columns) > 1)
    images = "".join(f'<img src="data:image/png;base64,{png}" alt="">' for png in columns)
    body = (
        f'<div class="figure {shape}"><div role="img" aria-label="{html.escape(alternative)}">{images}'
        f'</div><p aria-hidden="true">{html.escape(alternative)}{order}</p></div>'
    )
    return text_slide(caption, body, above)


def cut(picture: Image.Image) -> list[str]:
    """Cut a tall picture into columns, where it is emptiest, so that it can be read on a wide screen.

    Returns
    -------
    list of str
        The columns from left to right, as PNG in base64.
    """
    grey = picture.convert("L")
    count = math.ceil(picture.height / picture.width / TALLEST)
    edges = [0, *(emptiest(grey, picture.height * number // count) for number in range(1, count)), picture.height]
    pieces = []
    for top, bottom in pairwise(edges):
        buffer = io.BytesIO()
        piece = picture.convert("RGB").crop((0, top, picture.width, bottom))
        piece.quantize(64, dither=Image.Dither.NONE).save(buffer, format="png", optimize=True)
        pieces.append(base64.b64encode(buffer.getvalue()).decode())
    return pieces


def emptiest(grey: Image.Image, near: int) -> int:
    """Return the row of pixels with least ink, not far from a place."""
    reach = grey.width // 8
    rows = range(max(near - reach, 1), min(near + reach, grey.height - 1))
    ink = {row: sum(255 - value for value in grey.crop((0, row, grey.width, row + 1)).tobytes()) for row in rows}
    return min(rows, key=lambda row: (ink[row], abs(row - near)))


def exercise_slides(chapter: Chapter, notebook: NotebookNode) -> Iterator[str]:
    """Yield a slide for each exercise that the lesson plan does in class."""
    sources = {cell.id: cell.source for cell in notebook.cells}
    for step in lesson_of(chapter.slug):
        for exercise in step.exercises:
            source = sources[f"ex-{exercise}"]
            found = DIRECTIVE.search(source)
            body = source[found.end() :].rsplit("```", 1)[0]
            yield text_slide(found["title"], rendered(body), f"Exercise {exercise}, with the chapter at hand")


def questions(lesson: str) -> list[str]:
    """Return the questions under the heading "Discussion" of a lesson plan."""
    return QUESTION.findall(lesson.partition("\n## Discussion\n")[2].partition("\n## ")[0])


def now_slides(notebook: NotebookNode) -> Iterator[str]:
    """Yield a slide for each paragraph of what we now know."""
    for paragraph in section(notebook, "What we now know").split("\n\n"):
        yield text_slide("What we now know", rendered(paragraph))


def section(notebook: NotebookNode, title: str) -> str:
    """Return the text of a chapter under a heading of the second level."""
    prose = "\n\n".join(
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and cell.id not in {BOX, SELF_CHECK} and not cell.id.startswith("ex-")
    )
    found = re.search(rf"(?ms)^## {re.escape(title)}\n(?P<text>.*?)(?=^## |\Z)", prose)
    if not found:
        raise CasebookError(f"A chapter has no section '{title}' for its slides; write one.")
    return found["text"].strip()


def paragraphs(source: str) -> str:
    """Return the paragraphs of a chapter's opening, without its title."""
    return rendered(source.partition("\n")[2])


def rendered(source: str) -> str:
    """Write Markdown as HTML; a link to a row becomes its text with the row's id, another link its text."""
    return markdown().render(LINK.sub(said, NOT_ON_SLIDES.sub("", source)))


def inline(source: str) -> str:
    """Write a line of Markdown as HTML."""
    return markdown().renderInline(LINK.sub(said, source))


def markdown() -> MarkdownIt:
    """Return the reader of Markdown: as in the book, with tables and the marks of languages."""
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def said(link: re.Match) -> str:
    """Say a link without following it: on a slide nobody can."""
    text, address = link[1], link[2]
    row = ROW_LINK.fullmatch(address)
    known = row and row["row"].upper()
    return f"{text} <small>{known}</small>" if row and known != text.upper() else text


def bullets(texts: list[str]) -> str:
    """Write texts as a list."""
    return f"<ul>{''.join(f'<li>{inline(text)}</li>' for text in texts)}</ul>"


@command
def main() -> None:
    """Make the slides of every chapter, and say where they are."""
    paths = chapters()
    if not REVEAL.exists():
        raise CasebookError("reveal.js is not installed; run 'make setup' to fetch it.")
    for number, path in enumerate(paths, start=1):
        notebook = read(path)
        lesson = (FOLDER / f"lesson-{path.stem}.md").read_text(encoding="utf-8")
        text = deck(chapter_of(notebook, path), sharpened(notebook, path), notebook, lesson)
        write_atomic(OUTPUT / f"{path.stem}.html", text.encode("utf-8"))
        print(f"[{number}/{len(paths)}] {path.stem}: {len(text) / 1e6:.1f} MB", flush=True)
    print(f"\nThe slides are ready: open {OUTPUT / paths[0].stem}.html, or any other file of that folder.")


if __name__ == "__main__":
    sys.exit(main())
