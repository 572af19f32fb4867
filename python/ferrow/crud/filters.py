"""Which rows a call of a function means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ferrow.crud.errors import FilterConflict, UnknownField, WrongModel
from ferrow.crud.partial import given_of, partial_of
from ferrow.errors import UnknownColumn, nearest
from ferrow.model.given import given
from ferrow.orm.criteria import ALL, USUAL, Criteria
from ferrow.orm.q import Q
from ferrow.sql import Expr, Ordering

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.orm.plan import Plan
    from ferrow.sql.logic import Truth

M = TypeVar("M")

Where: TypeAlias = "M | Q | Truth | Sequence[Q | Truth] | Mapping[str, Any] | None"
"""An instance of the model or of its `Partial`, `Q(...)`, an expression such as `columns(User).age > 3`, several of them, or a dict."""

Terms: TypeAlias = "str | Expr[Any] | Ordering | Sequence[str | Expr[Any] | Ordering] | None"
"""What to sort by: names, `-` before them for the largest first, or expressions."""

_SEVERAL = (list, tuple, set, frozenset)


def chosen(plan: Plan[Any], where: Any, keywords: Mapping[str, Any]) -> Criteria:
    """The rows that are meant.

    Raises:
        FilterConflict: both ways of saying it were used.
        UnknownField: a field that the model does not have.
        WrongModel: `where` says nothing about this model.
    """
    table = plan.table
    every = ALL if table.visible is None else ALL.showing_as(table, USUAL)
    if where is None:
        if not keywords:
            return every
    elif keywords:
        raise FilterConflict("Cannot use both 'where' and keyword arguments.")
    else:
        found = _condition(plan, where)
        if not isinstance(found, dict):
            return every.filtered(plan.words, found, {})
        keywords = found
    try:
        return every.filtered(plan.words, *_understood(table, keywords))
    except UnknownColumn as error:
        raise _unknown(error, keywords, table) from None


def _unknown(error: UnknownColumn, keywords: Mapping[str, Any], table: Table) -> UnknownField:
    known = _known(table)
    for keyword in keywords:
        name = keyword.split("__")[0] or keyword
        if name not in known and keyword not in known:
            return invalid(keyword, name, table)
    return UnknownField(str(error))  # further along a relation


def invalid(said: str, name: str, table: Table) -> UnknownField:
    """The error for a field that the model does not have; `said` is how it was written."""
    return UnknownField(f"{said!r} is not a valid field for {table.label}. {nearest(name, _known(table))}")


def _condition(plan: Plan[Any], where: Any) -> dict[str, Any] | tuple[Any, ...]:
    if isinstance(where, Q) or (hasattr(where, "shape") and not isinstance(where, type)):
        return (where,)
    if isinstance(where, Mapping):
        return dict(where)
    if isinstance(where, (list, tuple)):
        return tuple([one if isinstance(one, Q) else Q(one) for one in where])
    cls = type(where)
    # Not what is derived from the model: that is another table, with columns that this one may not have.
    if partial_of(cls, plan.model):
        return dict(given_of(where))
    if cls is plan.model:
        return {key: getattr(where, key) for key in plan.table.by_key if key in given(where, plan.table)}
    label = plan.table.label
    said = f"the class {where.__name__}" if isinstance(where, type) else f"a {cls.__name__}"
    msg = (
        f"where= of a call about {label} takes Partial({label})(...), an instance of {label}, Q(...), expressions or a dict, "
        f"not {said}"
    )
    raise WrongModel(msg)


def _understood(table: Table, keywords: Mapping[str, Any]) -> tuple[tuple[Q, ...], Mapping[str, Any]]:
    """Several values for a column that holds one mean one of them."""
    for value in keywords.values():
        if value.__class__ in _SEVERAL:
            break
    else:
        return (), keywords
    conditions: list[Q] = []
    rest: dict[str, Any] = {}
    for key, value in keywords.items():
        column = table.by_key.get(key)
        if column is None or value.__class__ not in _SEVERAL or holds_several(column.type.kind):
            rest[key] = value
            continue
        named = [one for one in value if one is not None]
        among = Q(**{f"{key}__in": named})
        # A list that has None in it means the rows without a value, too.
        conditions.append(among if len(named) == len(value) else among | Q(**{key: None}))
    return tuple(conditions), rest


def holds_several(kind: str) -> bool:
    """Whether a list is one value of such a column."""
    return kind == "json" or kind.startswith("list:")


def sorted_by(plan: Plan[Any], criteria: Criteria, terms: Any, *, total: bool = False) -> Criteria:
    """In an order: by default that of the primary key. With `total` no two rows have the same place.

    Raises:
        UnknownField: a field that the model does not have.
        ProgrammingError: values without an order.
    """
    key = [column.key for column in plan.table.primary_key]
    if terms is None:
        return criteria.ordered(plan.words, key)
    listed = [*terms] if isinstance(terms, (list, tuple)) else [terms]
    if total:
        named = {term.removeprefix("-") for term in listed if isinstance(term, str)}
        listed += [name for name in key if name not in named]
    try:
        return criteria.ordered(plan.words, listed)
    except UnknownColumn as error:
        for term in listed:
            if isinstance(term, str) and (name := term.removeprefix("-").split("__")[0]) not in _known(plan.table):
                raise invalid(term, name, plan.table) from None
        raise UnknownField(str(error)) from None


def _known(table: Table) -> list[str]:
    """What a name can begin with."""
    return [*table.by_key, *table.relations]
