"""Comparing such that NULL is a value like others, and testing for TRUE and FALSE."""

from __future__ import annotations

from typing import Any

from ferrow.sql.promote import common_type
from ferrow.sql.shape import Level, form
from ferrow.sql.writer import Writer
from ferrow.types import Boolean


@form("distinct from", Level.COMPARE, Boolean())
def DISTINCT_FROM(out: Writer, left: Any, right: Any, negated: bool) -> str:
    """`left IS [NOT] DISTINCT FROM right`; never unknown."""
    common = common_type(out.type_of(left), out.type_of(right))
    texts = [out.comparable(part, common) for part in (left, right)]
    return out.dialect.distinct_from(*texts, negated=negated)


@form("is truth", Level.COMPARE, Boolean())
def IS_TRUTH(out: Writer, operand: Any, value: bool, negated: bool) -> str:
    """`operand IS [NOT] TRUE`, or FALSE; never unknown."""
    return f"{out.inner(operand, Level.CONCAT)} IS {'NOT ' if negated else ''}{'TRUE' if value else 'FALSE'}"
