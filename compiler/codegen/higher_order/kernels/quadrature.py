"""One-dimensional integrals, of a function and at once of its derivatives by the active arguments.

Double-exponential quadrature (Takahasi, Mori 1974) on the levels h = 1, 1/2, 1/4, ... until two of them agree;
globally adaptive Gauss-Kronrod quadrature with 21 points (Piessens et al. 1983).
"""

from __future__ import annotations

from math import cosh, exp, sinh, tanh

import numpy as np

from .coupled import halt, halt_at, unless_stopped
from .placeholders import MISPLACED, STOPPED, STUCK, integrand, linearise_integrand

HALF_PI = 1.5707963267948966
REACH = 6.5  # of the double-exponential variable: beyond it weights underflow or nodes overflow
FIRST_LEVEL = 3  # levels are compared from here on
FIRST_CUT, FAR = 2, 3.0  # levels that stop early, but not within this of the variable: e^16, or e^-16 from a limit
EPSILON = 2.2e-16  # of the size of a sum: what it does not show
STOP, SMALL, SHOWS = 0, 1, 2  # what a node did


def add_node(messages, x, complement, weight, at_limit, by_argument, sums, sizes, *arguments):
    """Add the integrand and its derivatives at x to the sums, and their absolute values to the sizes.

    Returns STOP where they cannot be, else whether it SHOWS in the sums or is too SMALL.
    """
    value = integrand(messages, x, complement, *arguments)
    if messages[0] != 0.0:
        return STOP
    good, wrong = value - value == 0.0, value
    if good and by_argument.shape[1] > 0:
        linearise_integrand(messages, x, complement, by_argument, *arguments)
        for c in range(by_argument.shape[1]):
            if by_argument[0, c] - by_argument[0, c] != 0.0:
                if value == 0.0:
                    by_argument[0, c] = 0.0  # 0 * inf far out, where the integrand has underflowed
                elif good:
                    good, wrong = False, by_argument[0, c]
    if not good:
        if at_limit:
            return SMALL
        halt_at(messages, STUCK, wrong, x)
        return STOP
    sums[0] += weight * value
    sizes[0] += weight * abs(value)
    shows = weight * abs(value) > EPSILON * sizes[0]
    for c in range(by_argument.shape[1]):
        sums[1 + c] += weight * by_argument[0, c]
        sizes[1 + c] += weight * abs(by_argument[0, c])
        shows = shows or weight * abs(by_argument[0, c]) > EPSILON * sizes[1 + c]
    return SHOWS if shows else SMALL


def add_exponential_node(messages, u, a, b, faded, by_argument, sums, sizes, *arguments):
    """The node of the double-exponential variable u: tanh-sinh between finite limits, exp-sinh otherwise.

    Where a node has been rounded to a singularity at a limit its weight is next to nothing, and so is what the
    integrand cannot be computed for (0 * inf) towards infinity once its terms have `faded`.
    """
    v = HALF_PI * sinh(u)
    stretch = HALF_PI * cosh(u)
    if b - a < np.inf:
        rest = (b - a) / (1.0 + exp(2.0 * abs(v)))  # the distance to the nearer limit, without cancellation
        weight = stretch * rest * (1.0 + tanh(abs(v)))
        x = b - rest if u > 0.0 else a + rest
        complement = rest if u > 0.0 else -rest
        at_limit = x <= a or x >= b
    else:
        distance = exp(v)
        weight = stretch * distance
        complement = np.nan
        if a > -np.inf:
            x = a + distance
            at_limit = x <= a
        else:
            x = b - distance
            at_limit = x >= b
        at_limit = at_limit or (u > 0.0 and faded)
    if weight == 0.0:
        return SMALL
    return add_node(messages, x, complement, weight, at_limit, by_argument, sums, sizes, *arguments)


