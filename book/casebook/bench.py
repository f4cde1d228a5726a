"""The legal test bench: a case in one reading, element by element, and the path that follows, computed in the page."""

import anywidget
import pandas as pd
import traitlets

from casebook.article4 import FINDINGS, Step, route, verdict
from casebook.data import blank_where_missing
from casebook.errors import CasebookError
from casebook.widgets import CSS_CLASS, script, table
from casebook.wording import with_year

READINGS = ["official", "critical"]
NEW_WORDING_FROM = "2012-12-19"  # in_force of the rows CST10-4-1 and CST10-4-2 in the table provisions
NOTE = (
    "All findings are module coding: our record of what each side said or implied. "
    "A switch is a thought experiment, not a finding."
)


class LegalBench(anywidget.AnyWidget):
    """Menus for a case, a reading and a switch; the elements as a path; a sentence that says where it ends."""

    _esm = script("bench.js")
    cases = traitlets.List(traitlets.Dict()).tag(sync=True)
    elements = traitlets.List(traitlets.Dict()).tag(sync=True)
    labels = traitlets.Dict(FINDINGS).tag(sync=True)
    note = traitlets.Unicode(NOTE).tag(sync=True)
    case = traitlets.Int(0).tag(sync=True)
    reading = traitlets.Unicode(READINGS[0]).tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        size = f"{len(self.cases)} cases, {len(READINGS)} readings, {len(self.elements)} elements"
        return f"Interactive: the elements of Article 4, {size}; first {self.cases[self.case]['name']}, {self.reading}."


def legal_bench(
    cases: pd.DataFrame,
    elements: pd.DataFrame,
    findings: pd.DataFrame,
    case: str | None = None,
    reading: str = "official",
) -> LegalBench:
    """Let the reader put a case to the test of Article 4, in one reading, and switch one finding.

    Parameters
    ----------
    cases, elements, findings : DataFrame
        The tables ``cases``, ``article4_elements`` and ``case_elements``, or rows of them. Cases are offered in the
        order of time. An element without a row in ``findings`` counts as not coded. An element that the Protocol of
        2010 added is not required of a case before its wording was in force.
    case : str, optional
        The ``case_id`` shown first; the earliest case otherwise.
    reading : str
        The reading shown first: ``official`` or ``critical``.

    Returns
    -------
    LegalBench
        Menus, the sentence that follows, and the path. ``casebook.article4`` holds the rule behind the path.

    Raises
    ------
    CasebookError
        If a finding names an unknown case, element, reading or code, or stands twice; or if the first case or reading
        is unknown.
    """
    _need_known(cases, elements, findings)
    ordered = cases.sort_values("date_start", kind="stable")
    ids = list(ordered["case_id"])
    for wanted, offered in ((case or ids[0], ids), (reading, READINGS)):
        if wanted not in offered:
            raise CasebookError(f"legal_bench cannot begin with '{wanted}'; use one of: {', '.join(offered)}.")
    tested = blank_where_missing(elements.sort_values("test_order"))
    coded = {
        (row["case_id"], row["reading"], row["element_id"]): {
            "finding": row["finding"],
            "reason": row["reason"],
            "holder": row["reading_holder"],
            "sources": row["source_ids"].split(";"),
            "confidence": row["confidence"],
        }
        for row in findings.to_dict("records")
    }
    bench = LegalBench(
        cases=[_case(row, tested, coded) for row in ordered.to_dict("records")],
        elements=[
            {
                "number": row["test_order"],
                "name": row["element"],
                "role": row["role"],
                "question": row["question"],
                "1992": row["basis_1992"],
                "2010": row["basis_2010"],
                "note": row["note"],
            }
            for row in tested.to_dict("records")
        ],
        case=ids.index(case or ids[0]),
        reading=reading,
    )
    bench.fallback = _fallback(bench.cases, bench.elements)
    bench.add_class(CSS_CLASS)
    return bench


def steps(elements: list[dict], findings: list[dict]) -> list[Step]:
    """Join the elements of a bench with the findings of one of its cases in one reading."""
    return [
        Step(element["number"], element["name"], element["role"], finding["finding"])
        for element, finding in zip(elements, findings, strict=True)
    ]


def _need_known(cases: pd.DataFrame, elements: pd.DataFrame, findings: pd.DataFrame) -> None:
    known = {
        "case_id": list(cases["case_id"]),
        "element_id": list(elements["element_id"]),
        "reading": READINGS,
        "finding": list(FINDINGS),
    }
    for column, allowed in known.items():
        for value in findings.loc[~findings[column].isin(allowed), column]:
            raise CasebookError(
                f"legal_bench got a finding with the {column} '{value}'; use one of: {', '.join(allowed)}."
            )
    keys = ["case_id", "element_id", "reading"]
    for twice in findings.loc[findings.duplicated(keys), keys].itertuples(index=False):
        raise CasebookError(f"legal_bench got two findings for {' '.join(twice)}; keep one.")


def _case(case: dict, elements: pd.DataFrame, coded: dict[tuple[str, str, str], dict]) -> dict:
    """Return what the page needs of one case: its name, its facts, and a finding an element for each reading."""
    wording = "1992" if case["date_start"] < NEW_WORDING_FROM else "2010"
    return {
        "name": with_year(case["title"], case["date_start"]),
        "wording": wording,
        "facts": [
            ["Who asked", case["requesting_state"]],
            ["What was invoked", case["provision_invoked"]],
            ["What the organisation did", case["response"]],
        ],
        **{
            reading: [
                _finding(coded.get((case["case_id"], reading, element_id)), wording == "2010" or change != "added")
                for element_id, change in zip(elements["element_id"], elements["change"], strict=True)
            ]
            for reading in READINGS
        },
    }


def _finding(row: dict | None, required: bool) -> dict:
    row = row or {"finding": "not_coded"}
    return row if required else {**row, "finding": "not_required", "coded": row["finding"]}


def _fallback(cases: list[dict], elements: list[dict]) -> str:
    """Write every case in every reading as a row of a table, for pages without scripts and for paper."""
    rows = []
    for case in cases:
        for reading in READINGS:
            every = steps(elements, case[reading])
            path = [step for step in every if step.role != "door"]
            doors = [step for step in every if step.role == "door"]
            ends = route([step.finding for step in path])
            reached = path if ends.stop is None else path[: ends.stop + 1]
            way = f"{' → '.join(map(_short, reached))}; separate doors: {', '.join(map(_short, doors))}"
            rows.append((case["name"], reading, f"Article 4: {verdict(ends)}", way))
    frame = pd.DataFrame(rows, columns=["Case", "Reading", "Door", "Route through the elements"])
    return table(frame, "Every case in both readings: the route through the numbered elements, and where it ends")


def _short(step: Step) -> str:
    return f"{step.number} {FINDINGS[step.finding]}"
