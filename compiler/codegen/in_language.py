"""Library functions that are written in the language itself, for generated code.

A graph needs to know the sizes of these before it is built; generated code learns them as it runs. What a constraint
function does to one value is told here once, as its body where `free(e)` counts e as a log Jacobian (or nowhere);
arrays of values, and containers of numbers with a bound each, are the same function called on every element.
"""

from __future__ import annotations

from functools import cache

from .. import ir, types
from ..types import Array, array_of

HELPERS = """
void ignore_(real x) { }
vector spread_(vector y) {  // onto the vectors with one more element that sum to zero
  int n = rows(y);
  vector[n + 1] x = rep_vector(0, n + 1);
  real total = 0;
  for (k in 1:n) {
    int i = n - k + 1;
    real w = y[i] / sqrt(i * (i + 1.0));
    total += w;
    x[i] += total;
    x[i + 1] -= w * i;
  }
  return x;
}
vector collapse_(vector x) {
  int n = rows(x) - 1;
  vector[n] y;
  real total = 0;
  for (i in 1:n) {
    total += x[i];
    y[i] = (total - i * x[i + 1]) / sqrt(i * (i + 1.0));
  }
  return y;
}
real log_cosh_(real x) { return x + log1p_exp(-2 * x) - log2(); }
real log_simplex_(vector x) { return 0.5 * log(rows(x)) + sum(log(x)); }
matrix correlation_factor_(vector x, int K, int by_column) {
  matrix[K, K] L = rep_matrix(0, K, K);
  for (i in 1:K) {
    real left = 0;
    for (j in 1:i - 1) {
      int at = by_column ? (j - 1) * K - (j * (j - 1)) %/% 2 + i - j : ((i - 1) * (i - 2)) %/% 2 + j;
      L[i, j] = tanh(x[at]) * exp(-left);
      left += log_cosh_(x[at]);
    }
    L[i, i] = exp(-left);
  }
  return L;
}
vector free_correlations_(matrix L, int by_column) {
  int K = rows(L);
  vector[(K * (K - 1)) %/% 2] x;
  for (i in 2:K) {
    real rest = square(L[i, i]);
    for (back in 1:i - 1) {
      int j = i - back;
      int at = by_column ? (j - 1) * K - (j * (j - 1)) %/% 2 + i - j : ((i - 1) * (i - 2)) %/% 2 + j;
      x[at] = asinh(L[i, j] / sqrt(rest));
      rest += square(L[i, j]);
    }
  }
  return x;
}
matrix triangle_(vector x, int M, int N) {
  matrix[M, N] L = rep_matrix(0, M, N);
  int at = 0;
  for (i in 1:M) for (j in 1:min(i, N)) {
    at += 1;
    L[i, j] = i == j ? exp(x[at]) : x[at];
  }
  return L;
}
real log_diagonal_(vector x, int M, int N, int more) {
  real total = 0;
  int at = 0;
  for (i in 1:M) for (j in 1:min(i, N)) {
    at += 1;
    if (i == j) total += (more ? N - i + 2 : 1) * x[at];
  }
  return total;
}
tuple(matrix, matrix) qr_(matrix x) {  // by Householder reflections, as in LAPACK
  int M = rows(x);
  matrix[M, M] Q = identity_matrix(M);
  matrix[M, cols(x)] R = x;
  for (k in 1:min(M - 1, cols(x))) {
    vector[M - k + 1] v = R[k:, k];
    real length = sqrt(dot_self(v));
    if (dot_self(v[2:]) == 0) continue;
    v[1] += v[1] < 0 ? -length : length;
    real scale = 2 / dot_self(v);
    R[k:] = R[k:] - scale * v * (v' * R[k:]);
    Q[:, k:] = Q[:, k:] - scale * (Q[:, k:] * v) * v';
  }
  return (Q, R);
}
tuple(matrix, matrix) positive_diagonal_(tuple(matrix, matrix) QR, int K) {  // the first K columns of Q
  int M = rows(QR.1);
  matrix[M, K] Q = QR.1[:, :K];
  matrix[K, cols(QR.2)] R = QR.2[:K];
  for (i in 1:min(K, cols(R))) {
    if (R[i, i] < 0) {
      Q[:, i] = -Q[:, i];
      R[i] = -R[i];
    }
    for (j in 1:i - 1) R[i, j] = 0;
  }
  for (i in cols(R) + 1:K) R[i] = rep_row_vector(0, cols(R));
  return (Q, R);
}
vector free_triangle_(matrix L) {
  int M = rows(L), N = cols(L);
  vector[(N * (N + 1)) %/% 2 + (M - N) * N] x;
  int at = 0;
  for (i in 1:M) for (j in 1:min(i, N)) {
    at += 1;
    x[at] = i == j ? log(L[i, j]) : L[i, j];
  }
  return x;
}
"""

