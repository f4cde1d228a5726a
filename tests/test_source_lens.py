"""The source lens holds every answer, and hides, counts and names them as a data frame does."""

import random

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from casebook.data import load, package
from casebook.errors import CasebookError
from casebook.source_lens import PERIODS, SourceLens, period, source_lens
from casebook.wording import date_text

OWN = [name for name in SourceLens.class_own_traits(sync=True) if not name.startswith("_")]


def book_lens(**arguments):
    return source_lens(load("source_answers"), load("sources"), load("core_sources"), **arguments)


def test_the_lens_says_in_one_sentence_what_it_holds():
    answers = load("source_answers")
    size = f"{answers['topic'].nunique()} questions, {len(answers)} answers"
    assert repr(book_lens()) == f"Interactive: {size}, to be hidden by 6 positions, 4 views, 7 genres and 3 periods."


def test_the_lens_is_the_same_on_every_run_and_begins_where_it_is_told():
    first, second = (book_lens().get_state(OWN) for _ in range(2))
    assert first == second
    assert first["topic"] == "deaths"
    assert book_lens(topic="troops").topic == "troops"


@pytest.mark.parametrize(
    ("date", "when"),
    [
        ("2021", "early"),
        ("2022-01", "early"),
        ("2022-01-31", "early"),
        ("2022-02-01", "middle"),
        ("2022", "middle"),
        ("2022-12-31", "middle"),
        ("2023", "late"),
        ("2024-01-06", "late"),
    ],
)
def test_a_date_falls_into_one_period(date, when):
    assert period(date) == when
    assert when in PERIODS


def test_dates_are_written_as_exactly_as_they_are_known():
    assert [date_text(date) for date in ("2022-01-09", "2022-12", "2023")] == [
        "9 January 2022",
        "December 2022",
        "2023",
    ]


def test_answers_stand_in_order_of_time_with_their_numbers_in_words():
    deaths = [answer for answer in book_lens().answers if answer["topic"] == "deaths"]
    numbers = {answer["speaker"]: (answer["number"], answer["at"], answer["bound"]) for answer in deaths}
    assert numbers["The government, in The Washington Post"] == ("164", 164, False)
    assert numbers["Amnesty International"] == ("more than 200", 200, True)
    assert numbers["Ministry of Information"] == ("", None, False)
    assert deaths[0]["when"] == "9 January 2022"
    assert deaths[-1]["when"] == "6 January 2024"


def test_every_position_view_genre_and_period_has_words():
    lens = book_lens()
    for by, labels in lens.labels.items():
        assert {answer[by] for answer in lens.answers} == set(labels)
        assert not any("_" in words for words in labels.values())


def test_the_fallback_has_a_table_a_question_and_a_row_an_answer():
    tables = BeautifulSoup(book_lens().fallback, "html.parser").find_all("table")
    answers = load("source_answers")
    assert [table.caption.get_text() for table in tables] == list(answers["question"].unique())
    assert [len(table.tbody.find_all("tr")) for table in tables] == list(answers.groupby("topic", sort=False).size())
    assert [cell.get_text() for cell in tables[0].tbody.tr.find_all("td")] == [
        "9 January 2022, The government, in The Washington Post (Kazakh official)",
        "164 people have died.",
    ]


def test_bad_input_gets_one_sentence():
    answers, sources, core = load("source_answers"), load("sources"), load("core_sources")
    with pytest.raises(
        CasebookError, match="got an answer from 'daryo2024', which is not in the sources; add it there"
    ):
        source_lens(answers, sources.query("source_id != 'daryo2024'"), core)
    with pytest.raises(CasebookError, match="source_lens cannot begin with 'oil'; use one of: deaths, attackers, "):
        source_lens(answers, sources, core, "oil")


def test_every_core_source_that_gives_a_number_of_dead_is_asked():
    core = load("sources").query("core == 'yes'")["source_id"]
    claims = load("claims").query("quantity == 'deaths_total'")
    asked = load("source_answers").query("topic == 'deaths'")
    assert set(claims["source_id"]) & set(core) <= set(asked["source_id"])


def test_the_topics_are_those_of_the_data_package():
    (resource,) = (one for one in package()["resources"] if one["name"] == "source_answers")
    (field,) = (one for one in resource["schema"]["fields"] if one["name"] == "topic")
    assert field["constraints"]["enum"] == [question["topic"] for question in book_lens().questions]


