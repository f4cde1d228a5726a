"""The data package: valid, and every kind of fault in it is caught with its own sentence."""

import json
import re

import pandas as pd
import pytest

from casebook.data import DATA, codebook, load, package, table_hash, tables
from casebook.errors import CasebookError
from tests.planted import copy_of_data, plant, stamp
from tools import basemap, datapackage, rules

TABLES = {
    "events", "claims", "quantities", "contingents", "phases", "narratives", "provisions", "article4_elements", "cases",
    "case_elements", "legal_views", "indicators", "indicator_thresholds", "indicator_evidence", "hypotheses",
    "actors", "evidence_items", "evidence_matrix", "glossary", "known_errors", "sources", "theories", "interviews",
    "votes", "two_level_games", "ruptures", "core_sources", "source_answers", "copying_links", "changes", "predictions",
}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    package.cache_clear()
    yield copy_of_data(tmp_path)
    package.cache_clear()


@pytest.fixture(scope="module")
def frames():
    """Return every table as it is, by its name."""
    return {name: load(name) for name in tables()}


def test_the_package_is_valid():
    datapackage.validate()


def test_the_tables_keep_every_rule():
    assert rules.problems() == []


def test_every_table_is_there_and_described():
    assert set(tables()) == TABLES
    for resource in package()["resources"]:
        assert len(resource["description"]) > 60, resource["name"]
        assert resource["provenance"], resource["name"]
        assert resource["limits"], resource["name"]
        assert resource["silences"], resource["name"]
        assert re.fullmatch("sha256:[0-9a-f]{64}", resource["hash"]), resource["name"]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_is_defined(name):
    described = codebook(name)
    assert list(described["column"]) == list(load(name).columns)
    assert (described["definition"].str.len() > 15).all(), described[described["definition"].str.len() <= 15]


FAULTS_FOR_FRICTIONLESS = [
    ("a type", "claims", "C030", {"value_low": "many"}, r'column value_low: Type Error, type is "number'),
    ("an enum", "claims", "C030", {"confidence": "certain"}, r'column confidence.*"enum"'),
    ("a missing required value", "events", "E058", {"summary": ""}, r'column summary.*"required"'),
    ("a foreign key", "claims", "C030", {"source_id": "nobody"}, '"nobody" not found in the lookup table "sources"'),
    ("a primary key given twice", "claims", "C030", {"claim_id": "C031"}, "column claim_id: Unique Error"),
    ("a pattern", "events", "E058", {"date_local": "6 January"}, r'column date_local.*"pattern"'),
]


NEEDED_BY_FAULTS = ("events", "claims", "quantities", "phases", "sources")  # the planted tables, and what they look up


def keep_resources(data, names):
    """Leave in a copy's descriptor only some tables: Frictionless takes a second for all."""
    path = data / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [resource for resource in descriptor["resources"] if resource["name"] in names]
    path.write_text(json.dumps(descriptor), encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "row", "cells", "says"),
    [fault[1:] for fault in FAULTS_FOR_FRICTIONLESS],
    ids=[fault[0] for fault in FAULTS_FOR_FRICTIONLESS],
)
def test_frictionless_catches(data, table, row, cells, says):
    keep_resources(data, NEEDED_BY_FAULTS)
    plant(data, table, row, **cells)
    with pytest.raises(CasebookError, match=rf"data/{table}\.csv, row \d+.*{says}"):
        datapackage.validate(data)


def test_frictionless_catches_a_changed_file(data):
    keep_resources(data, NEEDED_BY_FAULTS)
    path = data / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Zhanaozen", "Zhanaosen"), encoding="utf-8")
    with pytest.raises(CasebookError, match="data/events.csv: Hash Count Error|data/events.csv: .*Error.*sha256"):
        datapackage.validate(data)


def test_frictionless_catches_a_missing_file(data):
    (data / "phases.csv").unlink()
    with pytest.raises(CasebookError, match="data/phases.csv is missing; restore it from the repository"):
        datapackage.validate(data)