def exponential_piece(messages, a, b, relative, absolute, max_level, total, by_argument, *arguments):
    """Add the integrals from a to b, of which one at most is infinite, to `total`.

    Once the levels before have looked everywhere, a level ends far out where two terms are too small for the sums.
    """
    count = total.shape[0]
    sums, sizes, before = np.zeros(count), np.zeros(count), np.zeros(count)
    h, level, converged = 1.0, 0, False
    while not converged:
        # From the middle outwards on each side; level 0 takes every node, the others those between.
        steps = int(REACH / h)
        for side in range(-1, 2, 2):
            small = 0  # terms in a row
            for j in range(steps + 1):
                if (j % 2 != 0 or level == 0) and (j > 0 or side > 0):
                    u = side * j * h
                    added = add_exponential_node(messages, u, a, b, small > 0, by_argument, sums, sizes, *arguments)
                    if added == STOP:
                        return False
                    small = small + 1 if added == SMALL else 0
                    if small > 1 and level >= FIRST_CUT and j * h >= FAR and sizes[0] > 0.0:
                        break
        converged = level >= FIRST_LEVEL
        for c in range(count):
            change = abs(h * sums[c] - before[c])
            if not change <= max(relative * h * sizes[c], absolute):  # nan where the sum is infinite
                converged = False
                if level >= max_level and level >= FIRST_LEVEL:
                    halt(messages, STOPPED, change, before, count)
                    return False
            before[c] = h * sums[c]
        level += 1
        h *= 0.5
    for c in range(count):
        total[c] += before[c]
    return True


def limits_fit(messages, a, b):
    """Whether a <= b; an error is recorded where not."""
    if messages[0] != 0.0:
        return False
    if a <= b:
        return True
    halt_at(messages, MISPLACED, a, b)
    return False


def double_exponential(messages, a, b, relative, absolute, max_level, extra, *arguments):
    """The integral from a to b, then its derivatives by the active arguments; split at 0 where that is inside."""
    total, by_argument = np.zeros(1 + extra), np.zeros((1, extra))
    if limits_fit(messages, a, b) and a < b:
        middle = 0.0 if a < 0.0 and b > 0.0 else a
        good = True
        if middle > a:
            good = exponential_piece(messages, a, middle, relative, absolute, max_level, total, by_argument, *arguments)
        if good:
            exponential_piece(messages, middle, b, relative, absolute, max_level, total, by_argument, *arguments)
    return total


def kronrod_table():
    """Nonnegative nodes, Kronrod weights and Gauss weights (0 at nodes that are not Gauss's) on [-1, 1]."""
    t = np.zeros((11, 3))
    t[0, 0], t[0, 1], t[0, 2] = 0.0, 0.14944555400291690566, 0.0
    t[1, 0], t[1, 1], t[1, 2] = 0.14887433898163121089, 0.14773910490133849137, 0.29552422471475287017
    t[2, 0], t[2, 1], t[2, 2] = 0.29439286270146019813, 0.14277593857706008080, 0.0
    t[3, 0], t[3, 1], t[3, 2] = 0.43339539412924719080, 0.13470921731147332593, 0.26926671930999635509
    t[4, 0], t[4, 1], t[4, 2] = 0.56275713466860468334, 0.12349197626206585108, 0.0
    t[5, 0], t[5, 1], t[5, 2] = 0.67940956829902440623, 0.10938715880229764190, 0.21908636251598204400
    t[6, 0], t[6, 1], t[6, 2] = 0.78081772658641689706, 0.09312545458369760554, 0.0
    t[7, 0], t[7, 1], t[7, 2] = 0.86506336668898451073, 0.07503967481091995277, 0.14945134915058059315
    t[8, 0], t[8, 1], t[8, 2] = 0.93015749135570822600, 0.05475589657435199603, 0.0
    t[9, 0], t[9, 1], t[9, 2] = 0.97390652851717172008, 0.03255816230796472748, 0.06667134430868813759
    t[10, 0], t[10, 1], t[10, 2] = 0.99565716302580808074, 0.01169463886737187428, 0.0
    return t


def kronrod_piece(messages, table, a, b, low, high, row, by_argument, sums, sizes, *arguments):
    """Integrate over [low, high] of the variable that covers (a, b): row gets the integrals, then the errors, then
    the integrals of absolute values."""
    count = sums.shape[0]
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    for c in range(3 * count):
        row[c] = 0.0
    for k in range(21):
        node = k - 10
        s = middle + half * (table[abs(node), 0] if node > 0 else -table[abs(node), 0])
        x, stretch = s, 1.0
        if a == -np.inf and b == np.inf:  # x = s / (1 - s^2)
            x = s / ((1.0 - s) * (1.0 + s))
            stretch = (1.0 + s * s) / ((1.0 - s) * (1.0 + s) * ((1.0 - s) * (1.0 + s)))
        elif b == np.inf:  # x = a + s / (1 - s)
            x = a + s / (1.0 - s)
            stretch = 1.0 / ((1.0 - s) * (1.0 - s))
        elif a == -np.inf:
            x = b - s / (1.0 - s)
            stretch = 1.0 / ((1.0 - s) * (1.0 - s))
        for c in range(count):
            sums[c] = 0.0
            sizes[c] = 0.0
        if add_node(messages, x, np.nan, half * stretch, False, by_argument, sums, sizes, *arguments) == STOP:
            return False
        for c in range(count):
            row[c] += table[abs(node), 1] * sums[c]
            row[count + c] += table[abs(node), 2] * sums[c]
            row[2 * count + c] += table[abs(node), 1] * sizes[c]
    for c in range(count):
        row[count + c] = abs(row[c] - row[count + c])
    return True


