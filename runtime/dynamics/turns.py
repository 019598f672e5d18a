"""Does a part of a trajectory turn back on itself? The momenta at its ends and their sum over it tell.

A part moves apart if its sum has a positive product with the momenta at both its ends. Of the union of two neighbours
the same is asked of the left one with the first point of the right one, and of the last point of the left one with the
right one. What is multiplied is twice the momentum, as only signs matter: the sum of the momenta in the middle of the
steps before and after a point.
"""

from pplc.runtime.compiled import along_rows, compiled, whole_lines


@compiled
def two_turn(first_squared, last_squared, product):
    """Two points, of which the squares of the momenta and their product are known."""
    return not (first_squared + product > 0.0 and last_squared + product > 0.0)


@along_rows
def four_turn(before, after_a, after_b, after_c, after_d, first, last, total):
    """Four points a, b, c, d, by the momenta before the first and after each: writes their ends and sum."""
    whole_first, whole_last, left_first, left_last, right_first, right_last = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(whole_lines(total)):
        a, b, c, d = before[i] + after_a[i], after_a[i] + after_b[i], after_b[i] + after_c[i], after_c[i] + after_d[i]
        left, right = a + b, c + d
        whole = left + right
        first[i] = a
        last[i] = d
        total[i] = whole
        whole_first += whole * a
        whole_last += whole * d
        left += c
        left_first += left * a
        left_last += left * c
        right += b
        right_first += right * b
        right_last += right * d
    return _any_negative(whole_first, whole_last, left_first, left_last, right_first, right_last)


@along_rows
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
