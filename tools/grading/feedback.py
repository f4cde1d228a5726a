"""Write one page of feedback for every student: plain HTML that any browser and screen reader can read."""

import hashlib
import re
import unicodedata
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools.grading.gradebook import Graded
from tools.grading.judge import State
from tools.grading.overlay import Paper

HERE = Path(__file__).parent
BUILT_SITE = "../../html"  # from _build/grading/feedback
MEANINGS = {
    State.CORRECT: "The check accepts your answer.",
    State.NOT_YET: "The check does not accept your answer yet.",
    State.NOT_ANSWERED: "The cell is as it was handed out, empty or missing.",
    State.NEEDS_REVIEW: "A person will look at it.",
}


def pages(graded: list[Graded], papers: list[Paper], site: str = "") -> dict[str, bytes]:
    """Write the students' pages.

    Parameters
    ----------
    graded : list of Graded
        The students.
    papers : list of Paper
        The chapters in order.
    site : str
        The address of the site; the site built here if empty.

    Returns
    -------
    dict of str to bytes
        HTML, by the name of the file.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("feedback.html")
    address = site.rstrip("/") or BUILT_SITE
    return {
        file_name(each.student): template.render(
            each=each, papers=papers, site=address, State=State, meanings=MEANINGS
        ).encode()
        for each in graded
    }


def file_name(student: str) -> str:
    """Name a student's page: readable, safe in every file system, and no other student's.

    Parameters
    ----------
    student : str
        Any name.

    Returns
    -------
    str
        A file name of letters, digits and hyphens.
    """
    plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return f"{words or 'student'}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"
