"""By which columns a row is recognised: the primary key, or what the database keeps unique."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ferrow.repository.errors import InvalidArgument, InvalidType

if TYPE_CHECKING:
    from ferrow.model.table import Table


def check_lookup(table: Table, lookup: Any, defaults: Any) -> None:
    """Raises ValueError, TypeError or UnknownColumn for values that `get_or_create` cannot take."""
    if not lookup:
        raise InvalidArgument("lookup must not be empty.")
    for given in (lookup, defaults):
        if not isinstance(given, Mapping):
            raise InvalidType(
                f"get_or_create() takes values by attribute, as {{'email': 'a@x.org'}}, not {type(given).__name__}."
            )
    for name in [*lookup, *defaults]:
        table.column(name)
    _must_be_unique(table, lookup)


def _must_be_unique(table: Table, keys: Iterable[str]) -> None:
    """Raises ValueError if the database would let two rows have the same values there."""
    wanted = frozenset(keys)
    if wanted not in _unique(table):
        known = ", ".join(sorted({"(" + ", ".join(sorted(one)) + ")" for one in _unique(table)}))
        raise InvalidArgument(
            "get_or_create() requires lookup fields backed by a UNIQUE or PRIMARY KEY constraint. "
            f"{table.label} has: {known or 'none'}."
        )


def _unique(table: Table) -> Iterator[frozenset[str]]:
    if table.primary_key:
        yield frozenset([column.key for column in table.primary_key])
    for column in table.columns:
        if column.unique or column.unique_index:
            yield frozenset([column.key])
    for constraint in table.uniques:
        yield frozenset(constraint.columns)
    for index in table.indexes:
        if index.unique and index.where is None and not index.sql:
            yield frozenset(index.columns)
