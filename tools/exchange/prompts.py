"""Turn an exercise of a chapter into a question that stands alone: outside the book, in another tool.

A link to a row leads to the published site where ``html: baseurl:`` in ``_config.yml`` gives its address. Where it
gives none, the link becomes plain words, and what each named row says is written below the question.
"""

import functools
import html
import re
from dataclasses import dataclass

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from casebook.checking import possible_ids
from casebook.errors import CasebookError
from casebook.rows import cite, pages_of_rows
from tools.page_markup import mark_languages

DIRECTIVE = re.compile(r"`{3,}\{exercise\}[^\n]*\n:label: *(?P<label>\S+)\n+(?P<body>.*?)\n`{3,}\s*", re.DOTALL)
LETTERED = re.compile(r"^- \*\*(?P<letter>[a-z])\.\*\* (?P<text>.+)$", re.MULTILINE)
LINK = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<target>[^)\s]+)\)")
LISTED = re.compile(r"\brows: (?P<ids>[A-Z]+\d+(, [A-Z]+\d+)+)\.")
# What is said for the notebook alone: there an answer is typed, and a check is run.
FOR_THE_NOTEBOOK = re.compile(
    r"\s*(Answer with a letter|Answer with a set of ids|Give \w+ letters, as a list or a set of texts)\.(?=\s|$)"
    r"|\n+\*To try the checks, [^\n]+"
)
MARKDOWN = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Prompt:
    """What a question asks, as HTML; its lettered options, as HTML; and the ids that it lists to choose from."""

    html: str
    options: dict[str, str]
    listed: tuple[str, ...]


def prompt(source: str, chapter: str, slug: str, site: str = "") -> Prompt:
    """Read the prompt of an exercise.

    Parameters
    ----------
    source : str
        The Markdown of the exercise's cell.
    chapter, slug : str
        Title and slug of its chapter, which the question names first.
    site : str
        The address of the published site; empty if there is none.

    Returns
    -------
    Prompt
        The question and its options.

    Raises
    ------
    CasebookError
        If the cell is not one {exercise} box.
    """
    directive = DIRECTIVE.fullmatch(source)
    if not directive:
        raise CasebookError(
            f"{slug}.ipynb: the cell that begins '{source[:40]}' is not one {{exercise}} box; see exercises/README.md."
        )
    body = directive["body"]
    options = {found["letter"]: _rendered(found["text"], site, inline=True) for found in LETTERED.finditer(body)}
    asked = FOR_THE_NOTEBOOK.sub("", LETTERED.sub("", body).strip())
    parts = [_origin(chapter, slug, site), _rendered(asked, site), "" if site else _rows_named(body)]
    listed = LISTED.search(asked)
    return Prompt("\n".join(filter(None, parts)), options, tuple(listed["ids"].split(", ")) if listed else ())


def _origin(chapter: str, slug: str, site: str) -> str:
    title = html.escape(chapter)
    named = f'<a href="{site}/{slug}.html">{title}</a>' if site else f"<em>{title}</em>"
    return f"<p>From the chapter {named}, which has every table, figure and interactive that the question names.</p>"


def _rendered(markdown: str, site: str, *, inline: bool = False) -> str:
    """Render Markdown with links that lead somewhere, or with none."""
    linked = LINK.sub(lambda link: f"[{link['words']}]({_address(link['target'], site)})", markdown)
    text = linked if site else LINK.sub(lambda link: link["words"], markdown)
    return _marked(MARKDOWN.renderInline(text) if inline else MARKDOWN.render(text))


def _marked(rendered: str) -> str:
    """Mark the language of Cyrillic passages."""
    soup = BeautifulSoup(rendered, "html.parser")
    mark_languages(soup)
    return str(soup).strip()


def _address(target: str, site: str) -> str:
    if re.match(r"[a-z]+:", target):
        return target
    return f"{site}/" + re.sub(r"\.(md|ipynb)(?=#|$)", ".html", target)


def _rows_named(body: str) -> str:
    """Write what the rows say that a question names, in a link or by their ids."""
    anchors = {link["target"].partition("#")[2] for link in LINK.finditer(body)}
    words = possible_ids(LINK.sub(lambda link: link["words"], body))
    rows = "".join(
        f"<li><strong>{row_id}</strong>: {html.escape(cite(row_id), quote=False)}</li>"
        for folded, row_id in _row_ids().items()
        if folded in anchors or row_id in words  # a word in lower case is a word
    )
    return _marked(f"<p>The rows named above:</p>\n<ul>{rows}</ul>") if rows else ""


@functools.cache
def _row_ids() -> dict[str, str]:
    """Return the id of every row of evidence, by its form in lower case, as in the anchor of its entry."""
    return {row_id.casefold(): row_id for row_id in pages_of_rows()}
