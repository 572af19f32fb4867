"""What can be asked of expressions whose values are documents or arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ferrow.sql.listed import Listed
from ferrow.types import Json, ListOf

if TYPE_CHECKING:
    from decimal import Decimal

    from ferrow.sql.expr import Condition, Expr
    from ferrow.sql.json_path import JsonPath

T = TypeVar("T")
D = TypeVar("D")
V = TypeVar("V")


class Documents(Listed[T]):
    """The methods every `Expr` has for JSON. On other values they raise TypeError."""

    __slots__ = ()

    # With both in one union mypy finds no V.
    @overload
    def __getitem__(self: Documents[list[V]], index: int) -> Expr[V | None]: ...
    @overload
    def __getitem__(self: Documents[list[V] | None], index: int) -> Expr[V | None]: ...
    @overload
    def __getitem__(self: Documents[dict[str, V]], index: str) -> JsonPath[V]: ...
    @overload
    def __getitem__(self: Documents[dict[str, V] | None], index: str) -> JsonPath[V]: ...
    def __getitem__(self, index: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The element at a position, from 0 or with a negative one from the end; of a document also what a key says.

        In a document (JSON) a str is a key, whatever it is made of. NULL where there is nothing.

        Raises:
            TypeError: neither a list nor a document, or `index` does not go with it.
            UnknownColumn: the document's class has no such part; names the nearest.
        """
        if isinstance(self.type, ListOf):
            return lists.item(self, index)
        from ferrow.sql.json_path import path_of

        return path_of(self)[index]

    @overload
    def path(self: Documents[D | None], pick: Callable[[D], V]) -> JsonPath[V]: ...
    @overload
    def path(self, pick: Callable[[T], V]) -> JsonPath[V]: ...
    def path(self, pick: Any) -> Any:
        """The place that a function of the document returns: `User.settings.path(lambda s: s.theme.name)`.

        The document is of the class the column is annotated with: a dataclass, a Pydantic model, a TypedDict, or containers
        of them. The function is called once, with a stand-in.

        Raises:
            TypeError: the values are no documents, or the function returns anything but a place.
            UnknownColumn: the class has no such attribute; names the nearest.
        """
        from ferrow.sql.json_guide import recorded
        from ferrow.sql.json_path import path_of

        return recorded(path_of(self), pick)

    def has_key(self, key: str) -> Condition:
        """Whether the document is an object that has `key`, be its value null.

        Raises:
            TypeError: the values are no documents, or the key is no str.
        """
        from ferrow.sql.json_compare import has

        return has(self, key)

    def has_keys(self, *keys: str) -> Condition:
        """Whether the document is an object that has all of the keys. Raises as `has_key`."""
        from ferrow.sql.logic import and_

        return and_(*[self.has_key(key) for key in keys])

    def has_any_keys(self, *keys: str) -> Condition:
        """Whether the document is an object that has at least one of the keys. Raises as `has_key`."""
        from ferrow.sql.logic import or_

        return or_(*[self.has_key(key) for key in keys])

    def json_contains(self, document: Any) -> Condition:
        """Whether all that is in `document` is in this one: PostgreSQL's `@>`, on every database.

        Objects need their keys with values that contain each other, arrays their items in any order, and an array contains a
        text, number, bool or None that is one of its items.

        Raises:
            TypeError: the values are no documents, or JSON has no such value.
        """
        from ferrow.sql.json_compare import contains
        from ferrow.sql.json_path import path_of

        path = path_of(self)
        return contains(path, path.kept(document))

    def length(self) -> Expr[int]:
        """How many elements a list has, or keys an object; NULL for NULL and for documents that are neither.

        Raises:
            TypeError: neither a list nor a document. The length of a text is `func.length(text)`.
        """
        if not isinstance(self.type, Json):
            return lists.length(self)
        return self._as("length")

    # As values of SQL ------------------------------------------------------------------------------------------------

    def as_text(self) -> Expr[str | None]:
        """What the document holds if that is a text, else NULL. Raises TypeError if the values are no documents."""
        return self._as("text")

    def as_int(self) -> Expr[int | None]:
        """What it holds if that is a whole number of at most 64 bit, else NULL."""
        return self._as("int")

    def as_float(self) -> Expr[float | None]:
        """What it holds if that is a number, as a float; else NULL (also for a number that no float can hold)."""
        return self._as("float")

    def as_decimal(self) -> Expr[Decimal | None]:
        """What it holds if that is a number or a text that is one ("9.90": so documents keep decimals), exactly; else NULL."""
        return self._as("decimal")

    def as_bool(self) -> Expr[bool | None]:
        """What it holds if that is true or false, else NULL."""
        return self._as("bool")

    def _as(self, what: str) -> Expr[Any]:
        from ferrow.sql.json_compare import value_as
        from ferrow.sql.json_path import path_of

        return value_as(what, path_of(self))


from ferrow.sql import lists  # noqa: E402  # last, because it builds the classes above
