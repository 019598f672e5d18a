"""Arrays that know their sizes: memory for them, views of their parts, copies."""

from __future__ import annotations

import ast
from math import prod

from .function import FunctionTranslator
from .types import element_of, has_strides, rank_of
from .values import BYTES, ELEMENT, LLVM_TYPE, LanguageError, Value

FRAME_ELEMENTS = 16  # of an array that is made in its function's frame


class ArrayTranslator(FunctionTranslator):
    """What a function may do with whole arrays; functions of `whole_arrays` do what takes loops."""

    hidden: int  # variables of our own so far
    allocates: bool  # whether the function takes memory from the arena
    taken: int  # how often it has done so up to here

    @property
    def returns_arrays(self) -> bool:
        """Whether a result is an array, whose memory then belongs to the caller."""
        raise NotImplementedError

    def hidden_name(self, purpose: str) -> str:
        """A variable of our own, called the same in every pass."""
        self.hidden += 1
        return f"{purpose}.{self.hidden}"

    def array(self, node: ast.expr) -> Value:
        value = self.expression(node)
        if not rank_of(value.type):
            raise LanguageError(f"{ast.unparse(node)!r} is a {value.type}, not an array")
        return value

    def whole(self, name: str, *values: Value) -> Value:
        """A function of `whole_arrays`."""
        if name not in self.templates.definitions:
            raise LanguageError(f"{name} of arrays")
        return self.templates.call(self, name, list(values))

    def takes_memory(self) -> None:
        self.allocates = True
        self.taken += 1

    # Memory --------------------------------------------------------------------------------------

    def new_array(self, element: str, sizes: list[Value], zero: bool) -> Value:
        """Memory from the arena, or in the frame: a few numbers, made once, in a function that returns no array."""
        if all(size.text.isdigit() for size in sizes) and not self.loops and not self.returns_arrays:
            count_known = prod(int(size.text) for size in sizes)
            if count_known <= FRAME_ELEMENTS:
                return self.frame_array(element, sizes, count_known, zero)
        self.takes_memory()
        array = Value("", f"{element}[{len(sizes)}]", parts=(Value("null", f"{element}s"), *sizes))
        count = self.assign(f"mul i64 {self.size_of(array).text}, {BYTES[element]}", "int")
        pointer = self.assign(f"call ptr @arena_take(ptr %arena.given, i64 {count.text})", f"{element}s")
        if zero:
            self.emit(f"call void @llvm.memset.p0.i64(ptr {pointer.text}, i8 0, i64 {count.text}, i1 false)")
        return Value("", array.type, parts=(pointer, *sizes))

    def frame_array(self, element: str, sizes: list[Value], count: int, zero: bool) -> Value:
        pointer = self.fresh("frame")
        self.entry.append(f"  {pointer} = alloca [{max(count, 1)} x {LLVM_TYPE[element]}], align 16")
        if zero:
            self.emit(f"call void @llvm.memset.p0.i64(ptr {pointer}, i8 0, i64 {BYTES[element] * count}, i1 false)")
        return Value("", f"{element}[{len(sizes)}]", parts=(Value(pointer, f"{element}s"), *sizes))

    def dtype(self, node: ast.expr) -> str:
        match node:
            case ast.Attribute(value=ast.Name(id="np"), attr="float64"):
                return "float"
            case ast.Attribute(value=ast.Name(id="np"), attr="int64"):
                return "int"
            case ast.Attribute(value=ast.Name(id="np"), attr="complex128"):
                return "complex"
            case ast.Attribute(value=value, attr="dtype"):
                return element_of(self.array(value).type)
            case _:
                raise LanguageError(f"dtype {ast.unparse(node)!r}")

    def listed(self, numbers: Value, element: str) -> Value:
        """An array of the numbers of a tuple."""
        if not numbers.type.startswith("(") or "[" in numbers.type:
            raise LanguageError("an array that is not made of numbers")
        array = self.new_array(element, [Value(str(len(numbers.parts)), "int")], zero=False)
        for position, number in enumerate(numbers.parts):
            type, pointer = LLVM_TYPE[element], array.parts[0].text
            place = self.assign(f"getelementptr inbounds {type}, ptr {pointer}, i64 {position}", f"{element}s")
            self.put(place, self.convert(number, element))
        return array

    def filled(self, array: Value, value: Value) -> Value:
        """Every element set to a number."""
        flat = Value("", f"{element_of(array.type)}[1]", parts=(array.parts[0], self.size_of(array)))
        whole, number, counter = (self.hidden_name(purpose) for purpose in ("whole", "number", "counter"))
        self.store_variable(whole, flat)
        self.store_variable(number, value)
        place = ast.Subscript(ast.Name(whole), ast.Name(counter))
        self.for_range(
            counter, [ast.Call(ast.Name("len"), [ast.Name(whole)], [])], [ast.Assign([place], ast.Name(number))]
        )
        return array

    # Copies --------------------------------------------------------------------------------------

    def fill(self, place: Value, value: Value) -> None:
        """Copy an array of the same sizes, or repeat one along axes that it lacks."""
        if rank_of(value.type) == rank_of(place.type):
            self.copy_into(place, value)
        else:
            self.whole("repeated", place, value)

    def copy_into(self, place: Value, value: Value) -> None:
        if rank_of(value.type) != rank_of(place.type):
            raise LanguageError(f"{value.type} into {place.type}")
        kinds = element_of(value.type), element_of(place.type)
        if has_strides(value.type) or has_strides(place.type) or kinds[0] != kinds[1]:
            self.copy_elements(place, value)
            return
        size = self.size_of(value)
        count = self.assign(f"mul i64 {size.text}, {BYTES[kinds[0]]}", "int")
        to, source = place.parts[0].text, value.parts[0].text
        self.emit(f"call void @llvm.memcpy.p0.p0.i64(ptr {to}, ptr {source}, i64 {count.text}, i1 false)")

    def copy_elements(self, place: Value, value: Value) -> None:
        """Copy by a nest of loops."""
        names = [self.hidden_name(purpose) for purpose in ("to", "from")]
        counters = [self.hidden_name("counter") for _ in range(rank_of(value.type))]
        self.store_variable(names[0], place)
        self.store_variable(names[1], value)
        at = ast.Tuple([ast.Name(counter) for counter in counters])
        to, source = (ast.Subscript(ast.Name(name), at) for name in names)
        body: list[ast.stmt] = [ast.Assign([to], source)]
        for axis in reversed(range(len(counters))):
            size = ast.Subscript(ast.Attribute(ast.Name(names[1]), "shape"), ast.Constant(axis))
            sizes = ast.Call(ast.Name("range"), [size], [])
            body = [ast.For(target=ast.Name(counters[axis]), iter=sizes, body=body, orelse=[])]
        self.block(body)

    def copied(self, array: Value, element: str | None = None) -> Value:
        """The same numbers in memory of their own, perhaps as those of another kind."""
        fresh = self.new_array(element or element_of(array.type), self.sizes_of(array), zero=False)
        self.copy_into(fresh, array)
        return fresh

    def row_major(self, array: Value) -> Value:
        """The array itself, or a copy of a view with strides."""
        return self.copied(array) if has_strides(array.type) else array

    # Sizes and views -----------------------------------------------------------------------------

    def sizes_of(self, array: Value) -> list[Value]:
        return list(array.parts[1 : 1 + rank_of(array.type)])

    def strides_of(self, array: Value) -> list[Value]:
        """Elements between neighbours along each axis."""
        if has_strides(array.type):
            return list(array.parts[1 + rank_of(array.type) :])
        strides = [Value("1", "int")]
        for size in reversed(self.sizes_of(array)[1:]):
            last = strides[0]
            strides.insert(0, size if last.text == "1" else self.product(last, size))
        return strides

    def product(self, left: Value, right: Value) -> Value:
        return self.assign(f"mul nsw i64 {left.text}, {right.text}", "int")

    def size_of(self, array: Value) -> Value:
        size, *others = self.sizes_of(array)
        for other in others:
            size = self.product(size, other)
        return size

    def transposed(self, array: Value) -> Value:
        """A view with the axes reversed."""
        sizes, strides = self.sizes_of(array), self.strides_of(array)
        type = f"{element_of(array.type)}[{len(sizes)}s]"
        return Value("", type, parts=(array.parts[0], *reversed(sizes), *reversed(strides)))

    def flat(self, array: Value) -> Value:
        """The elements in row-major order, as an array of one axis."""
        array = self.row_major(array)
        return Value("", f"{element_of(array.type)}[1]", parts=(array.parts[0], self.size_of(array)))

    def reshaped(self, array: Value, args: list[ast.expr]) -> Value:
        """The elements in row-major order with other sizes."""
        given = args[0].elts if len(args) == 1 and isinstance(args[0], ast.Tuple) else args
        if any(isinstance(size, ast.UnaryOp) for size in given):
            raise LanguageError("reshape to a size that is not given")
        shape = [self.expression(arg) for arg in args]
        if len(shape) == 1 and shape[0].type.startswith("("):
            shape = list(shape[0].parts)
        array = self.row_major(array)
        return Value("", f"{element_of(array.type)}[{len(shape)}]", parts=(array.parts[0], *shape))

    def part(self, number: int, value: Value) -> Value:
        """The real or the imaginary part of complex numbers: of an array a view."""
        if element_of(value.type) != "complex":
            if number or rank_of(value.type):
                raise LanguageError(f"a part of a {value.type}")
            return value
        if not rank_of(value.type):
            return value.parts[number]
        pointer = self.assign(f"getelementptr inbounds double, ptr {value.parts[0].text}, i64 {number}", "floats")
        strides = [self.product(stride, Value("2", "int")) for stride in self.strides_of(value)]
        return Value("", f"float[{rank_of(value.type)}s]", parts=(pointer, *self.sizes_of(value), *strides))

    # Elements and pieces -------------------------------------------------------------------------

    def place(self, node: ast.Subscript) -> Value:
        """An element's address (a pointer value) or a view of a part of an array (an array value)."""
        array = self.expression(node.value)
        if not rank_of(array.type):
            if array.type in ELEMENT and not isinstance(node.slice, ast.Slice | ast.Tuple):
                return Value(self.address(node)[0].text, array.type)
            raise LanguageError(f"{ast.unparse(node)!r} indexes a {array.type}")
        entries = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        for number, entry in enumerate(entries):
            if isinstance(entry, ast.Constant) and entry.value is Ellipsis:
                entries[number : number + 1] = [ast.Slice()] * (rank_of(array.type) + 1 - len(entries))
        if len(entries) > rank_of(array.type):
            raise LanguageError(f"too many indices in {ast.unparse(node)!r}")
        pointer, sizes, strides = array.parts[0], self.sizes_of(array), self.strides_of(array)
        offset = Value("0", "int")
        kept: list[tuple[Value, Value]] = []  # size and stride of the axes that remain
        cut = has_strides(array.type)  # whether what remains has gaps
        for axis, (size, stride) in enumerate(zip(sizes, strides, strict=True)):
            entry = entries[axis] if axis < len(entries) else ast.Slice()
            if isinstance(entry, ast.Slice):
                start, length = self.piece(entry, size)
                cut |= bool(kept) and bool(entry.lower or entry.upper)
                kept.append((length, stride))
            else:
                cut |= bool(kept)
                start = self.wrapped(entry, size)
            if start.text != "0":
                step = start if stride.text == "1" else self.product(start, stride)
                offset = step if offset.text == "0" else self.assign(f"add nsw i64 {offset.text}, {step.text}", "int")
        element = element_of(array.type)
        moved = self.assign(
            f"getelementptr inbounds {LLVM_TYPE[element]}, ptr {pointer.text}, i64 {offset.text}", pointer.type
        )
        if not kept:
            return moved
        lengths = [length for length, _ in kept]
        if not cut:
            return Value("", f"{element}[{len(kept)}]", parts=(moved, *lengths))
        return Value("", f"{element}[{len(kept)}s]", parts=(moved, *lengths, *(stride for _, stride in kept)))

    def take(self, place: Value) -> Value:
        """The number at an address."""
        type = ELEMENT[place.type]
        found = self.assign(f"load {LLVM_TYPE[type]}, ptr {place.text}, align 8", type)
        if type != "complex":
            return found
        both = [self.assign(f"extractvalue {LLVM_TYPE[type]} {found.text}, {number}", "float") for number in (0, 1)]
        return Value("", type, parts=tuple(both))

    def put(self, place: Value, number: Value) -> None:
        """Store a number of the right type at an address."""
        text, type = number.text, LLVM_TYPE[number.type]
        if number.parts:
            text = "poison"
            for at, part in enumerate(number.parts):
                text = self.assign(f"insertvalue {type} {text}, double {part.text}, {at}", "None").text
        self.emit(f"store {type} {text}, ptr {place.text}, align 8")

    def wrapped(self, entry: ast.expr, size: Value) -> Value:
        """An index, counted from the end where negative."""
        index = self.expression(entry)
        if index.type not in ("int", "bool"):
            raise LanguageError(f"{ast.unparse(entry)!r} is no index")
        index = self.convert(index, "int")
        if index.text.isdigit():
            return index
        negative = self.assign(f"icmp slt i64 {index.text}, 0", "bool")
        from_end = self.assign(f"add nsw i64 {index.text}, {size.text}", "int")
        return self.assign(f"select i1 {negative.text}, i64 {from_end.text}, i64 {index.text}", "int")

    def piece(self, entry: ast.Slice, size: Value) -> tuple[Value, Value]:
        """Start and length of a slice, within the array."""
        if entry.step is not None:
            raise LanguageError("a slice with a step")
        start, stop = Value("0", "int"), size
        if entry.lower is not None:
            start = self.extremum("min", self.wrapped(entry.lower, size), size)
        if entry.upper is not None:
            stop = self.extremum("min", self.wrapped(entry.upper, size), size)
        if entry.lower is None:
            return start, stop
        length = self.assign(f"sub nsw i64 {stop.text}, {start.text}", "int")
        return start, self.extremum("max", Value("0", "int"), length)

    def extremum(self, name: str, left: Value, right: Value) -> Value:
        left, right = self.promote(left, right)
        word = "<" if name == "min" else ">"
        op: ast.cmpop = ast.Lt() if word == "<" else ast.Gt()
        test = self.compare(op, right, left)
        type = LLVM_TYPE[left.type]
        return self.assign(f"select i1 {test.text}, {type} {right.text}, {type} {left.text}", left.type)
