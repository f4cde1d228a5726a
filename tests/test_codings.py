"""A coding and its text: what is written is read again, each mistake gets one sentence, and the page does as Python."""

import functools
import random

import pytest

from casebook.codings import as_coded, read_coding, write_coding
from casebook.data import load
from casebook.errors import CasebookError
from casebook.hypotheses import item_weights, matters_most, ranks
from casebook.weighing_bench import WeighingBench, weighing_bench

TABLES = ("evidence_items", "evidence_matrix", "hypotheses", "sources")


@functools.cache
def book_coding(family="streets"):
    return as_coded(*map(load, TABLES), family)


def made_up(pattern, chance):
    """Make up a coding: any weight, any code, any multiplier."""
    lines = [write_coding(pattern).splitlines()[0]]
    for name, entries in pattern.form().items():
        lines.append(f"{name}: " + ", ".join(f"{key} {chance.choice(values)}" for key, values in entries.items()))
    return "\n".join(lines) + "\n"


def test_the_coding_of_the_module_has_its_weights_and_scores():
    ours = book_coding()
    items = load("evidence_items").query("item_id in @ours.codes.index")
    assert ours.weights().to_dict() == item_weights(items).to_dict()
    assert ours.scores().to_dict() == {"A1a": 31, "A1b": 10, "A2": 10, "A3": 16, "A4": 12, "A5": 4, "A6": 13}


def test_a_weight_is_multiplied_by_the_mean_over_its_kinds_of_source():
    ours = book_coding()
    assert ours.kinds["V06"] == ["allied official", "Kazakh official", "other official"]
    text = (
        write_coding(ours).replace("Kazakh official 1", "Kazakh official 0").replace("independent 1", "independent 2")
    )
    weights = read_coding(text, ours).weights()
    assert weights["V06"] == pytest.approx(9 * 2 / 3)
    assert weights["V09"] == 12
    assert weights["V14"] == 0
    assert weights["V11"] == 4


def test_without_sources_nothing_is_multiplied_and_the_text_has_no_line_for_them():
    ours = as_coded(*map(load, TABLES[:3]))
    assert "Sources" not in write_coding(ours)
    assert read_coding(write_coding(ours), ours).scores().equals(book_coding().scores())


def test_a_source_that_the_table_lacks_is_named():
    sources = load("sources").query("source_id != 'gazeta_19'")
    with pytest.raises(CasebookError, match="V07 names the source gazeta_19, which the table sources lacks"):
        as_coded(load("evidence_items"), load("evidence_matrix"), load("hypotheses"), sources)


@pytest.mark.parametrize("family", ["streets", "deployment"])
def test_what_is_written_is_read_again(family):
    ours, chance = book_coding(family), random.Random(1)
    for text in (write_coding(ours), *(made_up(ours, chance) for _ in range(20))):
        assert write_coding(read_coding(text, ours)) == text


def test_order_notes_empty_lines_and_spaces_do_not_matter():
    ours = book_coding()
    heading, *lines = write_coding(ours).splitlines()
    loose = ["# Group 3", "", f"  {heading}\r", *reversed([line.replace(", ", " ,  ") for line in lines])]
    read = read_coding("\n".join(loose), ours)
    assert write_coding(read) == write_coding(ours)


MISTAKES = {  # old -> new text, and the sentence
    "another family": (
        ("family streets", "family deployment"),
        "The text does not begin with 'Coding of the family streets'; paste a whole coding of this family.",
    ),
    "a line without a colon": (
        ("V01: cred", "V01 cred"),
        "Line 2 cannot be read; write it like 'V01: credibility 3, relevance 2, A2 N'.",
    ),
    "an unknown item": (("V01:", "V99:"), "Line 2: there is no 'V99' here; take the line out."),
    "an item twice": (("V02:", "V01:"), "Line 3: V01 stands twice; keep one line."),
    "an unknown hypothesis": (
        ("V01: credibility 3, relevance 2, A1a N", "V01: credibility 3, relevance 2, A9 N"),
        "Line 2, V01: 'A9 N' cannot be read; use one of: credibility, relevance, A1a, A1b, A2, A3, A4, A5, A6.",
    ),
    "an entry without a value": (
        ("V01: credibility 3", "V01: credibility"),
        "Line 2, V01: 'credibility' cannot be read; use one of: credibility, relevance, A1a, A1b, A2, A3, A4, A5, A6.",
    ),
    "a hypothesis twice": (
        ("V01: credibility 3, relevance 2, A1a N", "V01: credibility 3, relevance 2, A1a N, A1a N"),
        "Line 2, V01: A1a stands twice; keep one.",
    ),
    "an unknown code": (
        ("V01: credibility 3, relevance 2, A1a N", "V01: credibility 3, relevance 2, A1a III"),
        "Line 2, V01: A1a cannot be 'III'; use one of: CC, C, N, I, II.",
    ),
    "too high a credibility": (
        ("V01: credibility 3", "V01: credibility 4"),
        "Line 2, V01: credibility cannot be '4'; use one of: 0, 1, 2, 3.",
    ),
    "a hypothesis left out": (
        ("V01: credibility 3, relevance 2, A1a N, ", "V01: credibility 3, relevance 2, "),
        "Line 2, V01: A1a is missing; add it.",
    ),
    "an item left out": (("V01:", "# V01:"), "The line V01 is missing; add it."),
    "a multiplier between the steps": (
        ("scholarly 1", "scholarly 1.2"),
        "Line 19, Sources: scholarly cannot be '1.2'; use one of: 0, 0.5, 1, 1.5, 2.",
    ),
}


