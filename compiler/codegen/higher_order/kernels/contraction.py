"""The reverse sweep of a solver: adjoints of its result times the derivatives that it kept."""

from __future__ import annotations

import numpy as np


def contract0(adjoint, jacobian):
    """adjoint * jacobian, for a result that is a number."""
    result = np.zeros(jacobian.shape[1])
    for c in range(jacobian.shape[1]):
        result[c] = adjoint * jacobian[0, c]
    return result


def contract1(adjoint, jacobian):
    """adjoint' jacobian, for a result of one axis."""
    result = np.zeros(jacobian.shape[1])
    for i in range(adjoint.shape[0]):
        for c in range(jacobian.shape[1]):
            result[c] += adjoint[i] * jacobian[i, c]
    return result


def contract2(adjoint, jacobian):
    """The same for a result of two axes; the rows of the Jacobian go through its elements in order."""
    result = np.zeros(jacobian.shape[1])
    for i in range(adjoint.shape[0]):
        for k in range(adjoint.shape[1]):
            for c in range(jacobian.shape[1]):
                result[c] += adjoint[i, k] * jacobian[i * adjoint.shape[1] + k, c]
    return result
