"""Analysis of competing hypotheses after Heuer: scores, ranks, diagnosticity, and what other codes would give.

Codes, weights and the ranges called plausible are module coding. A score counts what speaks against a hypothesis; it is
no probability, a low one may only mean that a hypothesis is hard to refute, and what supports a hypothesis does not
enter it. Shares of draws count the module's own variations alike, which is a convention and no probability.
"""

import itertools

import numpy as np
import pandas as pd

from casebook.errors import CasebookError

CODES = {
    "CC": "strongly consistent",
    "C": "consistent",
    "N": "neutral",
    "I": "inconsistent",
    "II": "strongly inconsistent",
}
AGAINST = {"CC": 0, "C": 0, "N": 0, "I": 1, "II": 2}  # what a code adds to the score, times the weight of the item
STEPS = {"CC": 2, "C": 1, "N": 0, "I": -1, "II": -2}  # where a code stands on the scale from against to for
LEAST, MOST = 1, 3  # of credibility and of relevance
DECIMALS = 6  # scores that differ by less are the same: products of multipliers are not exact
FIRST_CORRECTED = ("V01", "V02", "V14")  # the codes of A1 that were corrected before all others


def item_weights(items: pd.DataFrame, credibility: str = "credibility") -> pd.Series:
    """Return credibility times relevance by ``item_id``.

    Parameters
    ----------
    items : DataFrame
        The table evidence_items, or rows of it.
    credibility : str
        ``credibility``, or ``first_credibility`` for the weights of the first coding, missing for younger items.
    """
    return (items[credibility] * items["relevance"]).set_axis(items["item_id"]).astype(float).rename("weight")


def code_table(
    matrix: pd.DataFrame, items: pd.DataFrame, hypotheses: pd.DataFrame, family: str, column: str = "code"
) -> pd.DataFrame:
    """Set the active items of a family against its active hypotheses.

    Parameters
    ----------
    matrix, items, hypotheses : DataFrame
        The tables evidence_matrix, evidence_items and hypotheses.
    family : str
        ``streets`` or ``deployment``.
    column : str
        ``code``, or ``alternative_code`` for the other code of each contested pair, missing elsewhere.

    Returns
    -------
    DataFrame
        One row an item, one column a hypothesis. Items collected for the other family are in it if they have codes.

    Raises
    ------
    CasebookError
        If the family has no active hypothesis, or a pair has no row.
    """
    own = hypotheses.query("family == @family and status == 'active'")["hypothesis_id"]
    if own.empty:
        raise CasebookError(f"There is no active hypothesis of the family '{family}'; use streets or deployment.")
    active = items.query("status == 'active'")["item_id"]
    rows = matrix[matrix["hypothesis_id"].isin(own) & matrix["item_id"].isin(active)]
    pairs = rows.set_index(["item_id", "hypothesis_id"])[column]
    order = [item for item in active if item in set(rows["item_id"])]
    for pair in itertools.product(order, own):
        if pair not in pairs.index:
            raise CasebookError(f"{pair[0]} has no code for {pair[1]}; add a row to evidence_matrix.")
    return pairs.unstack().reindex(index=order, columns=list(own))