def mistaken(change):
    text = write_coding(book_coding())
    assert text.count(change[0]) == 1
    return text.replace(*change)


@pytest.mark.parametrize("change, sentence", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gets_one_sentence(change, sentence):
    with pytest.raises(CasebookError) as told:
        read_coding(mistaken(change), book_coding())
    assert str(told.value) == sentence


@pytest.mark.parametrize("text", ["", "# a note", "hello"])
def test_a_text_that_is_no_coding_is_said_to_be_none(text):
    with pytest.raises(
        CasebookError, match="The text does not begin with 'Coding of the family streets'; paste a whole"
    ):
        read_coding(text, book_coding())


@functools.cache
def bench(family):
    return weighing_bench(*map(load, TABLES), family)


@pytest.mark.parametrize("family", ["streets", "deployment"])
def test_the_page_writes_and_reads_the_same_text(in_page, family):
    ours, box, chance = book_coding(family), bench(family), random.Random(2)
    assert in_page(WeighingBench._esm, "writeCoding", [[box.coded, family, box.form]]) == [write_coding(ours)]
    texts = [made_up(ours, chance) for _ in range(50)]
    read = in_page(WeighingBench._esm, "readCoding", [[text, family, box.form] for text in texts])
    assert read == [read_coding(text, ours).lines() for text in texts]
    assert in_page(WeighingBench._esm, "writeCoding", [[coding, family, box.form] for coding in read]) == texts


def test_the_page_tells_mistakes_in_the_same_sentences(in_page):
    calls = [[mistaken(change), "streets", bench("streets").form] for change, _ in MISTAKES.values()]
    assert in_page(WeighingBench._esm, "readCoding", calls) == [sentence for _, sentence in MISTAKES.values()]


def weigh_calls(family, number):
    """Make up codings, with what Python says of them."""
    ours, box, chance = book_coding(family), bench(family), random.Random(3)
    for _ in range(number):
        coding = read_coding(made_up(ours, chance), ours)
        scores = coding.scores().round(6)
        expected = [scores.to_list(), ranks(scores).to_list(), matters_most(coding.codes, coding.weights())]
        yield [coding.lines(), box.items, list(ours.codes)], expected


def seen(weighed):
    return [weighed["scores"], weighed["ranks"], [item["id"] for item in weighed["mattersMost"]]]


@pytest.mark.parametrize("family", ["streets", "deployment"])
def test_the_page_weighs_as_python_does(in_page, family):
    calls, expected = zip(*weigh_calls(family, 100), strict=True)
    for found, wanted in zip(in_page(WeighingBench._esm, "weigh", list(calls)), expected, strict=True):
        assert seen(found) == wanted
    assert any(len(set(wanted[1])) < len(wanted[1]) for wanted in expected), "no coding with a tie was tried"


@pytest.mark.parametrize(
    ("rule", "bent"),
    [
        ("II: 2 };\nconst STEPS", "II: 3 };\nconst STEPS"),
        ("rounded(other) < rounded(score)", "rounded(other) <= rounded(score)"),
        ("/ kinds.length : 1", ": 1"),
        ("way !== before[at]", "way === before[at]"),
        ("moved === furthest", "moved !== furthest"),
    ],
)
def test_a_rule_that_differs_in_the_page_is_seen(in_page, rule, bent):
    calls, expected = zip(*weigh_calls("streets", 30), strict=True)
    assert WeighingBench._esm.count(rule) == 1
    found = in_page(WeighingBench._esm.replace(rule, bent), "weigh", list(calls))
    assert [seen(weighed) for weighed in found] != list(expected)
