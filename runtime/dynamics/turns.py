"""Does a part of a trajectory turn back on itself? The momenta at its ends and their sum over it tell.

A part moves apart if its sum has a positive product with the momenta at both its ends. Of the union of two neighbours
the same is asked of the left one with the first point of the right one, and of the last point of the left one with the
right one. What is multiplied is twice the momentum, as only signs matter: the sum of the momenta in the middle of the
steps before and after a point.
"""

from pplc.runtime.compiled import compiled, sums_along_rows, whole_lines


@compiled
def two_turn(aa, bb, ab):
    """Two points, by the squares of their momenta and their product."""
    return not (aa + ab > 0.0 and ab + bb > 0.0)


@compiled
def four_turn(aa, ab, ac, ad, bb, bc, bd, cc, cd, dd):
    """Four points, by the squares of their momenta and all products: their union."""
    return _any_negative(aa + ab + ac + ad, ad + bd + cd + dd, aa + ab + ac, ac + bc + cc, bb + bc + bd, bd + cd + dd)


@sums_along_rows
def pairs_turn(before, after_a, after_b, after_c, after_d):
    """The union of two pairs, a with b and c with d, by the momenta before the first point and after each."""
    whole_first, whole_last, left_first, left_last, right_first, right_last = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(whole_lines(before)):
        a, b, c, d = before[i] + after_a[i], after_a[i] + after_b[i], after_b[i] + after_c[i], after_c[i] + after_d[i]
        left, right = a + b, c + d
        whole = left + right
        whole_first += whole * a
        whole_last += whole * d
        left += c
        left_first += left * a
        left_last += left * c
        right += b
        right_first += right * b
        right_last += right * d
    return _any_negative(whole_first, whole_last, left_first, left_last, right_first, right_last)


@sums_along_rows
def fours_turn(before, after_a, after_b, after_c, after_d, after_e, after_f, after_g, after_h, first, last, total):
    """The union of two fours, a to d and e to h, by the momenta before and after them: writes its ends and sum."""
    whole_first, whole_last, left_first, left_last, right_first, right_last = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(whole_lines(total)):
        a, d = before[i] + after_a[i], after_c[i] + after_d[i]
        e, h = after_d[i] + after_e[i], after_g[i] + after_h[i]
        left = a + d + (after_a[i] + after_b[i]) + (after_b[i] + after_c[i])
        right = e + h + (after_e[i] + after_f[i]) + (after_f[i] + after_g[i])
        whole = left + right
        first[i] = a
        last[i] = h
        total[i] = whole
        whole_first += whole * a
        whole_last += whole * h
        left += e
        left_first += left * a
        left_last += left * e
        right += d
        right_first += right * d
        right_last += right * h
    return _any_negative(whole_first, whole_last, left_first, left_last, right_first, right_last)


@sums_along_rows
def unions_turn(first_left, last_left, total_left, first_right, last_right, total_right):
    """Two neighbours, by their ends and sums: adds the right sum to `total_left`."""
    whole_first, whole_last, left_first, left_last, right_first, right_last = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(whole_lines(total_left)):
        left, right = total_left[i], total_right[i]
        whole = left + right
        total_left[i] = whole
        whole_first += whole * first_left[i]
        whole_last += whole * last_right[i]
        left += first_right[i]
        left_first += left * first_left[i]
        left_last += left * first_right[i]
        right += last_left[i]
        right_first += right * last_left[i]
        right_last += right * last_right[i]
    return _any_negative(whole_first, whole_last, left_first, left_last, right_first, right_last)


@compiled
def _any_negative(a, b, c, d, e, f):
    """True also for zeros and what is not a number."""
    return not (a > 0.0 and b > 0.0 and c > 0.0 and d > 0.0 and e > 0.0 and f > 0.0)
