"""Mistakes of syntax: a function is given the situation of an unexpected token and says what is wrong, or None."""
