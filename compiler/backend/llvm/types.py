"""Types of values that are more than a number or a pointer, written as text.

"float", "int", "bool", "complex" are numbers; "float[2]" is a row-major array of two axes, "float[2s]" one with
strides, counted in elements; "(int,float[1])" is a tuple.
"""

from __future__ import annotations

from .values import LanguageError, Value


def rank_of(type: str) -> int:
    """The number of axes of an array type, 0 for other types."""
    return int(type[:-1].rpartition("[")[2].removesuffix("s")) if type.endswith("]") else 0


def has_strides(type: str) -> bool:
    """Whether an array type is that of a view that need not be row-major."""
    return type.endswith("s]")


def element_of(type: str) -> str:
    return type.partition("[")[0]


def members(type: str) -> list[str]:
    """The types in a tuple type."""
    parts, depth, start = [], 0, 1
    for place, character in enumerate(type):
        depth += (character == "(") - (character == ")")
        if (character == "," and depth == 1) or (character == ")" and depth == 0):
            if place > start:
                parts.append(type[start:place])
            start = place + 1
    return parts


def leaf_types(type: str) -> list[str]:
    """The scalars and pointers a value consists of."""
    if type.startswith("("):
        return [leaf for member in members(type) for leaf in leaf_types(member)]
    if type.endswith("]"):
        return [element_of(type) + "s", *["int"] * (rank_of(type) * (2 if has_strides(type) else 1))]
    return ["float", "float"] if type == "complex" else [type]


def leaves(value: Value) -> list[Value]:
    return [leaf for part in value.parts for leaf in leaves(part)] if value.parts or value.type == "()" else [value]


def assembled(type: str, parts: list[Value]) -> Value:
    """The value made of these leaves, which are used up."""
    if type.startswith("("):
        return Value("", type, parts=tuple(assembled(member, parts) for member in members(type)))
    if type.endswith("]") or type == "complex":
        return Value("", type, parts=tuple(parts.pop(0) for _ in leaf_types(type)))
    return parts.pop(0)


def joined(left: str, right: str) -> str:
    """The type that holds values of both."""
    if left == right:
        return left
    if left.startswith("(") and right.startswith("(") and len(members(left)) == len(members(right)):
        return f"({','.join(joined(a, b) for a, b in zip(members(left), members(right), strict=True))})"
    if rank_of(left) and rank_of(left) == rank_of(right) and element_of(left) == element_of(right):
        return left if has_strides(left) else right
    order = ("bool", "int", "float", "complex")
    if left in order and right in order:
        return order[max(order.index(left), order.index(right))]
    raise LanguageError(f"{left} and {right} in one variable")


def tuple_of(values: list[Value]) -> Value:
    return Value("", f"({','.join(value.type for value in values)})", parts=tuple(values))


def struct_of(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{{{', '.join(parts)}}}"
