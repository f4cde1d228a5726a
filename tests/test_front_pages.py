"""The index and the page of each part say what the table of contents and the chapters say."""

import re

import pytest

from casebook.errors import CasebookError
from tools import front_pages
from tools.files import BOOK, ROOT, chapters, page_names, pages_in_toc
from tools.notebooks import chapter_of, read

CHAPTERS = [chapter_of(read(path), path) for path in chapters()]


def test_every_chapter_stands_on_the_index_with_its_question_and_minutes():
    text = front_pages.index_page()
    places = [
        text.index(f"]({chapter.slug}.ipynb)** {chapter.question} ({chapter.read} minutes") for chapter in CHAPTERS
    ]
    assert places == sorted(places)


def test_every_chapter_has_its_step_in_the_argument():
    assert {chapter.slug for chapter in CHAPTERS} <= front_pages.STEPS.keys()


def test_every_page_stands_on_the_page_of_its_part():
    written = {path.stem: text.decode() for path, text in front_pages.derived().items()}
    for name, pages in front_pages.parts().items():
        for page in pages:
            assert f"]({page}.ipynb)" in written[name] or f"]({page}.md)" in written[name]
    listed = [page for name, pages in front_pages.parts().items() for page in (name, *pages)]
    assert ["index", *listed] == page_names()


def test_a_chapter_lists_its_objectives():
    (chapter,) = (chapter for chapter in CHAPTERS if chapter.slug == "timeline")
    text = front_pages.chapter_entry(chapter)
    assert f"{chapter.read} minutes to read, {chapter.do} for the exercises" in text
    assert all(f"- {objective}\n" in text for objective in chapter.objectives.values())


def test_a_page_is_described_by_its_first_sentence(tmp_path):
    page = tmp_path / "law.md"
    page.write_text(
        "---\nx: y\n---\n\n# The law\n\n<!-- Made. -->\n\nTexts of\ntreaties. And more.\n", encoding="utf-8"
    )
    assert front_pages.page_entry("law", tmp_path) == "**[The law](law.md).** Texts of treaties.\n"


@pytest.mark.parametrize(
    "lines",
    ["caption: Law\n    chapters:\n      - file: part-judging", "caption: Judging\n    chapters:\n      - file: x"],
)
def test_a_part_that_does_not_begin_with_its_page_is_noticed(tmp_path, lines):
    toc = tmp_path / "_toc.yml"
    toc.write_text(f"root: index\nparts:\n  - {lines}\n", encoding="utf-8")
    with pytest.raises(
        CasebookError, match="_toc.yml: the part '(Law|Judging)' begins with (part-judging|x); the parts"
    ):
        front_pages.parts(toc)


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (30, "about half an hour"),
        (31, "about one hour"),
        (60, "about one hour"),
        (61, "about one and a half hours"),
        (105, "about two hours"),
        (310, "about five and a half hours"),
    ],
)
def test_time_is_said_in_hours(minutes, says):
    assert front_pages.hours_text(minutes) == says


def test_the_readme_names_every_chapter():
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    for chapter in CHAPTERS:
        assert f"*{chapter.title}*" in text


def test_the_contributors_guide_names_every_page_that_is_written():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for page in pages_in_toc():
        family = re.sub(r"^(part|evidence)(-.*)?$", lambda name: f"{name[1]}{'-' * (name[1] == 'part')}*", page.stem)
        if page.suffix == ".md" and page.parent == BOOK:
            assert f"`{family}.md`" in text, page.stem
    assert "`teaching/*.md`" in text


def test_the_page_of_a_part_says_which_part_it_is():
    assert front_pages.part_page("part-law-theory").startswith("# Part two: law and theory\n")
