"""Keeping what a statement overwrites, and taking it back: the lines of the forward and the reverse side.

There is one tape of reals (`_tape`, filled up to `_top`) and one of integers (`_marks`, filled up to `_mark`) per
generated function. Both are stacks: the reverse sweep takes back exactly what the forward sweep kept, in reverse.
"""

from __future__ import annotations

from . import memory
from .complex_parts import combined
from .context import Context
from .elementwise import RESTORE, SAVE, copy
from .values import Leaf, Slot

INITIAL_SIZE = 64


def start(context: Context) -> None:
    """The empty tapes."""
    reals, integers = context.tapes or (INITIAL_SIZE, INITIAL_SIZE)
    context.out.write(f"_tape = np.empty({reals})")
    context.out.write(f"_marks = np.empty({integers}, np.int64)")
    context.out.write("_top = 0")
    context.out.write("_mark = 0")


def without_unused(lines: list[str]) -> list[str]:
    """The lines without tapes that nothing was kept on."""
    text = "\n".join(lines)
    unused = [name for name in ("_tape", "_marks") if text.count(f"{name}") == 1]
    dead = tuple(f"{name} =" for tape in unused for name in (tape, {"_tape": "_top", "_marks": "_mark"}[tape]))
    return [line for line in lines if not (dead and line.startswith(dead))]


def _names(slot: Slot) -> tuple[str, str]:
    return ("_marks", "_mark") if slot.kind in "ib" else ("_tape", "_top")


def make_room(slot: Slot, count: str, context: Context) -> None:
    """See to it that `count` more numbers fit."""
    if context.tapes is not None:
        return
    tape, top = _names(slot)
    with context.out.block(f"if {top} + {count} > {tape}.size:"):
        context.out.write(f"{tape} = reserve({tape}, {top}, {count})")


def keep(leaf: Leaf, text: str, slot: Slot, context: Context) -> None:
    """Forward: keep the value of `text`, the leaf or a part of it."""
    tape, top = _names(slot)
    if slot.kind == "c":
        parts = [Leaf(f"{text}.{part}", Slot("f", slot.rank)) for part in ("real", "imag")]
        for part in parts:
            keep(leaf, part.text, part.slot, context)
    elif context.sizing:  # how many numbers is all that is wanted
        context.out.write(f"{top} += {f'{text}.size' if slot.rank else 1}")
    elif slot.rank:
        make_room(slot, f"{text}.size", context)
        context.out.write(f"{top} = {SAVE.call(context.unit, slot.rank, tape, top, text)}")
    else:
        if context.room:
            context.pushes[tape] = context.pushes.get(tape, 0) + 1
        else:
            make_room(slot, "1", context)
        context.out.write(f"{tape}[{top}] = {text}")
        context.out.write(f"{top} += 1")


def take_back(text: str, slot: Slot, context: Context) -> None:
    """Reverse: put the kept value into `text` again (an array must have its size already)."""
    tape, top = _names(slot)
    if slot.kind == "c":
        parts = [context.temporary() for _ in range(2)]
        for part in reversed(parts):
            if slot.rank:
                context.out.write(f"{part} = np.empty({text}.shape)")
            take_back(part, Slot("f", slot.rank), context)
        both = combined(parts[0], parts[1], slot.rank, context.unit)
        context.out.write(copy(context.unit, slot.rank, text, both))
    elif slot.rank:
        context.out.write(f"{top} -= {text}.size")
        context.out.write(RESTORE.call(context.unit, slot.rank, tape, top, text))
    else:
        context.out.write(f"{top} -= 1")
        context.out.write(f"{text} = {tape}[{top}]")


def keep_whole(leaf: Leaf, context: Context) -> None:
    """Forward: keep a variable; of an array whose size may change, the sizes in any case."""
    if context.looks_back(leaf):
        keep(leaf, leaf.text, leaf.slot, context)
    for axis in range(0 if leaf.name in context.steady else leaf.rank):
        keep(leaf, leaf.size(axis), Slot("i", 0), context)


def take_back_whole(leaf: Leaf, context: Context) -> None:
    """Reverse: the variable as it was."""
    if not leaf.rank:
        if context.looks_back(leaf):
            take_back(leaf.text, leaf.slot, context)
        return
    if leaf.name not in context.steady:
        sizes = [context.temporary() for _ in range(leaf.rank)]
        for size in reversed(sizes):
            take_back(size, Slot("i", 0), context)
        memory.give_room(leaf, sizes, context)
    if context.looks_back(leaf):
        take_back(leaf.text, leaf.slot, context)
