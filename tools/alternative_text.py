"""Judge the text that stands for a picture where it cannot be seen: in a chapter's metadata and on the built site."""

import re

LEAST = 60  # characters; kind, axes and a finding with its number do not fit into fewer
EMPTY_OPENING = re.compile(
    r"(an? |the )?(figure|plot|image|picture|photo(graph)?|screenshot) (of|showing)\b", re.IGNORECASE
)
FILE_OR_HASH = re.compile(r"\.(png|svg|jpe?g|gif|webp|pdf|ipynb|csv)\b|\b[0-9a-f]{16,}\b", re.IGNORECASE)


def fault(alternative: str, caption: str = "") -> str | None:
    """Find out what keeps an alternative text from standing for its picture.

    Parameters
    ----------
    alternative : str
        The text.
    caption : str
        The caption under the picture, which everybody reads anyway.

    Returns
    -------
    str or None
        What is wrong first of all and what to do, as the end of a sentence whose subject is the text.
    """
    if FILE_OR_HASH.search(alternative):
        return "holds a file name or a hash; say what the figure shows."
    if EMPTY_OPENING.match(alternative):
        return "starts with 'figure of' or the like; start with the kind of figure."
    if caption and _plain(alternative) == _plain(caption):
        return "repeats the caption; say what the figure shows."
    if len(alternative) < LEAST:
        return f"has {len(alternative)} characters; say kind, axes and finding in {LEAST} or more."
    return None


def _plain(text: str) -> str:
    """Return a text without what does not change its meaning: capitals, full stop, doubled spaces."""
    return " ".join(text.casefold().split()).rstrip(".")
