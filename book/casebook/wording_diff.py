"""Compare two wordings of a text word by word: what was deleted, what was added."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

import pandas as pd

from casebook.errors import CasebookError

WORD = re.compile(r"\w[\w'’-]*|[^\w\s]")  # a word with its hyphens and apostrophes, or one mark of punctuation
OPERATIONS = {"delete": "deleted", "insert": "added", "replace": "replaced"}
# Heard and not seen. The style stands in the tag because notebooks are also read where the site's stylesheet is not.
HEARD = '<span lang="en" style="position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)">{}</span>'


def word_changes(old: str, new: str) -> pd.DataFrame:
    """List what has to be done to the words of one text to get another.

    The shortest list of changes is not always the one a lawyer would make, and translators differ where the law does
    not: compare texts from one hand.

    Parameters
    ----------
    old, new : str
        The two wordings. Words are compared as they are written, with their capitals; each mark of punctuation counts
        as a word, and white space does not count.

    Returns
    -------
    DataFrame
        One row a change, in the order of the text: ``operation`` (``deleted``, ``added`` or ``replaced``), ``deleted``
        and ``added`` (the words; an empty text where there are none).

    Raises
    ------
    CasebookError
        If one of the texts has no words.
    """
    rows = [
        (OPERATIONS[name], was.strip(), now.strip()) for name, was, now in _operations(old, new) if name in OPERATIONS
    ]
    return pd.DataFrame(rows, columns=["operation", "deleted", "added"])


def marked_words(old: str, new: str, lang: str = "en") -> str:
    """Write two wordings as one paragraph of HTML: deleted words struck through, added words underlined.

    Parameters
    ----------
    old, new : str
        The two wordings, compared as in `word_changes`.
    lang : str
        The language of both, as an ISO code.

    Returns
    -------
    str
        A paragraph with ``<del>`` and ``<ins>``; a screen reader also hears where a change begins and ends.

    Raises
    ------
    CasebookError
        If one of the texts has no words.
    """
    parts = []
    for name, was, now in _operations(old, new):
        if name == "equal":
            parts.append(escape(now))
        else:
            parts += [_marked("del", "deleted", was), _marked("ins", "added", now)]
    return f'<p class="casebook-wording" lang="{escape(lang)}">{"".join(parts).strip()}</p>'


def _operations(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each step from the old text to the new, with the words it takes away and the words it gives."""
    places = [list(WORD.finditer(text)) for text in (old, new)]
    if not all(places):
        raise CasebookError("A comparison of wordings got a text without words; give it two texts.")
    was, now = ([word.group() for word in words] for words in places)
    # A comma that both texts happen to have is no common ground: punctuation matches only beside words that match.
    matcher = SequenceMatcher(lambda word: not word[0].isalnum(), was, now, autojunk=False)
    for name, first, end, new_first, new_end in matcher.get_opcodes():
        yield name, _piece(old, places[0], first, end), _piece(new, places[1], new_first, new_end)


def _piece(text: str, words: list[re.Match], first: int, end: int) -> str:
    """Return the words from one place to another, with a space in front unless the text glues them to what precedes."""
    if first == end:
        return ""
    glued = first > 0 and words[first - 1].end() == words[first].start()
    return ("" if glued else " ") + text[words[first].start() : words[end - 1].end()]


def _marked(tag: str, heard: str, words: str) -> str:
    if not words:
        return ""
    space = " " if words.startswith(" ") else ""
    said = (HEARD.format(f"{heard}: "), HEARD.format(" end."))
    return f"{space}<{tag}>{said[0]}{escape(words.strip())}{said[1]}</{tag}>"
