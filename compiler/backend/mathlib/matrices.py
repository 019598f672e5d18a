"""Dense linear algebra on row-major matrices. What cannot be done gives nan, never an exception."""

# ruff: noqa: F821
from ..language import fast


@fast
def cholesky(a: floats, out: floats, n: int) -> None:
    """The lower factor of a symmetric matrix, from its lower triangle; nan where it is not positive definite."""
    panels = n // 4 if n >= 12 else 0
    for panel in range(panels):
        j = 4 * panel
        cholesky_update(a, out, n, j)
        cholesky_corner(out, n, j)
        cholesky_below(out, n, j)
    cholesky_columns(a, out, n, 4 * panels)


@fast
def cholesky_update(a: floats, out: floats, n: int, j: int) -> None:
    """Four columns, from the diagonal down, less what the columns to their left take away: four rows at a time."""
    c0 = out[j * n :]
    c1 = out[(j + 1) * n :]
    c2 = out[(j + 2) * n :]
    c3 = out[(j + 3) * n :]
    fours = (n - j) // 4
    for four in range(fours):
        i = j + 4 * four
        r0 = out[i * n :]
        r1 = out[(i + 1) * n :]
        r2 = out[(i + 2) * n :]
        r3 = out[(i + 3) * n :]
        s00 = 0.0
        s01 = 0.0
        s02 = 0.0
        s03 = 0.0
        s10 = 0.0
        s11 = 0.0
        s12 = 0.0
        s13 = 0.0
        s20 = 0.0
        s21 = 0.0
        s22 = 0.0
        s23 = 0.0
        s30 = 0.0
        s31 = 0.0
        s32 = 0.0
        s33 = 0.0
        for k in range(j):
            s00 = s00 + r0[k] * c0[k]
            s01 = s01 + r0[k] * c1[k]
            s02 = s02 + r0[k] * c2[k]
            s03 = s03 + r0[k] * c3[k]
            s10 = s10 + r1[k] * c0[k]
            s11 = s11 + r1[k] * c1[k]
            s12 = s12 + r1[k] * c2[k]
            s13 = s13 + r1[k] * c3[k]
            s20 = s20 + r2[k] * c0[k]
            s21 = s21 + r2[k] * c1[k]
            s22 = s22 + r2[k] * c2[k]
            s23 = s23 + r2[k] * c3[k]
            s30 = s30 + r3[k] * c0[k]
            s31 = s31 + r3[k] * c1[k]
            s32 = s32 + r3[k] * c2[k]
            s33 = s33 + r3[k] * c3[k]
        r0[j] = a[i * n + j] - s00
        r0[j + 1] = a[i * n + j + 1] - s01
        r0[j + 2] = a[i * n + j + 2] - s02
        r0[j + 3] = a[i * n + j + 3] - s03
        r1[j] = a[(i + 1) * n + j] - s10
        r1[j + 1] = a[(i + 1) * n + j + 1] - s11
        r1[j + 2] = a[(i + 1) * n + j + 2] - s12
        r1[j + 3] = a[(i + 1) * n + j + 3] - s13
        r2[j] = a[(i + 2) * n + j] - s20
        r2[j + 1] = a[(i + 2) * n + j + 1] - s21
        r2[j + 2] = a[(i + 2) * n + j + 2] - s22
        r2[j + 3] = a[(i + 2) * n + j + 3] - s23
        r3[j] = a[(i + 3) * n + j] - s30
        r3[j + 1] = a[(i + 3) * n + j + 1] - s31
        r3[j + 2] = a[(i + 3) * n + j + 2] - s32
        r3[j + 3] = a[(i + 3) * n + j + 3] - s33
    for i in range(j + 4 * fours, n):
        for c in range(4):
            dot = 0.0
            for k in range(j):
                dot = dot + out[i * n + k] * out[(j + c) * n + k]
            out[i * n + j + c] = a[i * n + j + c] - dot