def choices(lens, number):
    """Make up what a reader hides: nothing, everything, and many mixtures, for every question in turn."""
    chance = random.Random(3)
    for turn in range(number):
        topic = lens.questions[turn % len(lens.questions)]["topic"]
        answers = [answer for answer in lens.answers if answer["topic"] == topic]
        part = turn / number
        hidden = {by: [code for code in codes if chance.random() < part] for by, codes in lens.labels.items()}
        yield answers, hidden


def expected(answers, hidden):
    """Work out with a data frame which speakers are left, and who gives the lowest and the highest number."""
    frame = pd.DataFrame(answers)
    left = frame[~frame[list(hidden)].isin(hidden).any(axis=1)]
    numbered = left.dropna(subset=["at"])
    places = [numbered["at"].idxmin(), numbered["at"].idxmax()] if len(numbered) else []
    ends = list(numbered.loc[places, "speaker"]) or None
    return list(left["speaker"]), ends


def found(in_page, made, script=SourceLens._esm):
    left = in_page(script, "kept", [[answers, hidden] for answers, hidden in made])
    ends = in_page(script, "extremes", [[answers] for answers in left])
    return [
        ([answer["speaker"] for answer in own], two and [answer["speaker"] for answer in two])
        for own, two in zip(left, ends, strict=True)
    ]


def test_the_page_hides_and_compares_as_a_data_frame_does(in_page):
    made = list(choices(book_lens(), 400))
    wanted = [expected(*one) for one in made]
    assert found(in_page, made) == wanted
    assert {len(left) == len(answers) for (answers, _), (left, _) in zip(made, wanted, strict=True)} == {True, False}
    assert any(not left for left, _ in wanted)


@pytest.mark.parametrize(("rule", "bent"), [(".every(", ".some("), ("[Math.min, Math.max]", "[Math.max, Math.min]")])
def test_a_rule_that_differs_in_the_page_is_seen(in_page, rule, bent):
    assert rule in SourceLens._esm
    made = list(choices(book_lens(), 60))
    assert found(in_page, made, SourceLens._esm.replace(rule, bent)) != [expected(*one) for one in made]


def sentence(in_page, topic, **hidden):
    lens = book_lens()
    answers = [answer for answer in lens.answers if answer["topic"] == topic]
    (words,) = in_page(
        SourceLens._esm, "said", [[answers, {by: hidden.get(by, []) for by in lens.labels}, lens.labels]]
    )
    return words


def test_the_sentence_says_how_many_are_left_what_is_gone_and_what_is_off(in_page):
    assert sentence(in_page, "deaths") == (
        "All 10 answers shown. Numbers: from The government, in The Washington Post (164) to aif.ru (more than 270)."
    )
    assert sentence(in_page, "deaths", stance=["kazakh_official"], period=["late"]) == (
        "4 of 10 answers left. Numbers: from Amnesty International (more than 200) to aif.ru (more than 270). "
        "With all answers: from 164 to more than 270. "
        "Gone from the picture: The government, in The Washington Post (164); "
        "Ministry of Information; Prosecutor General's Office (225) and 3 more. "
        "Switched off: Kazakh official, 2023 and later."
    )
    assert sentence(in_page, "attackers", genre=["news", "official_statement"]) == (
        "2 of 9 answers left. No number left. With all answers: 20,000 or more than 20,000. Gone from the picture: "
        "President Tokayev, address (20,000); Posts under President Tokayev's name (20,000); RBC, paraphrasing the "
        "president (20,000) and 4 more. Switched off: news, official statement."
    )
    assert sentence(in_page, "request", stance=["advocacy"]) == "All 6 answers shown. Switched off: advocacy."


def test_a_missing_number_stays_missing_where_python_runs_in_the_browser(in_page):
    lens = book_lens()
    answers = [answer for answer in lens.answers if answer["topic"] == "attackers"]
    undefined = [{key: value for key, value in answer.items() if value is not None} for answer in answers]
    assert any("at" not in answer for answer in undefined)
    none_hidden = {by: [] for by in lens.labels}
    asked = [[kept, none_hidden, lens.labels] for kept in (answers, undefined)]
    on_the_page, in_the_browser = in_page(SourceLens._esm, "said", asked)
    assert in_the_browser == on_the_page
