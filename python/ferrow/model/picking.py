"""Which column a function of an instance returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.errors import UnknownColumn
from ferrow.model.binding import table_of
from ferrow.model.unset import expression
from ferrow.sql.json_compare import is_json
from ferrow.sql.json_guide import Recorder
from ferrow.sql.json_path import JsonPath, path_of

if TYPE_CHECKING:
    from ferrow.sql import Expr


class _Instance:
    """Stands for an instance."""

    __slots__ = ("_ferrow_model",)

    def __init__(self, model: type) -> None:
        self._ferrow_model = model

    def __getattr__(self, name: str) -> Any:
        model: type = object.__getattribute__(self, "_ferrow_model")
        ref = expression(model, name)
        return Recorder(path_of(ref)) if is_json(ref) else _Value(ref, f"{model.__name__}.{name}")


class _Value:
    """Stands for the value of a column that is no document."""

    __slots__ = ("_ferrow_ref", "_ferrow_where")

    def __init__(self, ref: Any, where: str) -> None:
        self._ferrow_ref = ref
        self._ferrow_where = where

    def __getattr__(self, name: str) -> Any:
        raise UnknownColumn(f"{self._ferrow_where} is no document and has no part {name!r}")


def picked(model: type, pick: Callable[[Any], Any]) -> Expr[Any]:
    """The column, or the place in a document; raises as `ferrow.column` says."""
    label = table_of(model).label
    found = pick(_Instance(model))
    if isinstance(found, _Value):
        ref: Expr[Any] = found._ferrow_ref
        return ref
    if isinstance(found, Recorder):
        path: JsonPath[Any] = object.__getattribute__(found, "_ferrow_path")
        return path if path.steps else path.base
    msg = f"the function must return an attribute of a {label}, such as lambda row: row.id, not {found!r}; compare what column() gives"
    raise TypeError(msg)
