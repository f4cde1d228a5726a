"""Fill the computed passages of the pages on teaching, and hold their prose to the number rule."""

from pathlib import Path

from tools import ai_use, council, lessons, quiz, rubrics, syllabi
from tools.files import BOOK, pages_in_toc
from tools.passages import Writer, filled

FOLDER = BOOK / "teaching"
WRITERS: dict[str, Writer] = {
    "aims": lessons.aims,
    "timing": lessons.timing,
    "exercises": lessons.exercise_table,
    "chapters": lessons.chapter_table,
    "timetable": syllabi.timetable_passage,
    "ai-rules": ai_use.rule_list,
    "ai": ai_use.ai_table,
    "council-treaty": council.treaty_card,
    "council-delegations": council.delegation_cards,
    "council-form": council.decision_form,
    "council-injects": council.injects,
    "council-clocks": council.clocks,
    "council-elements": council.elements,
    "quiz-form": quiz.form,
    "quiz-key": quiz.key,
    "rubric-table": rubrics.table,
    "rubrics": rubrics.entries,
}


def pages() -> list[Path]:
    """List the pages on teaching that the table of contents names and people write in Markdown."""
    return [page for page in pages_in_toc() if page.parent == FOLDER and page.suffix == ".md"]


def derived() -> dict[Path, bytes]:
    """Return every page on teaching with its computed passages written anew."""
    return {
        page: filled(page.read_text(encoding="utf-8"), WRITERS, f"teaching/{page.name}").encode() for page in pages()
    }
