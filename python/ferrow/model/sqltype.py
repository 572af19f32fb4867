"""Which SQL type a column has: the declared one, or the one its Python type suggests; then what the options make of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from ferrow.errors import ModelError
from ferrow.model.container import container
from ferrow.model.options import JSON
from ferrow.types import Json, Numeric, SQLType, String, Text, Timestamp, infer
from ferrow.types.infer import named


def python_of(declared: Any, where: str) -> Any:
    """The Python type of a column that has no annotation. ModelError if it has no declared type either."""
    if isinstance(declared, SQLType):
        return declared.python
    if declared is None:
        raise ModelError(
            f"{where} has neither an annotation nor a type: write {where.rpartition('.')[2]}: Mapped[int] = ..."
        )
    return object if declared is JSON else declared.python if _is_sql_class(declared) else declared


def _is_sql_class(declared: Any) -> bool:
    return isinstance(declared, type) and issubclass(declared, SQLType)


def sql_type(declared: Any, python: Any, where: str) -> SQLType:
    """The type itself, made of what was declared (an SQL type, a class of one, JSON, a Python type) or else inferred."""
    if isinstance(declared, SQLType):
        return declared
    if declared is JSON:
        return Json()
    if _is_sql_class(declared):
        try:
            made = declared()
        except TypeError:
            raise ModelError(
                f"{where}: {declared.__name__} needs arguments, for example {declared.__name__}(100)."
            ) from None
        assert isinstance(made, SQLType)
        return made
    return inferred(python if declared is None else declared, where)


def inferred(python: Any, where: str) -> SQLType:
    """The SQL type for a Python type: the type itself, one it derives from, or a document. ModelError if there is none."""
    if get_origin(python) is Literal:
        kinds = {type(value) for value in get_args(python)}
        python = kinds.pop() if len(kinds) == 1 else python
    if _is_document(python):
        return Json()
    for candidate in python.__mro__[:-1] if isinstance(python, type) else (python,):
        try:
            return infer(candidate)
        except TypeError:
            continue
    raise ModelError(
        f"{where}: no SQL type is known for {named(python)}. Give the column one: mapped_column(type_=Text()) from ferrow.types, "
        "or mapped_column(JSON) if it is a document."
    )


def _is_document(python: Any) -> bool:
    if get_origin(python) in (Union, UnionType):
        return all(member is NoneType or _is_document(member) for member in get_args(python))
    origin = get_origin(python) or python
    if not isinstance(origin, type):
        return False
    return (
        container(python) is not None
        or issubclass(origin, (dict, list, tuple, set, frozenset))
        or hasattr(origin, "__dataclass_fields__")
        or hasattr(origin, "__pydantic_fields__")
    )


def limited(declared: SQLType, given: Mapping[str, Any], where: str) -> SQLType:
    """Apply max_length, precision, scale and timezone, each only to a type that has it."""
    try:
        if "max_length" in given:
            _must_be(declared, Text, "max_length", where)
            declared = String(given["max_length"])
        if "precision" in given or "scale" in given:
            _must_be(declared, Numeric, "precision and scale", where, "mapped_column(Numeric(10, 2))")
            declared = Numeric(given.get("precision"), given.get("scale"))
        if "timezone" in given:
            _must_be(declared, Timestamp, "timezone", where)
            declared = Timestamp(timezone=given["timezone"])
    except ValueError as error:
        raise ModelError(f"{where}: {error}") from None
    return declared


def _must_be(declared: SQLType, kind: type[SQLType], option: str, where: str, fix: str = "") -> None:
    if not isinstance(declared, kind):
        wanted = f"; write {fix}" if fix else f", only for {kind.__name__}; leave it out"
        raise ModelError(f"{where}: {option} has no meaning for the type {declared!r}{wanted}.")
