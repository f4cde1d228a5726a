"""The reference pages have every row, under the heading that prose links to."""

import re

import pandas as pd
import pytest

from casebook.data import load
from casebook.errors import CasebookError
from casebook.rows import ROW_TABLES, rows_of
from casebook.wording import in_words
from tests.sample_chapter import write_sample
from tools import (
    aftermath_pages,
    glossary_page,
    interpretation_pages,
    law_pages,
    notices,
    pages,
    people_page,
    source_pages,
    theory_pages,
)
from tools.files import chapters
from tools.markdown import escaped


def headings(text):
    return re.findall(r"(?m)^#{2,4} (\S+)$", text)


def between(text, beginning, end):
    """Return a text from one mark, included, to the next one of another kind."""
    start = text.index(beginning)
    return text[start : text.index(end, start + len(beginning))]


PAGES = {
    "evidence": pages.evidence_page,
    "evidence-law": law_pages.law_page,
    "evidence-theory": theory_pages.theory_page,
    "evidence-sources": source_pages.source_page,
    "evidence-interpretations": interpretation_pages.interpretations_page,
    "evidence-aftermath": aftermath_pages.aftermath_page,
}


@pytest.mark.parametrize("page", PAGES)
def test_every_row_has_its_heading_on_its_page(page):
    found = headings(PAGES[page]())
    rows = [row_id for name, table in ROW_TABLES.items() if table.page == page for row_id in rows_of(name).index]
    assert set(rows) <= set(found)
    assert len(found) == len(set(found))


def test_a_summary_of_a_provision_does_not_look_like_its_wording():
    text = law_pages.law_page()
    entry = between(text, "#### PK07-3\n", "### ")
    assert "Not the wording" in entry
    assert "<q" not in entry
    wording = between(text, "#### CST92-4-1\n", "#### CST92-4-1-EN\n")
    assert '<q lang="ru">Если одно' in wording
    assert "Word for word" in wording


def test_our_rendering_never_looks_like_the_treaty():
    text = law_pages.law_page()
    entry = between(text, "#### CST10-4-1-OWN\n", "#### CST10-4-2\n")
    assert "Not the treaty: our rendering" in entry
    assert "<q" not in entry


def test_a_view_says_how_much_of_it_was_read():
    text = law_pages.law_page()
    entry = between(text, "### L18\n", "### L19\n")
    assert "(read: abstract)" in entry
    assert "Our coding: consent; does not hold." in entry


def test_a_case_shows_its_findings_under_both_readings():
    text = law_pages.law_page()
    case = between(text, "### KAZ2022\n", "### ARM2022\n")
    assert case.count(" official reading (") == 12
    assert case.count(" critical reading (") == 12


def test_an_indicator_shows_its_thresholds_and_its_findings():
    text = theory_pages.theory_page()
    entry = between(text, "### I10\n", "### I11\n")
    assert "Module coding: Strong from 70; partial from 50" in entry
    assert "**Thresholds lenient: strong at " in entry
    assert "#### T15\n" in entry
    assert "Rating (module coding): not ratable." in entry
    assert "#### T17\n" not in entry


def test_a_core_source_shows_its_limits_and_its_best_work():
    text = source_pages.source_page()
    entry = between(text, "### CS3\n", "### CS4\n")
    assert "**Daryo 2024** (2024-01-06)." in entry
    assert "Could not know: How the study chose its accounts" in entry
    assert "Best work: The only access we have to the media study" in entry


def test_an_answer_and_a_copy_say_on_which_row_they_rest():
    text = source_pages.source_page()
    answer = between(text, "### AN02\n", "### AN03\n")
    assert "Rests on [C003](evidence.md#c003)." in answer
    copy = between(text, "### K02\n", "### K03\n")
    assert "Taken from step 1, we infer: Bandits became terrorists." in copy
    assert "Read in the core source itself." in text


def test_results_that_we_computed_are_marked():
    text = source_pages.source_page()
    assert "Our arithmetic." in between(text, "### N08\n", "### N09\n")
    assert "Our arithmetic." not in between(text, "### N04\n", "### N05\n")


