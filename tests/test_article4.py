"""The rule of Article 4: findings lead to one end, in Python and in the page alike; the bench refuses what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from casebook import bench
from casebook.article4 import FINDINGS, Step, route, said, verdict
from casebook.bench import READINGS, legal_bench, steps
from casebook.data import load
from casebook.errors import CasebookError

TAKEN = ["yes", "contested", "no", "not_required"]


@pytest.mark.parametrize(
    ("findings", "ends", "door"),
    [
        (["yes", "yes"], (None, [], []), "reached"),
        (["yes", "not_required"], (None, [], []), "reached"),
        (["yes", "contested", "yes"], (None, [1], []), "undecided"),
        (["not_coded", "not_addressed", "not_reached", "unclear"], (None, [0, 1, 2, 3], []), "undecided"),
        (["yes", "no", "contested", "no"], (1, [], [3]), "not reached"),
        (["contested", "yes", "no", "yes"], (2, [0], []), "not reached"),
    ],
)
def test_only_an_unmet_element_stops_the_path(findings, ends, door):
    assert route(findings) == ends
    assert verdict(route(findings)) == door


def path_of(*findings, roles=None):
    roles = roles or ["condition"] * len(findings)
    names = "ABCDEFGH"
    return [Step(place + 1, names[place], roles[place], finding) for place, finding in enumerate(findings)]


def test_the_sentence_says_where_the_path_ends():
    assert (
        said(path_of("yes", "yes"), "official")
        == "As coded in the official reading, every element of Article 4 is met."
    )
    assert said(path_of("contested", "yes", "no", "no"), "critical") == (
        "As coded in the critical reading, the route stops at element 3 (C): not met or not shown. "
        "Open before that: element 1 contested. It would stop again at element 4."
    )
    assert said(path_of("contested", "unclear", "contested", "contested"), "critical") == (
        "As coded in the critical reading, nothing stops the route, but it stays open: "
        "elements 1, 3 and 4 contested; element 2 unclear."
    )


def test_the_sentence_names_the_switch():
    assert said(path_of("yes", "yes"), "critical", 2).startswith(
        "With element 2 taken as met in the critical reading, "
    )


def test_a_missing_answer_is_told_apart_from_a_missing_condition():
    answer = said(path_of("yes", "no", roles=["condition", "answer"]), "critical")
    assert answer.endswith("What is missing there is the answer of the organisation, not a condition of Article 4.")
    assert "answer" not in said(path_of("yes", "no"), "critical")


def test_a_separate_door_neither_stops_nor_opens_the_path():
    sentence = said(path_of("yes", "no", "yes", roles=["condition", "door", "condition"]), "critical")
    assert "every element of Article 4 is met. Separate doors: element 2 not met or not shown." in sentence


def tables():
    return load("cases"), load("article4_elements"), load("case_elements")


@pytest.fixture(scope="module")
def whole():
    return legal_bench(*tables(), case="KAZ2022")


def situations(box):
    """Yield every case in every reading, as coded and with every switch: steps, reading, number of the switch."""
    for case in box.cases:
        for reading in READINGS:
            coded = steps(box.elements, case[reading])
            yield coded, reading, None
            for place, step in enumerate(coded):
                for taken in TAKEN:
                    yield [*coded[:place], step._replace(finding=taken), *coded[place + 1 :]], reading, step.number


def in_javascript(code, asked):
    """Run the rule of the page over situations and return its routes, verdicts and sentences."""
    harness = """
      import { readFileSync } from "node:fs";
      const { asked, labels } = JSON.parse(readFileSync(0, "utf8"));
      const findings = (steps) => steps.filter((step) => step.role !== "door").map((step) => step.finding);
      console.log(JSON.stringify(asked.map(([steps, reading, switched]) => {
        const ends = route(findings(steps));
        return [ends.stop, ends.open, ends.again, verdict(ends), said(steps, reading, switched, labels)];
      })));
    """
    done = subprocess.run(
        [Path(sys.prefix) / "bin" / "node", "--input-type=module", "--eval", code + harness],
        input=json.dumps(
            {"asked": [[[step._asdict() for step in path], *rest] for path, *rest in asked], "labels": FINDINGS}
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def in_python(asked):
    """Return the same from the rule of the package."""
    ends = [route([step.finding for step in path if step.role != "door"]) for path, *_ in asked]
    return [[*end, verdict(end), said(*one)] for end, one in zip(ends, asked, strict=True)]


def test_the_page_and_the_package_hold_the_same_rule(whole):
    asked = list(situations(whole))
    assert len(asked) == 14 * 2 * (1 + 12 * 4)
    assert in_javascript(whole._esm, asked) == in_python(asked)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('finding === "no"', 'finding === "unclear"'),
        ('["yes", "not_required"]', '["yes"]'),
        ("stops.slice(1)", "stops"),
        ('last?.role === "answer"', "last"),
    ],
)
def test_a_rule_that_differs_is_seen(whole, right, wrong):
    asked = list(situations(whole))
    assert whole._esm.count(right) == 1
    assert in_javascript(whole._esm.replace(right, wrong), asked) != in_python(asked)


def test_the_readings_of_january_end_where_the_table_says(whole):
    (case,) = (case for case in whole.cases if case["name"] == "January events in Kazakhstan, 2022")
    official, critical = (said(steps(whole.elements, case[reading]), reading) for reading in READINGS)
    assert official.startswith("As coded in the official reading, every element of Article 4 is met.")
    assert critical.startswith("As coded in the critical reading, the route stops at element 3 (Origin of the attack)")


def test_the_bench_prints_as_one_sentence(whole):
    assert repr(whole) == (
        "Interactive: the elements of Article 4, 14 cases, 2 readings, 12 elements; "
        "first January events in Kazakhstan, 2022, official."
    )


def test_two_benches_of_the_same_tables_are_the_same(whole):
    again = legal_bench(*tables(), case="KAZ2022")
    assert [again.cases, again.elements, again.fallback] == [whole.cases, whole.elements, whole.fallback]


def test_cases_stand_in_the_order_of_time(whole):
    assert whole.cases[0]["name"] == "Batken incursion, 1999"
    assert whole.cases[-1]["name"] == "Kursk incursion and missile strikes, 2024"
    assert legal_bench(*tables()).case == 0


def test_the_wording_in_force_decides_what_is_required(whole):
    in_force = load("provisions").set_index("provision_id").loc[["CST10-4-1", "CST10-4-2"], "in_force"]
    assert set(in_force) == {bench.NEW_WORDING_FROM}
    assert {case["wording"] for case in whole.cases[:3]} == {"1992"}
    assert {case["wording"] for case in whole.cases[3:]} == {"2010"}
    unasked = {
        (element["number"], finding["finding"])
        for element, finding in zip(whole.elements, whole.cases[0]["official"], strict=True)
        if finding["finding"] == "not_required"
    }
    assert unasked == {(4, "not_required"), (5, "not_required")}
    assert whole.cases[0]["official"][4]["coded"] == "yes"


def test_an_element_without_a_row_is_not_coded(whole):
    assert whole.cases[-1]["critical"][8] == {"finding": "not_coded"}


def test_the_fallback_holds_every_case_in_both_readings(whole):
    soup = BeautifulSoup(whole.fallback, "html.parser")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in soup.select("tbody tr")]
    assert soup.caption.get_text().startswith("Every case in both readings")
    assert [row[1] for row in rows] == READINGS * 14
    (january,) = (row for row in rows if row[:2] == ["January events in Kazakhstan, 2022", "critical"])
    assert january[2] == "Article 4: not reached"
    assert january[3] == "1 met → 2 contested → 3 not met or not shown; separate doors: 6 contested, 11 contested"


def planted(table, **cells):
    """Return the three tables with the first row of one changed."""
    frames = dict(zip(("cases", "elements", "findings"), tables(), strict=True))
    for column, value in cells.items():
        frames[table].loc[0, column] = value
    return frames.values()


@pytest.mark.parametrize(
    ("column", "value", "choices"),
    [
        ("finding", "maybe", "yes, no, contested"),
        ("reading", "neutral", "official, critical"),
        ("case_id", "XXX1900", "ARM2020, ARM2020T"),
        ("element_id", "E99", "E01, E02"),
    ],
)
def test_a_finding_that_fits_nothing_is_refused(column, value, choices):
    with pytest.raises(CasebookError, match=f"got a finding with the {column} '{value}'; use one of: {choices}"):
        legal_bench(*planted("findings", **{column: value}))


def test_two_findings_for_one_place_are_refused():
    with pytest.raises(CasebookError, match="got two findings for ARM2020 E01 official; keep one"):
        legal_bench(*planted("findings", reading="official"))


def test_an_unknown_beginning_is_refused():
    with pytest.raises(CasebookError, match="legal_bench cannot begin with 'KAZ1986'; use one of: KGZ1999, "):
        legal_bench(*tables(), case="KAZ1986")
    with pytest.raises(CasebookError, match="cannot begin with 'neutral'; use one of: official, critical"):
        legal_bench(*tables(), reading="neutral")
