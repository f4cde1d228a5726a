"""The source lens: what each source answers to a question, and what is left when kinds of sources are hidden."""

import anywidget
import pandas as pd
import traitlets

from casebook.data import blank_where_missing
from casebook.errors import CasebookError
from casebook.rows import pages_of_rows
from casebook.widgets import CSS_CLASS, script, table
from casebook.wording import date_text, in_words, range_text

PERIODS = {"early": "to 31 January 2022", "middle": "February to December 2022", "late": "2023 and later"}
POSITIONS = {"independent": "no state body: press, think tanks, business"}
LEANINGS = {"none": "other texts, view not coded"}
NOTE = (
    "Our choice of questions, speakers and words; position and view are module coding. A position says who speaks and "
    "is no judgement of fairness; the view is that of a core text on the official account or on the mission. An answer "
    "that is hidden is not refuted, and numbers may count different things: read what each one counts."
)


class SourceLens(anywidget.AnyWidget):
    """A list of questions, boxes that hide kinds of sources, and the answers that are left."""

    _esm = script("source_lens.js")
    questions = traitlets.List(traitlets.Dict()).tag(sync=True)
    answers = traitlets.List(traitlets.Dict()).tag(sync=True)
    labels = traitlets.Dict().tag(sync=True)
    note = traitlets.Unicode(NOTE).tag(sync=True)
    topic = traitlets.Unicode().tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        words = {"stance": "positions", "leaning": "views", "genre": "genres"}
        kinds = ", ".join(f"{len(self.labels[by])} {word}" for by, word in words.items())
        return (
            f"Interactive: {len(self.questions)} questions, {len(self.answers)} answers, to be hidden by {kinds} and "
            f"{len(self.labels['period'])} periods."
        )


def source_lens(
    answers: pd.DataFrame, sources: pd.DataFrame, core: pd.DataFrame, topic: str | None = None
) -> SourceLens:
    """Let the reader pick a question, see what each source says, and hide sources by position, view, genre or date.

    Parameters
    ----------
    answers : DataFrame
        The table ``source_answers``, or rows of it. Questions are offered in the order of the rows.
    sources : DataFrame
        The table ``sources``: its ``type`` is the genre of the text in which an answer was read.
    core : DataFrame
        The table ``core_sources``: its ``leaning`` is the view of a core text; other texts have none.
    topic : str, optional
        The topic shown first; that of the first row otherwise.

    Returns
    -------
    SourceLens
        The question, boxes to hide sources, a sentence on what is left, the numbers as dots, and the answers in order
        of time.

    Raises
    ------
    CasebookError
        If a source is unknown, or the topic to begin with.

    Examples
    --------
    >>> from casebook.data import load
    >>> answers = load("source_answers").query("topic in ['deaths', 'troops']")
    >>> source_lens(answers, load("sources"), load("core_sources"))
    Interactive: 2 questions, 19 answers, to be hidden by 5 positions, 4 views, 5 genres and 3 periods.
    """
    read = answers.merge(sources[["source_id", "type"]], on="source_id", how="left").rename(columns={"type": "genre"})
    for source_id in read.loc[read["genre"].isna(), "source_id"]:
        raise CasebookError(f"source_lens got an answer from '{source_id}', which is not in the sources; add it there.")
    read["leaning"] = read["source_id"].map(core.set_index("source_id")["leaning"]).fillna("none")
    read["period"] = read["date"].map(period)
    by_time = blank_where_missing(read.sort_values("date", kind="stable"))
    questions = answers[["topic", "question"]].drop_duplicates().to_dict("records")
    topics = [question["topic"] for question in questions]
    if topic not in [None, *topics]:
        raise CasebookError(f"source_lens cannot begin with '{topic}'; use one of: {', '.join(topics)}.")
    pages = pages_of_rows()
    lens = SourceLens(
        questions=questions,
        answers=[_answer(row, pages) for row in by_time.to_dict("records")],
        labels={
            "stance": _labels(read["stance"], POSITIONS),
            "leaning": _labels(read["leaning"], LEANINGS),
            "genre": _labels(read["genre"], {}),
            "period": {code: words for code, words in PERIODS.items() if code in set(read["period"])},
        },
        topic=topic or topics[0],
    )
    lens.fallback = _fallback(lens)
    lens.add_class(CSS_CLASS)
    return lens


def period(date: str) -> str:
    """Return the period of a date: ``early`` to 31 January 2022, ``middle`` for the rest of that year, or ``late``.

    Parameters
    ----------
    date : str
        ``2022-01-09``, ``2022-01`` or ``2022``.
    """
    if date[:7] <= "2022-01" and date != "2022":
        return "early"
    return "middle" if date < "2023" else "late"


def _labels(codes: pd.Series, words: dict[str, str]) -> dict[str, str]:
    """Return the words of each code that occurs: its own where they are given, the code in words otherwise."""
    return {code: words.get(code, in_words(code)) for code in codes.drop_duplicates()}


def _answer(row: dict, pages: dict[str, str]) -> dict:
    """Return what the page needs of one answer; a number stands at its lower end, a bound at the end it has."""
    low, high = row["value_low"], row["value_high"]
    number = "" if low == high == "" else range_text(low if low != "" else None, high if high != "" else None)
    kept = (
        *("topic", "speaker", "stance", "leaning", "genre", "period"),
        *("answer", "counts", "unit", "quote", "confidence", "note"),
    )
    return {
        **{column: row[column] for column in kept},
        "when": date_text(row["date"]),
        "number": number,
        "at": None if number == "" else low if low != "" else high,
        "bound": number != "" and "" in (low, high),
        "lang": row["quote_lang"],
        "source": row["source_id"],
        "row": {"id": row["rests_on"], "page": pages.get(row["rests_on"], "")},
    }


def _fallback(lens: SourceLens) -> str:
    """Write the answers to each question as a table, for pages without scripts and for paper."""
    stances = lens.labels["stance"]
    return "".join(
        table(
            pd.DataFrame(
                [
                    (f"{one['when']}, {one['speaker']} ({stances[one['stance']]})", one["answer"])
                    for one in lens.answers
                    if one["topic"] == question["topic"]
                ],
                columns=["When and who", "Answer"],
            ),
            question["question"],
        )
        for question in lens.questions
    )
