"""From syntax tree to typed program, or to diagnostics that say what is wrong."""

from .program import check

__all__ = ["check"]
