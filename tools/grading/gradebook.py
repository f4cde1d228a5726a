"""Write the gradebook for people and for programs: CSV and JUnit XML."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tools.grading.judge import Outcome, State
from tools.grading.overlay import Paper

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a cell that begins so


@dataclass
class Graded:
    """What became of one student's work.

    Attributes
    ----------
    student : str
        The student's name.
    outcomes : dict of str to Outcome
        By the exercise's id, in the order of the chapters.
    unread : list of str
        A sentence for each file that could not be used.
    """

    student: str
    outcomes: dict[str, Outcome]
    unread: list[str] = field(default_factory=list)

    def counts(self) -> dict[State, int]:
        """Return the number of exercises in each state."""
        counted = Counter(outcome.state for outcome in self.outcomes.values())
        return {state: counted[state] for state in State}


def as_csv(graded: list[Graded], papers: list[Paper]) -> bytes:
    """Write one row a student: the state of every exercise, and how many are in each state.

    Parameters
    ----------
    graded : list of Graded
        Students in the order of the rows.
    papers : list of Paper
        The chapters in the order of the columns.

    Returns
    -------
    bytes
        A CSV file in UTF-8, with the mark by which spreadsheets know it.
    """
    ids = [question.id for paper in papers for question in paper.questions]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", *ids, *State, "remarks"])
    for each in graded:
        remarks = [f"{name}: {outcome.remark}" for name, outcome in each.outcomes.items() if outcome.remark]
        cells = [each.student, *(each.outcomes[name].state for name in ids), *each.counts().values()]
        writer.writerow([harmless(str(cell)) for cell in [*cells, " ".join([*each.unread, *remarks])]])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_junit(graded: list[Graded], papers: list[Paper]) -> bytes:
    """Write one test suite a student and one test case an exercise, for programs that read JUnit XML.

    Parameters
    ----------
    graded : list of Graded
        Students in order.
    papers : list of Paper
        The chapters in order.

    Returns
    -------
    bytes
        *Not yet* is a failure, *needs review* an error, *not answered* skipped.
    """
    element_of = {State.NOT_YET: "failure", State.NEEDS_REVIEW: "error", State.NOT_ANSWERED: "skipped"}
    root = ElementTree.Element("testsuites")
    for each in graded:
        counts = each.counts()
        numbers = {"tests": len(each.outcomes)} | {f"{element_of[s]}s": counts[s] for s in list(element_of)[:2]}
        attributes = {"name": each.student} | {name: str(number) for name, number in numbers.items()}
        suite = ElementTree.SubElement(root, "testsuite", attributes | {"skipped": str(counts[State.NOT_ANSWERED])})
        for paper in papers:
            for question in paper.questions:
                outcome = each.outcomes[question.id]
                case = ElementTree.SubElement(suite, "testcase", {"classname": paper.slug, "name": question.id})
                if outcome.state in element_of:
                    told = " ".join(filter(None, [outcome.sentence, outcome.remark])) or str(outcome.state)
                    ElementTree.SubElement(case, element_of[outcome.state], {"message": told})
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