# What constraint functions do to one value x, given sizes K and N or bounds L and U (or offset and multiplier).
CONSTRAIN = {
    "lower_bound": "free(L == negative_infinity() ? 0 : x); return lower_bound_constrain(x, L);",
    "upper_bound": "free(L == positive_infinity() ? 0 : x); return upper_bound_constrain(x, L);",
    "lower_upper_bound": """
        if (L == negative_infinity()) free(U == positive_infinity() ? 0 : x);
        else if (U == positive_infinity()) free(x);
        else free(log(U - L) + log_inv_logit(x) + log1m_inv_logit(x));
        return lower_upper_bound_constrain(x, L, U);""",
    "offset_multiplier": "free(log(U)); return offset_multiplier_constrain(x, L, U);",
    "ordered": "free(sum(x[2:])); return ordered_constrain(x);",
    "positive_ordered": "free(sum(x)); return positive_ordered_constrain(x);",
    "unit_vector": "free(-0.5 * dot_self(x)); return unit_vector_constrain(x);",
    "simplex": "vector[rows(x) + 1] y = softmax(spread_(x)); free(log_simplex_(y)); return y;",
    "stochastic_column": """
        matrix[rows(x) + 1, cols(x)] y;
        for (j in 1:cols(x)) { y[:, j] = softmax(spread_(x[:, j])); free(log_simplex_(y[:, j])); }
        return y;""",
    "stochastic_row": """
        matrix[rows(x), cols(x) + 1] y;
        for (i in 1:rows(x)) { y[i] = softmax(spread_(x[i]'))'; free(log_simplex_(y[i]')); }
        return y;""",
    "sum_to_zero": "return spread_(x);",
    "sum_to_zero matrix": """
        int M = rows(x), N = cols(x);
        matrix[M + 1, N] y;
        matrix[M + 1, N + 1] z;
        for (j in 1:N) { vector[M + 1] v = spread_(x[:, j]); y[:, j] = append_row(v[2:], v[1]); }
        for (i in 1:M + 1) { vector[N + 1] v = spread_(y[i]'); z[i] = append_row(v[2:], v[1])'; }
        return z;""",
    "cholesky_factor_corr": """
        int at = 0;
        for (i in 2:K) for (j in 1:i - 1) { at += 1; free(-(i - j + 1) * log_cosh_(x[at])); }
        return correlation_factor_(x, K, 0);""",
    "corr_matrix": """
        int at = 0;
        for (j in 1:K - 1) for (i in j + 1:K) { at += 1; free(-(K - j + 1) * log_cosh_(x[at])); }
        return tcrossprod(correlation_factor_(x, K, 1));""",
    "cholesky_factor_cov": "free(log_diagonal_(x, K, N, 0)); return triangle_(x, K, N);",
    "cov_matrix": "free(K * log2() + log_diagonal_(x, K, K, 1)); return tcrossprod(triangle_(x, K, K));",
}
UNCONSTRAIN = {
    "simplex": "return collapse_(log(x));",
    "stochastic_column": """
        matrix[rows(x) - 1, cols(x)] y;
        for (j in 1:cols(x)) y[:, j] = collapse_(log(x[:, j]));
        return y;""",
    "stochastic_row": """
        matrix[rows(x), cols(x) - 1] y;
        for (i in 1:rows(x)) y[i] = collapse_(log(x[i]'))';
        return y;""",
    "sum_to_zero": "return collapse_(x);",
    "sum_to_zero matrix": """
        int M = rows(x), N = cols(x);
        matrix[M, N - 1] y;
        matrix[M - 1, N - 1] z;
        for (i in 1:M) y[i] = collapse_(append_row(x[i, N], x[i, :N - 1]'))';
        for (j in 1:N - 1) z[:, j] = collapse_(append_row(y[M, j], y[:M - 1, j]));
        return z;""",
    "cholesky_factor_corr": "return free_correlations_(x, 0);",
    "corr_matrix": "return free_correlations_(cholesky_decompose(x), 1);",
    "cholesky_factor_cov": "return free_triangle_(x);",
    "cov_matrix": "return free_triangle_(cholesky_decompose(x));",
}
OTHERS = {
    "matrix_power matrix": """
        if (K < 0) reject("matrix_power: the exponent is ", K, ", which has to be 0 or more");
        if (K == 0) return identity_matrix(rows(x));
        if (K == 1) return x;
        matrix[rows(x), rows(x)] half = SELF(x, K %/% 2);
        return K % 2 ? half * half * x : half * half;""",
    "prod complex_vector": "complex y = 1; for (i in 1:size(x)) y *= x[i]; return y;",
    "prod complex_row_vector": "complex y = 1; for (i in 1:size(x)) y *= x[i]; return y;",
    "prod complex_matrix": "complex y = 1; for (i in 1:rows(x)) for (j in 1:cols(x)) y *= x[i, j]; return y;",
    "prod array[] complex": "complex y = 1; for (element in x) y *= element; return y;",
    "qr matrix": "return positive_diagonal_(qr_(x), rows(x));",
    "qr_Q matrix": "return positive_diagonal_(qr_(x), rows(x)).1;",
    "qr_R matrix": "return positive_diagonal_(qr_(x), rows(x)).2;",
    "qr_thin matrix": "return positive_diagonal_(qr_(x), min(rows(x), cols(x)));",
    "qr_thin_Q matrix": "return positive_diagonal_(qr_(x), min(rows(x), cols(x))).1;",
    "qr_thin_R matrix": "return positive_diagonal_(qr_(x), min(rows(x), cols(x))).2;",
}
_SIZES = ("K", "N")  # the names of the arguments after the value
_BOUNDS = ("L", "U")
_BY_NUMBER = ("lower_bound", "upper_bound", "lower_upper_bound", "offset_multiplier")


