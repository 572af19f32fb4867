"""Type and converters of a column: from the annotation and the options to what goes to the database and comes back.

The decoder yields int, str, bytes, Decimal, datetime, ... exactly. An attribute annotated otherwise gets what it says:

* a subclass of one of these (`class Email(str)`) is sent as what it is and read through its constructor;
* bytearray and memoryview are sent as bytes and made of bytes;
* an enumeration is stored as its values, a raw value is taken if the enumeration has it;
* tuples, sets, dataclasses and Pydantic models are JSON documents and come back as themselves;
* a number type over another one (float over NUMERIC) is converted each way.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Self, get_origin
from uuid import UUID

from ferrow.errors import ModelError, nearest
from ferrow.model.annotation import Annotation
from ferrow.model.key_type import type_of_key
from ferrow.model.options import JSON
from ferrow.model.sqltype import limited, python_of, sql_type
from ferrow.model.unlike import read_as
from ferrow.types import Json, ListOf, SQLType, infer

Converter = Callable[[Any], Any]


def _itself(part: Any) -> Any:
    return part


class Travel:
    """How a column's values travel. The converters never see None; None instead of one means that nothing is to be done.

    `evaluated` turns a part of `python` that is still text into its type, `validated` is whether only a model's own validator makes
    the attribute of what is read.
    """

    __slots__ = ("decode", "encode", "evaluated", "python", "type", "validated")

    def __init__(
        self,
        type: SQLType,
        python: Any,
        encode: Converter | None = None,
        decode: Converter | None = None,
        evaluated: Converter = _itself,
        *,
        validated: bool = False,
    ) -> None:
        self.type: SQLType = type
        self.python: Any = python
        self.encode: Converter | None = encode
        self.decode: Converter | None = decode
        self.evaluated: Converter = evaluated
        self.validated: bool = validated


def travel(annotation: Annotation, given: Mapping[str, Any], *, whole: bool = False) -> Travel:
    """Find type and converters. Raises ModelError naming class, attribute and fix if the two do not give them.

    With `whole` also if a field in documents could only be left empty, as nothing makes of JSON what it is annotated with.
    """
    resolved = annotation.resolve()
    where = annotation.where
    declared: Any = given.get("type")
    if resolved.unknown:
        # An SQL type was given: then only converters are lost, and those are guesses about an unknown class.
        if not isinstance(declared, SQLType):
            annotation.complete()
        return Travel(limited(declared, given, where), object)
    python = resolved.python if resolved.python is not None else python_of(declared, where)
    encode, decode = None, None
    evaluated: Converter = annotation.evaluated
    stored = python
    if isinstance(python, type) and issubclass(python, Enum) and declared is not JSON:
        stored, encode, decode = enumeration(python, where)
        if stored is str and declared is None and "max_length" not in given:
            declared = _words(python, given, where)
    elif "native_enum" in given or "enum_name" in given:
        raise ModelError(
            f"{where}: native_enum and enum_name are about enumerations of texts, not about {python!r}. Leave them out."
        )
    found = limited(sql_type(declared, stored, where), given, where)
    if declared is None and given.get("foreign_key") is not None:
        found = type_of_key(found, given["foreign_key"], annotation.owner.__module__)
    if isinstance(found, Json):
        from ferrow.model.document import encoder
        from ferrow.model.document_decoder import decoder
        from ferrow.model.document_empty import Refused
        from ferrow.model.undecodable import Undecodable

        evaluated = _of_itself(annotation)
        refused = Refused()
        try:
            decode = decoder(python, evaluated, None if whole else refused)
        except Undecodable as error:
            raise error.of(where, found) from None
        encode = refused.encoder(where) if refused else encoder(python)
    elif isinstance(found, ListOf):
        from ferrow.model.listing import converters

        encode, decode = converters(python, found, where, evaluated)
    elif encode is None:
        encode, decode = between(python, found, where)
    return Travel(found, python, encode, decode, evaluated)


def _of_itself(annotation: Annotation) -> Converter:
    """`annotation.evaluated`, to which Self is the model."""
    evaluated, cls = annotation.evaluated, annotation.cls

    def found(part: Any) -> Any:
        part = evaluated(part)
        return cls if part is Self else part

    return found


def understood(found: Travel) -> bool:
    """Whether what is read is certainly what the attribute is annotated as, without anybody else's conversion."""
    if found.validated:
        return False
    if isinstance(found.type, Json):
        from ferrow.model.document import is_understood

        return is_understood(found.python, found.evaluated)
    if isinstance(found.type, ListOf):
        return get_origin(found.python) in (list, tuple, set, frozenset)
    if not isinstance(found.python, type):
        return get_origin(found.python) is Literal or found.python is Any
    return found.decode is not None or issubclass(found.type.python, found.python)


