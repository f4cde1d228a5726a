"""The simulation cites only what was known in the night, its clocks add up, and its cards print on one page each."""

import pytest
from pypdf import PdfReader

from casebook.errors import CasebookError
from tools import cards, council


def test_the_simulation_keeps_its_rules():
    assert list(council.problems()) == []


PLANTED = [
    (
        "border incident (ARM2021M)",
        "border incident (ARM2022)",
        "Armenia: ARM2022 was known on 2022-09-14, after 2022-01-05",
    ),
    (
        "with several powers, and wish to.",
        "with several powers (AF31).",
        "Kazakhstan: AF31 is of a table that nobody had",
    ),
    ("55 people died by official figures (R06)", "56 people died (R06)", "no row that it cites has the number 56"),
    ("(E029). The first", "(E046). The first", "E046 is of 2022-01-05, and no hour shows that it was known by 18:00"),
    ("this morning (E024).", "this morning (L20).", "L20 is of 2022-01-05, and no hour"),
    ("off the net (E048)", "off the net (E054)", "E054 is of 2022-01-05, and no hour"),
    ("no hour, the president took", "the president took", "Kazakhstan: a row of that day without an hour is cited"),
    ("(L05)", "(L99)", "Belarus: no row of evidence has the id L99"),
    (
        "Order across the border, soon.",
        "Order across the border, soon (V09).",
        "V09 is of a table that nobody had",
    ),
    ('["Rules, roles, the treaty card", 8]', '["Rules, roles, the treaty card", 9]', "take 91 minutes, not 90"),
    ('rows = ["E054"]', 'rows = ["E053"]', "its text cites other rows than E053"),
    ("calls on everyone to refrain", "asks 7 times to refrain", "has the number 7"),
    ('state = "Tajikistan"', 'state = "Uzbekistan"', "the members of 2022"),
]


@pytest.mark.parametrize(("old", "new", "says"), PLANTED, ids=lambda text: text[:30])
def test_planted_fault_is_found(tmp_path, old, new, says):
    text = council.SOURCE.read_text(encoding="utf-8")
    assert old in text
    planted = tmp_path / "council.toml"
    planted.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = list(council.problems(planted))
    assert any(says in problem for problem in found), found


def test_an_inject_out_of_time_is_found(tmp_path):
    first, *others = council.SOURCE.read_text(encoding="utf-8").split("[[inject]]\n")
    clocks = others[-1][others[-1].index("[[clock]]") :]
    swapped = [others[4], *others[:4], *others[5:-1], others[-1].removesuffix(clocks)]
    planted = tmp_path / "council.toml"
    planted.write_text("[[inject]]\n".join([first, *swapped]) + clocks, encoding="utf-8")
    assert "Inject 2 is of 2022-01-05, but one of 2022-01-06 comes before it; put them in order." in council.problems(
        planted
    )


def test_an_inject_out_of_time_by_hours_is_found(tmp_path):
    first, evening, later, *others = council.SOURCE.read_text(encoding="utf-8").split("[[inject]]\n")
    planted = tmp_path / "council.toml"
    planted.write_text("[[inject]]\n".join([first, later, evening, *others]), encoding="utf-8")
    assert list(council.problems(planted)) == [
        "Inject 2 is of 2022-01-05T10:30Z, but one of 2022-01-05T13:08Z comes before it; put them in order."
    ]


def test_a_file_that_is_not_toml_is_named(tmp_path):
    (tmp_path / "council.toml").write_text("cutoff = ", encoding="utf-8")
    with pytest.raises(CasebookError, match="teaching/council.toml is not TOML"):
        council.council(tmp_path / "council.toml")


def test_a_card_says_whose_it_is_what_binds_it_and_where_the_rows_are_silent():
    text = council.delegation_cards()
    assert text.count("## Delegation of ") == len(council.STATES)
    for part in ("*Confidential.", "**Your position, at its strongest.**", "**What binds you**", "**What no row says"):
        assert text.count(part) == len(council.STATES)
    assert "[KGZ2010](../evidence-law.md#kgz2010)" in text


def test_clocks_run_from_nought_to_their_end():
    text = council.clocks()
    assert "| 0–8 | Rules, roles, the treaty card |" in text
    assert "| 73–90 | Debrief" in text


@pytest.fixture(scope="module")
def printed(running, site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards")
    return {path.stem: PdfReader(path) for path in cards.print_cards(running, site, folder)}


def longer_than_a_page(printed):
    return [name for name, card in printed.items() if name != "all" and len(card.pages) > 1]


def test_every_card_is_one_page_and_the_treaty_two_sides_of_a_sheet(printed):
    assert longer_than_a_page(printed) == ["on-the-table"]
    assert len(printed["on-the-table"].pages) == 2
    assert len(printed["all"].pages) == len(printed)


def test_a_card_that_runs_over_is_noticed(running, tmp_path):
    page = tmp_path / f"{cards.PAGE}.html"
    page.parent.mkdir()
    card = "<section id='{}'><h2>Card</h2>{}</section>"
    both = card.format("short", "<p>Text</p>") + card.format("long", "<p>Text</p>" * 100)
    page.write_text(f"<article class='bd-article'><section>{both}</section></article>", encoding="utf-8")
    written = {path.stem: PdfReader(path) for path in cards.print_cards(running, tmp_path, tmp_path / "cards")}
    assert longer_than_a_page(written) == ["long"]


def test_a_delegation_gets_its_own_brief_and_no_other(printed):
    for state in council.STATES:
        text = " ".join(printed[f"delegation-of-{state.lower()}"].pages[0].extract_text().split())
        assert text.startswith(f"Delegation of {state} Con")
        assert text.count("Delegation of") == 1


def test_cards_are_tagged_named_and_free_of_dead_links(printed):
    for name, card in printed.items():
        assert card.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert card.trailer["/Root"]["/Lang"] == "en"
        assert card.metadata.title == name.replace("-", " ").capitalize()
        assert not [page for page in card.pages if "/Annots" in page]


def test_cards_need_the_site(running, tmp_path):
    with pytest.raises(CasebookError, match="run 'make book' first"):
        cards.print_cards(running, tmp_path)
