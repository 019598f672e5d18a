"""The derivatives of log gamma."""

# ruff: noqa: F821
from ..language import exact


@exact
def digamma(x: float) -> float:
    """d/dx log gamma(x): reflection below 0, recurrence onto [1, 2], from 10 on the asymptotic series (A&S 6.3.18)."""
    if x <= 0.0 and floor(x) == x:
        return nan
    reflected = 0.0
    z = x
    if x < 0.0:
        reflected = -3.141592653589793 / tan(3.141592653589793 * (x - floor(x)))
        z = 1.0 - x
    if z < 10.0:
        shift = 0.0
        if z < 1.0:
            shift = -1.0 / z
            z = z + 1.0
        while z > 2.0:
            z = z - 1.0
            shift = shift + 1.0 / z
        return reflected + (shift + _digamma_unit(z))
    w = 1.0 / (z * z)
    series = w * (
        1.0 / 12.0
        - w
        * (1.0 / 120.0 - w * (1.0 / 252.0 - w * (1.0 / 240.0 - w * (1.0 / 132.0 - w * (691.0 / 32760.0 - w / 12.0)))))
    )
    return reflected + (log(z) - (0.5 / z + series))


@exact
def _digamma_unit(x: float) -> float:
    """digamma(x) for 1 <= x <= 2: its zero times a polynomial, so that digits are kept around the zero; error 6e-19."""
    t = x - 1.5
    q = t * t
    w = q * q
    a = (0.9510558760318328 - t * 0.42362742128146047) + q * (0.24054248424078736 - t * 0.14840492305391761)
    b = (0.09498872445283 - t * 0.06192213327165706) + q * (0.04076083394462657 - t * 0.02697579684427536)
    c = (0.017907248195969127 - t * 0.011908215172584002) + q * (0.007927024067961237 - t * 0.00528001782089874)
    d = (0.0035180800751066694 - t * 0.002344650082351321) + q * (0.0015635679757533885 - t * 0.001042261556504223)
    e = (0.0006899717801166841 - t * 0.0004599625144612576) + q * (0.0003268068044141764 - t * 0.0002178682145501451)
    f = (9.173383289174792e-05 - t * 6.11554261750751e-05) + q * (0.00012230983055406747 - t * 8.153978973309418e-05)
    distance = (x - 1.4616321449683622) - 9.549995429965697e-17
    return distance * (a + w * (b + w * (c + w * (d + w * (e + w * f)))))


@exact
def trigamma(x: float) -> float:
    """The second derivative of log gamma: reflection, recurrence from 10 on, asymptotic series (A&S 6.4.12)."""
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
    steps = ceil(10.0 - z) if z < 10.0 else 0.0
    far = z + steps
    w = 1.0 / (far * far)
    series = (
        1.0
        / far
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
    total = 0.5 * w + series
    lost = 0.0
    while steps > 0.0:  # small terms first, and what rounding loses of the sum is added at the end
        steps = steps - 1.0
        term = 1.0 / ((z + steps) * (z + steps))
        new = total + term
        added = new - total
        lost = lost + ((total - (new - added)) + (term - added))
        total = new
    return reflected + sign * (total + lost)
