"""Translates the loop language, a small typed subset of Python, into LLVM's text form.

The loop language is what the scheduler and `mathlib` are written in. Its text is at the same time valid
Numba code, so one definition serves the compiled log density (through this file, in milliseconds) and
functions used inside other generated Numba code. The rules:

* values are `float` (double), `int` (64 bits), `bool`, and flat arrays `floats`, `ints`; a variable keeps
  the type of its first assignment; ints become floats where mixed;
* `a[i]` loads or stores, `a[k:]` is the array from element k on, `floats(n)` and `ints(n)` make local arrays
  of literal size (uninitialised);
* statements: assignment, `for i in range(...)`, `while`, `if`, `break`, `continue`, `return`, calls;
* `x if c else y`, `and`, `or` evaluate all their parts: they are selects, which vectorise;
* each function carries a decorator: `@exact` keeps the order of floating-point operations (the polynomials
  of `mathlib` rest on it) but may fuse a product with a sum, which `@strict` does not; `@fast` lets sums be reordered.
  None gives up nan or infinity;
* `@aside` before that: few numbers need the function, see `asides`. It may be declared only, with `...` for a body.
"""

from .asides import is_aside
from .module import is_typed, translate
from .values import INTRINSICS, LIBM, LanguageError, Signature

__all__ = ["INTRINSICS", "LIBM", "LanguageError", "Signature", "is_aside", "is_typed", "translate"]
