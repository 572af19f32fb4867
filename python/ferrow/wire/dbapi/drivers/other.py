"""A driver that nobody here has heard of: what PEP 249 promises of it, and no more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ferrow._core import Result, sqlite_result, sqlite_values
from ferrow.errors import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    UniqueViolation,
)
from ferrow.wire.dbapi.drivers.base import Driver
from ferrow.wire.dbapi.drivers.postgresql_values import readers, texts
from ferrow.wire.dbapi.rewritten import STYLES, rewritten, statements
from ferrow.wire.mysql.texts import bound

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params

_KINDS: dict[str, type[DatabaseError]] = {
    "IntegrityError": IntegrityError,
    "DataError": DataError,
    "OperationalError": OperationalError,
    "ProgrammingError": ProgrammingError,
    "NotSupportedError": NotSupportedError,
    "InternalError": InternalError,
    "InterfaceError": InterfaceError,
}
_UNIQUE = ("unique", "duplicate")
_ENDS = {"COMMIT": "commit", "ROLLBACK": "rollback"}


class Other(Driver):
    """A connection with `cursor()`, `commit()` and `rollback()`; a statement begins a transaction unless `autocommit` says otherwise.

    Whether the program has begun one itself only drivers with `in_transaction` can say; of others it is taken that it has not.
    """

    __slots__ = ("_begun", "_style", "conn", "dialect", "name")

    def __init__(self, conn: Any, dialect: str, paramstyle: str | None) -> None:
        self.conn: Any = conn
        self.dialect: str = dialect
        self.name: str = f"{type(conn).__module__}.{type(conn).__qualname__}"
        self._begun = False  # by us
        style = paramstyle or _paramstyle(conn)
        if style not in STYLES:
            raise InterfaceError(
                f"how {self.name} writes placeholders is not known: set driver_paramstyle of the dialect to one of {', '.join(STYLES)}"
            )
        self._style: str = style

    def in_transaction(self) -> bool:
        state = getattr(self.conn, "in_transaction", None)
        state = state() if callable(state) else state
        return self._begun if state is None else bool(state)

    @property
    def closed(self) -> bool:
        return bool(getattr(self.conn, "closed", False))

    @property
    def implicit(self) -> bool:
        return not self._autocommit

    @property
    def _autocommit(self) -> bool:
        return getattr(self.conn, "autocommit", False) is True

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        values: Any = ()
        if self.dialect == "mysql":
            written = bound(sql, params, None if kinds is None else kinds.names)
        else:
            changed = rewritten(sql, self.dialect, self._style)
            written = changed.sql if params else sql
            if params:
                stored = sqlite_values(params, kinds) if self.dialect == "sqlite" else texts([*params], kinds)
                values = changed.values(stored)
        cursor = self._cursor()
        try:
            if values:
                cursor.execute(written, values)
            else:
                cursor.execute(written)
            self._begun = self._begun or not self._autocommit
            description = cursor.description
            if description is None:
                inserted = getattr(cursor, "lastrowid", None)
                return Result.shaped(
                    (), shape, (), rowcount=cursor.rowcount, last_rowid=inserted if isinstance(inserted, int) else None
                )
            columns = [column[0] for column in description]
            rows = [row if type(row) is tuple else _tuple(row, columns) for row in cursor.fetchall()]
        except Exception as error:
            raise _translated(error, sql) from error
        finally:
            cursor.close()
        if self.dialect == "sqlite":
            return sqlite_result(rows, shape, columns, rowcount=len(rows))
        found = None if shape.kinds is None else readers(shape.kinds.names)
        return Result.shaped(rows, shape, columns, rowcount=len(rows), status="SELECT", readers=found)

    async def say(self, sql: str) -> None:
        call = _ENDS.get(sql)
        begins = sql.startswith(("BEGIN", "START"))
        if call is not None or (begins and not self._autocommit):
            try:
                if call is not None:
                    getattr(self.conn, call)()
            except Exception as error:
                raise _translated(error, sql) from error
            self._begun = begins
            return
        cursor = self._cursor()
        try:
            cursor.execute(sql)
        except Exception as error:
            raise _translated(error, sql) from error
        finally:
            cursor.close()
        self._begun = self._begun or begins or not self._autocommit

    def _cursor(self) -> Any:
        try:
            return self.conn.cursor()
        except Exception as error:
            raise InterfaceError(f"the connection gives no cursor: {error}") from error

    def split(self, sql: str) -> list[str]:
        return statements(sql, self.dialect)


def _paramstyle(conn: Any) -> str | None:
    """That of the module the connection's class is of, or of a package around it."""
    name = type(conn).__module__
    while name:
        style = getattr(sys.modules.get(name), "paramstyle", None)
        if isinstance(style, str):
            return style
        name = name.rpartition(".")[0]
    return None


def _tuple(row: Any, columns: list[str]) -> tuple[Any, ...]:
    if hasattr(row, "keys") and hasattr(row, "__getitem__"):
        return tuple([row[column] for column in columns])
    return tuple(row)


def _translated(error: Exception, sql: str) -> DatabaseError:
    if isinstance(error, DatabaseError):
        return error
    for cls in type(error).__mro__:
        kind = _KINDS.get(cls.__name__)
        if kind is not None:
            unique = kind is IntegrityError and any(word in str(error).lower() for word in _UNIQUE)
            made = (UniqueViolation if unique else kind)(str(error))
            made.sqlstate = "23505" if unique else None
            made.query = sql
            return made
    if any(cls.__name__ == "Error" for cls in type(error).__mro__):
        return DatabaseError(str(error))
    raise error