@fast
def cholesky_corner(out: floats, n: int, j: int) -> None:
    """The factor of the four rows and columns on the diagonal, and zeros above it."""
    for c in range(4):
        rest = out[(j + c) * n + j + c]
        for k in range(j, j + c):
            rest = rest - out[(j + c) * n + k] * out[(j + c) * n + k]
        pivot = sqrt(rest) if rest > 0.0 else nan
        out[(j + c) * n + j + c] = pivot
        for i in range(j + c + 1, j + 4):
            rest = out[i * n + j + c]
            for k in range(j, j + c):
                rest = rest - out[i * n + k] * out[(j + c) * n + k]
            out[i * n + j + c] = rest / pivot
        for i in range(j + c):
            out[i * n + j + c] = 0.0


@fast
def cholesky_below(out: floats, n: int, j: int) -> None:
    """The rows of the factor below the corner: X L' = B for the corner's factor L."""
    c0 = out[j * n :]
    c1 = out[(j + 1) * n :]
    c2 = out[(j + 2) * n :]
    c3 = out[(j + 3) * n :]
    p0 = 1.0 / c0[j]
    p1 = 1.0 / c1[j + 1]
    p2 = 1.0 / c2[j + 2]
    p3 = 1.0 / c3[j + 3]
    for i in range(j + 4, n):
        row = out[i * n + j :]
        x0 = row[0] * p0
        x1 = (row[1] - x0 * c1[j]) * p1
        x2 = (row[2] - x0 * c2[j] - x1 * c2[j + 1]) * p2
        row[3] = (row[3] - x0 * c3[j] - x1 * c3[j + 1] - x2 * c3[j + 2]) * p3
        row[0] = x0
        row[1] = x1
        row[2] = x2


@fast
def cholesky_columns(a: floats, out: floats, n: int, first: int) -> None:
    """The columns from `first` on, one by one."""
    for j in range(first, n):
        row = out[j * n :]
        square = 0.0
        for k in range(j):
            square = square + row[k] * row[k]
        rest = a[j * n + j] - square
        pivot = sqrt(rest) if rest > 0.0 else nan
        out[j * n + j] = pivot
        for i in range(j + 1, n):
            below = out[i * n :]
            dot = 0.0
            for k in range(j):
                dot = dot + below[k] * row[k]
            out[i * n + j] = (a[i * n + j] - dot) / pivot
        for i in range(j):
            out[i * n + j] = 0.0


@fast
def solve_triangular(
    a: floats, b: floats, out: floats, n: int, m: int, row: int, column: int, lower: int, unit: int
) -> None:
    """Solve A x = b with A[i, j] = a[i * row + j * column] triangular; b and x are (n, m)."""
    for step in range(n):
        i = step if lower else n - 1 - step
        first = 0 if lower else i + 1
        last = i if lower else n
        if m == 1:
            dot = 0.0
            for k in range(first, last):
                dot = dot + a[i * row + k * column] * out[k]
            rest = b[i] - dot
            out[i] = rest if unit else rest / a[i * (row + column)]
        else:
            for c in range(m):
                out[i * m + c] = b[i * m + c]
            fours = (last - first) // 4
            for four in range(fours):
                k = first + 4 * four
                f0 = a[i * row + k * column]
                f1 = a[i * row + (k + 1) * column]
                f2 = a[i * row + (k + 2) * column]
                f3 = a[i * row + (k + 3) * column]
                x = out[i * m :]
                x0 = out[k * m :]
                x1 = out[(k + 1) * m :]
                x2 = out[(k + 2) * m :]
                x3 = out[(k + 3) * m :]
                for c in range(m):
                    x[c] = x[c] - ((f0 * x0[c] + f1 * x1[c]) + (f2 * x2[c] + f3 * x3[c]))
            for k in range(first + 4 * fours, last):
                factor = a[i * row + k * column]
                for c in range(m):
                    out[i * m + c] = out[i * m + c] - factor * out[k * m + c]
            if not unit:
                scale = 1.0 / a[i * (row + column)]
                for c in range(m):
                    out[i * m + c] = out[i * m + c] * scale


