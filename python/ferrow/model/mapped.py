"""`Mapped[T]`: a value on an instance, an SQL expression on the class."""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from ferrow.sql import ColumnRef, Expr

T = TypeVar("T")

if TYPE_CHECKING:

    class Mapped(Generic[T]):
        """The type of a column: `age: Mapped[int | None]`.

        `user.age` is the value (`int | None`); `User.age` is the column (`ColumnRef[int | None]`), for use in queries.
        """

        @overload
        def __get__(self, instance: None, owner: Any) -> ColumnRef[T]: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> T: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        # An expression is computed by the database when a unit of work writes it.
        def __set__(self, instance: Any, value: T | Expr[T]) -> None: ...
        def __delete__(self, instance: Any) -> None: ...

else:

    class Mapped:
        """The type of a column: `age: Mapped[int | None]`.

        `user.age` is the value (`int | None`); `User.age` is the column (`ColumnRef[int | None]`), for use in queries.
        """

        # Without __set__ a value in the instance's own dictionary is found first: reading one costs no Python call,
        # and rows can be written straight into that dictionary.
        __slots__ = ("_key", "_owner", "_ref")
        __class_getitem__ = classmethod(GenericAlias)

        def __init__(self, owner: type, key: str) -> None:
            self._owner = owner
            self._key = key
            self._ref = None

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is not None:
                from ferrow.model.unset import unset

                raise unset(type(instance), self._key, instance)
            if self._ref is None:
                from ferrow.model.unset import expression

                self._ref = expression(self._owner, self._key)
            return self._ref

        def __repr__(self) -> str:
            return f"<Mapped {self._owner.__qualname__}.{self._key}>"
