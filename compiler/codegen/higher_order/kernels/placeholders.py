"""What the numerical methods call; generated code puts adapters of the user's function in their place.

Every adapter records an error of the user's function in `messages` and then gives nan.
"""

from __future__ import annotations

STOPPED = 0  # code of the message: more steps than allowed
STUCK = 0  # code of the message: no step is short enough
UNFIT = 0  # code of the message: there is no first step, since the start does not obey the equations
NOT_FINITE = 0  # code of the message: the start is not finite
OF_SIZE = 0  # code of the message: the start is of another size
NEGATIVE = 0  # code of the message: a tolerance is not positive
NOT_POSITIVE = 0  # code of the message: a covariance is not positive semidefinite
MISPLACED = 0  # code of the message: the arguments do not make a problem that can be solved


def system(messages, t, y, out, *arguments):
    """out = f(t, y, arguments)."""
    raise NotImplementedError


def linearise(messages, t, y, by_state, by_argument, *arguments):
    """Derivatives of f by the state and by the active arguments, one row per element of f."""
    raise NotImplementedError


def equations(messages, t, y, rate, out, *arguments):
    """out = F(t, y, y', arguments), of a differential-algebraic system."""
    raise NotImplementedError


def root(messages, y, out, *arguments):
    """out = f(y, arguments), which is to be zero."""
    raise NotImplementedError


def linearise_root(messages, y, by_state, by_argument, *arguments):
    """Derivatives of f by the unknowns and the active arguments."""
    raise NotImplementedError


def integrand(messages, x, complement, *arguments):
    """f(x, complement, arguments)."""
    raise NotImplementedError


def linearise_integrand(messages, x, complement, by_argument, *arguments):
    """Derivatives of f by the active arguments."""
    raise NotImplementedError


def residual(messages, t, y, rate, gamma, out, *arguments):
    """out = gamma F(t, y, y', arguments), of the implicit system that a multistep method solves."""
    raise NotImplementedError


def linear_parts(messages, t, y, rate, by_state, by_rate, by_argument, *arguments):
    """Derivatives of F by the state, its rate of change and the active arguments."""
    raise NotImplementedError


def log_density(messages, theta, *arguments):
    """The log likelihood of the latent variables."""
    raise NotImplementedError


def all_derivatives(messages, theta, by_latent, by_argument, *arguments):
    """Its derivatives by the latent variables, and by the active arguments (one row)."""
    raise NotImplementedError


def gradient(messages, theta, *arguments):
    """Its derivatives by the latent variables; the last argument is the adjoint of the log likelihood."""
    raise NotImplementedError
