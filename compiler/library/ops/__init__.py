"""PyTensor operations that the library adds: each with a Python value, a Numba implementation and a gradient."""
