"""Library functions of arrays whose size is only known at run time, as generated loops call them.

The code generator names them by `name = library_kernel(function, argument types, active arguments)`; the active
arguments are None for the value itself. Only functions that have no text of the code generator's own stand here:
as texts, or as kernels of the library.
"""

from __future__ import annotations

import ast

from ..library.definitions import KernelFunction
from ..library.kernels import exponential

_VALUES = {
    "cumulative_sum": """
def loop(x):
    out = np.empty(x.shape[0], np.float64)
    total = 0.0
    for k in range(x.shape[0]):
        total += x[k]
        out[k] = total
    return out
""",
    "softmax": """
def loop(x):
    out = np.empty(x.shape[0], np.float64)
    largest = -np.inf
    for k in range(x.shape[0]):
        largest = maximum(largest, x[k])
    total = 0.0
    for k in range(x.shape[0]):
        out[k] = exp(x[k] - largest)
        total += out[k]
    for k in range(x.shape[0]):
        out[k] /= total
    return out
""",
}
_ADJOINTS = {
    "softmax": """
def loop(x, slope):
    out = np.empty(x.shape[0], np.float64)
    largest = -np.inf
    for k in range(x.shape[0]):
        largest = maximum(largest, x[k])
    total = 0.0
    mean = 0.0
    for k in range(x.shape[0]):
        out[k] = exp(x[k] - largest)
        total += out[k]
        mean += out[k] * slope[k]
    for k in range(x.shape[0]):
        out[k] *= (slope[k] - mean / total) / total
    return out
""",
    "cumulative_sum": """
def loop(x, slope):
    out = np.empty(x.shape[0], np.float64)
    total = 0.0
    for k in range(x.shape[0] - 1, -1, -1):
        total += slope[k]
        out[k] = total
    return out
""",
}
_KERNELS: dict[tuple[str, tuple[bool, ...] | None], KernelFunction] = {
    ("matrix_exp", None): exponential.exponential,
    ("matrix_exp", (True,)): exponential.exponential_gradient,
    ("matrix_exp_multiply", None): exponential.multiplied,
    ("matrix_exp_multiply", (True, False)): exponential.multiplied_gradient_x,
    ("matrix_exp_multiply", (False, True)): exponential.multiplied_gradient_y,
    ("matrix_exp_multiply", (True, True)): exponential.multiplied_gradient,
}


def named_kernel(statement: ast.stmt) -> tuple[str, KernelFunction] | None:
    """The name and the kernel of the library in a statement `name = library_kernel(...)`, None where there is none."""
    match statement:
        case ast.Assign([ast.Name(name)], ast.Call(ast.Name("library_kernel"), [function, _, active])):
            kernel = _KERNELS.get((ast.literal_eval(function), ast.literal_eval(active)))
            return None if kernel is None else (str(name), kernel)
        case _:
            return None


def library_loop(statement: ast.stmt) -> ast.FunctionDef | None:
    """The function that a statement `name = library_kernel(...)` stands for, None where there is none."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(func=ast.Name(id="library_kernel"), args=[function, types, active]),
        ):
            if any("int" in type for type in ast.literal_eval(types)) or isinstance(ast.literal_eval(active), str):
                return None
            table = _VALUES if ast.literal_eval(active) is None else _ADJOINTS
            text = table.get(ast.literal_eval(function))
            if text is None:
                return None
            [definition] = ast.parse(text).body
            assert isinstance(definition, ast.FunctionDef)
            definition.name = name
            return definition
        case _:
            return None
