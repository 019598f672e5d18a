"""Graphs over arrays of any size, as the text of one function: loops written out, nothing allocated in between.

An array that exists has a name; one that does not is a rule for the text of its element at given positions.
Elementwise operations, views and gathers only change the rule. Memory is filled where an array is a result, is
read more than once, or is an operand of a product of matrices.

Serves graphs whose sizes are not known while generating (a function called with vectors of several lengths).
An operation without a rule raises NotArray, and the call goes through PyTensor's own back end instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..library.definitions import KernelFunction
from .array_algebra import ALGEBRA, library_kernel, rule_of
from .array_basics import BASIC, of_numbers
from .array_pieces import PIECES
from .array_rule import DTYPE, NotArray, Rule, literal
from .library_functions import is_kernel, kernels_in

_RULES = BASIC | PIECES | ALGEBRA
MOST_LISTED = 1024  # numbers of a constant that are written out


def array_function(inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[str, tuple[KernelFunction, ...]]:
    """The text of a function from its parameter list on, `(a0, a1): ...`, and the kernels of the library it calls."""
    from pytensor.graph.traversal import io_toposort

    same: dict[Any, Any] = {}
    order = list(_once(_inlined(io_toposort(list(inputs), list(outputs)), same), same))
    writer = Function(same)
    used = [source for node in order for source in node.inputs]
    writer.uses.update(map(writer.meant, [*used, *outputs, *outputs]))  # a result is put into memory
    parameters = [f"a{number}" for number in range(len(inputs))]
    for name, variable in zip(parameters, inputs, strict=True):
        writer.rules[variable] = writer.named(name, variable.type.ndim)
    for node in order:
        writer.node(node)
    results = [writer.result(output) for output in outputs]
    lines = [f"({', '.join(parameters)}):", *writer.lines, f"return {', '.join(results)}"]
    return "\n    ".join(lines), kernels_in(order)


def _inlined(nodes: Iterable[Any], same: dict[Any, Any]) -> Iterator[Any]:
    """The nodes, with those of inner graphs in the place of an op that is a graph; `same` says which variables
    are then others."""
    from pytensor.compile.builders import OpFromGraph

    for node in nodes:
        if not isinstance(node.op, OpFromGraph):
            yield node
            continue
        graph = node.op.fgraph.unfreeze()
        same.update(zip(graph.inputs, node.inputs, strict=True))
        yield from _inlined(graph.toposort(), same)
        same.update(zip(node.outputs, graph.outputs, strict=True))


def _once(nodes: Iterable[Any], same: dict[Any, Any]) -> Iterator[Any]:
    """The nodes without those that compute what one before has computed; derivatives repeat much of their function."""
    from pytensor.graph.basic import Constant

    seen: dict[Any, Any] = {}
    for node in nodes:
        sources = [meant(source, same) for source in node.inputs]
        key = (node.op, *(source.signature() if isinstance(source, Constant) else source for source in sources))
        first = seen.setdefault(key, node)
        if first is node:
            yield node
        else:
            same.update(zip(node.outputs, first.outputs, strict=True))


def meant(variable: Any, same: dict[Any, Any]) -> Any:
    """The variable that stands for this one."""
    while variable in same:
        variable = same[variable]
    return variable


class Function:
    """The lines written so far and the rules of the variables seen."""

    def __init__(self, same: dict[Any, Any]) -> None:
        self.same = same
        self.uses: Counter[Any] = Counter()
        self.rules: dict[Any, Rule] = {}
        self.lines: list[str] = []
        self.given: set[str] = set()  # arrays that are results
        self.solutions: dict[Any, Rule] = {}  # of systems with a triangular matrix
        self.count = 0

    def meant(self, variable: Any) -> Any:
        """The variable that stands for this one."""
        return meant(variable, self.same)

    # Names and memory -----------------------------------------------------------------------

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def named(self, name: str, rank: int) -> Rule:
        sizes = tuple(f"{name}.shape[{axis}]" for axis in range(rank))
        return Rule(sizes, (lambda at: f"{name}[{', '.join(at)}]") if rank else (lambda at: name), name)

    def bound(self, text: str, prefix: str = "n") -> str:
        """The text of a number under a name, unless it is short."""
        if text.isidentifier() or text.replace(".", "", 1).isdigit():
            return text
        name = self.fresh(prefix)
        self.lines.append(f"{name} = {text}")
        return name

    def loops(self, sizes: Sequence[str], depth: int = 0) -> list[str]:
        """Open a loop per size; the positions. Lines inside are indented by `depth` + number of sizes."""
        positions = []
        for number, size in enumerate(sizes):
            positions.append("0" if size == "1" else self.fresh("i"))
            head = f"for {positions[-1]} in range({size}):" if size != "1" else "if True:"
            self.lines.append("    " * (depth + number) + head)
        return positions

    def memory(self, rule: Rule, dtype: str) -> Rule:
        """The array filled in."""
        if rule.name is not None or not rule.rank:
            return rule
        name = self.fresh("v")
        sizes = [self.bound(size) for size in rule.sizes]
        self.lines.append(f"{name} = np.empty(({', '.join(sizes)},), {DTYPE.get(dtype, 'np.int64')})")
        if rule.items:
            self.lines += [f"{name}[{position}] = {item}" for position, item in enumerate(rule.items)]
        else:
            at = self.loops(sizes)
            self.lines.append("    " * len(sizes) + f"{name}[{', '.join(at)}] = {rule.element(at)}")
        return Rule(tuple(sizes), lambda at: f"{name}[{', '.join(at)}]", name)

    def result(self, variable: Any) -> str:
        variable = self.meant(variable)
        rule = self.rule(variable)
        if not rule.rank:
            return rule.text
        filled = self.memory(rule, variable.type.dtype)
        assert filled.name is not None
        if filled.name.startswith("a") or filled.name in self.given:  # neither an argument nor the same array twice
            return f"{filled.name}.copy()"
        self.given.add(filled.name)
        return filled.name

    def rule(self, variable: Any) -> Rule:
        from pytensor.graph.basic import Constant

        variable = self.meant(variable)
        if variable not in self.rules:
            if not isinstance(variable, Constant):
                raise NotArray(str(variable))
            self.rules[variable] = self.constant(variable)
        return self.rules[variable]

    def constant(self, variable: Any) -> Rule:
        data = variable.data
        if data is None or not hasattr(data, "ndim"):
            text = literal(data)
            return Rule((), lambda at: text)
        if data.size == 1:
            text = literal(data.item())
            return Rule(("1",) * data.ndim, lambda at: text)
        if data.size > MOST_LISTED:
            raise NotArray("large constant")
        name = self.fresh("c")
        listed = repr(data.ravel().tolist()).replace("inf", "np.inf").replace("nan", "np.nan")
        shaped = f".reshape({data.shape})" if data.ndim > 1 else ""
        self.lines.append(f"{name} = np.array({listed}, {DTYPE.get(str(data.dtype), 'np.int64')}){shaped}")
        return Rule(tuple(map(str, data.shape)), self.named(name, data.ndim).element, name)

    def store(self, variable: Any, rule: Rule) -> None:
        """Keep the rule of a result; fill memory where it would be computed again and again."""
        if not rule.rank:
            text = rule.text
            if self.uses[variable] > 1 and not rule.cheap:
                text = self.bound(text, "x")
            self.rules[variable] = Rule((), lambda at: text)
        elif self.uses[variable] > 1 and not rule.cheap and all(size == "1" for size in rule.sizes):
            text = self.bound(rule.element(["0"] * rule.rank), "x")
            self.rules[variable] = Rule(rule.sizes, lambda at: text)
        elif self.uses[variable] > 1 and not rule.cheap:
            self.rules[variable] = self.memory(rule, variable.type.dtype)
        else:
            self.rules[variable] = rule

    # Operations -----------------------------------------------------------------------------

    def node(self, node: Any) -> None:
        results = self.operation(node, [self.rule(source) for source in node.inputs])
        for variable, rule in zip(node.outputs, results if isinstance(results, list) else [results], strict=True):
            self.store(variable, rule)

    def operation(self, node: Any, operands: list[Rule]) -> Rule | list[Rule]:
        """The rule of each result of a node; one that has a single result may give it as it is."""
        from pytensor.scalar.basic import ScalarOp

        if rule := rule_of(node.op, _RULES):
            return rule(self, node, operands)
        if hasattr(node.op, "gufunc_signature") and is_kernel(node.op):
            return library_kernel(self, node, operands)
        if isinstance(node.op, ScalarOp):
            return of_numbers(node, operands)
        raise NotArray(type(node.op).__name__)
