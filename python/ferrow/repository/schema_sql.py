"""What would be executed: CREATE TABLE and CREATE INDEX of a model, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import NotSupportedError, nearest
from ferrow.model.index import Index, UnknownIndexColumn
from ferrow.repository.dialect import called, name_of
from ferrow.repository.names import NAMES, table_of
from ferrow.schema.ddl import create_table
from ferrow.schema.index import create_index, create_indexes
from ferrow.schema.table import table_text
from ferrow.sql.dialect import MYSQL_SERVER, named
from ferrow.sql.dialect import Dialect as SQL

if TYPE_CHECKING:
    from ferrow.repository.dialect import Dialect


def create_table_sql(model: type, dialect: Dialect | str, *, if_not_exists: bool = False) -> str:
    """CREATE TABLE for a model.

    Args:
        model: a dataclass, a typed class or a Pydantic model.
        dialect: `SQLiteDialect()`, `PostgresDialect()`, `MySQLDialect()` (MariaDB), `MySQLDialect("mysql")`, or the name of one.
        if_not_exists: leave a table that exists as it is.

    On PostgreSQL the types of enumerations have to exist; `create_schema_sql` has the statements that create them.
    Raises ModelError for what is no model, NotSupportedError for a dialect that is not known.
    """
    return _ended(table_text(table_of(model), _sql(dialect), if_not_exists=if_not_exists))


def create_index_sql(
    model: type,
    dialect: Dialect | str,
    column: str,
    *,
    unique: bool = False,
    name: str | None = None,
    if_not_exists: bool = False,
) -> str:
    """CREATE INDEX over one column of a model, given by its attribute.

    `name` None makes one: `idx_<table>_<column>`, `uidx_...` if it is `unique`. Other arguments (`if_not_exists`) and errors as for
    `create_table_sql`; UnknownColumn (a ValueError) for a column the model does not have.
    """
    table = table_of(model)
    if column not in table.by_key:
        raise UnknownIndexColumn(f"Index column(s) not found in model: {column}. {nearest(column, table.by_key)}")
    index = Index(column, unique=unique, name=name)
    return _ended(create_index(table, index, _sql(dialect), if_not_exists=if_not_exists, naming=NAMES))


def create_indexes_sql(model: type, dialect: Dialect | str, *, if_not_exists: bool = False) -> list[str]:
    """CREATE INDEX for every index of a model: those of fields, then those of `__indexes__`.

    Arguments (`if_not_exists`) and errors as for `create_table_sql`.
    """
    return [
        _ended(sql) for sql in create_indexes(table_of(model), _sql(dialect), if_not_exists=if_not_exists, naming=NAMES)
    ]


def create_schema_sql(model: type, dialect: Dialect | str, *, if_not_exists: bool = False) -> list[str]:
    """All that a model needs, in order: types of enumerations (PostgreSQL), the table, its indexes, comments.

    Arguments (`if_not_exists`, of the indexes too) and errors as for `create_table_sql`.
    """
    made = create_table(
        table_of(model), _sql(dialect), if_not_exists=if_not_exists, indexes_if_not_exist=if_not_exists, naming=NAMES
    )
    return [_ended(sql) for sql in made]


def _ended(sql: str) -> str:
    return f"{sql};"


def _sql(dialect: Any) -> SQL:
    if isinstance(dialect, SQL):
        return dialect
    found = called(dialect) if isinstance(dialect, str) else name_of(dialect)
    if found is None:
        raise NotSupportedError(
            f"{dialect!r} is no dialect of a database that is known: give SQLiteDialect(), PostgresDialect() or MySQLDialect(), or "
            "'sqlite', 'postgres' or 'mysql'."
        )
    return MYSQL_SERVER if found == "mysql" and getattr(dialect, "server", "") == "mysql" else named(found)
