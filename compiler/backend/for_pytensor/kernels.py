"""Kernels of the library and texts of `mathlib`, as Numba compiles them."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from pytensor.graph.basic import Apply
from pytensor.link.numba.dispatch.basic import register_funcify_and_cache_key
from pytensor.link.numba.dispatch.scalar import register_scalar_funcify

from ...library.kernels.native import compile_kernel, source_key
from ...library.kernels.operation import KernelOp, TextOp
from ...library.ops.array_kernel import ArrayKernel
from ..mathlib import needed
from ..numba_names import numba_names


@register_scalar_funcify(KernelOp)
def kernel(op: KernelOp, node: Any, **_: Any) -> tuple[Callable[..., Any], str]:
    return compile_kernel(op.value), sha256(f"kernel {source_key(op.value)}".encode()).hexdigest()


@register_scalar_funcify(TextOp)
def text(op: TextOp, node: Any, **_: Any) -> tuple[Callable[..., Any], str]:
    scope = dict(numba_names())
    sources = [helper.source for helper in needed({op.text})]
    for source in sources:
        exec("from __future__ import annotations\n" + source, scope)
    return scope[op.text], sha256(f"text {op.text} {sources}".encode()).hexdigest()


@register_funcify_and_cache_key(ArrayKernel)
def array_kernel(op: ArrayKernel, node: Apply, **_: Any) -> tuple[Callable[..., Any], str]:
    key = sha256(f"array kernel {op.gufunc_signature} {source_key(op.value)}".encode()).hexdigest()
    return compile_kernel(op.value), key
