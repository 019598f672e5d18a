"""Memory for arrays whose size is found while running: pieces that are kept until the outermost function ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .lines import Lines

STACK_BYTES = 1 << 14  # the arena's first piece


# An arena is {piece, used, size}; a piece begins with a pointer to the one before it.
ARENA = """
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define private ptr @arena_take(ptr %a, i64 %wanted) nounwind alwaysinline {
entry:
  %usedat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 1
  %sizeat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 2
  %used = load i64, ptr %usedat
  %size = load i64, ptr %sizeat
  %padded = add i64 %wanted, 63
  %bytes = and i64 %padded, -64
  %new = add i64 %used, %bytes
  %fits = icmp ule i64 %new, %size
  br i1 %fits, label %inside, label %more
inside:
  %piece = load ptr, ptr %a
  %there = getelementptr inbounds i8, ptr %piece, i64 %used
  store i64 %new, ptr %usedat
  ret ptr %there
more:
  %fresh = call ptr @arena_grow(ptr %a, i64 %bytes)
  ret ptr %fresh
}
define private ptr @arena_grow(ptr %a, i64 %bytes) nounwind noinline {
entry:
  %usedat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 1
  %sizeat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 2
  %size = load i64, ptr %sizeat
  %double = mul i64 %size, 2
  %needed = add i64 %bytes, 64
  %larger = icmp ugt i64 %needed, %double
  %total = select i1 %larger, i64 %needed, i64 %double
  %piece = call ptr @malloc(i64 %total)
  %old = load ptr, ptr %a
  store ptr %old, ptr %piece
  store ptr %piece, ptr %a
  store i64 %needed, ptr %usedat
  store i64 %total, ptr %sizeat
  %there = getelementptr inbounds i8, ptr %piece, i64 64
  ret ptr %there
}
define private void @arena_release(ptr %a, ptr %kept, i64 %used, i64 %size) nounwind {
entry:
  br label %head
head:
  %piece = load ptr, ptr %a
  %done = icmp eq ptr %piece, %kept
  br i1 %done, label %exit, label %body
body:
  %before = load ptr, ptr %piece
  call void @free(ptr %piece)
  store ptr %before, ptr %a
  br label %head
exit:
  %usedat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 1
  %sizeat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 2
  store i64 %used, ptr %usedat
  store i64 %size, ptr %sizeat
  ret void
}
define private void @arena_free(ptr %a) nounwind {
entry:
  br label %head
head:
  %piece = load ptr, ptr %a
  %before = load ptr, ptr %piece
  %first = icmp eq ptr %before, null
  br i1 %first, label %exit, label %body
body:
  call void @free(ptr %piece)
  store ptr %before, ptr %a
  br label %head
exit:
  ret void
}
"""


def open_arena(function: Lines) -> str:
    """An arena in the function's frame whose first piece is on the stack."""
    function.entry += [
        "  %arena = alloca {ptr, i64, i64}",
        f"  %arena.first = alloca [{STACK_BYTES} x i8], align 64",
        "  store ptr null, ptr %arena.first",
        "  store ptr %arena.first, ptr %arena",
        "  %arena.used = getelementptr inbounds {ptr, i64, i64}, ptr %arena, i64 0, i32 1",
        "  store i64 64, ptr %arena.used",
        "  %arena.size = getelementptr inbounds {ptr, i64, i64}, ptr %arena, i64 0, i32 2",
        f"  store i64 {STACK_BYTES}, ptr %arena.size",
    ]
    return "%arena"


@dataclass(frozen=True, slots=True)
class Iteration:
    """An iteration of a loop whose lines are being written."""

    start: int  # where its lines begin
    taken: int  # how often the function had taken memory before
    wanted: frozenset[str]  # variables that it assigns and that are read later


def give_back(function: Lines, arena: str, iteration: Iteration, pointers: Iterable[str]) -> None:
    """End an iteration with the arena as it was at its start.

    Not where one of the pointers (kept in these slots) points to memory that the iteration took, nor where a new
    piece was begun, in which the next iterations will find room.
    """
    piece, used, size = (function.fresh(part) for part in ("piece", "used", "size"))
    places = [f"getelementptr inbounds {{ptr, i64, i64}}, ptr {arena}, i64 0, i32 {number}" for number in (1, 2)]
    usedat, sizeat = (function.fresh(part) for part in ("usedat", "sizeat"))
    function.lines[iteration.start : iteration.start] = [
        f"  {piece} = load ptr, ptr {arena}",
        f"  {usedat} = {places[0]}",
        f"  {sizeat} = {places[1]}",
        f"  {used} = load i64, ptr {usedat}",
        f"  {size} = load i64, ptr {sizeat}",
    ]
    now = function.assign(f"load ptr, ptr {arena}", "floats")
    spare = function.assign(f"icmp eq ptr {now.text}, {piece}", "bool")
    start = function.assign(f"ptrtoint ptr {piece} to i64", "int")
    for slot in pointers:
        pointer = function.assign(f"load ptr, ptr {slot}", "floats")
        address = function.assign(f"ptrtoint ptr {pointer.text} to i64", "int")
        offset = function.assign(f"sub i64 {address.text}, {start.text}", "int")
        before = function.assign(f"icmp ult i64 {offset.text}, {used}", "bool")
        beyond = function.assign(f"icmp uge i64 {offset.text}, {size}", "bool")
        older = function.assign(f"or i1 {before.text}, {beyond.text}", "bool")
        spare = function.assign(f"and i1 {spare.text}, {older.text}", "bool")
    present = function.assign(f"load i64, ptr {usedat}", "int")
    left = function.assign(f"select i1 {spare.text}, i64 {used}, i64 {present.text}", "int")
    function.emit(f"store i64 {left.text}, ptr {usedat}")
