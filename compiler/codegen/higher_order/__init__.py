"""Functions that take functions: their numerical methods, and how generated code calls them."""
