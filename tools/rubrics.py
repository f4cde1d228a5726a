"""Rubrics of the judgement exercises, with exemplar answers: read, hold to the rules, write as Markdown.

One file a chapter, ``teaching/rubrics/<slug>.toml``, one ``[[rubric]]`` a judgement exercise: ``exercise`` (its id),
``marker`` (a sentence to whoever marks), ``headline_words`` (the most words of a headline, where the answer begins with
one), ``[[rubric.criterion]]`` (``name`` and ``levels``, from no point upwards) and
``[[rubric.exemplar]]``. An exemplar has a ``level`` (strong, middling, weak), the ``points`` that it earns under each
criterion, a ``comment``, its ``text`` or ``taken`` (``answer`` or ``also``: the text that the exercise's own
specification has), and, where they are needed, a ``verdict`` that tells two strong answers apart and ``own_numbers``
that the student brings along.
"""

import io
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from casebook.checking import check
from casebook.errors import CasebookError
from tools.citing import faults, rows_with_numbers, with_links
from tools.exercises import read
from tools.files import EXERCISES, ROOT, chapters
from tools.notebooks import chapter_of
from tools.notebooks import read as read_notebook

FOLDER = ROOT / "teaching" / "rubrics"
LEVELS = {"strong": (0.75, 1.0), "middling": (0.33, 0.7), "weak": (0.0, 0.25)}  # shares of the points
CRITERIA = (3, 6)


@dataclass(frozen=True)
class Exemplar:
    """One answer, as a student might give it, with its marks."""

    level: str
    text: str
    points: list[int]
    comment: str
    verdict: str = ""
    own_numbers: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The points that it earns in all."""
        return sum(self.points)

    @property
    def headline_words(self) -> int:
        """The words of its first sentence, without the label."""
        return len(self.text.removeprefix("Headline:").partition(".")[0].split())


@dataclass(frozen=True)
class Rubric:
    """How one judgement exercise is marked."""

    exercise: str
    title: str
    limits: tuple[int, int]
    cites: int
    marker: str
    criteria: dict[str, list[str]]
    exemplars: list[Exemplar]
    headline_words: int = 0

    @property
    def best(self) -> int:
        """The most points that an answer can earn."""
        return sum(len(levels) - 1 for levels in self.criteria.values())


def judgements(slug: str, exercises: Path = EXERCISES) -> dict[str, dict]:
    """Return the fields of the judgement exercises of a chapter, by id; none if the chapter has no exercises."""
    path = exercises / f"{slug}.toml"
    fields = read(path) if path.exists() else []
    return {exercise["id"]: exercise for exercise in fields if exercise["kind"] == "judgement"}


def rubrics(slug: str, folder: Path = FOLDER, exercises: Path = EXERCISES) -> list[Rubric]:
    """Read the rubrics of a chapter.

    Raises
    ------
    CasebookError
        If the file is missing or not TOML, or a rubric lacks a field or names no judgement exercise.
    """
    path, asked = folder / f"{slug}.toml", judgements(slug, exercises)
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))["rubric"]
        return [_rubric(fields, asked[fields["exercise"]]) for fields in written]
    except FileNotFoundError:
        raise CasebookError(
            f"rubrics/{path.name} is missing; write one rubric for each of {', '.join(asked)}."
        ) from None
    except ValueError as error:
        raise CasebookError(f"rubrics/{path.name} is not TOML ({error}); correct it there.") from None
    except KeyError as error:
        raise CasebookError(
            f"rubrics/{path.name}: {error} is neither a field of every rubric nor a judgement exercise; correct it."
        ) from None


def _rubric(fields: dict, exercise: dict) -> Rubric:
    return Rubric(
        exercise=exercise["id"],
        title=exercise["title"],
        limits=(exercise["min_words"], exercise["max_words"]),
        cites=exercise["cites"],
        marker=_one_line(fields["marker"]),
        criteria={criterion["name"]: criterion["levels"] for criterion in fields["criterion"]},
        exemplars=[_exemplar(exemplar, exercise) for exemplar in fields["exemplar"]],
        headline_words=fields.get("headline_words", 0),
    )


def _exemplar(fields: dict, exercise: dict) -> Exemplar:
    taken = {"answer": exercise["answer"], "also": exercise["also"][0]}
    return Exemplar(
        level=fields["level"],
        text=fields["text"].strip() if "text" in fields else taken[fields["taken"]].strip(),
        points=fields["points"],
        comment=_one_line(fields["comment"]),
        verdict=fields.get("verdict", ""),
        own_numbers=fields.get("own_numbers", []),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def problems(slugs: Iterable[str] | None = None, folder: Path = FOLDER) -> Iterator[str]:
    """Yield a sentence for each judgement exercise without a rubric, and for each rubric or exemplar that is wrong.

    Parameters
    ----------
    slugs : iterable of str, optional
        The chapters; by default all.
    folder : Path
        Where the rubrics are.
    """
    rows = rows_with_numbers()
    for slug in slugs or [path.stem for path in chapters()]:
        if not judgements(slug):
            continue
        found = {rubric.exercise: rubric for rubric in rubrics(slug, folder)}
        yield from (f"{exercise} has no rubric; write one." for exercise in judgements(slug) if exercise not in found)
        for rubric in found.values():
            yield from _faults(rubric, rows)


def _faults(rubric: Rubric, rows: dict[str, set[str]]) -> Iterator[str]:
    """Yield what is wrong with one rubric."""
    fewest, most = CRITERIA
    if not fewest <= len(rubric.criteria) <= most:
        yield f"{rubric.exercise}: a rubric has {fewest} to {most} criteria, not {len(rubric.criteria)}; correct it."
    for name, levels in rubric.criteria.items():
        if len(levels) < 2:
            yield f"{rubric.exercise}: the criterion '{name}' tells no two levels apart; describe them."
    for level in LEVELS:
        if level not in [exemplar.level for exemplar in rubric.exemplars]:
            yield f"{rubric.exercise} has no {level} exemplar; write one."
    for exemplar in rubric.exemplars:
        for fault in (*_faults_of_marks(exemplar, rubric), *_faults_of_text(exemplar, rubric.exercise, rows)):
            yield f"{rubric.exercise}, {exemplar.level} exemplar: {fault}"


def _faults_of_marks(exemplar: Exemplar, rubric: Rubric) -> Iterator[str]:
    """Yield what is wrong with the points and the comment of an exemplar."""
    most = [len(levels) - 1 for levels in rubric.criteria.values()]
    given = exemplar.points
    if len(given) != len(most) or any(not 0 <= mark <= best for mark, best in zip(given, most, strict=False)):
        yield f"the points {given} do not fit the criteria, which allow {most}; correct them."
    low, high = LEVELS[exemplar.level]
    if not low <= exemplar.total / rubric.best <= high:
        yield f"{exemplar.total} of {rubric.best} points are not those of a {exemplar.level} answer; correct them."
    longest = rubric.headline_words
    if longest and exemplar.level == "strong" and exemplar.headline_words > longest:
        yield f"its headline has {exemplar.headline_words} words, more than {longest}; shorten it."
    if not exemplar.comment:
        yield "the marker's comment is missing; say why it earns these points."


def _faults_of_text(exemplar: Exemplar, exercise: str, rows: dict[str, set[str]]) -> Iterator[str]:
    """Yield what is wrong with the form, the rows and the numbers of an exemplar."""
    line = said_by_check(exercise, exemplar.text)
    if not line.startswith(f"{exercise}: correct."):
        yield f"its form does not pass: {line}"
    yield from faults(exemplar.text, rows, exemplar.own_numbers)


def said_by_check(exercise: str, text: str) -> str:
    """Return the line that ``check`` prints for an answer."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        check(exercise, text)
    return printed.getvalue().strip()


