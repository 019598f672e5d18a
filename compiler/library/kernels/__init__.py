"""Numbers in, numbers out: special functions and random draws as plain Python that Numba can compile.

A kernel uses arithmetic, `math`, methods of `rng`, array indexing and other kernels; nothing is decorated,
so importing it costs nothing and tests may run it as Python. `native.compile_kernel` compiles one together
with everything it calls.
"""
