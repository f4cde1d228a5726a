"""The copying-chain explorer: how a figure went from text to text, and what changed on the way."""

import anywidget
import pandas as pd
import traitlets

from casebook.data import blank_where_missing
from casebook.errors import CasebookError
from casebook.rows import pages_of_rows
from casebook.widgets import CSS_CLASS, script, table
from casebook.wording import date_text

COPYING = {
    "first": "first known to us",
    "known": "names its text or speaker",
    "inferred": "inferred copy",
    "answers": "an answer, not a copy",
    "not_shown": "later text, link not shown",
}
EARLIER = {"known": "as in step", "inferred": "from step", "answers": "to step"}
CHANGES = {
    "word": "a word",
    "number": "the number",
    "date": "the date",
    "scope": "what it covers",
    "left_out": "something is left out",
    "taken_back": "it is taken back",
    "nothing": "nothing",
    "not_shown": "not known",
}
NOTE = (
    "Kinds of change and of link are module coding. A step that names its text or speaker need not have copied the "
    "text before it; an inferred copy fits by day, speech and words; an answer explains or takes back an earlier "
    "step. Texts in order of time need not have copied one another."
)


class CopyingChains(anywidget.AnyWidget):
    """A list of figures, a slider of steps, and the texts up to the step chosen."""

    _esm = script("copying.js")
    chains = traitlets.List(traitlets.Dict()).tag(sync=True)
    labels = traitlets.Dict({"copying": COPYING, "earlier": EARLIER, "changed": CHANGES}).tag(sync=True)
    note = traitlets.Unicode(NOTE).tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        steps = sum(len(chain["links"]) for chain in self.chains)
        return f"Interactive: figures followed through texts ({len(self.chains)}), {steps} steps."


def copying_chains(links: pd.DataFrame, sources: pd.DataFrame) -> CopyingChains:
    """Let the reader follow a figure from text to text and see at each step what changed.

    Parameters
    ----------
    links : DataFrame
        The table ``copying_links``, or whole chains of it. Figures are offered in the order of the rows.
    sources : DataFrame
        The table ``sources``.

    Returns
    -------
    CopyingChains
        The figure, the step, a sentence on what changed there, and the texts so far.

    Raises
    ------
    CasebookError
        If a source is unknown, or a chain has fewer than two steps.

    Examples
    --------
    >>> from casebook.data import load
    >>> copying_chains(load("copying_links").query("chain == 'deaths'"), load("sources"))
    Interactive: figures followed through texts (1), 5 steps.
    """
    for source_id in links.loc[~links["source_id"].isin(sources["source_id"]), "source_id"]:
        raise CasebookError(f"copying_chains got a step by '{source_id}', which is not in the sources; add it there.")
    pages, chains = pages_of_rows(), []
    for name, chain in links.groupby("chain", sort=False):
        if len(chain) < 2:
            raise CasebookError(f"copying_chains needs two steps to show a change; '{name}' has one.")
        rows = blank_where_missing(chain.sort_values("step")).to_dict("records")
        chains.append({"title": rows[0]["title"], "links": [_link(row, pages) for row in rows]})
    explorer = CopyingChains(chains=chains, fallback=_fallback(chains))
    explorer.add_class(CSS_CLASS)
    return explorer


def _link(row: dict, pages: dict[str, str]) -> dict:
    """Return what the page needs of one step."""
    return {
        **{column: row[column] for column in ("speaker", "says", "quote", "copying", "changed", "change", "note")},
        "copied_from": int(row["copied_from"]) if row["copied_from"] != "" else 0,
        "when": date_text(row["date"]),
        "lang": row["quote_lang"],
        "source": row["source_id"],
        "row": {"id": row["rests_on"], "page": pages[row["rests_on"]]},
    }


def _fallback(chains: list[dict]) -> str:
    """Write each chain as a table, one row a step, for pages without scripts and for paper."""
    columns = ["Step", "Date", "Speaker", "What changed", "What it says"]
    return "".join(
        table(
            pd.DataFrame(
                [
                    (step, one["when"], one["speaker"], f"{one['change']} ({COPYING[one['copying']]})", one["says"])
                    for step, one in enumerate(chain["links"], start=1)
                ],
                columns=columns,
            ),
            chain["title"],
        )
        for chain in chains
    )
