"""Functions without declared types, translated once for each combination of argument types."""

from __future__ import annotations

import ast

from .. import whole_arrays
from .arena import open_arena
from .function import FunctionTranslator
from .generic import GenericTranslator
from .types import assembled, leaf_types, leaves, struct_of
from .values import LLVM_TYPE, LanguageError, Signature, Value, float_literal


class Templates:
    """The untyped functions of a module and their translations so far; of the others, what `inlining` finds."""

    def __init__(
        self,
        definitions: dict[str, ast.FunctionDef],
        known: dict[str, Signature],
        used: set[str],
        inlined_sizes: dict[str, int],
        in_vectors: frozenset[str],
    ) -> None:
        self.definitions = whole_arrays.definitions() | definitions
        self.known = known
        self.used = used
        self.inlined_sizes = inlined_sizes
        self.in_vectors = in_vectors
        self.texts: list[str] = []
        self._made: dict[tuple[str, tuple[str, ...]], tuple[str, str]] = {}
        self._waiting: list[GenericTranslator] = []

    def constant_array(self, numbers: list[float], element: str = "float") -> Value:
        """Numbers in the program's read-only memory."""
        name, type = f"@constants.{len(self.texts)}", LLVM_TYPE[element]
        texts = [float_literal(number).text if element == "float" else str(int(number)) for number in numbers]
        inside = ", ".join(f"{type} {text}" for text in texts)
        self.texts.append(f"{name} = private unnamed_addr constant [{len(numbers)} x {type}] [{inside}]")
        return Value("", f"{element}[1]", parts=(Value(name, f"{element}s"), Value(str(len(numbers)), "int")))

    def finish(self) -> None:
        """Translate the functions that say what they return: wherever a recursion is entered, it ends at these."""
        while self._waiting:
            translator = self._waiting.pop()
            declared = translator.result
            self.texts.append(translator.translate_until_stable())
            if translator.result != declared:
                raise LanguageError(f"{translator.function.name} returns {translator.result}, not {declared}")

    def call(self, caller: FunctionTranslator, name: str, values: list[Value]) -> Value:
        """Translate for these argument types if that is still to be done, and call."""
        types = tuple(value.type for value in values)
        if (name, types) not in self._made:
            symbol = f'"{name}:{len(self._made)}"'
            translator = GenericTranslator(self.definitions[name], self, symbol, types)
            self._made[name, types] = symbol, translator.result or ""
            if translator.result:
                self._waiting.append(translator)
            else:
                self.texts.append(translator.translate_until_stable())
                self._made[name, types] = symbol, translator.result or "None"
        symbol, result = self._made[name, types]
        if not result:
            raise LanguageError(f"{name} calls itself and does not say what it returns")
        if not caller.arena:
            caller.arena = open_arena(caller)
        arguments = [f"ptr {caller.arena}"]
        arguments += [f"{LLVM_TYPE[leaf.type]} {leaf.text}" for value in values for leaf in leaves(value)]
        call = f"@{symbol}({', '.join(arguments)})"
        parts = [LLVM_TYPE[type] for type in leaf_types(result)] if result != "None" else []
        if not parts:
            caller.emit(f"call void {call}")
            return Value("", "None")
        whole = caller.assign(f"call {struct_of(parts)} {call}", result)
        if len(parts) == 1 and not result.startswith("("):
            return whole
        if isinstance(caller, GenericTranslator) and "[" in result:
            caller.takes_memory()
        pieces = [
            caller.assign(
                f"extractvalue {struct_of(parts)} {whole.text}, {number}"
                if len(parts) > 1
                else f"freeze {parts[0]} {whole.text}",
                type,
            )
            for number, type in enumerate(leaf_types(result))
        ]
        return assembled(result, pieces)
