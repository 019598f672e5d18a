"""The mistakes that the checker finds, one function each; TOPIC.py here holds what `check/TOPIC.py` reports.

A function returns the diagnostic as a value: what is wrong with the user's program, the place, what was
declared, what to write instead. Its code is the name of its page under `docs/errors/`.
"""