@cache
def function(name: str, arguments: tuple[types.Type, ...], result: types.Type) -> ir.Function | None:
    """The library function for these types as a user's; None for those that have a graph for all sizes."""
    from ..frontend import read_program

    part = name.rpartition("_")[2]
    body = _body(name, arguments)
    if body is None:
        return None
    own = f"{name}_of_one" if part != "jacobian" else f"{name.removesuffix('_jacobian')}_of_one_jacobian"
    body = body.replace("SELF", own)
    body = body.replace("free(", "jacobian += (" if part == "jacobian" else "ignore_(")
    program, problems = read_program(f"functions {{ {HELPERS} {_definitions(own, arguments, result, name, body)} }}")
    assert program is not None, problems
    return program.functions[-1]


def _body(name: str, arguments: tuple[types.Type, ...]) -> str | None:
    """What the function does with one value."""
    other = OTHERS.get(f"{name} {arguments[0]}") if arguments else None
    if other is not None:
        return other
    constraint, _, part = name.rpartition("_")
    if part not in ("constrain", "jacobian", "unconstrain") or (part == "constrain" and constraint not in UNCONSTRAIN):
        return None
    table = UNCONSTRAIN if part == "unconstrain" else CONSTRAIN
    inside = arguments[0].element if isinstance(arguments[0], Array) else arguments[0]
    return table.get(f"{constraint} {inside}", table.get(constraint))


def _definitions(own: str, arguments: tuple[types.Type, ...], result: types.Type, name: str, body: str) -> str:
    """The function of one value, and one per dimension around it."""
    value, *rest = arguments
    names = ["x", *(_SIZES if rest and rest[0] == types.Int() else _BOUNDS)[: len(rest)]]
    declared = ", ".join(f"{type} {each}" for type, each in zip(arguments, names, strict=True))
    inner = _inner(value, own.startswith(_BY_NUMBER))
    if inner is None or f"{name} {value}" in OTHERS:
        return f"{result} {own}({declared}) {{ {body} }}"

    def call(index: str) -> str:
        passed = [f"{each}[{index}]" if type == value else each for type, each in zip(arguments, names, strict=True)]
        return f"{own}({', '.join(passed)})"

    given = tuple(inner if type == value else type for type in arguments)
    if not isinstance(value, Array):  # a number at a time
        if value == types.Matrix():
            sizes, loops, index = "rows(x), cols(x)", "for (i in 1:rows(x)) for (j in 1:cols(x))", "i, j"
        else:
            sizes, loops, index = "size(x)", "for (i in 1:size(x))", "i"
        around = f"{value}[{sizes}] y; {loops} y[{index}] = {call(index)}; return y;"
        return f"{_definitions(own, given, inner, name, body)} {result} {own}({declared}) {{ {around} }}"
    element = _inner(result, False)
    assert isinstance(result, Array)
    assert element is not None
    sizes = ", ".join("0" * result.dimensions)
    unsized = {"vector": "[0]", "row_vector": "[0]", "matrix": "[0, 0]"}.get(str(result.element), "")
    pairs = zip(arguments, names, strict=True)
    most = ", ".join(f"{each}[:size(x) - 1]" if type == value else each for type, each in pairs)
    around = (
        f"if (size(x) == 0) {{ array[{sizes}] {result.element}{unsized} y; return y; }} if (size(x) == 1) return"
        f" {{{call('1')}}}; return append_array({own}({most}), {{{call('size(x)')}}});"
    )
    return f"{_definitions(own, given, element, name, body)} {result} {own}({declared}) {{ {around} }}"


def _inner(type: types.Type, by_number: bool) -> types.Type | None:
    """The type of an element of an array, or of a container whose numbers are treated one by one."""
    match type:
        case Array(element, dimensions):
            return array_of(element, dimensions - 1)
        case types.Vector() | types.RowVector() | types.Matrix() if by_number:
            return types.Real()
        case _:
            return None
