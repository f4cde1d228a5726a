"""The figures of the law chapter draw what the tables say, each kind of mark with a shape of its own."""

import matplotlib.pyplot as plt
import pytest

from casebook.article4 import FINDINGS
from casebook.data import load
from casebook.errors import CasebookError
from casebook.legal_figures import FINDING_MARKS, RESPONSES, STATES, element_matrix, response_chart, response_time_chart
from tests.test_figures import findings, labels, marks, texts


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_matrix_has_a_mark_and_a_letter_for_each_finding():
    table = findings()
    ax = element_matrix(table, "critical")
    chosen = table[table["reading"] == "critical"]
    assert len(marks(ax)) == len(chosen)
    letters = chosen["finding"].map(lambda finding: FINDING_MARKS[finding][0])
    assert sorted(texts(ax)) == sorted(letters)


def test_a_finding_stands_in_the_row_of_its_case_and_the_column_of_its_element():
    ax = element_matrix(findings(), "critical")
    row = labels(ax).index("January events in Kazakhstan, 2022")
    column = [name.get_text().split(" ")[0] for name in ax.get_xticklabels()].index("3")
    (letter,) = (text for text in ax.texts if text.xy == (column, row))
    assert letter.get_text() == "N"


def test_the_matrix_keeps_the_order_of_time_and_sets_separate_doors_apart():
    ax = element_matrix(findings(), "official")
    assert labels(ax)[0] == "Batken incursion, 1999"
    assert labels(ax)[-1] == "Kursk incursion and missile strikes, 2024"
    numbers = [name.get_text().split(" ")[0] for name in ax.get_xticklabels()]
    assert numbers == ["1", "2", "3", "4", "5", "7", "8", "9", "10", "12", "6", "11"]
    assert ax.get_xticks()[10] - ax.get_xticks()[9] > 1
    assert ax.get_xlabel() == "right of the line: separate doors"
    without_doors = findings().query("role != 'door'")
    assert element_matrix(without_doors, "official").get_xlabel() == ""


def test_every_finding_has_a_letter_of_its_own_and_the_legend_names_those_drawn():
    letters = [letter for letter, *_ in FINDING_MARKS.values()]
    assert len(set(letters)) == len(letters)
    shapes = {FINDING_MARKS[finding][1] for finding in ("yes", "no", "contested", "unclear")}
    assert len(shapes) == 4
    (legend,) = element_matrix(findings(), "critical").figure.legends
    drawn = ["yes", "no", "contested", "not_addressed", "unclear"]
    expected = [f"{FINDING_MARKS[code][0]}  {FINDINGS[code]}" for code in drawn] + ["empty: not coded"]
    assert [text.get_text() for text in legend.get_texts()] == expected


def test_the_matrix_refuses_what_it_cannot_draw():
    with pytest.raises(CasebookError, match="found no row of the reading 'neutral'; use one that the table has"):
        element_matrix(findings(), "neutral")
    with pytest.raises(CasebookError, match="No mark is defined for maybe; add one to casebook/legal_figures.py"):
        element_matrix(findings().assign(finding="maybe"), "official")


def test_response_times_are_points_ranges_or_words():
    ax = response_time_chart(load("cases"))
    written = dict(zip(labels(ax), texts(ax), strict=True))
    assert written["Batken incursion, 1999"] == "0–62"
    assert written["Incursion at Sev Lake, Syunik, 2021"] == "5–51"
    assert written["Azerbaijani strikes of 13 and 14 September, 2022"] == "0"
    assert written["Second Karabakh war, 2020"] == "nothing to count"
    assert list(written.values()).count("nothing to count") == 5
    assert next(iter(written)) == "Batken incursion, 1999"


def test_days_counted_from_the_fighting_have_a_mark_of_their_own():
    ax = response_time_chart(load("cases"))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["from the request", "from the first fighting"]
    rows = {line.get_label(): {*line.get_ydata()} for line in ax.lines}
    names = {labels(ax)[row] for row in rows["from the first fighting"]}
    assert names == {
        "Fighting on the Tavush border, 2020",
        "Kyrgyz-Tajik border fighting, April 2021",
        "Kyrgyz-Tajik border fighting, September 2022",
    }
    assert len({line.get_marker() for line in ax.lines}) == 2


def test_every_case_has_a_dot_by_year_and_response():
    cases = load("cases")
    ax = response_chart(cases)
    assert len(marks(ax)) == len(cases)
    assert labels(ax) == list(RESPONSES.values())
    assert (2022, 0) in marks(ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a request (6)", "no request found (8)"]
    assert len({line.get_marker() for line in ax.lines}) == 2


def test_states_of_one_year_and_response_share_a_name_and_not_a_place():
    ax = response_chart(load("cases"))
    last = len(RESPONSES) - 1
    assert "BLR, ARM" in texts(ax)
    assert texts(ax).count("KGZ/TJK") == 2
    assert len([place for place in marks(ax) if place[0] == 2020 and place[1] >= last]) == 2


def test_a_response_without_a_row_is_refused_and_one_that_is_not_there_takes_none():
    cases = load("cases")
    with pytest.raises(CasebookError, match="No row is defined for shrugged; add one to casebook/legal_figures.py"):
        response_chart(cases.assign(response_code="shrugged"))
    assert labels(response_chart(cases[cases["response_code"].isin(["deployed", "aid"])])) == [
        RESPONSES["deployed"],
        RESPONSES["aid"],
    ]


def test_the_letters_of_the_states_are_spelt_out_under_the_chart():
    cases = load("cases")
    key = " ".join(response_chart(cases).get_xlabel().split())
    assert all(f"{code} {name}" in key for code, name in STATES.items())
    assert "Russia" not in response_chart(cases[~cases["case_id"].str.contains("RUS")]).get_xlabel()
    with pytest.raises(CasebookError, match="No state is named for UZB; add it to casebook/legal_figures.py"):
        response_chart(cases.assign(case_id="UZB1999"))


def test_charts_draw_on_the_axes_they_are_given():
    _, ax = plt.subplots(layout="constrained")
    cases = load("cases")
    assert response_chart(cases, ax) is ax
    assert response_time_chart(cases, ax) is ax
    assert element_matrix(findings(), "official", ax) is ax


def test_every_code_of_the_data_has_its_mark_or_row():
    assert set(load("case_elements")["finding"]) <= set(FINDING_MARKS) <= set(FINDINGS)
    assert set(load("cases")["response_code"]) == set(RESPONSES)
