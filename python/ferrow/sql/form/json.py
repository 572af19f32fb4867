"""What stands in a JSON document: paths, their values as SQL types, containment. How it is said is `dialect.json`'s answer."""

from __future__ import annotations

from typing import Any

from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean, Bytes, Json, SQLType


@form("json path", Level.ATOM, Json())
def JSON_PATH(out: Writer, base: Any, steps: tuple[str, ...], decode: Any, *places: Any) -> str:
    """The value at the end of a path, NULL where there is none or JSON's null; a step is a key, a position or either.

    `decode` is nothing to the text: who reads a result knows nothing but its shape.
    """
    texts = [out.write(place) for place in places]
    return out.dialect.json.path(out.inner(base, Level.ATOM), out.type_of(base), [*zip(steps, texts, strict=True)])


@form("json as")
def JSON_AS(out: Writer, type: SQLType, what: str, operand: Any) -> str:
    """A JSON value as one of SQL, NULL where it is of another type."""
    return out.dialect.json.value(what, _document(out, operand))


@form("json order", Level.ATOM, Bytes())
def JSON_ORDER(out: Writer, operand: Any) -> str:
    """What JSON values of all types are sorted by."""
    return out.dialect.json.order(_document(out, operand))


@form("json contains", Level.COMPARE, Boolean())
def JSON_CONTAINS(out: Writer, outer: Any, inner: Any) -> str:
    """Whether all that is in the one document is in the other."""
    return out.dialect.json.contains(_document(out, outer), _document(out, inner))


@form("json holds", Level.ATOM, Boolean())
def JSON_HOLDS(out: Writer, operand: Any, pattern: Any, inner: Any) -> str:
    """Whether a text matches the pattern, or what is no text contains the value."""
    document = _document(out, operand)
    like = out.dialect.like(out.dialect.json.value("text", document), out.write(pattern), fold=False)
    contains = out.dialect.json.contains(document, _document(out, inner))
    return f"CASE {out.dialect.json.value('type', document)} WHEN 'string' THEN {like} ELSE {contains} END"


@form("json has", Level.COMPARE, Boolean())
def JSON_HAS(out: Writer, operand: Any, key: Any) -> str:
    """Whether an object has a key, be its value null."""
    return out.dialect.json.has(_document(out, operand), out.write(key))


@form("json number", Level.ATOM, Json())
def JSON_NUMBER(out: Writer, operand: Any) -> str:
    """A decimal as a JSON value."""
    return out.dialect.json.number(out.write(operand))


@form("json null", Level.ATOM, Json())
def JSON_NULL(out: Writer) -> str:
    """JSON's null, which is a value and not SQL's NULL."""
    return out.dialect.json.null


def _document(out: Writer, operand: Any) -> str:
    return out.dialect.json.document(out.inner(operand, Level.ATOM), out.type_of(operand))
