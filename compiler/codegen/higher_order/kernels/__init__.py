"""Numerical methods as plain Python with placeholders for the user's function; see `specialise`."""
