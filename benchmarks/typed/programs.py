"""The text of the random program of a number."""

from __future__ import annotations

from benchmarks.typed.callbacks import Callbacks
from benchmarks.typed.choices import Choices
from benchmarks.typed.data import DECLARATIONS, KINDS
from benchmarks.typed.draws import Draws
from benchmarks.typed.effects import Effects
from benchmarks.typed.expressions import Expressions
from benchmarks.typed.functions import Functions
from benchmarks.typed.kinds import Kind, array, kind_of, tuple_of, weighed
from benchmarks.typed.places import Places, Scope
from benchmarks.typed.statements import Statements

BLOCKS = """functions {{
{functions}
}}
data {{ {declarations} }}
transformed data {{ {data} }}
parameters {{ {parameters} }}
transformed parameters {{
  {transformed}
}}
model {{
  {model}
}}
generated quantities {{
  {quantities}
}}
"""
PARAMETERS = {  # how parameters are declared, and the types of their values
    "real": "real", "real<lower=-0.5>": "real", "real<upper=2>": "real", "real<lower=-1, upper=2>": "real",
    "complex": "complex", "real<offset=0.3, multiplier=1.5>": "real", "vector[3]": "vector[3]",
    "vector<lower=y - 1>[3]": "vector[3]", "vector<offset=0.2, multiplier=exp(y)>[3]": "vector[3]",
    "row_vector<lower=-2, upper=2>[2]": "row_vector[2]", "matrix[2, 3]": "matrix[2, 3]",
    "matrix<upper=X + 3>[2, 3]": "matrix[2, 3]", "simplex[3]": "vector[3]", "ordered[3]": "vector[3]",
    "positive_ordered[2]": "vector[2]", "unit_vector[3]": "vector[3]", "sum_to_zero_vector[3]": "vector[3]",
    "sum_to_zero_matrix[2, 3]": "matrix[2, 3]", "cov_matrix[2]": "matrix[2, 2]", "corr_matrix[2]": "matrix[2, 2]",
    "cholesky_factor_cov[2]": "matrix[2, 2]", "cholesky_factor_corr[3]": "matrix[3, 3]",
    "cholesky_factor_cov[3, 2]": "matrix[3, 2]", "column_stochastic_matrix[3, 2]": "matrix[3, 2]",
    "row_stochastic_matrix[2, 3]": "matrix[2, 3]", "complex_vector[2]": "complex_vector[2]",
    "complex_matrix[2, 2]": "complex_matrix[2, 2]", "vector[1]": "vector[1]",
    "complex_row_vector[1]": "complex_row_vector[1]", "vector[0]": "vector[0]", "matrix<lower=0>[0, 2]": "matrix[0, 2]",
    "row_vector[0]": "row_vector[0]", "complex_matrix[2, 0]": "complex_matrix[2, 0]",
}  # fmt: skip


def program(number: int) -> str:
    choose = Choices(number)
    places = Places(choose)
    expressions = Expressions(choose, places)
    statements = Statements(choose, places, expressions)
    return Programs(choose, expressions, statements).program()