def table() -> str:
    """Return the table of the chapters that ask for a judgement: a link to the rubrics, and the exercises."""
    found = [chapter_of(read_notebook(path), path) for path in chapters() if judgements(path.stem)]
    lines = [
        f"| [{chapter.title}](rubrics-{chapter.slug}.md) | "
        f"{'; '.join(exercise['title'] for exercise in judgements(chapter.slug).values())} |"
        for chapter in found
    ]
    return "\n".join(["| Chapter | Exercises |", "|---|---|", *lines])


def entries(slug: str) -> str:
    """Return the rubrics of one chapter in Markdown, each with its exemplars."""
    return "\n".join(rubric_entry(rubric) for rubric in rubrics(slug))


def rubric_entry(rubric: Rubric) -> str:
    """Return one rubric in Markdown: heading, table of criteria, exemplars."""
    most = max(len(levels) for levels in rubric.criteria.values())
    header = [f"| Criterion | {' | '.join(map(str, range(most)))} |", "|---" * (most + 1) + "|"]
    rows = [
        f"| **{name}** | {' | '.join([*levels, *[''] * (most - len(levels))])} |"
        for name, levels in rubric.criteria.items()
    ]
    low, high = rubric.limits
    return "\n".join(
        [
            f"## {rubric.title} ({rubric.exercise})\n",
            f"{low} to {high} words, rows cited: at least {rubric.cites}, points: at most {rubric.best}. "
            f"{rubric.marker}\n",
            *header,
            *rows,
            "",
            *(exemplar_entry(exemplar, rubric) for exemplar in rubric.exemplars),
        ]
    )


def exemplar_entry(exemplar: Exemplar, rubric: Rubric) -> str:
    """Return one exemplar in Markdown, its rows linked, with its marks and the marker's comment."""
    about = f": {exemplar.verdict}" if exemplar.verdict else ""
    length = f" Its headline has {exemplar.headline_words} words." if rubric.headline_words else ""
    quoted = "\n>\n".join(f"> {_one_line(passage)}" for passage in exemplar.text.split("\n\n"))
    marks = "; ".join(f"{name.lower()}: {given}" for name, given in zip(rubric.criteria, exemplar.points, strict=True))
    return "\n".join(
        [
            f"### {exemplar.level.capitalize()} answer{about} ({rubric.exercise})\n",
            f"{with_links(quoted)}\n",
            f"**{exemplar.total} of {rubric.best}** ({marks}).{length} {with_links(exemplar.comment)}\n",
        ]
    )