FAULTS_FOR_RULES = [
    ("a long quote", "claims", "C030", {"quote": "word " * 21}, "the quote has 21 words; cut it to 20"),
    ("a quote without language", "claims", "C030", {"quote_lang": ""}, "the quote has no language"),
    ("an interval upside down", "claims", "C191", {"value_low": "95"}, "value_low is above value_high"),
    (
        "an event outside its phase",
        "events",
        "E058",
        {"date_local": "2022-02-06"},
        "is outside the phase 'intervention'",
    ),
    ("half a clock time", "events", "E058", {"datetime_utc": ""}, "give both time_local and datetime_utc"),
    (
        "clock times that disagree",
        "events",
        "E058",
        {"datetime_utc": "2022-01-05T22:40Z"},
        "should be 2022-01-05T21:40Z",
    ),
    ("a wrong offset", "events", "E001", {"utc_offset": "+05:00"}, r"the offset of nationwide was \+06:00"),
    ("a wrong offset in the west", "events", "E004", {"utc_offset": "+06:00"}, r"the offset of Mangystau was \+05:00"),
    (
        "a dangling source",
        "events",
        "E058",
        {"source_ids": "nobody"},
        "source_ids has 'nobody', which is not in sources",
    ),
    (
        "a dangling claim",
        "contingents",
        "Armenia",
        {"claim_ids": "C999"},
        "claim_ids has 'C999', which is not in claims",
    ),
    ("a row of no table", "changes", "AF01", {"row_ids": "E999"}, "row_ids has 'E999', which is no row of evidence"),
    ("an outcome of no table", "predictions", "P02", {"outcome_ids": "E1"}, "outcome_ids has 'E1', which is no row"),
    ("a printed prediction without words", "predictions", "P01", {"quote": ""}, "it is printed; give made_on, quote"),
    (
        "a derived prediction with a date",
        "predictions",
        "P12",
        {"made_on": "2023"},
        "it is derived; give its hypothesis",
    ),
    (
        "a derived prediction of nobody",
        "predictions",
        "P12",
        {"hypothesis_id": ""},
        "it is derived; give its hypothesis",
    ),
    (
        "an outcome before the prediction",
        "predictions",
        "P02",
        {"outcome_ids": "E092"},
        "E092 is of 2022-01-10, before",
    ),
    ("an unused source", "sources", "hegglin2022", {"source_id": "unused"}, "unused: no row cites this source"),
    ("an open doubt", "claims", "C030", {"note": "VERIFY the date"}, "it is marked as to be verified"),
    ("a clash with other deaths", "ruptures", "R06", {"deaths": "54"}, "the deaths are not those of a finding for I02"),
    ("a clash without a finding", "ruptures", "R07", {"evidence_ids": "T03"}, "the deaths are not those of a finding"),
    ("a share that its table does not bear out", "indicator_evidence", "T18", {"value": "0.2"}, "0.2 is not 2/11"),
    (
        "a rendering that is not marked",
        "provisions",
        "CST92-4-1-OWN",
        {"text_status": "verbatim"},
        "the ending -OWN and the status own_rendering go together",
    ),
    (
        "an answer to another question",
        "source_answers",
        "AN02",
        {"question": "How many?"},
        "its question is not that of its topic",
    ),
    ("a core source of another kind", "core_sources", "CS5", {"source_id": "ponars"}, "'ponars' is no core source"),
    ("a core source undescribed", "sources", "ponars", {"core": "yes"}, "no row of core_sources describes this"),
    ("an answer in another unit", "source_answers", "AN03", {"unit": "bodies"}, "its unit is not that of its topic"),
    (
        "a number that does not say what of",
        "source_answers",
        "AN01",
        {"counts": ""},
        "a number and what it counts go together",
    ),
    ("an answer without a row", "source_answers", "AN01", {"rests_on": ""}, "it rests on no row; name one, or quote"),
    (
        "an answer on a row that is not there",
        "source_answers",
        "AN01",
        {"rests_on": "C999"},
        "which no table of facts has",
    ),
    (
        "an answer misquoted",
        "source_answers",
        "AN01",
        {"quote": "165 people"},
        "quote is not that of row C002; copy it",
    ),
    (
        "another number than the row's",
        "source_answers",
        "AN01",
        {"value_high": "165"},
        "value_high is not that of row C002",
    ),
    ("a step misquoted", "copying_links", "K03", {"quote": "20 тысяч"}, "quote is not that of row C096"),
    ("a chain of two names", "copying_links", "K03", {"title": "20,000"}, "its title is not that of the step before"),
    ("a chain that skips a step", "copying_links", "K03", {"step": "9"}, "it is step 3 of its chain and not 9"),
    ("a chain out of order", "copying_links", "K03", {"date": "2021"}, "it is earlier than the step before it"),
    ("a second first step", "copying_links", "K04", {"copying": "first"}, "the first step, and no other, has the code"),
    ("a copy of nothing", "copying_links", "K03", {"copied_from": ""}, "a copy or an answer names an earlier step"),
    ("an answer to nothing", "copying_links", "K06", {"copied_from": ""}, "a copy or an answer names an earlier step"),
    ("a copy of itself", "copying_links", "K03", {"copied_from": "3"}, "a copy or an answer names an earlier step"),
    (
        "a position on lawfulness for a view on drafting",
        "legal_views",
        "L02",
        {"position": "against"},
        "the position does not fit the subject",
    ),
    ("a quarrel without a note", "events", "E019", {"note": ""}, "it is contested; say in the note"),
    ("a coded threshold of its own", "indicator_thresholds", "I08C", {"partial_at": "25"}, "I08C: partial_at differs"),
    ("a threshold where none is", "indicator_thresholds", "I04C", {"partial_at": "1"}, "I04C: partial_at differs"),
    (
        "a strict choice that is kinder",
        "indicator_thresholds",
        "I08S",
        {"partial_at": "15"},
        "kinder than as_coded to 15",
    ),
    ("a lenient choice that is harder", "indicator_thresholds", "I02L", {"strong_at": ""}, "kinder than lenient to 0"),
    ("a rating beside the thresholds", "indicator_evidence", "T12", {"rating": "weak"}, "the rating should be partial"),
    ("an actor whom no row names", "actors", "A01", {"named_as": "King"}, "no row names 'King' as the one who speaks"),
    ("a role without its row", "actors", "A01", {"role_rows": "E999"}, "role_rows has 'E999', which none of events"),
    (
        "an official who is no actor",
        "events",
        "E054",
        {"actor": "Kremlin spokesman Nobody"},
        "actor has 'Kremlin spokesman Nobody', who is not in actors",
    ),
    (
        "a Latin letter in a Cyrillic word",
        "sources",
        "baribar_shalabaev",
        {"title": "Қаңтар оқиғаcы"},
        "'оқиғаcы' in title mixes Latin and Cyrillic letters",
    ),
    ("a rating without a value", "indicator_evidence", "T12", {"value": ""}, "the rating should be left out"),
]


