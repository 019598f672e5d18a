"""Programs that call library functions: which calls, with which arguments, and what is compared.

Of these parts the commands `signatures`, `edges` and `exceptions` are made; laws of the tests use the arguments.
"""