class Programs:
    def __init__(self, choose: Choices, expressions: Expressions, statements: Statements) -> None:
        self.choose = choose
        self.expressions = expressions
        self.statements = statements
        self.functions = Functions(choose, expressions, statements)
        self.callbacks = Callbacks(choose, expressions, statements)
        self.effects = Effects(choose, expressions, statements)
        self.draws = Draws(choose, expressions)

    def program(self) -> str:
        functions = [self._function() for _ in self.choose.count(2, 5)]
        known = Scope(dict(KINDS))
        data = self._transformed_data(known)
        known = known.read_only()
        parameters = self._parameters(known)
        if self.choose.chance(0.6):
            visible, transformed, model = self._with_transformed_parameters(known)
        else:
            visible, transformed, model = known, "", self._model(known)
        after = visible.read_only()
        quantities = self._declarations(after, self.choose.count(1, 3)) + self._drawn(after, self.choose.count(0, 3))
        quantities += self._lines(self.choose.count(0, 3), after)
        return BLOCKS.format(
            functions="\n".join(functions),
            declarations=DECLARATIONS,
            data=data,
            parameters=parameters,
            transformed=transformed,
            model=model + "\n  p0 ~ normal(0.1, 2);",
            quantities=quantities,
        )

    def _function(self) -> str:
        of = self.choose.any([self.functions, self.functions, self.callbacks, self.effects, self.draws])
        return of.define()

    def _drawn(self, scope: Scope, count: range) -> str:
        return "".join(f" {self.draws.declaration(scope)}" for _ in count)

    def _transformed_data(self, scope: Scope) -> str:
        text = self._declarations(scope, self.choose.count(0, 2)) + self._drawn(scope, self.choose.count(0, 1))
        return text + " " + self.statements.several(self.choose.count(0, 2), scope, 2) if scope.writable else text

    def _parameters(self, scope: Scope) -> str:
        scope.add("p0", kind_of("vector[3]"), writable=False)
        declarations = ["vector[3] p0;"]
        for _ in self.choose.count(1, 3):
            text, kind = self._parameter()
            name = self.choose.name("p")
            declarations.append(f"{text} {name};")
            scope.add(name, kind, writable=False)
        return " ".join(declarations)

    def _parameter(self) -> tuple[str, Kind]:
        """How a parameter is declared, and its type."""
        text, kind = self._one_parameter()
        form = self.choose.share()
        if any(bound in text for bound in ("y -", "(y)", "X +")):  # these have the shape of one element of an array
            form = max(form, 0.35)
        if form < 0.25:
            size = self.choose.any([0, 1, 2, 3])
            return f"array[{size}] {text}", array(size, kind)
        if form < 0.35:
            size = self.choose.any([0, 1, 2])
            return f"array[2, {size}] {text}", array(2, array(size, kind))
        if form < 0.6:
            other, second = self._one_parameter()
            text, kind = f"tuple({text}, {other})", tuple_of(kind, second)
            return (text, kind) if form < 0.5 else (f"array[2] {text}", array(2, kind))
        return text, kind

    def _one_parameter(self) -> tuple[str, Kind]:
        text, kind = self.choose.any(list(PARAMETERS.items()))
        return text, kind_of(kind)

    def _with_transformed_parameters(self, known: Scope) -> tuple[Scope, str, str]:
        """What the generated quantities see, the transformed parameters, and a model that looks at them."""
        inside = known.read_only()
        count = self.choose.count(1, 3)
        transformed = self._declarations(inside, count, integers=False) + self.effects.declaration(inside)
        transformed += self._lines(self.choose.count(1, 4), inside)
        if self.choose.chance(0.2):
            transformed += self.expressions.filled(" jacobian += <real>;", inside, 1)
        local = inside.read_only()
        model = self.statements.declaration(local) + self._lines(self.choose.count(0, 3), local, 1, densities=True)
        return inside, transformed, model + _looked_at(local) + _looked_at(inside)

    def _model(self, known: Scope) -> str:
        inside = known.read_only()
        model = self._declarations(inside, self.choose.count(1, 3))
        return model + self._lines(self.choose.count(1, 5), inside, densities=True) + _looked_at(inside)

    def _declarations(self, scope: Scope, count: range, *, integers: bool = True) -> str:
        return " ".join(self.statements.declaration(scope, integers=integers) for _ in count)

    def _lines(self, count: range, scope: Scope, depth: int = 2, *, densities: bool = False) -> str:
        return "".join(f"\n  {self.statements.statement(scope, depth, densities=densities)}" for _ in count)


def _looked_at(scope: Scope) -> str:
    """Statements by which the density depends on all variables of a block."""
    return "".join(f"\n  target += {weighed(kind, name)};" for name, kind in scope.writable.items())
