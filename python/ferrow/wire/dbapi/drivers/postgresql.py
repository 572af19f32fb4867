"""What drivers of PostgreSQL have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import Result
from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError, ProgrammingError, from_server
from ferrow.hints import no_parameters, no_statement
from ferrow.wire.dbapi.drivers.base import Driver
from ferrow.wire.dbapi.drivers.postgresql_values import readers, texts

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params

_DIAGNOSIS = {
    "severity": "severity_nonlocalized",
    "message": "message_primary",
    "detail": "message_detail",
    "hint": "message_hint",
    "schema": "schema_name",
    "table": "table_name",
    "column": "column_name",
    "constraint": "constraint_name",
    "data_type": "datatype_name",
    "where": "context",
    "position": "statement_position",
    "internal_query": "internal_query",
    "internal_position": "internal_position",
}


class Postgresql(Driver):
    """A connection to PostgreSQL. `autocommit` is on while we work outside of the program's transactions, as it costs no round trip."""

    dialect = "postgresql"

    __slots__ = ("_forced", "conn")

    def __init__(self, conn: Any) -> None:
        self.conn: Any = conn
        self._forced = False  # autocommit was off

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        if not isinstance(sql, str):
            raise ProgrammingError(no_statement(sql))
        columns, rows, count = await self.ask(sql, sent(params, kinds))
        if columns is None:
            return Result.shaped(
                (), shape, (), rowcount=count, status=sql.split(None, 1)[0].upper() if sql.strip() else ""
            )
        found = None if shape.kinds is None else readers(shape.kinds.names)
        return Result.shaped(rows, shape, columns, rowcount=len(rows), status="SELECT", readers=found)

    @abstractmethod
    async def ask(self, sql: str, values: list[Any] | None) -> tuple[list[str] | None, Sequence[Sequence[Any]], int]:
        """Run a statement: the names of its columns or None, its rows, how many it affected. Raises errors of ours."""

    async def say(self, sql: str) -> None:
        await self.ask(sql, None)

    def split(self, sql: str) -> list[str]:
        return [sql]  # without parameters the protocol takes several, as one

    async def alone(self, on: bool) -> None:
        conn = self.conn
        if on:
            if not conn.autocommit:
                conn.autocommit = self._forced = True
        elif self._forced:
            conn.autocommit = self._forced = False


def sent(params: Params, kinds: Kinds | None) -> list[Any] | None:
    """The parameters, None for none. Raises ProgrammingError for what is no list of values, DataError as `texts`."""
    if isinstance(params, (tuple, list)):  # nearly always, and to ask for a Mapping takes longer
        return texts(params, kinds) if params else None
    if params is None:
        return None
    if isinstance(params, str | bytes) or not isinstance(params, Sequence):
        raise ProgrammingError(no_parameters(params))
    return texts(params, kinds) if params else None


def diagnosed(error: Any, code: str | None, sql: str | None) -> DatabaseError:
    """Ours for an error that libpq has told about."""
    if code is None:
        if type(error).__name__ == "InterfaceError":
            return InterfaceError("Connection is closed" if "closed" in str(error) else str(error))
        if type(error).__name__ == "OperationalError":
            return ConnectionLost(f"the connection to the server was lost: {error}")
        return ProgrammingError(str(error))
    fields = {"code": code}
    for name, attribute in _DIAGNOSIS.items():
        value = getattr(error.diag, attribute, None)
        if value is not None:
            fields[name] = str(value)
    return from_server(fields, sql)
