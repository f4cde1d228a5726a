"""Fill the computed passages of pages that people write: each stands between two comments and is never edited.

A passage begins with ``<!-- computed: aims timeline -->`` and ends with ``<!-- end -->``. Its first word names what
computes it, the second, if there is one, of what.
"""

import re
from collections.abc import Callable, Mapping

from casebook.errors import CasebookError

BEGIN = re.compile(r"<!-- computed: (?P<kind>[a-z-]+)(?: (?P<of>[a-z-]+))? -->")
PASSAGE = re.compile(rf"(?ms)^(?P<begin>{BEGIN.pattern})\n.*?^<!-- end -->$")

Writer = Callable[..., str]


def filled(text: str, writers: Mapping[str, Writer], place: str) -> str:
    """Return a page with every computed passage written anew.

    Parameters
    ----------
    text : str
        The page.
    writers : mapping of str to callable
        By the first word of a passage: what computes its text, called with the second word if there is one.
    place : str
        The page's name, for the message.

    Raises
    ------
    CasebookError
        If a passage has no end, or a first word that nothing computes.
    """

    def written(passage: re.Match) -> str:
        if passage["kind"] not in writers:
            raise CasebookError(
                f"{place}: nothing computes '{passage['kind']}'; write one of {', '.join(sorted(writers))}."
            )
        of = [passage["of"]] if passage["of"] else []
        return f"{passage['begin']}\n\n{writers[passage['kind']](*of).strip()}\n\n<!-- end -->"

    if len(BEGIN.findall(text)) != len(PASSAGE.findall(text)):
        raise CasebookError(f"{place}: a computed passage has no end; close it with a line '<!-- end -->'.")
    return PASSAGE.sub(written, text)


def without_passages(text: str) -> str:
    """Return what people wrote of a page."""
    return PASSAGE.sub("", text)
