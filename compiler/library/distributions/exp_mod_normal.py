"""exp_mod_normal(mu, sigma, lambda): the sum of a normal(mu, sigma) and an exponential(lambda) variable."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_mills, log_ndtr
from ..functions.logarithms import log_of_two
from ..graph import pt
from ..supports import Location, Positive, Real


def log_density(y, mu, sigma, rate):
    return pt.log(rate) + _log_exponential_part(y, mu, sigma, rate)


def log_cdf(y, mu, sigma, rate):
    z = (y - mu) / sigma
    log_normal = log_ndtr(z)
    left = pt.lt(z, 0)  # there the two parts have their main factor in common
    left_ratio = log_mills(rate * sigma - z) - log_mills(-pt.switch(left, z, 0.0))
    right_ratio = _log_exponential_part(y, mu, sigma, rate) - log_normal
    return log_normal + pt.log1mexp(pt.switch(left, left_ratio, right_ratio))


def log_ccdf(y, mu, sigma, rate):
    return log_of_two(log_ndtr((mu - y) / sigma), _log_exponential_part(y, mu, sigma, rate))


def _log_exponential_part(y, mu, sigma, rate):
    """log P(normal part < y < sum): the density over the rate."""
    z = (y - mu) / sigma
    left = pt.lt(z, rate * sigma)
    near = -0.5 * z**2 + log_mills(pt.switch(left, rate * sigma - z, 0.0))
    far = rate * (mu - y + 0.5 * rate * sigma**2) + log_ndtr(z - rate * sigma)
    return pt.switch(left, near, far)


def draw(rng, mu, sigma, rate):
    return rng.normal(mu, sigma) + rng.exponential(1 / rate)


exp_mod_normal = Distribution(
    name="exp_mod_normal",
    outcome=Real(),
    parameters=(
        Parameter("mu", Location()),
        Parameter("sigma", Positive()),
        Parameter("lambda", Positive()),
    ),
    log_density=log_density,
    log_cdf=log_cdf,
    log_ccdf=log_ccdf,
    draw=draw,
    reference="scipy.stats.exponnorm(1 / (sigma * lambda_), mu, sigma)",
    source="Functions reference, unbounded continuous distributions: exp_mod_normal",
)
