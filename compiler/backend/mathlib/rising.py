"""The logarithm of a rising factorial a (a + 1) ... (a + n - 1) less that of a^n, and its derivatives.

Stirling's formula for gamma(a + n) and gamma(a) leaves (a + n - 1/2) log1p(n / a) - n, which vanishes as a grows. It
holds from 3 on; an `a` below that is raised by 3, by the recurrence, and a + n with it.
"""

# ruff: noqa: F821
from ..language import aside, exact


@exact
def log_rising_ratio(a: float, n: float) -> float:
    """log(gamma(a + n) / gamma(a)) - n log(a); the error is an ulp of n and of the terms."""
    low = a < 3.0
    c = a + n
    A = a + 3.0 if low else a
    C = c + 3.0 if low else c
    raised = _rising(c) / _rising(a)
    usual = (a >= 1e-300) and (n >= 0.0) and ((not low) or raised < inf)
    beyond = log_rising_ratio_beyond(nan if usual else a, n)
    main = (C - 0.5) * log1p(n / A) - n + (_stirling(C) - _stirling(A))
    below = n * log(A / a) - log(raised) if low else 0.0
    return main + below if usual else beyond


@exact
def log_rising_ratio_a(a: float, n: float) -> float:
    """The derivative by a: digamma(a + n) - digamma(a) - n / a."""
    low = a < 3.0
    c = a + n
    A = a + 3.0 if low else a
    C = c + 3.0 if low else c
    usual = (a >= 1e-100) and (n >= 0.0) and ((not low) or c < 1e100)
    beyond = log_rising_ratio_a_beyond(nan if usual else a, n)
    below = _inverses(a) - _inverses(c) if low else 0.0
    return (log1p(n / A) - n / a) + ((_less_log(A) - _less_log(C)) + below) if usual else beyond


@aside
@exact
def log_rising_ratio_beyond(a: float, n: float) -> float:
    """Where a is not above 0 or nearly 0, n is not positive, or their factorial is beyond all numbers."""
    return log_gamma(a + n) - log_gamma(a) - n * log(a)


@aside
@exact
def log_rising_ratio_a_beyond(a: float, n: float) -> float:
    """Its derivative by a."""
    return digamma(a + n) - digamma(a) - n / a
