"""The number rule catches every kind of breach, and the book keeps it."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import numbers
from tools.files import chapters
from tools.notebooks import read


@pytest.mark.parametrize("chapter", chapters(), ids=lambda path: path.stem)
def test_the_book_keeps_the_number_rule(chapter):
    assert numbers.problems(chapter) == []


def test_chapters_do_link_their_numbers():
    for chapter in chapters():
        links = sum(len(re.findall(r"\(evidence[\w-]*\.md#", cell.source)) for cell in read(chapter).cells)
        assert links > 30, chapter


def test_every_reviewed_exception_is_still_needed(tmp_path):
    empty = tmp_path / "exceptions.toml"
    empty.write_text("", encoding="utf-8")
    needed = [breach for chapter in chapters() for breach in numbers.problems(chapter, exceptions=empty)]
    listed = [text for chapter in chapters() for texts in numbers.reviewed(chapter.stem).values() for text in texts]
    assert len(needed) >= len(listed), "an exception in number_exceptions.toml is no longer needed; take it out"


@pytest.fixture
def breaches(tmp_path):
    """Return a function that lists the breaches of a chapter made of one code cell and one Markdown cell."""

    def of(prose, shown="", alt=None, caption="", exceptions="", cell="prose"):
        code = new_code_cell("print()", id="code", outputs=[new_output("stream", text=shown)])
        cells = [code, new_markdown_cell(prose, id=cell)]
        if alt is not None:
            figure = {"image": {"alt": alt}, "figure": {"caption": caption}}
            cells.append(new_code_cell("plt.show()", id="figure", metadata={"mystnb": figure}))
        path = tmp_path / "sample.ipynb"
        nbformat.write(new_notebook(cells=cells), path)
        listed = tmp_path / "exceptions.toml"
        listed.write_text(exceptions, encoding="utf-8")
        return numbers.problems(path, exceptions=listed)

    return of


@pytest.mark.parametrize(
    "prose",
    [
        "People killed: [238](evidence.md#c030).",
        "The price fell to [85–90](evidence.md#c191) tenge.",
        "It began at [16:30](evidence.md#c212), or at [01:30](evidence.md#e022).",
        "He said [“reduced from 0.28 to 0.20 USD per litre immediately”](evidence.md#c196).",
        "On 5 January 2022, from 13 to 19 January, in 2022–2023, on 5 or 6 January.",
        "Article 4 and Articles 2 and 4, Article 2(4), at UTC+6.",
        "In `2030` code, and\n```python\nx = 2030\n```\n",
        "1. A list\n2. of things",
        "<!-- 238 -->",
        "The first, the 2nd and the 38th parallel.",
        "[eleven regions](evidence.md#c201), and [Six](evidence.md#c222) people",
        "five, six and twelve are words",
        "Within [0–62](evidence-law.md#kgz1999) days, and [191](evidence-law.md#kgz2010-e02-critical) were killed.",
        "[Article 51](evidence-law.md#cst10-4-2); a standing of [2](evidence-theory.md#t03).",
    ],
)
def test_passes(breaches, prose):
    assert breaches(prose) == []


@pytest.mark.parametrize(
    ("prose", "says"),
    [
        ("There were 238 dead.", "the number '238' is bare"),
        ("There were [238 dead](bibliography.md#x).", "the number '238' is bare"),
        ("At 16:30 it began.", "the number '16:30' is bare"),
        ("There were nineteen officers.", "the number 'nineteen' is bare"),
        ("There were thousands of people.", "the number 'thousand' is bare"),
        ("Some 2030 soldiers came.", "the number '2030' is bare"),
        ("It ran 238km.", "the number '238' is bare"),
        ("It cost $5bn.", "the number '5' is bare"),
        ("Write 50 to 90 words.", "the number '50' is bare"),
        ("[nineteen](evidence.md#c030)", "the link shows '19', but row C030 says 238"),
        ("[seven regions](evidence.md#c201)", "the link shows '7', but row C201 says 11"),
        ("A 111-hour outage.", "the number '111' is bare"),
        ("It cost 0.28 dollars.", "the number '0.28' is bare"),
        ("[239](evidence.md#c030)", "the link shows '239', but row C030 says 238"),
        ("[17:30](evidence.md#c212)", "the link shows '17:30', but row C212 says"),
        ("[238](evidence.md#c999)", "leads to no row of that page"),
        ("[1](evidence.md#cst10-4-1)", "leads to no row of that page"),
        ("[62](evidence-law.md#kaz2022)", "the link shows '62', but row KAZ2022 says"),
        ("[3](evidence-theory.md#t03)", "the link shows '3', but row T03 says"),
        ("[238](evidence.md#claims)", "leads to no row of that page"),
        ("```{exercise} Title\n:label: x\nHow many of 238?\n```", "the number '238' is bare"),
    ],
)
def test_catches(breaches, prose, says):
    found = breaches(prose)[0]
    assert says in found
    assert found.startswith("sample.ipynb, cell 'prose': ")


def test_a_number_shown_just_above_may_stand(breaches):
    assert breaches("That makes 2,030.", shown="2030.0 in all") == []
    assert len(breaches("That makes 2,031.", shown="2030.0 in all")) == 1


def test_what_an_earlier_cell_showed_does_not_count(tmp_path):
    cells = [
        new_code_cell("print(2030)", id="early", outputs=[new_output("stream", text="2030")]),
        new_code_cell("pass", id="silent"),
        new_markdown_cell("That makes 2,030.", id="prose"),
    ]
    path = tmp_path / "sample.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    assert len(numbers.problems(path)) == 1


def test_the_length_of_an_answer_is_no_number_of_the_subject(breaches):
    assert breaches("Write 50 to 90 words.", cell="ex-sample-1") == []


def test_a_number_in_the_description_of_a_figure_must_be_shown_above(breaches):
    alt = "Dot chart of 7 statements on 5 January 2022"
    assert breaches("Text.", shown="7 rows", alt=alt) == []
    (found,) = breaches("Text.", shown="8 rows", alt=alt)
    assert "cell 'figure': the figure's description has '7'" in found
    (found,) = breaches("Text.", shown="7 rows", alt=alt, caption="All 9 statements")
    assert "cell 'figure': the figure's description has '9'" in found


def test_alternative_text_without_a_number_says_nothing(breaches):
    (found,) = breaches("Text.", alt="Dot chart of statements")
    assert "the alternative text has no number" in found


def test_a_reviewed_exception_lets_one_text_pass(breaches):
    exception = '[[exception]]\nchapter = "sample"\ncell = "prose"\ntext = "Khabar 24"\nreason = "a name"\n'
    assert breaches("On Khabar 24.", exceptions=exception) == []
    assert len(breaches("On Khabar 25.", exceptions=exception)) == 1
