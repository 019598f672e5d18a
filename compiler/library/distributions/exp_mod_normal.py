"""exp_mod_normal(mu, sigma, lambda): the sum of a normal(mu, sigma) and an exponential(lambda) variable."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..elementary import log_ndtr, log_tail_rest
from ..functions.logarithms import log_of_two
from ..graph import pt
from ..supports import Location, Positive, Real


def log_density(y, mu, sigma, rate):
    return pt.log(rate) + _log_exponential_part(y, mu, sigma, rate)


def log_cdf(y, mu, sigma, rate):
    z = (y - mu) / sigma
    left = pt.lt(z, 0)  # there the two parts have their main factor exp(-z^2 / 2) in common
    normal, rest = log_tail_rest(-z), log_tail_rest(rate * sigma - z)
    ratio = rest - normal + pt.switch(left, 0.0, _main_factor(y, mu, sigma, rate))
    return normal - pt.switch(left, 0.5 * z**2, 0.0) + pt.log1mexp(ratio)


def log_ccdf(y, mu, sigma, rate):
    return log_of_two(log_ndtr((mu - y) / sigma), _log_exponential_part(y, mu, sigma, rate))


def _log_exponential_part(y, mu, sigma, rate):
    """log P(normal part < y < sum): the density over the rate."""
    return _main_factor(y, mu, sigma, rate) + log_tail_rest(rate * sigma - (y - mu) / sigma)


def _main_factor(y, mu, sigma, rate):
    """The logarithm of what that is besides the tail of a normal variable."""
    z = (y - mu) / sigma
    return pt.switch(pt.lt(z, rate * sigma), -0.5 * z**2, rate * (mu - y + 0.5 * rate * sigma**2))


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
