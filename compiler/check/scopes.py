"""Scopes: which names mean what at a point of the program, and which rules its place imposes."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

from pplc.grammar import tree
from pplc.grammar.diagnostics import Diagnostic
from pplc.grammar.similar import nearest
from pplc.grammar.source import Span

from .. import ir
from ..library.definitions import Signature
from ..library.expand import all_names
from ..types import Type, is_discrete
from .elsewhere import declared_elsewhere
from .errors import names as errors


class Section(Enum):
    """The blocks of a program, by the names that they have in its text."""

    FUNCTIONS = "functions"
    DATA = "data"
    TRANSFORMED_DATA = "transformed data"
    PARAMETERS = "parameters"
    TRANSFORMED_PARAMETERS = "transformed parameters"
    MODEL = "model"
    GENERATED_QUANTITIES = "generated quantities"


_DATA_SECTIONS = (Section.DATA, Section.TRANSFORMED_DATA)
_ROLES = {
    Section.DATA: ir.Role.DATA,
    Section.TRANSFORMED_DATA: ir.Role.TRANSFORMED_DATA,
    Section.PARAMETERS: ir.Role.PARAMETER,
    Section.TRANSFORMED_PARAMETERS: ir.Role.TRANSFORMED_PARAMETER,
    Section.GENERATED_QUANTITIES: ir.Role.GENERATED,
}

# Endings of function names that give them a role. A longer one is tried before one that it ends in.
SUFFIXES = ("rng", "jacobian", "lupdf", "lupmf", "lpdf", "lpmf", "lccdf", "lcdf", "cdf", "lp")
DENSITIES = frozenset(("lpdf", "lpmf"))
CONDITIONAL = frozenset(("lpdf", "lupdf", "lpmf", "lupmf", "cdf", "lcdf", "lccdf"))
_NORMALISED = {"lupdf": "lpdf", "lupmf": "lpmf"}
_SPECIAL_ROLES = frozenset(("rng", "lp", "jacobian", "lpdf", "lpmf"))


def suffix_of(name: str) -> str:
    """The suffix that gives a function its role (`lpdf`, `rng`, ...), or ""."""
    return next((suffix for suffix in SUFFIXES if name.endswith(f"_{suffix}")), "")


def role_of(name: str) -> str:
    """Like `suffix_of`, where only the suffixes that change what a function may do count."""
    suffix = suffix_of(name)
    suffix = _NORMALISED.get(suffix, suffix)
    return suffix if suffix in _SPECIAL_ROLES else ""


def normalised(name: str) -> str:
    """`normal_lpdf` for `normal_lupdf`, any other name as it is."""
    suffix = suffix_of(name)
    return name.removesuffix(suffix) + _NORMALISED[suffix] if suffix in _NORMALISED else name


@dataclass(frozen=True, slots=True)
class Binding:
    """A variable in scope, where it lives, and what may be done with it."""

    variable: ir.Variable
    section: Section
    top_level: bool
    read_only: bool


@dataclass(slots=True, eq=False)
class UserFunction:
    """An overload that the program declares, and whether its body has been seen."""

    function: ir.Function
    signature: Signature
    identifier: tree.Identifier
    defined: bool


@dataclass(frozen=True, slots=True)
class Enclosing:
    """The function whose body is being checked."""

    role: str
    result: Type


@dataclass(slots=True)
class ProgramFacts:
    """What the whole program shares: its functions, and what has been found wrong with it."""

    tree: tree.Program
    functions: dict[str, list[UserFunction]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    undeclared: set[str] = field(default_factory=set)  # reported once each
    # Likelihoods passed to the Laplace approximation, which needs their third derivatives.
    differentiated: list[ir.FunctionReference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names visible at a point; `inner()` opens a scope whose declarations end with it."""

    program: ProgramFacts
    section: Section
    names: ChainMap[str, Binding]
    function: Enclosing | None = None
    loops: int = 0
    in_top_level_size: bool = False

    @property
    def report(self) -> Callable[[Diagnostic], None]:
        """Adds to what is wrong with the program."""
        return self.program.diagnostics.append

    @property
    def role(self) -> str:
        """The role of the function that encloses this point, or ""."""
        return self.function.role if self.function else ""

    def within(self, section: Section) -> Scope:
        """The scope of another block, which sees and adds to the same names."""
        return replace(self, section=section)

    def inner(self) -> Scope:
        """A scope inside this one."""
        return replace(self, names=self.names.new_child())

    def loop(self) -> Scope:
        """The scope of a loop's body."""
        return replace(self, names=self.names.new_child(), loops=self.loops + 1)

    def sizes_at_top_level(self) -> Scope:
        """The same names, under the rules for sizes of a block's own variables."""
        return replace(self, in_top_level_size=True)

    # Declaring ------------------------------------------------------------------------------------

    def declare(
        self, identifier: tree.Identifier, type: Type, *, top_level: bool = False, role: ir.Role | None = None
    ) -> ir.Variable:
        """Bring a variable into scope; a name that is taken or not allowed is reported (and still declared)."""
        self.check_name(identifier)
        self.check_free(identifier)
        variable = ir.Variable(
            identifier.name,
            type,
            role or self._role_of_declaration(top_level),
            self.level(type),
            identifier.span,
        )
        return self.bind(variable, top_level=top_level, read_only=role is ir.Role.LOOP)

    def bind(self, variable: ir.Variable, *, top_level: bool = False, read_only: bool = False) -> ir.Variable:
        """Make a variable visible from here on."""
        self.names[variable.name] = Binding(variable, self.section, top_level, read_only)
        return variable

    def level(self, type: Type) -> ir.Level:
        """The level of a variable declared here: integers and what the data blocks declare depend on data only."""
        return ir.Level.DATA if self.section in _DATA_SECTIONS or is_discrete(type) else ir.Level.PARAMETER

    def _role_of_declaration(self, top_level: bool) -> ir.Role:
        if top_level:
            return _ROLES[self.section]
        return ir.Role.MODEL if self.section is Section.MODEL else ir.Role.LOCAL

    def check_name(self, identifier: tree.Identifier) -> None:
        """Report a name that nothing may have."""
        if identifier.name in _RESERVED or identifier.name.endswith("__"):
            self.report(errors.reserved_name(identifier))

    def check_free(self, identifier: tree.Identifier) -> None:
        """Report a name that another variable has; names of functions are free for variables."""
        if suffix_of(identifier.name) in _NORMALISED:
            self.report(errors.unnormalised_name(identifier))
        elif binding := self.names.get(identifier.name):
            self.report(errors.name_in_use(identifier, binding.variable.span))

    def report_undeclared(self, name: str, span: Span) -> None:
        """Report a name that nothing in scope has, once for each name."""
        if name not in self.program.undeclared:
            self.program.undeclared.add(name)
            elsewhere = None if self.function else declared_elsewhere(self.program.tree, name)
            self.report(errors.undeclared_name(name, span, self.similar_variable(name), elsewhere))

    # Looking up -----------------------------------------------------------------------------------

    def variable(self, name: str) -> Binding | None:
        """The variable of that name, if there is one."""
        return self.names.get(name)

    def functions(self, name: str) -> list[UserFunction]:
        """The program's own functions of that name, the latest first."""
        return self.program.functions.get(name, [])

    def similar_variable(self, name: str) -> str | None:
        """A variable in scope, or a function, that may have been meant."""
        return nearest(name, self.names) or nearest(name, [*self.program.functions, *all_names()])

    def similar_function(self, name: str) -> str | None:
        """A function with the same role that may have been meant."""
        known = [*self.program.functions, *all_names()]
        return nearest(name, [candidate for candidate in known if role_of(candidate) == role_of(name)])

    def similar_distribution(self, name: str) -> str | None:
        """A distribution that may have been meant."""
        known = [*self.program.functions, *all_names()]
        return nearest(name, [known_name[:-5] for known_name in known if known_name.endswith(("_lpdf", "_lpmf"))])


# Words that Stan keeps for itself although its grammar has no use for them.
_RESERVED = frozenset(
    (
        "generated", "quantities", "transformed", "repeat", "until", "then", "true", "false",
        "typedef", "struct", "var", "export", "extern", "static", "auto",
    )
)  # fmt: skip
