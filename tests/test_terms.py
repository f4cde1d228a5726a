"""The glossary defines every chapter's key terms, and each chapter links them where it first uses them."""

import pytest
from sample_chapter import cell, markdown, write_sample

from tools import check, terms
from tools.files import BOOK, DATA, chapters

HERE = "sample.ipynb"
LINKED = "They say what [stability](glossary.md#g13) is."


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.stem)
def test_chapter_keeps_the_rule_of_terms(chapter):
    assert terms.problems(chapter) == []


def breaches(tmp_path, text, term="Stability"):
    """Return what is wrong with a chapter that has one key term and says this about it."""

    def plant(notebook):
        notebook.metadata.chapter.terms = [term]
        cell(notebook, "sources").source = text

    return terms.problems(write_sample(tmp_path, plant))


def test_key_term_outside_the_glossary_is_noticed(tmp_path):
    assert breaches(tmp_path, LINKED, "Steadiness") == [
        f"{HERE}: the key term 'Steadiness' is not in data/glossary.csv; define it there."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "No word of it.",
        "What is stability?",
        "[Stability](glossary.md#g12) with the link of another term.",
        "[Stability](evidence.md#e001) that leads elsewhere.",
    ],
)
def test_key_term_that_is_never_linked_is_noticed(tmp_path, text):
    assert breaches(tmp_path, text) == [
        f"{HERE}: the key term 'Stability' is never linked; link its first use, as in [stability](glossary.md#g13)."
    ]


@pytest.mark.parametrize(
    ("text", "term", "first"),
    [
        (f"Stability matters. {LINKED}", "Stability", "Stability"),
        ("*Stabilities* differ. One [stability](glossary.md#g13) is.", "Stability", "Stabilities"),
        ("The CST. The [Collective Security Treaty](glossary.md#g02).", "Collective Security Treaty (CST)", "CST"),
        ("It is mature. [Mature](glossary.md#g56) it is.", "Nascent, ascendant and mature (phases)", "mature"),
    ],
)
def test_first_use_without_a_link_is_noticed(tmp_path, text, term, first):
    (breach,) = breaches(tmp_path, text, term)
    assert breach.startswith(f"{HERE}, cell 'sources': '{first}' is the first use of '{term}' and no link; ")


def test_first_use_in_an_earlier_cell_is_noticed(tmp_path):
    path = write_sample(tmp_path, lambda notebook: notebook.cells.insert(2, markdown("early", "Of stability.")))
    (breach,) = terms.problems(path)
    assert breach.startswith(f"{HERE}, cell 'early': 'stability' is the first use")


def test_link_that_does_not_show_its_term_is_noticed(tmp_path):
    (breach,) = breaches(tmp_path, "They say what [it](glossary.md#g13) is.")
    assert breach == f"{HERE}: a link to the key term 'Stability' shows 'it'; let it show the term."


@pytest.mark.parametrize(
    "text",
    [
        "[Stabilities](glossary.md#g13), and stability once more.",
        "## Stability\n\n> “Stability”\n\nThe [“stability”](evidence.md#e001) of the quotation, then `stability`. "
        + LINKED,
        "*[stability](glossary.md#g13)*",
    ],
)
def test_where_no_link_is_wanted_none_is_asked_for(tmp_path, text):
    assert breaches(tmp_path, text) == []


def test_a_longer_term_is_no_use_of_the_shorter_one(tmp_path):
    text = "The Collective Security Treaty Organization. The [Collective Security Treaty](glossary.md#g02)."
    assert breaches(tmp_path, text, "Collective Security Treaty (CST)") == []


def test_exercises_and_generated_cells_need_no_links(tmp_path):
    def plant(notebook):
        for name in ("chapter-box", "ex-sample-1"):
            cell(notebook, name).source += " Stability."

    assert terms.problems(write_sample(tmp_path, plant)) == []


def test_the_check_of_a_chapter_holds_the_rule(tmp_path):
    path = write_sample(tmp_path, lambda notebook: notebook.metadata.chapter.update(terms=["Steadiness"]))
    told = check.chapter_problems(path, BOOK, DATA, tmp_path / "exercises")
    assert f"{HERE}: the key term 'Steadiness' is not in data/glossary.csv; define it there." in told
