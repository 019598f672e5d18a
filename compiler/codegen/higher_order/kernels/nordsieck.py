"""The history of a multistep method as a Taylor array, zn[j] = h^j y^(j) / j!, and the coefficients that go with it.

As in CVODE (Cohen, Hindmarsh 1996; formulas after Jackson, Sacks-Davis 1980 and Byrne, Hindmarsh 1975). `tau` has the
sizes of the last steps; `corrector` says what a correction of the solution does to each row; `test` turns corrections
into errors: [1] those of order q - 1, [2] of order q, [3] of order q + 1, [5] serves the latter from step to step.
"""

from __future__ import annotations

import numpy as np

ORDER_LIMIT = 13  # rows of the Taylor array, and one


def set_bdf(q, h, tau, corrector, test, waiting):
    """Coefficients of the corrector, and of the error tests for orders q - 1, q, q + 1."""
    for i in range(ORDER_LIMIT):
        corrector[i] = 0.0
    corrector[0] = 1.0
    corrector[1] = 1.0
    inverse, inverse_star, alpha0, alpha0_hat, total = 1.0, 1.0, -1.0, -1.0, h
    if q > 1:
        for j in range(2, q):
            total += tau[j - 1]
            inverse = h / total
            alpha0 -= 1.0 / j
            for i in range(j, 0, -1):
                corrector[i] += corrector[i - 1] * inverse
        alpha0 -= 1.0 / q
        inverse_star = -corrector[1] - alpha0
        total += tau[q - 1]
        inverse = h / total
        alpha0_hat = -corrector[1] - inverse
        for i in range(q, 0, -1):
            corrector[i] += corrector[i - 1] * inverse_star
    a1 = 1.0 - alpha0_hat + alpha0
    a2 = 1.0 + q * a1
    test[2] = abs(a1 / (alpha0 * a2))
    test[5] = abs(a2 * inverse_star / (corrector[q] * inverse))
    if waiting == 1:
        test[1] = 1.0
        if q > 1:
            a3 = alpha0 + 1.0 / q
            a4 = alpha0_hat + inverse
            test[1] = abs(inverse_star / corrector[q] * ((1.0 - a4 + a3) / a3))
        total += tau[q]
        inverse = h / total
        a5 = alpha0 - 1.0 / (q + 1)
        a6 = alpha0_hat - inverse
        test[3] = abs((1.0 - a6 + a5) / a2 / (inverse * (q + 2) * a5))


def alternating(m, last, k):
    """The sum of (-1)^i m[i] / (i + k) over i <= last: an integral of a polynomial."""
    total, sign = 0.0, 1.0
    for i in range(last + 1):
        total += sign * (m[i] / (i + k))
        sign = -sign
    return total


def set_adams(q, h, tau, corrector, test, waiting):
    """As `set_bdf`, for Adams-Moulton formulas."""
    for i in range(ORDER_LIMIT):
        corrector[i] = 0.0
    corrector[0] = 1.0
    if q == 1:
        corrector[1] = 1.0
        test[1] = 1.0
        test[2] = 0.5
        test[3] = 1.0 / 12.0
        test[5] = 1.0
        return 0
    m = np.zeros(ORDER_LIMIT + 1)
    m[0] = 1.0
    total = h
    for j in range(1, q):
        if j == q - 1 and waiting == 1:
            test[1] = q * alternating(m, q - 2, 2) / m[q - 2]
        inverse = h / total
        for i in range(j, 0, -1):
            m[i] += m[i - 1] * inverse
        total += tau[j]
    first, second = alternating(m, q - 1, 1), alternating(m, q - 1, 2)
    for i in range(1, q + 1):
        corrector[i] = m[i - 1] / (i * first)
    reach = total / h
    test[2] = second / first / reach
    test[5] = reach / corrector[q]
    if waiting == 1:
        for i in range(q, 0, -1):
            m[i] += m[i - 1] / reach
        test[3] = alternating(m, q, 2) / first / (q + 1)
    return 0


