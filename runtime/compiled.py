"""The decorator of every function that runs inside a sampler."""

from numba import njit

compiled = njit(
    error_model="numpy",  # a division by zero is inf or nan, never an exception
    # Sums may be reordered, so that dot products use the vector unit; nan and inf keep their meaning.
    fastmath={"reassoc", "contract", "arcp", "nsz"},
    # No allocation, no reference counts and no Python: the machine code then stands alone (see `native`).
    _nrt=False,
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
)
