"""Subtrees of a trajectory: how neighbours of equal size become one, and the trajectory's own.

One or two points are known by the rows of `midway` around them, four and more by rows of their own: the momenta at
both ends, and the sum over all.
"""

from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.state import EDGE, MIDDLE
from pplc.runtime.dynamics.turns import four_turn, unions_turn


@compiled
def stack_four(tree, start, after, pending, count):
    """Put four points on the stack of `pending` subtrees, and merge those of equal size.

    `start` and `after` are the rows of `midway` before and after the four.
    They are the `count`-th four of a doubling. Returns (pending subtrees, does a union turn back).
    """
    between, midway, first, last, total, ends = tree.between, tree.midway, tree.first, tree.last, tree.total, tree.ends
    turned = four_turn(
        midway[start],
        midway[between[0]],
        midway[between[1]],
        midway[between[2]],
        midway[after],
        first[pending],
        last[ends[pending]],
        total[pending],
    )
    while count & 1 == 0 and not turned:
        left = pending - 1
        turned = unions_turn(
            first[left], last[ends[left]], total[left], first[pending], last[ends[pending]], total[pending]
        )
        ends[left], ends[pending] = ends[pending], ends[left]
        pending = left
        count >>= 1
    return pending + 1, turned


@compiled
def join_trajectory(tree, near, depth):
    """Let a doubling, complete at the trajectory's end `near`, belong to it; does it turn back with it?

    Of two points nothing is asked, as the step that led from one to the other has told.
    """
    between, midway, last, ends = tree.between, tree.midway, tree.last, tree.ends
    trajectory = tree.first.shape[0]
    near_end, far_end, turned = trajectory + near, trajectory + 1 - near, False
    if depth == 0:
        between[MIDDLE], between[EDGE + near], between[0] = between[EDGE + near], between[0], between[MIDDLE]
    elif depth == 1:
        turned = four_turn(
            midway[between[EDGE + 1 - near]],
            midway[between[MIDDLE]],
            midway[between[EDGE + near]],
            midway[between[0]],
            midway[between[1]],
            last[ends[far_end]],
            last[ends[near_end]],
            tree.total[trajectory],
        )
        between[1], between[EDGE + near] = between[EDGE + near], between[1]
    else:
        turned = unions_turn(
            last[ends[far_end]],
            last[ends[near_end]],
            tree.total[trajectory],
            tree.first[0],
            last[ends[0]],
            tree.total[0],
        )
        ends[0], ends[near_end] = ends[near_end], ends[0]
    return turned
