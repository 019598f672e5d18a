"""Calling a log density, given as the address of a C function, from compiled code."""

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic


@intrinsic
def log_density_at(typing_context, address, position, gradient):
    """Call `double f(const double *position, double *gradient)`; a plain indirect call, a few nanoseconds.

    `address` is an int64; `position` and `gradient` are contiguous one-dimensional float64 arrays.
    """
    vector = types.Array(types.float64, 1, "C")
    if position != vector or gradient != vector:
        raise TypingError(f"a log density takes two contiguous vectors, not {position} and {gradient}")

    def generate(context, builder, signature, arguments):
        pointer = ir.PointerType(ir.DoubleType())
        function_type = ir.FunctionType(ir.DoubleType(), [pointer, pointer])
        function = builder.inttoptr(arguments[0], ir.PointerType(function_type))
        data = [context.make_array(vector)(context, builder, array).data for array in arguments[1:]]
        return builder.call(function, data)

    return types.float64(types.int64, position, gradient), generate