def test_the_interviews_name_nobody():
    text = theory_pages.theory_page()
    entries = between(text, "## Interviews\n", "## Two tables in six capitals\n")
    assert entries.count("### W") == 11
    assert re.findall(r"\b[A-Z]\.\s?[A-Z]", entries) == []


def test_every_source_has_its_heading():
    assert set(load("sources")["source_id"]) <= set(headings(pages.bibliography_page()))


def glossary_entry(term_id):
    return glossary_page.glossary_page().partition(f"### {term_id}\n")[2].partition("\n#")[0]


def test_every_term_has_its_heading():
    found = headings(glossary_page.glossary_page())
    assert set(load("glossary")["term_id"]) <= set(found)
    assert len(found) == len(set(found))


def test_a_term_says_what_it_is_called_in_each_language_and_who_uses_it():
    entry = glossary_entry("G08")
    assert 'Russian: <span lang="ru">Агрессия</span>. Kazakh: <span lang="kk">Агрессия</span>.' in entry
    assert "*Contested.* Whether the brackets define aggression" in entry
    assert "Key term of: [Did Article 4 fit?](legal-basis.ipynb)." in entry


@pytest.mark.parametrize(("term_id", "awaits"), [("G16", True), ("G09", True), ("G13", False)])
def test_an_unsure_kazakh_term_awaits_a_native_speaker(term_id, awaits):
    assert ("awaits a native speaker's check" in glossary_entry(term_id)) is awaits


def test_a_term_without_a_kazakh_form_says_so():
    assert "Kazakh: no form found." in glossary_entry("G58")


def test_terms_stand_in_the_order_of_the_alphabet():
    terms = pd.Series(["“Red” level", "Akimat", "aggression", "Reform"])
    assert list(terms.sort_values(key=glossary_page.by_alphabet)) == ["aggression", "Akimat", "“Red” level", "Reform"]


def test_everybody_has_a_heading_a_role_and_rows():
    text = people_page.people_page()
    for name in load("actors")["name"]:
        entry = text.partition(f"### {name}\n")[2].partition("\n### ")[0]
        assert re.search(r"In the tables: \[[A-Z]+\d+\]\(evidence[a-z-]*\.md#", entry), name


def test_a_person_has_the_rows_that_name_him_and_no_others():
    speakers = {"e1": "KNB; K. Massimov", "e2": "court; K. Massimov", "e3": "a son of K. Massimov", "e4": "KNB chair"}
    assert people_page.rows_naming("K. Massimov", speakers) == ["e1", "e2"]
    assert people_page.rows_naming("KNB", speakers) == ["e1"]
    assert people_page.rows_naming("Office (S. Shalabayev)", {"e5": "Office (S. Shalabayev)"}) == ["e5"]


def test_every_table_has_its_heading_and_its_columns():
    text = pages.codebook_page()
    assert set(headings(text)) >= {"events", "claims", "sources"}
    assert "| date_local | string |" in text


def claim(low, high, text="", status="stated"):
    return pd.Series({"value_low": low, "value_high": high, "value_text": text, "status": status})


@pytest.mark.parametrize(
    ("row", "unit", "says"),
    [
        (claim(238.0, 238.0), "persons", "238 persons"),
        (claim(85.0, 90.0), "KZT per litre", "85–90 KZT per litre"),
        (claim(2000.0, ""), "persons", "more than 2,000 persons"),
        (claim(75.0, "", status="derived"), "aircraft", "at least 75 aircraft"),
        (claim("", 10.0), "days", "at most 10 days"),
        (claim("", "", "no figure"), "text", "no figure"),
        (claim(0.14, 0.14), "USD per litre", "0.14 USD per litre"),
        (claim(16.5, 16.5), "local hour (UTC+6)", "16:30 local hour (UTC+6)"),
    ],
)
def test_values_are_said_in_words(row, unit, says):
    assert pages.value_text(row, unit) == says


def test_codes_are_said_in_words():
    assert in_words("csto_decision") == "CSTO decision"
    assert in_words("plan_as_outcome") == "plan as outcome"
    assert "; CSTO decision; " in pages.evidence_page()
    assert "(news; Kazakh official.) Read in part." in pages.bibliography_page()


