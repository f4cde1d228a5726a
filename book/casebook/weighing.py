"""An interactive that computes in the page: weights times codes, totals and ranks."""

import anywidget
import pandas as pd
import traitlets

from casebook.errors import CasebookError
from casebook.widgets import CSS_CLASS, script, table


class Weighing(anywidget.AnyWidget):
    """Sliders for the weights of items, and the totals and ranks of alternatives that follow from them."""

    _esm = script("weigh.js")
    items = traitlets.List(traitlets.Unicode()).tag(sync=True)
    alternatives = traitlets.List(traitlets.Unicode()).tag(sync=True)
    codes = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    weights = traitlets.List(traitlets.Int()).tag(sync=True)
    most = traitlets.Int(5).tag(sync=True)
    legend = traitlets.Unicode().tag(sync=True)
    lower_is_better = traitlets.Bool(False).tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        return f"Interactive: {self.legend}, {len(self.items)} weights, {len(self.alternatives)} alternatives."


def weigh(weights: pd.Series, codes: pd.DataFrame, legend: str, lower_is_better: bool = False) -> Weighing:
    """Let the reader change the weights of items and see which alternative comes out first.

    Choose it when the reader's own numbers matter: the states are too many to draw beforehand.

    Parameters
    ----------
    weights : Series
        A whole number from 0 to 5 for each item; the index names the items.
    codes : DataFrame
        One row an item, in the order of ``weights``, one column an alternative; the total of an alternative is the
        sum of weight times code over the items.
    legend : str
        What the sliders weigh, such as ``"Weight of each item"``.
    lower_is_better : bool
        Whether the lowest total takes rank 1, as with inconsistency scores.

    Returns
    -------
    Weighing
        Sliders, a table of totals and ranks, and a sentence that names the first.

    Raises
    ------
    CasebookError
        If codes and weights do not name the same items, or a weight is not a whole number from 0 to 5.

    Examples
    --------
    >>> weights = pd.Series({"Video": 3, "Verdict": 1})
    >>> codes = pd.DataFrame({"Street": [1, 0], "Court": [0, 2]}, index=weights.index)
    >>> weigh(weights, codes, "Weight of each item")
    Interactive: Weight of each item, 2 weights, 2 alternatives.
    """
    if list(weights.index) != list(codes.index):
        raise CasebookError("weigh got codes and weights for different items; give both the same index, in one order.")
    most = Weighing.most.default_value
    if not weights.isin(range(most + 1)).all():
        raise CasebookError(
            f"weigh takes whole weights from 0 to {most}; correct: {weights[~weights.isin(range(most + 1))].to_dict()}."
        )
    totals = codes.mul(weights, axis=0).sum()
    ranks = totals.rank(method="min", ascending=lower_is_better).astype(int)
    standing = pd.DataFrame({"Alternative": totals.index, "Total": totals.to_numpy(), "Rank": ranks.to_numpy()})
    widget = Weighing(
        items=[str(item) for item in weights.index],
        alternatives=[str(alternative) for alternative in codes.columns],
        codes=codes.astype(float).to_numpy().tolist(),
        weights=[int(weight) for weight in weights],
        legend=legend,
        lower_is_better=lower_is_better,
        fallback=table(standing, f"{legend}: totals with the weights {', '.join(map(str, weights))}"),
    )
    widget.add_class(CSS_CLASS)
    return widget
