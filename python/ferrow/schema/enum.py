"""CREATE TYPE and DROP TYPE, for the enumerations that the columns of tables have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ferrow.errors import ModelError
from ferrow.schema.answers import answers_of
from ferrow.schema.text import block
from ferrow.types import ListOf

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect
    from ferrow.types import Enum, SQLType


def enumerations(tables: Iterable[Table]) -> list[Enum]:
    """The enumerated types that the columns need, each once. Raises ModelError if two different ones have one name."""
    found: dict[tuple[str | None, str], tuple[Enum, str]] = {}
    taken: dict[tuple[str | None, str], Table] = {}
    for table in tables:
        taken[table.schema, table.name] = table
        for column in table.columns:
            kind = _enumeration(column.type)
            if kind is None:
                continue
            where = f"{table.label}.{column.key}"
            other, first = found.setdefault((kind.schema, kind.type_name), (kind, where))
            if other is not kind:
                raise ModelError(
                    f"{first} and {where} both need a type called {kind.type_name!r}, but with different labels: "
                    f"{list(other.labels)} and {list(kind.labels)}. Name one of them: mapped_column(enum_name=...)."
                )
    for place, (_, where) in found.items():
        if place in taken:
            raise ModelError(
                f"the type {place[1]!r} of {where} cannot be called like the table of {taken[place].label}, which is a type as "
                "well. Give the type another name: mapped_column(enum_name=...)."
            )
    return [kind for kind, _ in found.values()]


def _enumeration(kind: SQLType) -> Enum | None:
    from ferrow.types import Enum

    kind = kind.item if isinstance(kind, ListOf) else kind
    return kind if isinstance(kind, Enum) else None


def create_type(kind: Enum, dialect: Dialect, *, if_not_exists: bool) -> str:
    """CREATE TYPE ... AS ENUM. One that exists is left as it is, as tables are."""
    name, literal = kind.name(dialect.name), answers_of(dialect).literal
    text = f"CREATE TYPE {name} AS ENUM ({', '.join(map(literal, kind.labels))})"
    if not if_not_exists:
        return text
    # Asked for by kind, so that a table of that name is the error it should be.
    exists = f"SELECT FROM pg_catalog.pg_type WHERE oid = to_regtype({literal(name)}) AND typtype = 'e'"
    return block(f"IF NOT EXISTS ({exists}) THEN {text}; END IF;")


def drop_type(kind: Enum, dialect: Dialect) -> str:
    """DROP TYPE, unless a table that stays needs it."""
    name = kind.name(dialect.name)
    return block(f"DROP TYPE IF EXISTS {name}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL;")
