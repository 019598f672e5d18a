"""Numerical methods as plain Python with placeholders for the user's function; see `specialise`.

Compiled, `and`, `or` and `x if c else y` evaluate all their parts: what must not run stands inside an `if`.
"""
