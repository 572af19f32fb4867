"""Columns of models whose classes cannot give them: `columns(User).age` for dataclasses and Pydantic models."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.model.binding import table_of
from ferrow.model.unset import expression

if TYPE_CHECKING:
    from ferrow.sql import ColumnRef, Expr

M = TypeVar("M")
V = TypeVar("V")


class Columns:
    """The columns of a model by attribute name, for use in expressions: `columns(User).age >= 18`.

    Checkers take each for a `ColumnRef[Any]`; `column(User, lambda user: user.age)` is the typed spelling.
    """

    __slots__ = ("_ferrow_model",)

    _ferrow_model: type

    def __init__(self, model: type) -> None:
        object.__setattr__(self, "_ferrow_model", model)

    def __getattr__(self, name: str) -> ColumnRef[Any]:
        """Find a column. Raises UnknownColumn naming the nearest one."""
        table = table_of(self._ferrow_model)
        if name.startswith("_") and name not in table.by_key:  # copy, pickle and notebooks ask for such
            raise AttributeError(f"{table.label} has no column {name!r}", name=name, obj=self)
        found: ColumnRef[Any] = expression(self._ferrow_model, name)
        return found

    def __getitem__(self, name: str) -> ColumnRef[Any]:
        """The same, for a name that is no identifier or known at run time only."""
        found: ColumnRef[Any] = expression(self._ferrow_model, name)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"columns({self._ferrow_model.__name__}) cannot be changed: {name!r} is what the model declares"
        raise AttributeError(msg)

    def __dir__(self) -> list[str]:
        return [*table_of(self._ferrow_model).by_key]

    def __repr__(self) -> str:
        table = table_of(self._ferrow_model)
        return f"<columns of {table.label}: {', '.join(table.by_key)}>"


def columns(model: type) -> Columns:
    """The columns of a model, for use in expressions.

        c = columns(User)
        session.query(User).filter((c.age >= 18) | (c.role == "admin")).order_by(c.name.desc())

    Args:
        model: a dataclass, a Pydantic model or a `Base` class.

    Raises:
        ModelError: it is not a model.
    """
    table_of(model)
    return Columns(model)


def column(model: type[M], pick: Callable[[M], V]) -> Expr[V]:
    """One column, typed: `column(User, lambda user: user.age) >= 18`.

    The function is called once, with a stand-in. A part of a JSON document of a known class is picked in the same way:
    `column(User, lambda user: user.settings.theme)`.

    Raises:
        ModelError: `model` is not one.
        UnknownColumn: it has no such attribute; names the nearest.
        TypeError: the function returns anything but an attribute.
    """
    from ferrow.model.picking import picked

    return picked(model, pick)
