"""Rows of every kind can be cited and linked to, and a summary is never cited as a wording."""

import pytest

from casebook.checking import possible_ids
from casebook.errors import CasebookError
from casebook.rows import ROW_TABLES, cite, rows_of, table_of


def test_no_two_rows_of_evidence_share_an_id():
    ids = [row_id.lower() for name in ROW_TABLES for row_id in rows_of(name).index]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", [*ROW_TABLES, "sources"])
def test_every_row_can_be_cited(name):
    index = rows_of(name).index.to_series()
    for row_id in index.sample(min(15, len(index)), random_state=1):
        said = cite(row_id)
        assert "“”" not in said, row_id
        assert table_of(row_id) == name


@pytest.mark.parametrize("name", ROW_TABLES)
def test_the_columns_of_the_registry_exist(name):
    table = ROW_TABLES[name]
    assert {*table.lead, *table.said, *filter(None, [table.words])} <= set(rows_of(name).columns)


def test_cite_names_who_when_where():
    claim = cite("C030")
    assert claim.startswith("Prosecutor General Asylov, to the lower house (Mazhilis), 2023-01-05: “")
    assert cite("E058").startswith("2022-01-06, online: “Совет")
    assert "Hegglin" in cite("hegglin2022")
    assert "“" not in cite("C222").partition("(")[0]
    assert cite("KAZ2022-E03-critical").startswith("Independent lawyers, UN experts and analysts, no: Not shown")


def test_cite_says_that_a_date_is_missing():
    assert cite("C226").startswith("Prosecutor General Asylov, no date: “")
    assert ", PONARS Eurasia, no date, https:" in cite("ponars")


@pytest.mark.parametrize(("name", "table"), ROW_TABLES.items())
def test_only_a_date_may_be_missing_from_what_cite_starts_with(name, table):
    empty = [column for column in table.lead if (rows_of(name)[column] == "").any()]
    assert set(empty) <= {"as_of_date", "made_on"}


def test_cite_marks_a_wording_and_not_a_summary():
    assert "verbatim: “Если одно из государств" in cite("CST92-4-1")
    summary = cite("PK07-3")
    assert "official summary: On a member's territory" in summary
    assert "“On a member" not in summary


def test_cite_refuses_an_unknown_id():
    with pytest.raises(CasebookError, match="No row of evidence and no source has the id 'C999'"):
        cite("C999")


def test_ids_with_hyphens_count_once_and_joined_ids_count_each():
    assert "cst10-4-1" in possible_ids("see cst10-4-1.")
    assert "kaz2022" not in possible_ids("kaz2022-e03-official")
    assert {"c030", "c032"} <= possible_ids("(c030-c032)")
