"""The operations of this package in PyTensor's own Numba back end: importing this registers them.

Graphs of models are compiled without it. It is for operations that our back end hands over (`fallback`) and for users
who evaluate a model's graph themselves; importing it imports Numba and takes more than a second.
"""

from . import generated, kernels, random  # noqa: F401
