"""`any_` and `all_`: comparing with every element of a list, or every row of a query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast, overload

from ferrow.errors import ProgrammingError
from ferrow.sql.expr import Condition, Expr, condition
from ferrow.sql.form.array import QUANTIFIED, QUANTIFIED_QUERY
from ferrow.sql.form.compound import is_query
from ferrow.sql.node import Node, set_shape, set_values
from ferrow.sql.operators import list_hole
from ferrow.sql.promote import unlimited
from ferrow.sql.shape import Leaf
from ferrow.sql.typed import set_type
from ferrow.sql.value import literal
from ferrow.sql.writer import Writer
from ferrow.types import ListOf, Text

if TYPE_CHECKING:
    from ferrow.sql.query import Query
    from ferrow.types import SQLType

T = TypeVar("T")

_TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Unfinished(Leaf):
    """The shape of `any_(...)` by itself, which SQL has only beside a comparison."""

    __slots__ = ("word",)
    type: ClassVar[SQLType] = Text()

    def __init__(self, word: str) -> None:
        self.word: str = word

    def write(self, out: Writer) -> str:
        """Refuse."""
        msg = f"{self.word}(...) is one side of a comparison, as in User.id == {self.word}(ids); it has no value by itself"
        raise ProgrammingError(msg)


class Quantified(Expr[T]):
    """One side of a comparison that holds for any element, or for every one."""

    __slots__ = ("every", "items")

    items: Any
    every: bool
    quantified = True

    def __init__(self, items: Any, *, every: bool) -> None:
        """Compare with `items`: values, a list expression or a query of one column."""
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "every", every)
        set_shape(self, Unfinished("all_" if every else "any_"))
        set_values(self, ())
        set_type(self, Text())

    def __repr__(self) -> str:
        return f"{'all_' if self.every else 'any_'}({self.items!r})"

    def compared(self, left: Any, operator: str) -> Condition:
        """`left operator ANY (items)`; a Python value on the left gets the type of the elements."""
        items = self.items
        if isinstance(left, Quantified):
            msg = f"{left!r} and {self!r} cannot be compared with each other"
            raise TypeError(msg)
        if not isinstance(left, Expr):
            left = self._literal(left)
        if operator not in {"=", "<>"} and not left.type.ordered:
            msg = f"{operator} cannot compare {left.type!r} values, which have no order; only == and != can"
            raise TypeError(msg)
        if isinstance(items, Expr):
            shape = (QUANTIFIED, left.shape, operator, items.shape, self.every)
            return condition(shape, left.values + items.values)
        if isinstance(items, Node):
            query = (QUANTIFIED_QUERY, left.shape, operator, items.shape, self.every)
            return condition(query, left.values + items.values)
        items = [left._sent(item) for item in items]
        shape = (QUANTIFIED, left.shape, operator, list_hole(left.type, items), self.every)
        return condition(shape, (*left.values, items))

    def turned(self, left: Any, operator: str) -> Condition:
        """The same where Python asks the right side first, as for `18 < any_(ages)`."""
        return self.compared(left, _TURNED[operator])

    def _literal(self, value: Any) -> Expr[Any]:
        if value is None:
            msg = f"None cannot be compared with {self!r}: NULL equals nothing"
            raise TypeError(msg)
        if isinstance(self.items, Expr):
            if self.items._encodes:
                (value,) = self.items._sent([value])
            return literal(value, unlimited(self.items.type.arguments[0]))
        return literal(value)


@overload
def any_(items: Expr[list[T]] | Expr[list[T] | None]) -> Expr[T]: ...
@overload
def any_(items: Query) -> Expr[Any]: ...
@overload
def any_(items: Iterable[T]) -> Expr[T]: ...
def any_(items: Any) -> Expr[Any]:
    """Compare with each element: `User.id == any_(ids)`, `"python" == any_(Post.tags)`, `User.age > any_(query)`.

    The comparison is true if it is for at least one element (false for an empty list). All of `==`, `!=`, `<`, `<=`, `>` and `>=`
    work; the order of the two sides does not matter.

    Args:
        items: values, a list column or another list expression, or a query of one column.

    Raises:
        TypeError: something else.
    """
    return Quantified(_checked("any_", items), every=False)


@overload
def all_(items: Expr[list[T]] | Expr[list[T] | None]) -> Expr[T]: ...
@overload
def all_(items: Query) -> Expr[Any]: ...
@overload
def all_(items: Iterable[T]) -> Expr[T]: ...
def all_(items: Any) -> Expr[Any]:
    """Compare with each element, like `any_`; true if every comparison is (so for an empty list): `User.age >= all_(ages)`.

    Raises:
        TypeError: neither values nor a list expression nor a query of one column.
    """
    return Quantified(_checked("all_", items), every=True)


def _checked(word: str, items: Any) -> Any:
    asking = getattr(items, "__ferrow_query__", None)
    if asking is not None:
        items = asking()
    if isinstance(items, Expr):
        if isinstance(items.type, ListOf):
            return items
    elif isinstance(items, Node):
        if is_query(items.shape) and len(cast(Any, items).columns) == 1:
            return items
    elif isinstance(items, Iterable) and not isinstance(items, (str, bytes)):
        return list(items)
    msg = f"{word}() takes values, a list expression or a query of one column, not {items!r}"
    raise TypeError(msg)
