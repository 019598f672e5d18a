"""Subtrees of a trajectory: how neighbours of equal size become one, and the trajectory's own.

Up to four points are known by the rows of `midway` around them, eight and more by rows of their own: the momenta at
both ends, and the sum over all.
"""

from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.state import EDGE, MIDDLE
from pplc.runtime.dynamics.turns import fours_turn, pairs_turn, unions_turn


@compiled
def stack_eight(tree, start, after, pending, count):
    """Put eight points on the stack of `pending` subtrees, and merge those of equal size.

    `start` and `after` are the rows of `midway` before and after the eight.
    They are the `count`-th eight of a doubling. Returns (pending subtrees, does a union turn back).
    """
    between, midway, first, last, total, ends = tree.between, tree.midway, tree.first, tree.last, tree.total, tree.ends
    turned = fours_turn(
        midway[start],
        midway[between[0]],
        midway[between[1]],
        midway[between[2]],
        midway[between[3]],
        midway[between[4]],
        midway[between[5]],
        midway[between[6]],
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
    far_edge, near_edge = EDGE + 1 - near, EDGE + near
    far_middle, middle, near_middle = MIDDLE + 2 * (1 - near), MIDDLE + 1, MIDDLE + 2 * near
    if depth == 0:
        between[middle], between[near_edge], between[0] = between[near_edge], between[0], between[middle]
    elif depth == 1:
        turned = pairs_turn(
            midway[between[far_edge]],
            midway[between[middle]],
            midway[between[near_edge]],
            midway[between[0]],
            midway[between[1]],
        )
        between[far_middle], between[middle], between[near_middle], between[near_edge], between[0], between[1] = (
            between[middle], between[near_edge], between[0], between[1], between[far_middle], between[near_middle]
        )  # fmt: skip
    elif depth == 2:
        turned = fours_turn(
            midway[between[far_edge]],
            midway[between[far_middle]],
            midway[between[middle]],
            midway[between[near_middle]],
            midway[between[near_edge]],
            midway[between[0]],
            midway[between[1]],
            midway[between[2]],
            midway[between[3]],
            last[ends[far_end]],
            last[ends[near_end]],
            tree.total[trajectory],
        )
        between[near_edge], between[3] = between[3], between[near_edge]
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
