"""An interval around a share, in a few lines that a reader can follow."""

from math import inf, sqrt
from statistics import NormalDist

from casebook.errors import CasebookError


def wilson(count: float, total: float, level: float = 0.95) -> tuple[float, float]:
    """Put Wilson's interval around a share.

    The interval holds every share from which the one observed lies no more than `z` standard errors away: 1.96 of them
    where the level is 0.95.

    Parameters
    ----------
    count : float
        How many show what is counted, such as the negative posts.
    total : float
        How many there are. It need not be whole: with a design effect it is what the sample is worth.
    level : float
        How often such intervals, made from many random samples, contain the true share; 0.95 and not 95.

    Returns
    -------
    tuple of float
        The lower and the upper end, as shares from 0 to 1.

    Raises
    ------
    CasebookError
        If the total is not above 0, the count lies outside 0 to the total, or the level is not between 0 and 1.

    References
    ----------
    Edwin B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927), no. 158, pp. 209-212, https://doi.org/10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> low, high = wilson(47, 61)
    >>> print(f"{low:.0%} to {high:.0%}")
    65% to 86%
    """
    if not 0 < total < inf:
        raise CasebookError(f"wilson got the total {total}; give the size of the sample, a number above 0.")
    if not 0 <= count <= total:
        raise CasebookError(f"wilson got the count {count} for the total {total}; give a number from 0 to the total.")
    if not 0 < level < 1:
        raise CasebookError(f"wilson got the level {level}; give a share between 0 and 1, such as 0.95.")
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (count + z**2 / 2) / (total + z**2)  # as if z**2 more had been drawn, half of them of the kind counted
    reach = z * sqrt(count * (total - count) / total + z**2 / 4) / (total + z**2)
    return max(0.0, middle - reach), min(1.0, middle + reach)
