"""Lay a student's answers over our own chapter: what is run is ours, but for the source of the answer cells."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode, v4

from casebook.checking import FORM_IS_RIGHT
from tools import keys
from tools.files import BOOK, EXERCISES
from tools.grading.names import Names, names_of, needed, parts
from tools.grading.snapshots import Cell
from tools.notebooks import code_cells, read
from tools.student_notebook import is_solution

OURS = {"exercise", "check"}  # tags of the cells that are not the chapter's own code; nor are the solutions
# Every judgement's check reads the tables of evidence: read before the first snapshot, they are read once.
EVIDENCE = ("evidence", "from casebook.checking import evidence_ids\nevidence_ids()\ndel evidence_ids")


@dataclass(frozen=True)
class Question:
    """One exercise as the grading sees it.

    Attributes
    ----------
    id, title : str
        Its label, and the title of its box.
    section : str
        The heading under which it stands.
    judgement : bool
        Whether its check looks at the form only, so that a person has to read the answer.
    starter, check, solution : str
        The sources of its cells; several solution cells are joined.
    so_what : str
        The sentence that a right answer earns.
    line : str
        The line that the check prints for a right answer in this run.
    """

    id: str
    title: str
    section: str
    judgement: bool
    starter: str
    check: str
    solution: str
    so_what: str
    line: str


@dataclass(frozen=True)
class Paper:
    """A chapter to be graded: our own cells, the exercises, and keys of which only this run knows the sentences.

    Attributes
    ----------
    slug, title : str
        The chapter's.
    cells : tuple of Cell
        The chapter's own code in order, with the places of the exercises.
    questions : tuple of Question
        Its exercises in order.
    keys : str
        The answer keys for the sandbox, in JSON.
    """

    slug: str
    title: str
    cells: tuple[Cell, ...]
    questions: tuple[Question, ...]
    keys: str

    def solutions(self) -> dict[str, str]:
        """Return our own answers, by the exercise's id."""
        return {question.id: question.solution for question in self.questions}

    def is_blank(self, question: Question, answers: dict[str, str]) -> bool:
        """Tell whether an answer is missing, empty or still the starter."""
        return answers.get(question.id, "").strip() in ("", question.starter.strip())


def paper(slug: str, secret: bytes, book: Path = BOOK, specs: Path = EXERCISES) -> Paper:
    """Make what one run needs to grade a chapter.

    The line of a right answer holds a code that only the right answer can unseal, instead of the sentence that
    everybody may know. So nothing that a submission does to ``print``, ``check`` or nbval can produce it.

    Parameters
    ----------
    slug : str
        The chapter's slug.
    secret : bytes
        The run's own, from which the codes are made.
    book, specs : Path
        The folders of the chapters and of the specifications.

    Returns
    -------
    Paper
        Without the solutions in anything that the sandbox gets.
    """
    path = book / f"{slug}.ipynb"
    notebook = read(path)
    sources = {cell.id: cell.source for cell in notebook.cells}
    solutions = [cell for cell in notebook.cells if is_solution(cell)]
    sections = _sections(notebook)
    questions, sealed = [], {}
    for exercise in keys.exercises(specs / f"{slug}.toml"):
        code = hmac.new(secret, exercise.id.encode(), hashlib.sha256).hexdigest()[:32]
        judgement = exercise.kind == "judgement"
        cell = f"ex-{exercise.id}"
        questions.append(
            Question(
                id=exercise.id,
                title=exercise.fields["title"],
                section=sections[cell],
                judgement=judgement,
                starter=sources[f"{cell}-answer"],
                check=sources[f"{cell}-check"],
                solution="\n".join(each.source for each in solutions if each.id.startswith(f"{cell}-solution")),
                so_what=exercise.fields["so_what"],
                line=f"{exercise.id}: correct. {f'{FORM_IS_RIGHT} {code}' if judgement else code}",
            )
        )
        sealed[exercise.id] = keys.make_key(replace(exercise, fields=exercise.fields | {"so_what": code}))
    title = notebook.metadata.chapter.title
    return Paper(slug, title, _cells(notebook), tuple(questions), json.dumps(sealed))


def _cells(notebook: NotebookNode) -> tuple[Cell, ...]:
    cells = []
    for cell in code_cells(notebook):
        tags = set(cell.metadata.get("tags", []))
        if "exercise" in tags:
            cells.append((cell.id.removeprefix("ex-").removesuffix("-answer"), ""))
        elif not (tags & OURS or is_solution(cell)):
            cells += [(cell.id, part) for part in parts(cell.source)]
    return tuple(cells)


def _sections(notebook: NotebookNode) -> dict[str, str]:
    """Say for every cell under which heading it stands."""
    heading, sections = "", {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.findall(r"(?m)^#{1,2} (.+)$", cell.source)):
            heading = found[-1]
        sections[cell.id] = heading
    return sections


def program(paper: Paper, answers: dict[str, str]) -> list[Cell]:
    """Choose the parts of the chapter's cells that the answers need.

    Parameters
    ----------
    paper : Paper
        The chapter.
    answers : dict of str to str
        The sources of a student's answers, by the exercise's id.

    Returns
    -------
    list of Cell
        In order; every exercise's place stays, and what all judgements need comes first.
    """
    checks = {question.id: question.check for question in paper.questions}
    cells = []
    for name, source in paper.cells:
        if name in checks:  # a place makes a snapshot, which is what is wanted in the end
            answer, check = names_of(answers.get(name, "")), names_of(checks[name])
            used = None if answer.used is None else answer.used | check.used
            cells.append(Names(used, made=frozenset({name})))
        else:
            cells.append(names_of(source))
    chosen = needed(cells, frozenset(answers))
    run = [cell for cell, taken in zip(paper.cells, chosen, strict=True) if taken]
    return [EVIDENCE, *run] if any(each.judgement and each.id in answers for each in paper.questions) else run


def earlier(paper: Paper, question: Question, answers: dict[str, str]) -> list[str]:
    """List the exercises before this one whose answers make a name that only they make and that this answer uses.

    Parameters
    ----------
    paper : Paper
        The chapter.
    question : Question
        The exercise.
    answers : dict of str to str
        The sources of a student's answers.

    Returns
    -------
    list of str
        Ids of exercises, in order.
    """
    own = names_of(answers[question.id])
    if own.used is None:
        return []
    chapter = frozenset().union(*(names_of(source).made for _, source in paper.cells))
    order = [each.id for each in paper.questions]
    before = [name for name in order[: order.index(question.id)] if name in answers]
    chosen = needed([names_of(answers[name]) for name in before], own.used - own.made - chapter)
    return [name for name, taken in zip(before, chosen, strict=True) if taken]


def notebook(paper: Paper, question: Question, answers: dict[str, str]) -> NotebookNode:
    """Write the notebook that nbval judges: the answer, and our check with the line that a right answer prints.

    Parameters
    ----------
    paper : Paper
        The chapter.
    question : Question
        The exercise.
    answers : dict of str to str
        The sources of a student's answers.

    Returns
    -------
    NotebookNode
        If the answer uses a name that the chapter does not make but an earlier answer does, that answer comes first.
    """
    cells = [v4.new_code_cell(answers[name], id=f"earlier-{name}") for name in earlier(paper, question, answers)]
    printed = v4.new_output("stream", name="stdout", text=f"{question.line}\n")
    cells += [
        v4.new_code_cell(answers[question.id], id="answer"),
        v4.new_code_cell(question.check, id="check", execution_count=1, outputs=[printed]),
    ]
    return v4.new_notebook(cells=cells)
