"""Matching texts with patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.sql.form.like import LIKE
from ferrow.sql.form.regular import MATCHES
from ferrow.sql.shape import HOLES, Form
from ferrow.types import Text

if TYPE_CHECKING:
    from ferrow.sql.expr import Condition
    from ferrow.sql.typed import Typed


def like(operand: Typed[Any], pattern: str, *, fold: bool) -> Condition:
    """`operand LIKE pattern`."""
    return _matched(LIKE, operand, pattern, fold=fold)


def regular(operand: Typed[Any], pattern: str, *, fold: bool) -> Condition:
    """Whether a regular expression matches."""
    return _matched(MATCHES, operand, pattern, fold=fold)


def _matched(form: Form, operand: Typed[Any], pattern: str, *, fold: bool) -> Condition:
    from ferrow.sql.expr import condition

    if not isinstance(operand.type, Text):
        msg = f"only texts can be matched with a pattern, and {operand!r} is {operand.type!r}"
        raise TypeError(msg)
    if not isinstance(pattern, str):
        msg = f"a pattern must be a str, not {type(pattern).__name__}: {pattern!r}"
        raise TypeError(msg)
    return condition((form, operand.shape, HOLES[Text()], fold), (*operand.values, pattern))


def literally(text: str) -> str:
    """Return `text` as a pattern that matches only itself."""
    if not isinstance(text, str):
        msg = f"the text to look for must be a str, not {type(text).__name__}: {text!r}"
        raise TypeError(msg)
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
