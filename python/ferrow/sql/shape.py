"""The shape of a query: its whole structure, and nothing of its values.

A shape is a tree of tuples. The head of a tuple is a `Form` (how such a thing is written), the rest are its operands; leaves are
tables, columns, and holes. A hole is where a value goes: it knows the value's type, never the value. So a compiler, which sees
shapes only, cannot let a value into the text; and two queries of one shape have one text, which is what the compile cache rests on.

Leaves are interned (one object per content) and compare by identity: hashing a shape costs a pointer per leaf.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar, cast
from weakref import WeakValueDictionary

from ferrow.types import SQLType

if TYPE_CHECKING:
    from ferrow.sql.writer import Writer

L = TypeVar("L", bound="Leaf")


class Level(IntEnum):
    """How tightly a form binds; what binds less than its surroundings require is put in parentheses."""

    OR = 1
    AND = 2
    NOT = 3
    COMPARE = 4
    CONCAT = 5
    ADD = 6
    MULTIPLY = 7
    ATOM = 9


class Leaf:
    """The end of a branch. Writes itself, as a `Form` writes a tuple."""

    __slots__ = ("__weakref__",)
    stored: ClassVar[bool] = True
    """Whether its values come as a column stores them or as a parameter sends them."""

    def write(self, out: Writer) -> str:
        """Return the SQL text."""
        raise NotImplementedError


Shape: TypeAlias = Leaf | tuple[Any, ...]

_LEAVES: WeakValueDictionary[tuple[Any, ...], Any] = WeakValueDictionary()


def interned(cls: type[L], *content: Any) -> L:
    """Return the one leaf of this class and content. Weakly held: leaves of forgotten models go away with them."""
    key = (cls, *content)
    found = _LEAVES.get(key)
    if found is None:
        found = cls(*content)
        _LEAVES[key] = found  # a race makes two equal leaves: one more cache entry, nothing wrong
    return cast(L, found)


class Hole(Leaf):
    """The place of one value of a type."""

    __slots__ = ("type",)

    def __init__(self, type: SQLType) -> None:
        self.type: SQLType = type

    def __repr__(self) -> str:
        return f"?{self.type.kind}"


class _Holes(dict[SQLType, Hole]):
    def __missing__(self, type: SQLType) -> Hole:
        return self.setdefault(type, Hole(type))


HOLES = _Holes()
"""The hole of each type."""


class Placeholder(Leaf):
    """A hole that was given its number, 1-based: its value is `statement.values[number - 1]`."""

    __slots__ = ("number", "type")

    def __init__(self, number: int, type: SQLType) -> None:
        self.number: int = number
        self.type: SQLType = type

    def write(self, out: Writer) -> str:
        """Return the placeholder in the dialect's spelling."""
        return out.dialect.placeholder(self.number)


class Form:
    """A kind of inner node: its name, how tightly it binds, what type it yields and how it is written.

    `type` is the type it always yields; None means that the first operand in the tuple is the type.
    """

    __slots__ = ("level", "name", "type", "write")

    known: ClassVar[dict[str, Form]] = {}
    """Every form there is, by name (the completeness test walks it)."""

    def __init__(self, name: str, level: Level, type: SQLType | None, write: Callable[..., str]) -> None:
        self.name: str = name
        self.level: Level = level
        self.type: SQLType | None = type
        self.write: Callable[..., str] = write
        self.known[name] = self

    def __repr__(self) -> str:
        return self.name


def form(name: str, level: Level = Level.ATOM, type: SQLType | None = None) -> Callable[[Callable[..., str]], Form]:
    """Turn `def FORM(out, *operands) -> str` into a `Form`."""
    return lambda write: Form(name, level, type, write)


def type_of(shape: Any) -> SQLType:
    """Return the type that an expression of this shape yields."""
    return cast(SQLType, (shape[0].type or shape[1]) if type(shape) is tuple else shape.type)


def number(shape: Any, types: list[SQLType]) -> Any:
    """Return the shape with its holes numbered in structural order, appending their types to `types`.

    Values are collected in the same order, so the order (or repetition) in which a dialect writes the parts does not matter.
    """
    if type(shape) is tuple:
        return tuple([number(part, types) for part in shape])
    if type(shape) is Hole:
        types.append(shape.type)
        return Placeholder(len(types), shape.type)
    return shape
