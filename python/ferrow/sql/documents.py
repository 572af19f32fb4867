"""What can be asked of expressions whose values are documents or arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from ferrow.sql.expr import Condition, Expr
    from ferrow.sql.json_path import JsonPath

T = TypeVar("T")
D = TypeVar("D")
V = TypeVar("V")


class Documents(Generic[T]):
    """The methods every `Expr` has for JSON. On other values they raise TypeError."""

    __slots__ = ()

    @overload
    def __getitem__(self: Documents[dict[str, V]] | Documents[dict[str, V] | None], key: str) -> JsonPath[V]: ...
    @overload
    def __getitem__(self: Documents[list[V]] | Documents[list[V] | None], key: int) -> JsonPath[V]: ...
    def __getitem__(self, key: Any) -> Any:
        """The place in the document: a str is a key, whatever it is made of; an int a position, from the end if negative.

        Raises:
            TypeError: the values are no documents, or `key` is neither.
            UnknownColumn: the document's model has no such place; names the nearest.
        """
        from ferrow.sql.json_path import path_of

        return path_of(self)[key]  # type: ignore[arg-type]

    # An object with __getitem__ would be walked from 0 on, without end.
    __iter__ = None
    __contains__ = None

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

        return recorded(path_of(self), pick)  # type: ignore[arg-type]

    def has_key(self, key: str) -> Condition:
        """Whether the document is an object that has `key`, be its value null.

        Raises:
            TypeError: the values are no documents, or the key is no str.
        """
        from ferrow.sql.json_compare import has

        return has(self, key)  # type: ignore[arg-type]

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

        path = path_of(self)  # type: ignore[arg-type]
        return contains(path, path.kept(document))

    def length(self) -> Expr[int | None]:
        """How many items an array has, or keys an object; NULL for anything else. Raises TypeError if it is no document."""
        from ferrow.sql.json_compare import value_as
        from ferrow.sql.json_path import path_of

        return value_as("length", path_of(self))  # type: ignore[arg-type]
