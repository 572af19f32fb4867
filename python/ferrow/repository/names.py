"""What repositories call the tables, relations and indexes that a model does not name itself."""

from __future__ import annotations

from ferrow.model.called import table_called
from ferrow.model.naming import singular
from ferrow.model.table import Table
from ferrow.repository.errors import InvalidArgument

NAMES = {"ix": "idx_{table}_{columns}", "ux": "uidx_{table}_{columns}"}
"""What repositories call indexes that have no name, where `__naming__` says nothing."""


def table_of(model: type) -> Table:
    """The table of a model, called as its class in lower case if it has no name. Raises ModelError as `ferrow.model.table_called`."""
    return table_called(model, singular)


def keyed(model: type) -> Table:
    """The same, which has a primary key. Raises ValueError (a ProgrammingError) if it has none."""
    table = table_of(model)
    if not table.primary_key:
        raise InvalidArgument(f"{model.__name__} has no PK field. Use field(metadata={{'pk': True}}).")
    return table


def belonging(key: str, target: type) -> str:
    """The relation of a foreign key: the field's name without `_id`, else the class it leads to."""
    return key.removesuffix("_id") if key.endswith("_id") and key != "_id" else target.__name__.lower()


def plural(model: type) -> str:
    """The collection of those that refer to somebody: the class in lower case, in the plural."""
    word = model.__name__.lower()
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "i", "o", "u", ""):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"