def enumeration(python: type[Enum], where: str) -> tuple[type, Converter, Converter]:
    """The type of an enumeration\'s values, and how they travel. ModelError if they are of several types."""
    kinds = {type(member.value) for member in python}
    if len(kinds) != 1:
        raise ModelError(
            f"{where}: the values of {python.__qualname__} are of {len(kinds)} types, so no column type fits all. "
            "Give them one type, or store the enumeration in a JSON column."
        )

    def encode(value: Any) -> Any:
        # A raw value is let through if the enumeration has it: Status("draft") and "draft" are the same row.
        try:
            return (value if isinstance(value, python) else python(value)).value
        except ValueError:
            raise ValueError(
                f"{value!r} is not a valid {python.__qualname__}. {nearest(str(value), [str(one.value) for one in python])}"
            ) from None

    return kinds.pop(), encode, python


def _words(python: type[Enum], given: Mapping[str, Any], where: str) -> SQLType:
    """The type of an enumeration of texts."""
    from ferrow.types import Enum as Enumerated
    from ferrow.types import TextEnum

    labels = [member.value for member in python]
    try:
        return (
            Enumerated(given.get("enum_name", python), labels) if given.get("native_enum", True) else TextEnum(labels)
        )
    except ValueError as error:
        raise ModelError(f"{where}: {error}. To store it as any other text say mapped_column(type_=Text()).") from None


def _decimal(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _midnight(value: datetime.date) -> datetime.datetime:
    return datetime.datetime(value.year, value.month, value.day)


def _taking(encode: Converter, *kinds: type) -> Converter:
    """The same, of nothing else than these: `bytes(5)` and `str(5)` would be values of their own."""

    def taking(value: Any) -> Any:
        if not isinstance(value, kinds):
            raise TypeError(f"expected {kinds[0].__name__}, got {type(value).__name__} {value!r:.60}")
        return encode(value)

    return taking


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


_BYTES = _taking(bytes, bytes, bytearray, memoryview)

# What stands on the class, what the decoder yields -> what to do on the way in and on the way out.
_BETWEEN: dict[tuple[type, type], tuple[Converter | None, Converter | None]] = {
    (float, Decimal): (_decimal, float),
    (int, Decimal): (None, int),
    (Decimal, float): (_taking(float, Decimal, float, int), _decimal),
    (float, int): (None, float),
    (str, UUID): (_taking(_uuid, str, UUID), str),
    (UUID, str): (_taking(lambda value: str(_uuid(value)), UUID, str), read_as(UUID)),
    (bool, int): (_taking(int, bool, int), bool),
    (datetime.date, datetime.datetime): (_taking(_midnight, datetime.date), datetime.datetime.date),
    (bytearray, bytes): (_BYTES, bytearray),
    (memoryview, bytes): (_BYTES, memoryview),
}
_LOSSY = {(datetime.datetime, datetime.date)}  # although one derives from the other


def between(python: Any, declared: SQLType, where: str) -> tuple[Converter | None, Converter | None]:
    """How values of a Python type travel as `declared`. ModelError if they do not."""
    yielded = declared.python
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
        f"{where} is annotated as {python.__name__}, but its type {declared!r} holds {yielded.__name__}. "
        f"Change one of the two; {usual!r} would fit."
    )