@fast
def factor_lu(a: floats, lu: floats, pivots: ints, n: int) -> float:
    """LU factors with partial pivoting, packed in one matrix; returns the sign of the permutation."""
    sign = 1.0
    for k in range(n * n):
        lu[k] = a[k]
    for block in range((n + 7) // 8):  # eight columns, then what they take from those to the right, all at once
        first = 8 * block
        last = first + 8 if first + 8 < n else n
        for k in range(first, last):
            best = k
            for i in range(k + 1, n):
                if fabs(lu[i * n + k]) > fabs(lu[best * n + k]):
                    best = i
            pivots[k] = best
            if best != k:
                sign = -sign
                for j in range(n):
                    swap = lu[k * n + j]
                    lu[k * n + j] = lu[best * n + j]
                    lu[best * n + j] = swap
            if lu[k * n + k] == 0.0:
                continue  # as is all below it: the matrix is singular
            for i in range(k + 1, n):
                factor = lu[i * n + k] / lu[k * n + k]
                lu[i * n + k] = factor
                for j in range(k + 1, last):
                    lu[i * n + j] = lu[i * n + j] - factor * lu[k * n + j]
        if last < n:
            for k in range(first + 1, last):
                for above in range(first, k):
                    factor = lu[k * n + above]
                    for j in range(last, n):
                        lu[k * n + j] = lu[k * n + j] - factor * lu[above * n + j]
            p0 = lu[first * n :]
            p1 = lu[(first + 1) * n :]
            p2 = lu[(first + 2) * n :]
            p3 = lu[(first + 3) * n :]
            p4 = lu[(first + 4) * n :]
            p5 = lu[(first + 5) * n :]
            p6 = lu[(first + 6) * n :]
            p7 = lu[(first + 7) * n :]
            for i in range(last, n):
                row = lu[i * n :]
                f0 = row[first]
                f1 = row[first + 1]
                f2 = row[first + 2]
                f3 = row[first + 3]
                f4 = row[first + 4]
                f5 = row[first + 5]
                f6 = row[first + 6]
                f7 = row[first + 7]
                for j in range(last, n):
                    early = (f0 * p0[j] + f1 * p1[j]) + (f2 * p2[j] + f3 * p3[j])
                    row[j] = row[j] - (early + ((f4 * p4[j] + f5 * p5[j]) + (f6 * p6[j] + f7 * p7[j])))
    return sign


@fast
def solve_general(a: floats, b: floats, out: floats, lu: floats, work: floats, pivots: ints, n: int, m: int) -> None:
    """Solve A x = b; b and x are (n, m). A singular matrix gives inf or nan."""
    factor_lu(a, lu, pivots, n)
    solve_factored(lu, pivots, b, out, work, n, m)


@fast
def solve_factored(lu: floats, pivots: ints, b: floats, out: floats, work: floats, n: int, m: int) -> None:
    """Solve A x = b, the factors of A being known; b and x are (n, m)."""
    for k in range(n * m):
        work[k] = b[k]
    for k in range(n):
        other = pivots[k]
        if other != k:
            for c in range(m):
                swap = work[k * m + c]
                work[k * m + c] = work[other * m + c]
                work[other * m + c] = swap
    solve_triangular(lu, work, out, n, m, n, 1, 1, 1)
    for k in range(n * m):
        work[k] = out[k]
    solve_triangular(lu, work, out, n, m, n, 1, 0, 0)


@fast
def identity(out: floats, n: int) -> None:
    """The identity matrix."""
    for k in range(n * n):
        out[k] = 0.0
    for k in range(n):
        out[k * (n + 1)] = 1.0


@fast
def determinant(a: floats, out: floats, lu: floats, pivots: ints, n: int) -> None:
    """det(A)."""
    result = factor_lu(a, lu, pivots, n)
    for k in range(n):
        result = result * lu[k * (n + 1)]
    out[0] = result


@fast
def log_determinant(a: floats, sign: floats, out: floats, lu: floats, pivots: ints, n: int) -> None:
    """The sign of det(A) and log |det(A)|."""
    direction = factor_lu(a, lu, pivots, n)
    total = 0.0
    for k in range(n):
        pivot = lu[k * (n + 1)]
        total = total + log(fabs(pivot))
        direction = -direction if pivot < 0.0 else (0.0 if pivot == 0.0 else direction)
    sign[0] = direction
    out[0] = total
