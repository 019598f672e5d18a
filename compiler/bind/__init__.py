"""A program's declared data meets the given values: everything is checked before anything is compiled."""

from .data import bind_data

__all__ = ["bind_data"]
