"""The weighing bench: weights, kinds of source and codes to move, and the scores and ranks that follow, in the page."""

import anywidget
import pandas as pd
import traitlets

from casebook.codings import Coding, as_coded
from casebook.data import blank_where_missing
from casebook.hypotheses import CODES, ranks
from casebook.widgets import CSS_CLASS, script, table
from casebook.wording import number_text


class WeighingBench(anywidget.AnyWidget):
    """Weights and codes of every item, multipliers of kinds of source, and the scores and ranks of the hypotheses."""

    _esm = script("hypotheses.js", "weighing_bench.js")
    family = traitlets.Unicode().tag(sync=True)
    hypotheses = traitlets.List(traitlets.Dict()).tag(sync=True)
    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    words = traitlets.List([list(pair) for pair in CODES.items()]).tag(sync=True)  # lists: a notebook sorts its dicts
    form = traitlets.List().tag(sync=True)
    coded = traitlets.Dict().tag(sync=True)
    coding = traitlets.Dict().tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        size = f"{len(self.items)} items of evidence against {len(self.hypotheses)} hypotheses"
        return f"Interactive: weights and codes of {size}, family {self.family}."


def weighing_bench(
    items: pd.DataFrame,
    matrix: pd.DataFrame,
    hypotheses: pd.DataFrame,
    sources: pd.DataFrame | None = None,
    family: str = "streets",
) -> WeighingBench:
    """Let the reader weigh the evidence, recode it, and see which hypotheses have least against them.

    Everything is computed in the page, by the same rules as in `casebook.hypotheses`. The reader's coding can be
    taken out and read in as text; `casebook.codings.read_coding` reads the same text.

    Parameters
    ----------
    items, matrix, hypotheses : DataFrame
        The tables evidence_items, evidence_matrix and hypotheses.
    sources : DataFrame, optional
        The table sources; with it each kind of source gets a multiplier. The weight of an item is multiplied by the
        mean over the kinds of source that it rests on.
    family : str
        ``streets`` or ``deployment``.

    Returns
    -------
    WeighingBench
        Sliders, lists, scores and ranks, and a field for the text.

    Raises
    ------
    CasebookError
        If a pair of item and hypothesis has no code, or a source is not in `sources`.

    Examples
    --------
    >>> from casebook.data import load
    >>> weighing_bench(load("evidence_items"), load("evidence_matrix"), load("hypotheses"), family="deployment")
    Interactive: weights and codes of 15 items of evidence against 5 hypotheses, family deployment.
    """
    ours = as_coded(items, matrix, hypotheses, sources, family)
    described = blank_where_missing(items).set_index("item_id")
    reasons = blank_where_missing(matrix).set_index(["item_id", "hypothesis_id"])
    titles = hypotheses.set_index("hypothesis_id")["title"]
    bench = WeighingBench(
        family=family,
        hypotheses=[{"id": name, "title": titles[name]} for name in ours.codes],
        items=[
            {
                "id": item,
                "title": described.loc[item, "title"],
                "description": described.loc[item, "description"],
                "kinds": ours.kinds[item],
                "reasons": {name: reasons.loc[(item, name), "justification"] for name in ours.codes},
                "alternatives": {
                    name: reasons.loc[(item, name), "alternative_code"]
                    for name in ours.codes
                    if reasons.loc[(item, name), "contested"] == "yes"
                },
            }
            for item in ours.codes.index
        ],
        form=[[name, [[key, list(values)] for key, values in own.items()]] for name, own in ours.form().items()],
        coded=ours.lines(),
        coding=ours.lines(),
        fallback=_fallback(ours, titles, described["title"]),
    )
    bench.add_class(CSS_CLASS)
    return bench


def _fallback(ours: Coding, titles: pd.Series, item_titles: pd.Series) -> str:
    """Return scores and codes as two tables, for pages without scripts and for paper."""
    scores = ours.scores()
    standing = pd.DataFrame(
        {
            "Hypothesis": [f"{name} {titles[name]}" for name in scores.index],
            "Score": [number_text(score) for score in scores],
            "Rank": ranks(scores),
        }
    )
    evidence = [f"{item} {item_titles[item]}" for item in ours.codes.index]
    weights = [number_text(weight) for weight in ours.weights()]
    codes = ours.codes.reset_index(drop=True).rename_axis(columns=None)
    codes.insert(0, "Weight", weights)
    codes.insert(0, "Item", evidence)
    key = ", ".join(f"{code} {words}" for code, words in CODES.items())
    family = f"of {scores.index[0]} to {scores.index[-1]}, as coded by the module"
    return table(standing.sort_values("Rank", kind="stable"), f"Scores and ranks {family}") + table(
        codes, f"Weights and codes {family}: {key}"
    )
