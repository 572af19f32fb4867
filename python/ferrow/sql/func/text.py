"""Functions of texts. NULL gives NULL, unless a function says otherwise."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.call import CALL
from ferrow.sql.form.cast import CAST
from ferrow.sql.operand import Operand, argument, expr_of, joined
from ferrow.sql.shape import Hole
from ferrow.types import Integer, SQLType, Text

S = TypeVar("S", str, str | None)
B = TypeVar("B", str, str | None, bytes, bytes | None)

_TEXT = frozenset({"text"})


def lower(text: Expr[S]) -> Expr[S]:
    """Return the text in lower case: letters of any script, one for one.

    PostgreSQL knows the letters of its database's locale; in the locale `C` that is ASCII only.
    """
    return _text("lower", text)


def upper(text: Expr[S]) -> Expr[S]:
    """Return the text in upper case, as `lower` does: a letter whose upper case are several, such as ß, stays."""
    return _text("upper", text)


@overload
def length(text: Expr[str] | Expr[bytes]) -> Expr[int]: ...
@overload
def length(text: Expr[str | None] | Expr[bytes | None]) -> Expr[int | None]: ...
def length(text: Expr[Any]) -> Expr[Any]:
    """Return the number of characters of a text, or bytes of a bytes value. A list's is `expression.length()`."""
    expr_of("length", text, frozenset({"text", "bytes"}), "texts or bytes")
    return _call("length", text, Integer())


def trim(text: Expr[S], characters: str | Expr[str] = " ") -> Expr[S]:
    """Return the text without these characters at both ends; without spaces by default (and only spaces)."""
    return _trimmed("trim", text, characters)


def ltrim(text: Expr[S], characters: str | Expr[str] = " ") -> Expr[S]:
    """Return the text without these characters at its beginning."""
    return _trimmed("ltrim", text, characters)


def rtrim(text: Expr[S], characters: str | Expr[str] = " ") -> Expr[S]:
    """Return the text without these characters at its end."""
    return _trimmed("rtrim", text, characters)


def replace(text: Expr[S], old: str | Expr[str], new: str | Expr[str]) -> Expr[S]:
    """Return the text with every `old` replaced by `new`, both taken literally; an empty `old` changes nothing."""
    return _text("replace", text, argument("replace", old, Text()), argument("replace", new, Text()))


def substr(text: Expr[S], start: int | Expr[int], length: int | Expr[int] | None = None) -> Expr[S]:
    """Return a part of the text.

    Args:
        text: the whole.
        start: its first character, counted from 1. What lies before the first character counts, and is empty.
        length: how many characters; all that follow by default.

    Raises:
        ValueError: a negative length (as an expression: an error of PostgreSQL, an empty text on SQLite).
    """
    if isinstance(length, int) and length < 0:
        msg = f"substr(..., length={length}): the length is a number of characters from 0 on"
        raise ValueError(msg)
    further = [argument("substr", value, Integer()) for value in (start, length) if value is not None]
    return _text("substr", text, *further)


def concat(*texts: str | Expr[str] | Expr[str | None]) -> Expr[str]:
    """Return the texts in a row, NULLs left out (`+` would give NULL): `func.concat(User.first, " ", User.middle)`.

    Raises:
        TypeError: no texts, or something that is none; `cast(x, Text())` makes one.
    """
    if not texts:
        msg = "concat() needs at least one text"
        raise TypeError(msg)
    # PostgreSQL's concat takes anything, and so does not know what a parameter is.
    shapes, values = joined([_said(argument("concat", text, Text())) for text in texts])
    return expression((CALL, Text(), "concat", *shapes), values, Text())


def _said(operand: Operand) -> Operand:
    shape, values = operand
    return ((CAST, Text(), shape), values) if type(shape) is Hole else operand


def _trimmed(name: str, text: Expr[S], characters: str | Expr[str]) -> Expr[S]:
    if isinstance(characters, str) and characters == " ":
        return _text(name, text)
    return _text(name, text, argument(name, characters, Text()))


def _text(name: str, text: Expr[Any], *further: Operand) -> Expr[Any]:
    return _call(name, expr_of(name, text, _TEXT, "texts"), Text(), *further)


def _call(name: str, operand: Expr[Any], type: SQLType, *further: Operand) -> Expr[Any]:
    shapes, values = joined(further)
    return expression((CALL, type, name, operand.shape, *shapes), operand.values + values, type)
