"""Write the index page and the page of each part from the table of contents and from what chapters say of themselves.

A chapter or a reference page that is added to ``_toc.yml`` appears here by itself, and no number of minutes goes stale.
"""

import re
from pathlib import Path

import yaml

from casebook.errors import CasebookError
from tools.exercises import headers
from tools.files import BOOK, EXERCISES, ROOT, chapters
from tools.generated_cells import objectives_in_order
from tools.notebooks import Chapter, chapter_of, read
from tools.numbers import SMALL

NOTICE = "<!-- Written by `make refresh` from _toc.yml, the chapters and tools/front_pages.py; do not edit. -->\n"
HALF_HOUR = 30  # minutes
FIRST_SENTENCE = re.compile(r".+?[.?!](?=\s|$)", re.DOTALL)

# what each part does; a part's page stands first in it
PARTS = {
    "part-happened": (
        "What happened",
        "Before anybody judges, there is a record to build. This part puts events in order, reads every number as a "
        "statement that somebody made, and asks which sources to rely on and how to find out. It gives no verdict. "
        "Whoever skips it will argue about a night whose hours and numbers others have chosen.",
    ),
    "part-law-theory": (
        "Law and theory",
        "A treaty has an article, and a scholar has a concept. Each is a measure held against the same events: did the "
        "clause fit, and what kind of thing is the alliance? This part takes both apart, word by word and indicator by "
        "indicator, and shows which findings survive when the measure is moved.",
    ),
    "part-judging": (
        "Judging",
        "Now the stories compete. Each is told first by its best advocate, then held against all the evidence, with "
        "every weight and code in your hands. Last comes what changed afterwards, for whom, and a memo in which you "
        "give your own answer and defend it.",
    ),
    "part-reference": (
        "Reference",
        "Here stands what the chapters rest on. Every link of a number leads to one of these pages. Nobody reads them "
        "from end to end; search them, or arrive by a link.",
    ),
}

# how a chapter carries the argument on, in the order of the book
STEPS = {
    "timeline": "First the record",
    "sources": "Then the tellers",
    "legal-basis": "Then the law",
    "security-community": "Then the concept",
    "interpretations": "Then the rival stories",
    "aftermath": "Last, the outcome",
}

INDEX = """\
# January 2022: a casebook

{notice}
In January 2022 a protest over the price of car fuel in a Kazakh oil town grew into nationwide unrest. People were \
killed, the president asked for help, and the Collective Security Treaty Organization (CSTO) sent troops for the first \
time in its history.

**What happened, was the answer collective security, and how sure can anyone be?** This book does not hand you one \
story. It hands you the evidence: who stated what, when, in which words, and who disagrees. Then it lets you work.

:::{{admonition}} Before you begin
:class: note

The book is about violence in which people died. It reports killings, injuries, detention and allegations of torture. \
It shows no pictures of the dead or the wounded, and it names no victim.
:::

## One argument in {steps} steps

{argument}

## Who it is for

**A reader** needs no code. Every chapter says in prose what its tables and figures show. All pages work offline, also \
from a disk.

**A student** runs the cells, changes them, and does the exercises. A check answers in a sentence, gives a hint, and \
never shows the solution.

**A lecturer** assigns a chapter. Its box at the top names the question, the objectives and the minutes; at its end \
each objective is tied to the exercises that test it.

**A specialist** follows any number to its row, from the row to its source, and tells us which one is wrong.

## Three ways in

- **From the beginning.** Start with [{first_title}]({first_file}). To read all {steps} chapters takes {read}; their \
{exercises} exercises take {do} more.
- **From a question.** Begin with any chapter: its box says which others it builds on. {parts} say what each part is \
for, and what you can do after it.
- **From a fact.** Look up a figure, a treaty text, a person or a word in the [reference part](part-reference.md). To \
learn how rows are made, and how to tell us of an error, read [How this book knows](method.md).

To run the cells on your own machine, get the repository and type `make lab`. If a teacher gave you the book as a zip \
file, the README in it says how to start.

## How this book speaks

Names of events are part of the dispute. In its own voice the book says *January events*, *unrest* and *people \
killed*. Words such as *coup*, *terrorists* or *massacre* appear only with the person who used them. Victims are not \
named. Judgements that are ours, such as the phase of an event or the confidence of a row, are marked as ours, and you \
can change them and see what follows.

## How to cite, and licences

Cite the book as: {authors}, *January 2022: a casebook*, version {version}, {year}. The file `CITATION.cff` in the \
repository has the same in machine-readable form.

Text and the book's own data are licensed under [Creative Commons Attribution \
4.0](https://creativecommons.org/licenses/by/4.0/), the code under the MIT licence. Quotations of at most 20 words \
belong to their authors. The outlines of the maps come from Natural Earth, which is in the public domain.
"""