@pytest.mark.parametrize(
    ("table", "row", "cells", "says"),
    [fault[1:] for fault in FAULTS_FOR_RULES],
    ids=[fault[0] for fault in FAULTS_FOR_RULES],
)
def test_rules_catch(data, frames, table, row, cells, says):
    plant(data, table, row, **cells)
    breaches = rules.breaches(frames | {table: load(table, data)})
    assert any(re.search(rf"data/{table}\.csv, row .*{says}", breach) for breach in breaches)


def test_a_changed_vote_contradicts_the_agreement_of_pairs(data):
    plant(data, "votes", "U02", vote="abstained")
    assert any("row T19: 0.47 is not 10/15, as votes says" in problem for problem in rules.problems(data))


def test_rules_catch_an_indicator_without_three_choices(data):
    plant(data, "indicator_thresholds", "I08S", choice="lenient")
    plant(data, "indicator_thresholds", "I09S", indicator_id="I14")
    found = "\n".join(rules.problems(data))
    assert "indicator I08: the choices are lenient, as_coded, lenient; give as_coded, lenient, strict." in found
    assert "indicator I09: the choices are as_coded, lenient; give" in found
    assert "indicator I14: the choices are strict; give none." in found


def test_every_interval_and_reference_of_the_package_is_known_to_the_rules():
    pairs = (("_low", "_high"), ("_start", "_end"), ("starts", "ends"))
    for resource in package()["resources"]:
        schema = resource.get("schema", {"fields": []})
        columns = [field["name"] for field in schema["fields"]]
        key = schema.get("primaryKey", [])
        keys = {key} if isinstance(key, str) else set(key)
        foreign = {key["fields"] for key in schema.get("foreignKeys", [])}
        for column in columns:
            for low, high in pairs:
                if column.endswith(low):
                    assert (column, column.replace(low, high)) in rules.INTERVALS, f"{resource['name']}.{column}"
            if column.endswith(("_id", "_ids")):
                assert column in keys | foreign | rules.REFERENCES.keys() | set(rules.ROWS_OF_ANY_TABLE), (
                    f"{resource['name']}.{column}"
                )


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"phase_id\n\xff\n", "is not UTF-8 at byte 9"), (None, "is missing; restore it")],
    ids=["empty", "not UTF-8", "missing"],
)
def test_load_refuses_a_file_it_cannot_read(data, content, says):
    (data / "phases.csv").unlink() if content is None else (data / "phases.csv").write_bytes(content)
    with pytest.raises(CasebookError, match=f"data/phases.csv {says}"):
        load("phases", data)