def gauss_kronrod(messages, a, b, relative, absolute, max_depth, extra, *arguments):
    """As `double_exponential`; the worst piece is halved until the errors of all pieces together are tolerable."""
    count = 1 + extra
    total, by_argument = np.zeros(count), np.zeros((1, extra))
    if not limits_fit(messages, a, b) or a == b:
        return total
    table, sums, sizes = kronrod_table(), np.zeros(count), np.zeros(count)
    room = 1 << min(int(max_depth), 11)
    pieces, ends, depth = np.zeros((room + 1, 3 * count)), np.zeros((room + 1, 2)), np.zeros(room + 1)
    ends[0, 0], ends[0, 1] = a, b
    if a == -np.inf and b == np.inf:
        ends[0, 0], ends[0, 1] = -1.0, 1.0
    elif a == -np.inf or b == np.inf:
        ends[0, 0], ends[0, 1] = 0.0, 1.0
    used = 1
    if not kronrod_piece(
        messages, table, a, b, ends[0, 0], ends[0, 1], pieces[0], by_argument, sums, sizes, *arguments
    ):
        return total
    while True:
        # The component that is furthest from its tolerance, and the piece that contributes most to it.
        worst_ratio, component = 0.0, 0
        for c in range(count):
            error, size = 0.0, 0.0
            for p in range(used):
                error += pieces[p, count + c]
                size += pieces[p, 2 * count + c]
            allowed = max(max(relative * size, absolute), 1e-300)
            if error / allowed > worst_ratio:
                worst_ratio, component = error / allowed, c
        if worst_ratio <= 1.0:
            break
        worst = 0
        for p in range(used):
            if pieces[p, count + component] > pieces[worst, count + component]:
                worst = p
        if depth[worst] >= max_depth or used >= room:
            add_pieces(total, pieces, used)
            halt(messages, STOPPED, pieces[worst, count + component], total, count)
            return total
        low, high = ends[worst, 0], ends[worst, 1]
        middle = 0.5 * (low + high)
        depth[worst] += 1.0
        depth[used] = depth[worst]
        ends[worst, 1], ends[used, 0], ends[used, 1] = middle, middle, high
        good = kronrod_piece(messages, table, a, b, low, middle, pieces[worst], by_argument, sums, sizes, *arguments)
        if good:
            good = kronrod_piece(
                messages, table, a, b, middle, high, pieces[used], by_argument, sums, sizes, *arguments
            )
        if not good:
            return total
        used += 1
    add_pieces(total, pieces, used)
    return total


def add_pieces(total, pieces, used):
    """Add up the integrals over the pieces."""
    for c in range(total.shape[0]):
        for p in range(used):
            total[c] += pieces[p, c]


def integral_value(messages, total):
    """The integral; nan where it was not found."""
    return total[0] if messages[0] == 0.0 else np.nan


def integral_jacobian(messages, total, a, b, of_lower, of_upper, extra, *arguments):
    """Derivatives by those limits that are wanted (1 or 0) and the active arguments (Leibniz)."""
    jacobian = np.zeros((1, of_lower + of_upper + extra))
    if messages[0] != 0.0:
        return unless_stopped(messages, jacobian)
    if of_lower > 0 and a > -np.inf:
        jacobian[0, 0] = -integrand(messages, a, 0.0, *arguments)
    if of_upper > 0 and b < np.inf:
        jacobian[0, of_lower] = integrand(messages, b, 0.0, *arguments)
    for c in range(extra):
        jacobian[0, of_lower + of_upper + c] = total[1 + c]
    return unless_stopped(messages, jacobian)
