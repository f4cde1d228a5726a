"""Rate indicators against thresholds, add the ratings up into a verdict, and count what other thresholds would give.

The cut-points below and the verdicts they give are module coding. The words are borrowed from the phases of Adler and
Barnett (1998), who tied them to mechanisms and not to scores. A score cannot tell a community that grows from one that
decays, and adding up lets a strong dimension make up for a weak one, which Deutsch would not grant for peace itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

import pandas as pd

from casebook.errors import CasebookError

CHOICES = ("strict", "as_coded", "lenient")
SCORES = {"strong": 2, "partial": 1, "weak": 0}
# the lowest mean score, from 0 to 2, that earns each word, best first: the nearest rating, a half goes up
RATING_FROM = {"strong": Fraction(3, 2), "partial": Fraction(1, 2), "weak": Fraction(0)}
VERDICT_FROM = {
    "mature": Fraction(3, 2),
    "ascendant": Fraction(1),
    "nascent": Fraction(1, 2),
    "not a community": Fraction(0),
}


def rate(value: float, direction: str, strong_at: float | None, partial_at: float | None) -> str:
    """Rate one value.

    Parameters
    ----------
    value : float
        The finding, in the unit of its indicator.
    direction : str
        ``higher_is_stronger`` or ``lower_is_stronger``.
    strong_at, partial_at : float or missing
        The thresholds; a value on a threshold has reached it, and a missing threshold cannot be reached.

    Returns
    -------
    str
        ``strong``, ``partial`` or ``weak``.

    Raises
    ------
    CasebookError
        If there is no value, or the direction is not one of the two.
    """
    if direction not in ("higher_is_stronger", "lower_is_stronger"):
        raise CasebookError(f"rate got the direction '{direction}'; use higher_is_stronger or lower_is_stronger.")
    if pd.isna(value):
        raise CasebookError("rate got no value; leave findings without a number out, and count them as blanks.")
    for rating, threshold in (("strong", strong_at), ("partial", partial_at)):
        if pd.notna(threshold) and (value >= threshold if direction == "higher_is_stronger" else value <= threshold):
            return rating
    return "weak"


def standing(evidence: pd.DataFrame, organisation: str = "CSTO") -> pd.DataFrame:
    """Choose the one row of evidence that stands for each indicator.

    A row can stand if it is rated strong, partial or weak and its organisation is the one asked for, a stand-in for it
    or its public: ``EAEU (stand-in for the CSTO)`` names the CSTO as a word. Of several, the one with the latest last
    year stands, since running counts and standings grow towards it; within a year, the one further down in the table.

    Parameters
    ----------
    evidence : DataFrame
        The table indicator_evidence.
    organisation : str
        Such as ``CSTO``.

    Returns
    -------
    DataFrame
        Rows of `evidence` by ``indicator_id``, in its order; an indicator without a ratable row is not in it.
    """
    named = evidence["organisation"].str.contains(rf"\b{re.escape(organisation)}\b")
    ratable = evidence[named & evidence["rating"].isin(SCORES)]
    latest_last = ratable.sort_values("year_end", kind="stable")
    return latest_last.drop_duplicates("indicator_id", keep="last").set_index("indicator_id").sort_index()


def rating_table(
    indicators: pd.DataFrame, thresholds: pd.DataFrame, evidence: pd.DataFrame, organisation: str = "CSTO"
) -> pd.DataFrame:
    """Rate what stands for each indicator under each choice of thresholds.

    Parameters
    ----------
    indicators, thresholds, evidence : DataFrame
        The tables indicators, indicator_thresholds and indicator_evidence.
    organisation : str
        Such as ``CSTO``.

    Returns
    -------
    DataFrame
        One row an indicator that can be rated for or against, in the order of `indicators`, with columns
        ``dimension``, ``evidence_id`` and ``value``, and a rating in each of the columns ``strict``, ``as_coded`` and
        ``lenient``. A blank, an indicator without a ratable row, has no value and no rating.

    Raises
    ------
    CasebookError
        If an indicator lacks a choice of thresholds.
    """
    scales = indicators[indicators["direction"] != "context"].set_index("indicator_id")
    table = scales[["dimension"]].join(standing(evidence, organisation)[["evidence_id", "value"]])
    lines = thresholds.set_index(["indicator_id", "choice"])[["strong_at", "partial_at"]]
    for choice in CHOICES:
        ratings = {}
        for indicator, value in table["value"].dropna().items():
            if (indicator, choice) not in lines.index:
                raise CasebookError(f"{indicator} has no thresholds '{choice}'; add a row to indicator_thresholds.")
            ratings[indicator] = rate(value, scales.loc[indicator, "direction"], *lines.loc[(indicator, choice)])
        table[choice] = pd.Series(ratings, dtype=object)
    return table


def dimension_scores(dimensions: Iterable[str], ratings: Iterable[str]) -> dict[str, Fraction]:
    """Return the mean score of each dimension, from 0 (every indicator weak) to 2 (every indicator strong).

    Parameters
    ----------
    dimensions, ratings : iterable of str
        For each rated indicator its dimension and its rating.
    """
    scores: dict[str, list[int]] = {}
    for dimension, rating in zip(dimensions, ratings, strict=True):
        scores.setdefault(dimension, []).append(SCORES[rating])
    return {dimension: Fraction(sum(own), len(own)) for dimension, own in scores.items()}


def dimension_rating(score: Fraction) -> str:
    """Return the word for the mean score of a dimension: the nearest rating, a half goes up."""
    return _word(score, RATING_FROM)


def verdict(scores: Mapping[str, Fraction], weights: Mapping[str, int] | None = None) -> str:
    """Return the overall verdict: the word for the weighted mean of the dimensions.

    Parameters
    ----------
    scores : mapping of str to Fraction
        The mean score of each dimension, as `dimension_scores` gives it.
    weights : mapping of str to int, optional
        How often each dimension counts, from 0; once each otherwise.

    Returns
    -------
    str
        ``mature``, ``ascendant``, ``nascent`` or ``not a community``.

    Raises
    ------
    CasebookError
        If the weights name other dimensions, or nothing has a weight above 0.
    """
    return _word(weighted_mean(scores, weights), VERDICT_FROM)


def weighted_mean(scores: Mapping[str, Fraction], weights: Mapping[str, int] | None = None) -> Fraction:
    """Return the weighted mean of the dimensions, from 0 to 2; parameters and errors are those of `verdict`."""
    weights = _weights(scores, weights)
    return sum(weights[dimension] * score for dimension, score in scores.items()) / sum(weights.values())


def dimension_ratings(rated: pd.DataFrame) -> pd.DataFrame:
    """Count the ratings of each dimension over all choices of thresholds for its indicators.

    Parameters
    ----------
    rated : DataFrame
        What `rating_table` gives.

    Returns
    -------
    DataFrame
        One row a dimension with at least one rated indicator; columns ``strong``, ``partial`` and ``weak`` count the
        combinations, 3 to the power of its indicators in all.
    """
    counts = {}
    for dimension, spread in _spreads(rated).items():
        counts[dimension] = Counter()
        for score, ways in spread.items():
            counts[dimension][dimension_rating(score)] += ways
    return pd.DataFrame.from_dict(counts, orient="index").reindex(columns=list(SCORES)).fillna(0).astype("int64")


def never_changes(rated: pd.DataFrame) -> pd.Series:
    """Return the rating of each dimension that has the same one whatever thresholds are chosen.

    Parameters
    ----------
    rated : DataFrame
        What `rating_table` gives.

    Returns
    -------
    Series
        Rating by dimension; empty if every dimension changes.
    """
    counts = dimension_ratings(rated)
    steady = counts[(counts > 0).sum(axis=1) == 1]
    return steady.idxmax(axis=1) if len(steady) else pd.Series(dtype=object)


def verdicts(
    rated: pd.DataFrame, weights: Mapping[str, int] | None = None, words: Mapping[str, Fraction] = VERDICT_FROM
) -> pd.Series:
    """Count the verdicts over all combinations of threshold choices, exactly.

    The scores of the indicators of a dimension are added up into the spread of its mean, and the weighted spreads of
    the dimensions into that of the verdict. This counts each of the 3 to the power of n combinations once without
    listing them. Each combination counts the same, which is a convention and no probability.

    Parameters
    ----------
    rated : DataFrame
        What `rating_table` gives; blanks stay out.
    weights : mapping of str to int, optional
        As for `verdict`.
    words : mapping of str to Fraction
        The lowest mean that earns each verdict, best first; the last begins at 0.

    Returns
    -------
    Series
        The number of combinations by verdict, best first, zeros included.
    """
    spreads = _spreads(rated)
    weights = _weights(spreads, weights)
    weighted = ([(weights[name] * score, ways) for score, ways in spread.items()] for name, spread in spreads.items())
    counts = pd.Series(0, index=pd.Index(words, name="verdict"), name="combinations")
    for total, ways in _added(weighted).items():
        counts[_word(total / sum(weights.values()), words)] += ways
    return counts


def _spreads(rated: pd.DataFrame) -> dict[str, Counter]:
    """Return for each dimension how many combinations of its indicators' choices give each mean score."""
    spreads = {}
    for dimension, own in rated.dropna(subset=list(CHOICES)).groupby("dimension", sort=False):
        sums = _added([(SCORES[row[choice]], 1) for choice in CHOICES] for _, row in own.iterrows())
        spreads[dimension] = Counter({Fraction(total, len(own)): ways for total, ways in sums.items()})
    return spreads


def _added(parts: Iterable[list[tuple[Fraction, int]]]) -> Counter:
    """Count the ways to each sum, when each part takes one of its scores, each in so many ways."""
    totals = Counter({0: 1})
    for part in parts:
        sums = Counter()
        for total, ways in totals.items():
            for score, own_ways in part:
                sums[total + score] += ways * own_ways
        totals = sums
    return totals


def _weights(dimensions: Iterable[str], weights: Mapping[str, int] | None) -> Mapping[str, int]:
    weights = dict.fromkeys(dimensions, 1) if weights is None else weights
    if set(weights) != set(dimensions):
        wrong = ", ".join(sorted(set(weights) ^ set(dimensions)))
        raise CasebookError(
            f"The weights and the rated dimensions differ in {wrong}; give one weight to each dimension."
        )
    if min(weights.values(), default=0) < 0 or not any(weights.values()):
        raise CasebookError(
            "A weight is below 0, or every weight is 0; give weights from 0, and at least one above it."
        )
    return weights


def _word(score: Fraction, words: Mapping[str, Fraction]) -> str:
    return next(word for word, lowest in words.items() if score >= lowest)
