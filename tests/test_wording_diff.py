"""The comparison of two wordings: every deleted and added word is found, marked, seen and heard."""

import pytest
from bs4 import BeautifulSoup

from casebook.errors import CasebookError
from casebook.wording_diff import marked_words, word_changes

OLD = "If a state is subjected to aggression by any state or group of states, this is aggression against all."
NEW = (
    "If a state is subjected to aggression (an attack on safety, stability and peace), this is aggression against all."
)


def rows(old, new):
    return list(word_changes(old, new).itertuples(index=False, name=None))


def without(tag, html):
    """Return the words of a marked paragraph that are left when one kind of mark, and what is only heard, is gone."""
    soup = BeautifulSoup(html, "html.parser")
    for part in soup.select(f"{tag}, span"):
        part.decompose()
    return " ".join(soup.get_text().split()).replace(" ,", ",")


def test_each_kind_of_change_is_one_row():
    assert rows("one two three", "one three") == [("deleted", "two", "")]
    assert rows("one three", "one two three") == [("added", "", "two")]
    assert rows("one two three", "one 2 three") == [("replaced", "two", "2")]
    assert rows("One, two.", "One,  two.") == []
    assert list(word_changes("one", "one").columns) == ["operation", "deleted", "added"]


def test_changes_come_in_the_order_of_the_text():
    assert rows("a b c d e f", "a c d x e g") == [("deleted", "b", ""), ("added", "", "x"), ("replaced", "f", "g")]


def test_a_comma_that_both_texts_have_does_not_split_a_change():
    assert rows(OLD, NEW) == [
        ("replaced", "by any state or group of states", "(an attack on safety, stability and peace)")
    ]


def test_capitals_and_punctuation_count_and_hyphens_do_not_split_a_word():
    assert rows("State", "state") == [("replaced", "State", "state")]
    assert rows("one two", "one, two") == [("added", "", ",")]
    assert rows("a self-defence act", "a defence act") == [("replaced", "self-defence", "defence")]


def test_other_alphabets_have_words_too():
    assert rows("совершения акта агрессии", "совершения агрессии") == [("deleted", "акта", "")]


def test_the_marked_paragraph_holds_both_wordings():
    html = marked_words(OLD, NEW)
    assert without("del", html) == NEW
    assert without("ins", html) == OLD


@pytest.mark.parametrize(("old", "new"), [("one two", "two"), ("two", "one two"), ("one", "two"), ("a b", "a b, c")])
def test_no_words_run_together_at_the_ends(old, new):
    html = marked_words(old, new)
    assert (without("ins", html), without("del", html)) == (old, new)


def test_a_change_is_heard_as_well_as_seen():
    soup = BeautifulSoup(marked_words(OLD, NEW), "html.parser")
    assert soup.find("del").get_text() == "deleted: by any state or group of states end."
    assert soup.find("ins").get_text() == "added: (an attack on safety, stability and peace) end."
    assert {(part["lang"], "clip-path" in part["style"]) for part in soup.find_all("span")} == {("en", True)}


def test_the_paragraph_says_its_language_and_escapes_its_text():
    html = marked_words("a < b", "a < c", lang="ru")
    assert html.startswith('<p class="casebook-wording" lang="ru">a &lt; ')


@pytest.mark.parametrize("empty", ["", "  "])
def test_a_text_without_words_is_refused(empty):
    with pytest.raises(CasebookError, match="got a text without words; give it two texts"):
        marked_words(empty, "one")
    with pytest.raises(CasebookError, match="got a text without words; give it two texts"):
        word_changes("one", empty)