def derived(book: Path = BOOK) -> dict[Path, bytes]:
    """Return the index page and the page of each part in the table of contents, as file contents by path."""
    pages = {"index": index_page(), **{name: part_page(name, book) for name in parts()}}
    return {book / f"{name}.md": text.encode("utf-8") for name, text in pages.items()}


def parts(toc: Path = ROOT / "_toc.yml") -> dict[str, list[str]]:
    """Return the pages of each part, without the part's own page, by the name of that page.

    Raises
    ------
    CasebookError
        If a part does not begin with one of the pages in ``PARTS``, or its caption is not that page's title.
    """
    found = {}
    for part in yaml.safe_load(toc.read_text(encoding="utf-8"))["parts"]:
        first, *others = [entry["file"] for entry in part["chapters"]]
        if first not in PARTS or part["caption"] != PARTS[first][0]:
            known = ", ".join(f"'{title}' with {name}" for name, (title, _) in PARTS.items())
            raise CasebookError(
                f"{toc.name}: the part '{part['caption']}' begins with {first}; the parts are {known}. Correct it."
            )
        found[first] = others
    return found


def index_page() -> str:
    """Return the index: the question, the argument, for whom, ways in, how long it takes, how to cite."""
    found = [chapter_of(read(path), path) for path in chapters()]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    links = [f"[{PARTS[name][0]}]({name}.md)" for name, pages in parts().items() if name != "part-reference" and pages]
    return INDEX.format(
        notice=NOTICE,
        steps=number_word(len(found)),
        argument="\n".join(f"{place}. {step(chapter)}" for place, chapter in enumerate(found, start=1)),
        first_title=found[0].title,
        first_file=f"{found[0].slug}.ipynb",
        read=hours_text(sum(chapter.read for chapter in found)),
        do=hours_text(sum(chapter.do for chapter in found)),
        exercises=sum(len(headers(chapter.slug, EXERCISES)) for chapter in found),
        parts=f"The pages {listed(links)}",
        authors=listed([author["name"] for author in citation["authors"]]),
        version=citation["version"],
        year=str(citation["date-released"])[:4],
    )


def step(chapter: Chapter) -> str:
    """Return one step of the argument: what is its turn, which chapter, which question, how long."""
    turn = f"{STEPS[chapter.slug]}: " if chapter.slug in STEPS else ""
    times = f"{chapter.read} minutes to read, {chapter.do} for the exercises"
    return f"{turn}**[{chapter.title}]({chapter.slug}.ipynb)** {chapter.question} ({times})"


def part_page(name: str, book: Path = BOOK) -> str:
    """Return the page of one part: what it does, and each of its pages in short."""
    title, purpose = PARTS[name]
    place = number_word(list(parts()).index(name) + 1)
    entries = [page_entry(page, book) for page in parts()[name]]
    return "\n".join([f"# Part {place}: {title[0].lower()}{title[1:]}\n", NOTICE, f"{purpose}\n", *entries])


def page_entry(name: str, book: Path) -> str:
    """Return one page of a part: a chapter with its objectives, or the title and first sentence of another page."""
    path = book / f"{name}.ipynb"
    if path.exists():
        return chapter_entry(chapter_of(read(path), path))
    text = (book / f"{name}.md").read_text(encoding="utf-8")
    title = re.search(r"(?m)^# (.+)$", text)
    prose = re.sub(r"<!--.*?-->", "", text[title.end() :], flags=re.DOTALL).strip()
    return f"**[{title[1]}]({name}.md).** {' '.join(FIRST_SENTENCE.match(prose)[0].split())}\n"


def chapter_entry(chapter: Chapter) -> str:
    """Return a chapter's question, objectives and minutes."""
    objectives = [
        f"- {chapter.objectives[objective]}"
        for objective in objectives_in_order(chapter, headers(chapter.slug, EXERCISES))
    ]
    lines = [
        f"## {chapter.title}\n",
        f"*{chapter.question}* [Read the chapter]({chapter.slug}.ipynb): {chapter.read} minutes to read, {chapter.do} "
        "for the exercises. By its end you can:\n",
        *objectives,
    ]
    return "\n".join(lines) + "\n"


def hours_text(minutes: int) -> str:
    """Say a time as a reader plans it: in hours, rounded up to the next half."""
    halves = -(-minutes // HALF_HOUR)
    hours, half = divmod(halves, 2)
    if hours == 0:
        return "about half an hour"
    return f"about {number_word(hours)}{' and a half' if half else ''} hour{'' if halves == 2 else 's'}"


def number_word(number: int) -> str:
    """Write a small number as a word, as prose does."""
    return SMALL[number - 1] if 0 < number <= len(SMALL) else str(number)


def listed(texts: list[str]) -> str:
    """Join texts as a sentence does."""
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))