def test_load_takes_a_byte_order_mark(data):
    path = data / "phases.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert list(load("phases", data).columns) == list(load("phases").columns)


def test_load_gives_types():
    assert load("claims")["value_low"].dtype == "float64"
    assert load("evidence_items")["credibility"].dtype == "Int64"
    assert pd.api.types.is_datetime64_any_dtype(load("phases")["starts"])
    assert load("claims").loc[0, "claim_id"] == "C001"
    assert pd.isna(load("claims").set_index("claim_id").loc["C003", "value_low"])


def test_load_refuses_an_unknown_table():
    with pytest.raises(CasebookError, match="There is no table 'event'; use one of: events, claims"):
        load("event")


def test_load_refuses_a_missing_column(data):
    path = data / "phases.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("label,", "name,", 1), encoding="utf-8")
    with pytest.raises(CasebookError, match="data/phases.csv has no column 'label'"):
        load("phases", data)


def test_load_refuses_a_broken_row(data):
    with (data / "phases.csv").open("a", encoding="utf-8") as stream:
        stream.write("a,b\n")
    with pytest.raises(CasebookError, match=r"data/phases.csv, row 34, has 2 cells instead of 11"):
        load("phases", data)


@pytest.mark.parametrize(
    ("table", "row", "column", "kind"),
    [
        ("claims", "C001", "value_low", "number"),
        ("phases", "SY6", "starts", "date"),
        ("evidence_items", "V01", "relevance", "integer"),
    ],
)
def test_load_refuses_a_cell_of_the_wrong_type(data, table, row, column, kind):
    plant(data, table, row, **{column: "many"})
    with pytest.raises(
        CasebookError, match=rf"data/{table}.csv, row \d+: 'many' in '{column}' is not a {kind}; correct the cell"
    ):
        load(table, data)


def test_load_refuses_a_broken_descriptor(data):
    (data / "datapackage.json").write_text('{"name": ', encoding="utf-8")
    with pytest.raises(CasebookError, match=r"datapackage.json, line 1, is not JSON"):
        load("events", data)


def test_load_refuses_a_missing_descriptor(data):
    (data / "datapackage.json").unlink()
    with pytest.raises(CasebookError, match=r"datapackage.json is missing"):
        load("events", data)


def test_hashes_follow_the_file(data):
    before = table_hash("phases", data)
    plant(data, "phases", "SY6", label="Mission")
    assert before == table_hash("phases") != table_hash("phases", data)


def test_derived_descriptor_is_stable(data):
    stamp(data)
    assert (data / "datapackage.json").read_bytes() == (DATA / "datapackage.json").read_bytes()


def test_the_base_map_is_what_the_tool_makes():
    assert basemap.build() == basemap.OUTPUT.read_bytes()
    assert basemap.OUTPUT.stat().st_size <= 60_000


def test_the_base_map_needs_its_atlas(tmp_path):
    with pytest.raises(CasebookError, match="atlas.json is missing from site/node_modules; run 'make setup' first"):
        basemap.build(tmp_path / "atlas.json")


def test_the_base_map_refuses_to_grow(monkeypatch):
    monkeypatch.setattr(basemap, "LIMIT_BYTES", 1_000)
    with pytest.raises(CasebookError, match="raise a tolerance"):
        basemap.build()
