"""The terms of `query.order_by`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import UnknownColumn

if TYPE_CHECKING:
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.words import Words
    from ferrow.sql import Expr, Ordering


def ordered(criteria: Criteria, words: Words, terms: Sequence[str | Expr[Any] | Ordering], *, desc: bool) -> Criteria:
    """The criteria with more terms to sort by.

    Raises:
        UnknownColumn: no such column. The message says how to sort by what `values(n=...)` computes, which has no name at this point.
    """
    try:
        return criteria.ordered(words, terms, desc=desc)
    except UnknownColumn as error:
        if "Did you mean" in str(error):
            raise
        msg = f"{error} A name for what is computed comes before the order: annotate(n=...).order_by('n').values(..., 'n')."
        raise UnknownColumn(msg) from None
