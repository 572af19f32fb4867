"""Type and converters of a column: from the annotation and the options to what goes to the database and comes back."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from ferrow.errors import ModelError
from ferrow.model.annotation import Annotation
from ferrow.model.options import JSON
from ferrow.types import Json, Numeric, SQLType, String, Text, Timestamp, infer

Converter = Callable[[Any], Any]


class Travel:
    """How a column's values travel. The converters never see None; None instead of one means that nothing is to be done."""

    __slots__ = ("decode", "encode", "python", "type")

    def __init__(
        self, type: SQLType, python: Any, encode: Converter | None = None, decode: Converter | None = None
    ) -> None:
        self.type = type
        self.python = python
        self.encode = encode
        self.decode = decode


def travel(annotation: Annotation, given: Mapping[str, Any]) -> Travel:
    """Find type and converters. Raises ModelError naming class, attribute and fix if the two do not give them."""
    resolved = annotation.resolve()
    where = annotation.where
    declared: Any = given.get("type")
    if resolved.unknown:
        # An SQL type was given: then only converters are lost, and those are guesses about an unknown class.
        if not isinstance(declared, SQLType):
            annotation.complete()
        return Travel(_limited(declared, given, where), object)
    python = resolved.python if resolved.python is not None else _python_of(declared, where)
    encode, decode = None, None
    if isinstance(python, type) and issubclass(python, Enum):
        stored, encode, decode = _enum(python, where)
    else:
        stored = python
    sql_type = _limited(_sql_type(declared, stored, where), given, where)
    if isinstance(sql_type, Json):
        from ferrow.model.document import decoder, encoder

        encode, decode = encoder(python), decoder(python, annotation.evaluated)
    elif encode is None:
        encode, decode = _between(python, sql_type, where)
    return Travel(sql_type, python, encode, decode)


def understood(found: Travel) -> bool:
    """Whether what is read is certainly what the attribute is annotated as, without anybody else's conversion."""
    if isinstance(found.type, Json):
        from ferrow.model.document import is_understood

        return is_understood(found.python)
    if not isinstance(found.python, type):
        return get_origin(found.python) is Literal or found.python is Any
    return found.decode is not None or issubclass(found.type.python, found.python)


def _python_of(declared: Any, where: str) -> Any:
    if isinstance(declared, SQLType):
        return declared.python
    if declared is None:
        raise ModelError(
            f"{where} has neither an annotation nor a type: write {where.rpartition('.')[2]}: Mapped[int] = ..."
        )
    return object if declared is JSON else declared.python if _is_sql_class(declared) else declared


def _is_sql_class(declared: Any) -> bool:
    return isinstance(declared, type) and issubclass(declared, SQLType)


def _sql_type(declared: Any, python: Any, where: str) -> SQLType:
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
    shown = getattr(python, "__qualname__", None) or repr(python)
    raise ModelError(
        f"{where}: no SQL type is known for {shown}. Give the column one: mapped_column(type_=Text()) from ferrow.types, "
        "or mapped_column(JSON) if it is a document."
    )


def _is_document(python: Any) -> bool:
    origin = get_origin(python) or python
    if not isinstance(origin, type):
        return False
    return (
        issubclass(origin, (dict, list, tuple, set, frozenset))
        or hasattr(origin, "__dataclass_fields__")
        or hasattr(origin, "__pydantic_fields__")
    )


def _limited(declared: SQLType, given: Mapping[str, Any], where: str) -> SQLType:
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


def _enum(python: type[Enum], where: str) -> tuple[type, Converter, Converter]:
    kinds = {type(member.value) for member in python}
    if len(kinds) != 1:
        raise ModelError(
            f"{where}: the values of {python.__qualname__} are of {len(kinds)} types, so no column type fits all. "
            "Give them one type, or store the enumeration in a JSON column."
        )

    def encode(value: Any) -> Any:
        # A raw value is let through if the enumeration has it: Status("draft") and "draft" are the same row.
        return (value if isinstance(value, python) else python(value)).value

    return kinds.pop(), encode, python


def _decimal(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _midnight(value: datetime.date) -> datetime.datetime:
    return datetime.datetime(value.year, value.month, value.day)


# What stands on the class, what the decoder yields -> what to do on the way in and on the way out.
_BETWEEN: dict[tuple[type, type], tuple[Converter | None, Converter | None]] = {
    (float, Decimal): (_decimal, float),
    (int, Decimal): (None, int),
    (Decimal, float): (float, _decimal),
    (float, int): (None, float),
    (str, UUID): (lambda value: value if isinstance(value, UUID) else UUID(value), str),
    (UUID, str): (str, UUID),
    (bool, int): (int, bool),
    (datetime.date, datetime.datetime): (_midnight, datetime.datetime.date),
    (bytearray, bytes): (bytes, bytearray),
    (memoryview, bytes): (bytes, memoryview),
}
_LOSSY = {(datetime.datetime, datetime.date)}  # although one derives from the other


def _between(python: Any, sql_type: SQLType, where: str) -> tuple[Converter | None, Converter | None]:
    yielded = sql_type.python
    if python is yielded or not isinstance(python, type) or (python, yielded) in _BETWEEN:
        return _BETWEEN.get((python, yielded), (None, None))
    if issubclass(yielded, python):
        return None, None
    if issubclass(python, yielded) and (python, yielded) not in _LOSSY:
        # A subclass of str, int, bytes, ...: sent as what it is, read through its constructor.
        return None, python
    try:
        usual = infer(python)
    except TypeError:
        return None, None  # a class of the user's, with a type he chose for it
    raise ModelError(
        f"{where} is annotated as {python.__name__}, but its type {sql_type!r} holds {yielded.__name__}. "
        f"Change one of the two; {usual!r} would fit."
    )