def set_coefficients(adams, q, h, tau, corrector, test, waiting):
    """Coefficients of the corrector, and of the error tests for orders q - 1, q, q + 1, of a method."""
    if adams > 0:
        set_adams(q, h, tau, corrector, test, waiting)
    else:
        set_bdf(q, h, tau, corrector, test, waiting)


def change_order(adams, q, wanted, h, tau, zn, kept):
    """Make the Taylor array of order q one of the order above or below; for `kept` see `raise_order`."""
    if wanted > q:
        raise_order(adams, q, h, tau, zn, kept)
    else:
        lower_order(adams, q, h, tau, zn)


def raise_order(adams, q, h, tau, zn, kept):
    """Make the Taylor array one of order q + 1; `kept` is the row with the correction of the last step."""
    size = zn.shape[1]
    if adams > 0:
        for i in range(size):
            zn[q + 1, i] = 0.0
        return 0
    corrector = np.zeros(ORDER_LIMIT + 1)
    corrector[2] = 1.0
    alpha0, alpha1, product, before, total = -1.0, 1.0, 1.0, 1.0, h
    for j in range(1, q):
        total += tau[j + 1]
        xi = total / h
        product *= xi
        alpha0 -= 1.0 / (j + 1)
        alpha1 += 1.0 / xi
        for i in range(j + 2, 1, -1):
            corrector[i] = corrector[i] * before + corrector[i - 1]
        before = xi
    share = (-alpha0 - alpha1) / product
    for i in range(size):
        zn[q + 1, i] = share * zn[kept, i]
    for j in range(2, q + 1):
        for i in range(size):
            zn[j, i] += corrector[j] * zn[q + 1, i]
    return 0


def lower_order(adams, q, h, tau, zn):
    """Make the Taylor array one of order q - 1."""
    corrector = np.zeros(ORDER_LIMIT + 1)
    total = 0.0
    if adams > 0:
        corrector[1] = 1.0
        for j in range(1, q - 1):
            total += tau[j]
            for i in range(j + 1, 0, -1):
                corrector[i] = corrector[i] * (total / h) + corrector[i - 1]
        for j in range(q - 2, 0, -1):
            corrector[j + 1] = q * (corrector[j] / (j + 1))
    else:
        corrector[2] = 1.0
        for j in range(1, q - 1):
            total += tau[j]
            for i in range(j + 2, 1, -1):
                corrector[i] = corrector[i] * (total / h) + corrector[i - 1]
    for j in range(2, q):
        for i in range(zn.shape[1]):
            zn[j, i] -= corrector[j] * zn[q, i]
    return 0


def rescale(zn, q, ratio):
    """The Taylor array for a step size that is `ratio` times as large."""
    power = 1.0
    for j in range(1, q + 1):
        power *= ratio
        for i in range(zn.shape[1]):
            zn[j, i] *= power


def predict(zn, q):
    """The Taylor array one step later."""
    for k in range(1, q + 1):
        for j in range(q, k - 1, -1):
            for i in range(zn.shape[1]):
                zn[j - 1, i] += zn[j, i]


def retract(zn, q):
    """Undo `predict`."""
    for k in range(1, q + 1):
        for j in range(q, k - 1, -1):
            for i in range(zn.shape[1]):
                zn[j - 1, i] -= zn[j, i]


def advance(zn, q, h, tau, corrector, correction):
    """The history after a step of size h that ended with this correction."""
    for i in range(q, 1, -1):
        tau[i] = tau[i - 1]
    tau[1] = h
    for j in range(q + 1):
        for i in range(zn.shape[1]):
            zn[j, i] += corrector[j] * correction[i]


def keep(zn, row, correction):
    """Put a correction into a row that is not of the Taylor array, for `raise_order`."""
    for i in range(zn.shape[1]):
        zn[row, i] = correction[i]


def interpolate(zn, q, s, solution, row):
    """The polynomial of the last step, s steps after its end, as a row of the solution."""
    for i in range(zn.shape[1]):
        total = zn[q, i]
        for j in range(q - 1, -1, -1):
            total = total * s + zn[j, i]
        solution[row, i] = total