def test_quotations_carry_their_language():
    assert pages.quotation(escaped("Техническая *ошибка*"), "ru") == '<q lang="ru">Техническая \\*ошибка\\*</q>'
    assert pages.quotation("", "") == ""


@pytest.mark.parametrize(
    ("title", "language", "says"),
    [
        ("Қаңтар оқиғасы", "kk", '<span lang="kk">Қаңтар оқиғасы</span>'),
        ("L'OTSC convoque une session", "fr", '<span lang="fr">L\'OTSC convoque une session</span>'),
        ("Си Ђипинг: нереди", "sr", '<span lang="sr">Си Ђипинг: нереди</span>'),
        ("Ruski mirovnjaci", "sr", '<span lang="sr">Ruski mirovnjaci</span>'),
        ("[Rallies in southern districts]", "ru", "\\[Rallies in southern districts\\]"),
        ("CSTO operation – first results", "ru", "CSTO operation – first results"),
        ("Kazakhstan 2022", "en", "Kazakhstan 2022"),
    ],
)
def test_titles_carry_their_language(title, language, says):
    assert pages.title_in_its_language(pd.Series({"title": escaped(title), "language": language})) == says


def test_a_source_that_was_not_read_is_marked_and_listed():
    text = pages.bibliography_page()
    unread = load("sources").query("read_level == 'not_read'")["source_id"]
    entry = between(text, "### adler_barnett1998\n", "### adler_barnett_notes\n")
    assert "**Not read:** cited through another text" in entry
    assert text.count("**Not read:**") == len(unread)
    assert f"{len(unread)} were not read at all: [adler_barnett1998](bibliography.md#adler_barnett1998), " in text


def test_every_level_of_reading_has_words():
    assert set(load("sources")["read_level"]) <= set(pages.READ)


def test_the_bibliography_marks_titles_only():
    text = pages.bibliography_page()
    assert '“<span lang="ru">Генсек ОДКБ дал оценку</span>”, aif.ru' in text
    assert "<https://doi.org/10.1017/CBO9780511598661>" in text


def test_an_entry_states_first_and_keeps_the_rest_in_small_print():
    text = pages.evidence_page()
    statement, rest = between(text, "#### C002\n", "#### C003\n").strip().split("\n\n")[1:]
    assert statement.endswith("Counts: people killed in the protests, whole country. Status: retracted.")
    assert rest.startswith("<small>")
    assert rest.endswith("</small>")


def test_a_missing_date_is_said():
    assert "**0 persons**, Prosecutor General Asylov, no date. Counts:" in pages.evidence_page()


def test_an_entry_links_back_to_the_chapters_that_use_it(tmp_path):
    link = "[What happened, and how sure are we?](timeline.ipynb)"
    assert pages.uses(chapters())["C030"][0] == link  # chapters in reading order
    assert pages.used_in("C030", {"C030": [link]}) == f"Used in: {link}."
    assert pages.used_in("C006", {"C030": [link]}) == ""
    first = write_sample(tmp_path)
    assert pages.uses([first]) == {"C030": ["[A sample](sample.ipynb)"]}


def test_an_entry_links_its_source_and_its_rivals():
    text = pages.evidence_page()
    entry = between(text, "#### C002\n", "#### C003\n")
    assert "**164 persons**" in entry
    assert "[wapo_164](bibliography.md#wapo_164)" in entry
    assert "Contested by [C003](#c003)" in entry
    assert "Status: retracted." in entry


def test_the_notices_name_what_the_site_ships():
    (text,) = notices.derived().values()
    text = text.decode()
    for name in ("@jupyter-widgets/html-manager", "mathjax", "requirejs", "jquery", "sphinx-book-theme", "anywidget"):
        assert f"| {name} " in text
    assert "axe-core" not in text
    assert "not stated" not in text


def test_the_notices_need_the_packages(tmp_path):
    with pytest.raises(CasebookError, match="site/node_modules is missing; run 'make setup'"):
        notices.derived(modules=tmp_path / "node_modules")
