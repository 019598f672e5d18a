"""The reverse sweep by source transformation: statements to forward lines and the lines that run them backwards.

Forward, each assignment first keeps on a tape what it overwrites (../tape.py). Backwards, each statement takes the
adjoint of what it wrote, restores the old value, evaluates its expression again from the restored variables, now
with a name for every intermediate result, and passes the adjoint down through the results. Only overwritten
values that some derivative looks at, trip counts, branches that cannot be asked again and results of costly calls in
loops (`results`) are stored. User functions have an adjoint function each, which runs its own forward and reverse
sweep.

`statements` has the clauses, `control` those of branches and loops, `places` those of what is written to; `passes` is
what stands around the two passes of a function, `calls` the adjoint functions.
"""
