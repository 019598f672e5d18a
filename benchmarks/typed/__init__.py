"""Random programs over all types: tuples, complex numbers, arrays of anything, constrained parameters, own functions.

`random_programs --types` runs them: `programs` writes one (of `functions`, `statements`, `expressions` and `places`),
`examination` compares it with what `machine` computes by walking its tree, and with stanli. Values are bounded, so that
loops do not overflow, and every int is 1 or 2, so that it may be an index.
"""
