"""The derivatives of log gamma."""

# ruff: noqa: F821
from ..language import exact


@exact
def digamma(x: float) -> float:
    """d/dx log gamma(x): reflection below 0, recurrence up to 10, then the asymptotic series (A&S 6.3.18)."""
    if x <= 0.0 and floor(x) == x:
        return nan
    reflected = 0.0
    z = x
    if x < 0.0:
        reflected = -3.141592653589793 / tan(3.141592653589793 * (x - floor(x)))
        z = 1.0 - x
    shift = 0.0
    while z < 10.0:
        shift = shift - 1.0 / z
        z = z + 1.0
    w = 1.0 / (z * z)
    series = w * (
        1.0 / 12.0
        - w
        * (1.0 / 120.0 - w * (1.0 / 252.0 - w * (1.0 / 240.0 - w * (1.0 / 132.0 - w * (691.0 / 32760.0 - w / 12.0)))))
    )
    return reflected + shift + log(z) - 0.5 / z - series


@exact
def trigamma(x: float) -> float:
    """The second derivative of log gamma: reflection, recurrence up to 10, asymptotic series (A&S 6.4.12)."""
    if x <= 0.0 and floor(x) == x:
        return inf
    sign = 1.0
    reflected = 0.0
    z = x
    if x < 0.0:
        s = sin(3.141592653589793 * (x - floor(x)))
        reflected = 9.869604401089358 / (s * s)
        sign = -1.0
        z = 1.0 - x
    shift = 0.0
    while z < 10.0:
        shift = shift + 1.0 / (z * z)
        z = z + 1.0
    w = 1.0 / (z * z)
    series = (
        1.0
        / z
        * (
            1.0
            + w
            * (
                1.0 / 6.0
                - w
                * (
                    1.0 / 30.0
                    - w * (1.0 / 42.0 - w * (1.0 / 30.0 - w * (5.0 / 66.0 - w * (691.0 / 2730.0 - w * 7.0 / 6.0))))
                )
            )
        )
    )
    return reflected + sign * (shift + 0.5 * w + series)
