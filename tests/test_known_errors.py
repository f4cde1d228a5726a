"""Every known error stands on its page as an error, and nowhere in the book as a fact.

What a test can hold: the wrong wording of each row that has one is searched in the prose of all chapters and pages. It
may stand in quotation marks, in an exercise, or in a passage that links to the row; nowhere else.
"""

import re

import pytest

from casebook.data import load
from tools import source_pages
from tools.files import pages_in_toc
from tools.lint import EXERCISE_CELL
from tools.notebooks import BOX, SELF_CHECK, read

PAGE = "evidence-sources"
QUOTED = re.compile(r'“[^”]*”|«[^»]*»|<q\b.*?</q>|"[^"\n]*"', re.DOTALL)
ERRORS = load("known_errors").set_index("error_id")
WORDED = ERRORS["wrong_pattern"].dropna()


def passages():
    """Return the passages of the book that speak in its own voice, each with the place where it stands."""
    found = []
    for path in pages_in_toc():
        if path.stem == PAGE:
            continue
        if path.suffix == ".ipynb":
            own = [
                (f"{path.stem}, {cell.id}", cell.source)
                for cell in read(path).cells
                if cell.cell_type == "markdown"
                and cell.id not in {BOX, SELF_CHECK}
                and not EXERCISE_CELL.fullmatch(cell.id)
            ]
        else:
            own = [(path.stem, path.read_text(encoding="utf-8"))]
        found += [(place, passage) for place, text in own for passage in text.split("\n\n")]
    return found


def stated_as_facts(found):
    """Return the ids of known errors that passages state as facts, each with the place."""
    stated = []
    for place, passage in found:
        told = QUOTED.sub(" ", passage)
        for error_id, wrong in WORDED.items():
            excused = f"{PAGE}.md#{error_id.lower()})" in passage
            if not excused and re.search(wrong, told, re.IGNORECASE):
                stated.append((error_id, place))
    return stated


def test_no_known_error_is_stated_as_a_fact():
    assert stated_as_facts(passages()) == []


PLANTED = [
    ("F13", "By 9 January there were 164 dead."),
    ("F4", "Pashinyan, who chaired the Council, said that it was a border incident."),
    ("F1", "In Osh in 2010 Tajiks and Kyrgyz fought each other."),
    ("F10", "The alliance deployed about 2,500 soldiers."),
    ("Q3", "Almaty was attacked by 20,000 foreign fighters."),
    ("F5", "In June 2022 a referendum gave the president a single seven-year term."),
    ("M11", "The president gave his first televised address on 5 January."),
    ("Q6", "Article 4 requires an attack by any state or group of states."),
]


@pytest.mark.parametrize(("error_id", "sentence"), PLANTED)
def test_error_stated_as_a_fact_is_noticed(error_id, sentence):
    assert stated_as_facts([("here", sentence)]) == [(error_id, "here")]
    assert stated_as_facts([("here", f"{sentence} That is [wrong]({PAGE}.md#{error_id.lower()}).")]) == []
    assert stated_as_facts([("here", f"A newspaper wrote: “{sentence}”")]) == []


def test_correction_is_not_taken_for_the_error():
    assert stated_as_facts([("here", "The figure of 164 deaths is wrong, the ministry says.")]) == []
    assert stated_as_facts([("here", "He denied that there had been 20,000 foreign terrorists.")]) == []


@pytest.mark.parametrize("error_id", WORDED.index)
def test_wrong_wording_is_that_of_its_own_row(error_id):
    error = ERRORS.loc[error_id]
    assert re.search(error["wrong_pattern"], f"{error['source_says']}\n{error['quote']}", re.IGNORECASE)


def test_clear_errors_have_a_wrong_wording_and_false_alarms_have_none():
    worded = ERRORS["wrong_pattern"].notna()
    assert list(ERRORS.index[(ERRORS["strength"] == "A") & ~worded]) == []
    assert list(ERRORS.index[(ERRORS["strength"] == "D") & worded]) == []


@pytest.fixture(scope="module")
def page():
    return source_pages.source_page()


@pytest.mark.parametrize("error_id", ERRORS.index)
def test_every_known_error_appears_as_an_error_with_its_strength_and_what_is_better(error_id, page):
    entry = page.partition(f"### {error_id}\n")[2].partition("\n#")[0]
    strength = ERRORS.loc[error_id, "strength"]
    assert f"Strength {strength}: {source_pages.STRENGTHS[strength]}." in entry
    says, better, why = (entry.index(f"*{word}:*") for word in ("It says", "Better supported", "Why"))
    assert says < better < why
