"""Library functions that are written in the language itself, for generated code.

A graph needs to know the sizes of these before it is built; generated code learns them as it runs. What a constraint
function does to one value stands with the constraint (`InLanguage`); arrays of values, and containers of numbers with
a bound each, are the same function called on every element.
"""

from __future__ import annotations

from functools import cache

from .. import ir, types
from ..library.expand import TransformFunction, implementation
from ..types import Array, array_of

_QR = """
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
"""

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
    found = _body(name, arguments)
    if found is None:
        return None
    body, helpers = found
    own = f"{name}_of_one" if part != "jacobian" else f"{name.removesuffix('_jacobian')}_of_one_jacobian"
    body = body.replace("SELF", own)
    body = body.replace("free(", "jacobian += (" if part == "jacobian" else "ignore_(")
    definitions = _definitions(own, arguments, result, name, body)
    program, problems = read_program(f"functions {{ void ignore_(real x) {{ }} {helpers} {definitions} }}")
    assert program is not None, problems
    return program.functions[-1]


def _body(name: str, arguments: tuple[types.Type, ...]) -> tuple[str, str] | None:
    """What the function does with one value, and the functions that it calls for it."""
    other = OTHERS.get(f"{name} {arguments[0]}") if arguments else None
    if other is not None:
        return other, _QR if name.startswith("qr") else ""
    part = name.rpartition("_")[2]
    if part not in ("constrain", "jacobian", "unconstrain"):
        return None
    match implementation(name, arguments):
        case TransformFunction(transform) if (own := transform.in_language) is not None:
            if part == "unconstrain":
                return (own.unconstrain, own.helpers) if own.unconstrain else None
            return (own.constrain, own.helpers) if own.unconstrain or part == "jacobian" else None
        case _:
            return None


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
