"""Wilson's interval is the one of statsmodels, holds the shares it should, and refuses what is no share."""

from math import inf, nan, sqrt
from statistics import NormalDist

import pytest
from statsmodels.stats.proportion import proportion_confint

from casebook.errors import CasebookError
from casebook.intervals import wilson

TOTALS = (0.5, 1, 2, 7.5, 16, 24.7, 61, 1000, 6712)  # what a sample is worth need not be whole
SHARES = (0, 0.01, 0.1, 1 / 3, 0.5, 47 / 61, 0.9, 1)
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)
GRID = [(share * total, total, level) for total in TOTALS for share in SHARES for level in LEVELS]


def textbook(count, total, level):
    """Take the share and so many of its own standard errors."""
    share, z = count / total, NormalDist().inv_cdf((1 + level) / 2)
    error = sqrt(share * (1 - share) / total)
    return share - z * error, share + z * error


def rounded(count, total, level):
    """Take 1.96 for the normal quantile, as one does by hand."""
    return wilson(count, total, 2 * NormalDist().cdf(1.96) - 1 if level == 0.95 else level)


def same_as_the_library(interval):
    """Tell for each case of the grid whether both ends are those of statsmodels."""
    return [
        interval(count, total, level)
        == pytest.approx(proportion_confint(count, total, alpha=1 - level, method="wilson"), rel=0, abs=1e-12)
        for count, total, level in GRID
    ]


def test_the_interval_is_that_of_statsmodels_for_whole_and_broken_totals():
    assert all(same_as_the_library(wilson))


@pytest.mark.parametrize("planted", [textbook, rounded, lambda *case: wilson(*case[:2], 0.95)])
def test_another_interval_a_rounded_quantile_and_a_level_that_is_ignored_are_found(planted):
    assert not all(same_as_the_library(planted))


@pytest.mark.parametrize(("count", "total", "level"), [(47, 61, 0.95), (4.5, 7.5, 0.9)])
def test_at_each_end_the_share_observed_lies_as_many_standard_errors_away_as_the_level_says(count, total, level):
    for end in wilson(count, total, level):
        distance = abs(count / total - end) / sqrt(end * (1 - end) / total)
        assert distance == pytest.approx(NormalDist().inv_cdf((1 + level) / 2))


@pytest.mark.parametrize("total", TOTALS)
def test_no_end_leaves_0_to_1(total):
    assert all(0 <= end <= 1 for share in SHARES for end in wilson(share * total, total))
    assert wilson(0, total)[0] == 0
    assert wilson(total, total)[1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ((1, 0), "wilson got the total 0; give the size of the sample, a number above 0."),
        ((1, -3), "wilson got the total -3; give the size of the sample, a number above 0."),
        ((1, nan), "wilson got the total nan; give the size of the sample, a number above 0."),
        ((1, inf), "wilson got the total inf; give the size of the sample, a number above 0."),
        ((-1, 61), "wilson got the count -1 for the total 61; give a number from 0 to the total."),
        ((61, 47), "wilson got the count 61 for the total 47; give a number from 0 to the total."),
        ((nan, 61), "wilson got the count nan for the total 61; give a number from 0 to the total."),
        ((47, 61, 95), "wilson got the level 95; give a share between 0 and 1, such as 0.95."),
        ((47, 61, 0), "wilson got the level 0; give a share between 0 and 1, such as 0.95."),
    ],
)
def test_what_is_no_share_and_no_level_is_refused_in_one_sentence(case, says):
    with pytest.raises(CasebookError) as refused:
        wilson(*case)
    assert str(refused.value) == says
