"""Memory of large local arrays: what a call has used waits for the next one.

Memory given back to the system is cleared when it is taken again, page by page, which took longer than the Cholesky
factor of a matrix of 200 rows that was written there. A function may run in several threads at once, so each array
has some places where pieces wait; a call takes a piece out of its place, and who finds none there allocates.

A piece begins at a line of the cache; the eight bytes before it say what `free` wants. To the function that takes it,
this is `malloc` and `free`: `noalias` says that no other pointer leads to the memory, and `nocapture` that none does
later, as nothing reads it once it was given back. Without that, loops over large arrays do not become vectors.
"""

from __future__ import annotations

from collections.abc import Mapping

PLACES = 8  # threads whose memory is kept
LINE = 64  # bytes of a line of the cache
RELEASE = "release_memory"  # exported by every module: frees what waits

FUNCTIONS = f"""
define private noalias ptr @take_memory(ptr %places, i64 %size) nounwind noinline {{
entry:
  br label %head
head:
  %i = phi i64 [0, %entry], [%next, %empty]
  %place = getelementptr inbounds ptr, ptr %places, i64 %i
  %piece = atomicrmw xchg ptr %place, ptr null acq_rel
  %none = icmp eq ptr %piece, null
  br i1 %none, label %empty, label %found
empty:
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, {PLACES}
  br i1 %more, label %head, label %allocate
allocate:
  %whole = add i64 %size, {2 * LINE}
  %given = call ptr @malloc(i64 %whole)
  %later = getelementptr inbounds i8, ptr %given, i64 {2 * LINE - 1}
  %line = call ptr @llvm.ptrmask.p0.i64(ptr %later, i64 -{LINE})
  %note = getelementptr inbounds i8, ptr %line, i64 -8
  store ptr %given, ptr %note
  ret ptr %line
found:
  ret ptr %piece
}}
define private void @give_memory(ptr %places, ptr nocapture %piece) nounwind noinline {{
entry:
  br label %head
head:
  %i = phi i64 [0, %entry], [%next, %full]
  %place = getelementptr inbounds ptr, ptr %places, i64 %i
  %pair = cmpxchg ptr %place, ptr null, ptr %piece acq_rel monotonic
  %kept = extractvalue {{ptr, i1}} %pair, 1
  br i1 %kept, label %exit, label %full
full:
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, {PLACES}
  br i1 %more, label %head, label %return
return:
  call void @free_memory(ptr %piece)
  ret void
exit:
  ret void
}}
define private void @free_memory(ptr %piece) nounwind noinline {{
entry:
  %none = icmp eq ptr %piece, null
  br i1 %none, label %exit, label %some
some:
  %note = getelementptr inbounds i8, ptr %piece, i64 -8
  %given = load ptr, ptr %note
  call void @free(ptr %given)
  ret void
exit:
  ret void
}}"""


def places(function: str, number: int) -> str:
    """Where pieces for one array of a function wait."""
    return _place(function, number * PLACES)


def _place(function: str, number: int) -> str:
    return f"getelementptr inbounds ([0 x ptr], ptr @spare.{function}, i64 0, i64 {number})"


def module_text(arrays: Mapping[str, int]) -> str:
    """What a module needs whose functions have so many large arrays, by name."""
    sizes = {function: number * PLACES for function, number in arrays.items() if number}
    lines = [f"@spare.{name} = private global [{size} x ptr] zeroinitializer" for name, size in sizes.items()]
    lines += [FUNCTIONS] if sizes else []
    lines += [f"define void @{RELEASE}() nounwind {{", "entry:"]
    for name, size in sizes.items():
        for place in range(size):
            piece = f"%{name}.{place}"
            lines += [f"  {piece} = atomicrmw xchg ptr {_place(name, place)}, ptr null acq_rel"]
            lines += [f"  call void @free_memory(ptr {piece})"]
    return "\n".join([*lines, "  ret void", "}"])