def inconsistency_scores(codes: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Add up what speaks against each hypothesis: I once and II twice, each times the weight of the item.

    Parameters
    ----------
    codes : DataFrame
        What `code_table` gives. A missing code adds nothing.
    weights : Series
        Weight by item; items that are not in `codes` do not count.

    Returns
    -------
    Series
        Score by hypothesis; the lower, the less evidence against it.

    Examples
    --------
    >>> codes = pd.DataFrame({"A": ["I", "CC"], "B": ["N", "II"]}, index=["V01", "V02"])
    >>> inconsistency_scores(codes, pd.Series({"V01": 6, "V02": 4})).to_dict()
    {'A': 6.0, 'B': 8.0}
    """
    return _contributions(codes, weights).sum().rename("score")


def ranks(scores: pd.Series) -> pd.Series:
    """Rank hypotheses by score: the lowest takes rank 1, and equal scores share the better rank."""
    return scores.round(DECIMALS).rank(method="min").astype(int).rename("rank")


def diagnosticity(codes: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Say how well each item tells hypotheses apart: how far apart it puts two of them on average, times its weight.

    Between two codes lie so many steps of the scale CC, C, N, I, II. The mean over all pairs of hypotheses is zero
    when all codes of the item are equal, whatever they are.

    Parameters
    ----------
    codes, weights
        As for `inconsistency_scores`.

    Returns
    -------
    Series
        Diagnosticity by item, the most diagnostic first.

    Examples
    --------
    >>> codes = pd.DataFrame({"A": ["CC", "C"], "B": ["I", "C"]}, index=["V01", "V02"])
    >>> diagnosticity(codes, pd.Series({"V01": 6, "V02": 9})).to_dict()
    {'V01': 18.0, 'V02': 0.0}
    """
    steps = codes.apply(lambda own: own.map(STEPS)).astype(float)
    distances = [(steps[one] - steps[other]).abs() for one, other in itertools.combinations(codes.columns, 2)]
    spread = pd.concat(distances, axis=1).mean(axis=1) * weights.reindex(codes.index)
    return spread.rename("diagnosticity").sort_values(ascending=False, kind="stable")


def separating(codes: pd.DataFrame, weights: pd.Series, one: str, other: str) -> pd.DataFrame:
    """List the items that tell two hypotheses apart, strongest first.

    Parameters
    ----------
    codes, weights
        As for `inconsistency_scores`.
    one, other : str
        Two columns of `codes`.

    Returns
    -------
    DataFrame
        By item: the two codes, ``weight``, and ``strength``, the steps between the codes times the weight.

    Raises
    ------
    CasebookError
        If a hypothesis is unknown, or the two are the same.
    """
    for name in (one, other):
        if name not in codes:
            raise CasebookError(f"There is no hypothesis '{name}' here; use one of: {', '.join(codes)}.")
    if one == other:
        raise CasebookError(f"{one} cannot be told apart from itself; choose two hypotheses.")
    pair = codes[[one, other]]
    weight = weights.reindex(pair.index)
    found = pair.assign(weight=weight, strength=diagnosticity(pair, weights))
    return found.query("strength > 0").sort_values("strength", ascending=False, kind="stable")


def leave_one_out(codes: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Leave out each item in turn and see what becomes of the order.

    Parameters
    ----------
    codes, weights
        As for `inconsistency_scores`.

    Returns
    -------
    DataFrame
        By item: ``pairs_changed``, the pairs of hypotheses that are no longer in the same order (ahead, level or
        behind), and ``gap_moved``, by how much the item moves the gap between the two that it separates most.
    """
    contributions = _contributions(codes, weights)
    scores = contributions.sum().to_numpy()
    changed = (_orders(scores - contributions.to_numpy()) != _orders(scores)).sum(axis=1)
    moved = (contributions.max(axis=1) - contributions.min(axis=1)).round(DECIMALS)
    return pd.DataFrame({"pairs_changed": changed, "gap_moved": moved}, index=codes.index)


def matters_most(codes: pd.DataFrame, weights: pd.Series) -> list[str]:
    """Return the item without which most pairs change their order, and of several the one that moves a gap most.

    Parameters
    ----------
    codes, weights
        As for `inconsistency_scores`.

    Returns
    -------
    list of str
        One item, several that do as much, or none if no item moves any gap.
    """
    effects = leave_one_out(codes, weights)
    strongest = effects.sort_values(["pairs_changed", "gap_moved"]).iloc[-1]
    return list(effects.index[(effects == strongest).all(axis=1) & (effects["gap_moved"] > 0)])


def scores_of_a1(matrix: pd.DataFrame, items: pd.DataFrame) -> pd.Series:
    """Return the score of the retired hypothesis A1 under its three codings, which were all thought defensible.

    Parameters
    ----------
    matrix, items : DataFrame
        The tables evidence_matrix and evidence_items.

    Returns
    -------
    Series
        Score by coding: the first codes; the codes of V01, V02 and V14 corrected; all codes corrected.
    """
    rows = matrix.query("hypothesis_id == 'A1'").dropna(subset=["first_code"]).set_index("item_id")
    some = rows["first_code"].where(~rows.index.isin(FIRST_CORRECTED), rows["code"])
    codings = {"first codes": rows["first_code"], "three corrected": some, "all corrected": rows["code"]}
    return inconsistency_scores(pd.DataFrame(codings), item_weights(items, "first_credibility"))


def weight_bounds(items: pd.DataFrame, step: int = 1) -> pd.DataFrame:
    """Return the plausible range of each item's weight.

    Parameters
    ----------
    items : DataFrame
        The table evidence_items, or rows of it.
    step : int
        How far credibility and relevance may lie from the coded value, within 1 to 3; with 0 the weights are fixed.

    Returns
    -------
    DataFrame
        ``low`` and ``high`` by item.
    """
    low = (items["credibility"] - step).clip(lower=LEAST) * (items["relevance"] - step).clip(lower=LEAST)
    high = (items["credibility"] + step).clip(upper=MOST) * (items["relevance"] + step).clip(upper=MOST)
    return pd.DataFrame({"low": low, "high": high}).set_axis(items["item_id"]).astype(float)


def score_bounds(codes: pd.DataFrame, bounds: pd.DataFrame, alternatives: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the lowest and the highest score that each hypothesis can reach, exactly.

    Parameters
    ----------
    codes : DataFrame
        What `code_table` gives.
    bounds : DataFrame
        What `weight_bounds` gives.
    alternatives : DataFrame, optional
        The other code of each contested pair, in the shape of `codes`; without it no code is flipped.

    Returns
    -------
    DataFrame
        ``low`` and ``high`` by hypothesis.
    """
    against = _against(codes, alternatives)
    weights = bounds.reindex(codes.index)
    low = against.min(axis=0).T @ weights["low"].to_numpy()
    high = against.max(axis=0).T @ weights["high"].to_numpy()
    return pd.DataFrame({"low": low, "high": high}, index=codes.columns)


def steady_orders(codes: pd.DataFrame, bounds: pd.DataFrame, alternatives: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the pairs whose order holds whatever plausible weights and contested codes are chosen, exactly.

    Each item is given, for each pair, the weight and the codes that are worst for the order; nothing is sampled.

    Parameters
    ----------
    codes, bounds, alternatives
        As for `score_bounds`.

    Returns
    -------
    DataFrame
        Columns ``less_against`` and ``more_against``: the first always has the lower score; ``least_gap`` says by how
        much at least.
    """
    against = _against(codes, alternatives)
    weights = bounds.reindex(codes.index)
    found = []
    for (place, one), (further, other) in itertools.permutations(enumerate(codes.columns), 2):
        worst = against[:, :, place].max(axis=0) - against[:, :, further].min(axis=0)
        most = np.where(worst > 0, worst * weights["high"], worst * weights["low"]).sum()
        if most < 0:
            found.append((one, other, -most))
    return pd.DataFrame(found, columns=["less_against", "more_against", "least_gap"])


def turned_by_one_code(codes: pd.DataFrame, bounds: pd.DataFrame, alternatives: pd.DataFrame) -> pd.Series:
    """Say which contested codes would each, alone, end an order that holds for all plausible weights.

    Parameters
    ----------
    codes, bounds, alternatives
        As for `score_bounds`.

    Returns
    -------
    Series
        By order, such as ``A below B``, the codes in one text, such as ``V01-A, V02-B``; empty if no single one does.
    """
    turned: dict[str, list[str]] = {order: [] for order in _order_names(steady_orders(codes, bounds))}
    for item, name in itertools.product(codes.index, codes.columns):
        if pd.notna(alternatives.loc[item, name]):
            flipped = codes.copy()
            flipped.loc[item, name] = alternatives.loc[item, name]
            for order in turned.keys() - _order_names(steady_orders(flipped, bounds)):
                turned[order].append(f"{item}-{name}")
    return pd.Series({order: ", ".join(found) for order, found in turned.items()}, dtype=object)


def draw_scores(
    codes: pd.DataFrame,
    items: pd.DataFrame,
    alternatives: pd.DataFrame | None = None,
    step: int = 1,
    draws: int = 10_000,
    seed: int = 2022,
) -> pd.DataFrame:
    """Draw plausible credibilities and relevances at random, with or without flips of contested codes, and score each.

    Parameters
    ----------
    codes, alternatives
        As for `score_bounds`; each contested code is taken or flipped with equal chance.
    items : DataFrame
        The table evidence_items.
    step : int
        As for `weight_bounds`; every whole value in the range has the same chance.
    draws : int
        How many times to draw.
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    DataFrame
        One row a draw, one column a hypothesis.
    """
    chance = np.random.default_rng(seed)
    rows = items.set_index("item_id").loc[codes.index]
    weights = np.ones((draws, len(rows)))
    for quality in ("credibility", "relevance"):
        coded = rows[quality].to_numpy(dtype=int)
        low, high = np.maximum(coded - step, LEAST), np.minimum(coded + step, MOST)
        weights *= chance.integers(low, high, endpoint=True, size=weights.shape)
    taken, flipped = _against(codes, alternatives)
    flips = chance.integers(2, size=(draws, *taken.shape))
    scores = np.einsum("di,dih->dh", weights, taken + flips * (flipped - taken))
    return pd.DataFrame(scores, columns=codes.columns)


def rank_shares(scores: pd.DataFrame) -> pd.DataFrame:
    """Return how often each hypothesis takes each rank.

    Parameters
    ----------
    scores : DataFrame
        What `draw_scores` gives.

    Returns
    -------
    DataFrame
        One row a hypothesis, one column a rank from 1; shares from 0 to 1. Equal scores share the better rank.
    """
    placed = scores.round(DECIMALS).rank(axis=1, method="min").astype(int)
    places = range(1, len(scores.columns) + 1)
    return pd.DataFrame({place: (placed == place).mean() for place in places}).rename_axis(columns="rank")


def _order_names(orders: pd.DataFrame) -> list[str]:
    return [f"{row.less_against} below {row.more_against}" for row in orders.itertuples()]


def _contributions(codes: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    against = codes.apply(lambda own: own.map(AGAINST)).astype(float).fillna(0)
    return against.mul(weights.reindex(codes.index), axis=0)


def _orders(scores: np.ndarray) -> np.ndarray:
    """Return for each pair of hypotheses, the last axis, whether the first is ahead (-1), level (0) or behind (1)."""
    one, other = np.triu_indices(scores.shape[-1], k=1)
    rounded = scores.round(DECIMALS)
    return np.sign(rounded[..., one] - rounded[..., other])


def _against(codes: pd.DataFrame, alternatives: pd.DataFrame | None) -> np.ndarray:
    """Return what each code adds, as coded and flipped: an array of 2 by items by hypotheses."""
    other = codes if alternatives is None else alternatives.fillna(codes)
    return np.stack([frame.apply(lambda own: own.map(AGAINST)).to_numpy(dtype=float) for frame in (codes, other)])
