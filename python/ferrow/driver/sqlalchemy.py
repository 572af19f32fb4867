"""SQLAlchemy on this driver: `create_engine("postgresql+ferrow://user:password@host/database")`.

The cursor is PEP 249's and does the work. What is said here is what SQLAlchemy (2.0 or newer) cannot know: that the database decides of
which type a parameter is, so that each gets a cast to the type SQLAlchemy means, and that values come back as Python objects
(`sqlalchemy_types`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_address, ip_interface, ip_network
from typing import TYPE_CHECKING, Any, cast

try:
    from sqlalchemy import types, util
    from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGExecutionContext
except ModuleNotFoundError as _missing:
    from ferrow.driver.sqlalchemy_missing import named

    raise named(_missing) from None

from ferrow.abc import Status
from ferrow.driver._sync import ServerCursor
from ferrow.driver.sqlalchemy_types import COLSPECS
from ferrow.errors import CommitUnknown, ConnectionLost

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


class _Compiler(PGCompiler):
    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:
        # SQLAlchemy hands JSON over as text. Given to a json parameter, that would become a JSON string.
        many = isinstance(dbapi_type, types.ARRAY)
        single = dbapi_type.item_type._unwrapped_dialect_impl(self.dialect) if many else dbapi_type
        text = f"{sqltext}::text{'[]' if many else ''}" if isinstance(single, types.JSON) else sqltext
        cast: str = super().render_bind_cast(type_, dbapi_type, text)  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
        return cast


class _Execution(PGExecutionContext):
    def create_server_side_cursor(self) -> Any:
        dialect = cast("FerrowDialect", self.dialect)
        return dialect.server_side_cursor(self._dbapi_connection.dbapi_connection)


class FerrowDialect(PGDialect):
    """`postgresql+ferrow`. What follows `?` in the URL goes to `ferrow.driver.connect`."""

    driver = "ferrow"
    supports_statement_cache = True
    supports_server_side_cursors: bool = True
    statement_compiler: type[PGCompiler] = _Compiler
    execution_ctx_cls: type[PGExecutionContext] = _Execution
    colspecs: dict[type[Any], type[Any]] = COLSPECS

    def __init__(self, **options: Any) -> None:
        # The database's own placeholders: nothing to translate, and a colon is free to mean a slice.
        super().__init__(**{"paramstyle": "numeric_dollar", **options})  # type: ignore[no-untyped-call]

    @classmethod
    def import_dbapi(cls) -> Any:
        import ferrow.driver

        return ferrow.driver

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        return util.parse_version_string(dbapi.__version__)

    @classmethod
    def get_async_dialect_cls(cls, url: URL) -> Any:
        from ferrow.driver.sqlalchemy_asyncio import FerrowAsyncioDialect

        return FerrowAsyncioDialect

    def server_side_cursor(self, dbapi_connection: Any) -> Any:
        return ServerCursor(dbapi_connection)

    def create_connect_args(self, url: URL) -> Any:
        hosts, ports = self._split_multihost_from_url(url)
        if hosts and ports:  # `?host=one:5432&host=other:5433` is SQLAlchemy's own
            named = {"host": hosts, "port": ports} if any(ports) else {"host": hosts}  # without: PGPORT
            url = url.update_query_dict(
                {name: ",".join("" if one is None else str(one) for one in those) for name, those in named.items()}
            )
        return [url.set(drivername="postgresql").render_as_string(hide_password=False)], {}

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        return isinstance(e, ConnectionLost | CommitUnknown) or (connection is not None and connection.is_closed())

    def do_ping(self, dbapi_connection: Any) -> bool:
        if not dbapi_connection.ping():
            raise ConnectionLost("the server does not answer")
        return True

    def on_connect(self) -> Any:
        decoders: dict[str, Callable[[str], Any]] = {}
        if self._json_deserializer is not None:
            decoders |= dict.fromkeys(("json", "jsonb"), self._json_deserializer)
        if self._native_inet_types:
            decoders |= {"inet": _address, "cidr": ip_network}
        if not decoders:
            return None

        def connect(dbapi_connection: Any) -> None:
            conn = self.get_driver_connection(dbapi_connection)
            for name, decode in decoders.items():
                conn.set_codec(name, decode=decode, schema="pg_catalog")

        return connect

    def get_isolation_level_values(self, dbapi_conn: Any) -> Any:
        return "AUTOCOMMIT", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"

    def set_isolation_level(self, dbapi_connection: Any, level: Any) -> None:
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level != "AUTOCOMMIT":
            super().set_isolation_level(dbapi_connection, level)  # type: ignore[no-untyped-call]

    def get_isolation_level(self, dbapi_connection: Any) -> Any:
        with self._asking(dbapi_connection):
            return super().get_isolation_level(dbapi_connection)  # type: ignore[no-untyped-call]

    @contextmanager
    def _asking(self, dbapi_connection: Any) -> Iterator[None]:
        """A question begins no transaction: nobody would end it, and within one the isolation level stays what it is."""
        begins = self.get_driver_connection(dbapi_connection).status is Status.IDLE
        yield
        if begins:
            dbapi_connection.rollback()

    def do_rollback(self, dbapi_connection: Any) -> None:
        # Whatever `skip_autocommit_rollback` says: it ends streams, and asks the server only where there is something to end.
        dbapi_connection.rollback()

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        return bool(dbapi_conn.autocommit)

    def set_readonly(self, connection: Any, value: Any) -> None:
        _characteristic(connection, "READ ONLY" if value else "READ WRITE")

    def get_readonly(self, connection: Any) -> bool:
        return self._setting(connection, "default_transaction_read_only")

    def set_deferrable(self, connection: Any, value: Any) -> None:
        _characteristic(connection, "DEFERRABLE" if value else "NOT DEFERRABLE")

    def get_deferrable(self, connection: Any) -> bool:
        return self._setting(connection, "default_transaction_deferrable")

    def _setting(self, connection: Any, name: str) -> bool:
        with self._asking(connection), closing(connection.cursor()) as cursor:
            # As cstring, for which nobody has a codec.
            cursor.execute(f"SELECT pg_catalog.textout(pg_catalog.current_setting('{name}'))")
            return bool(cursor.fetchone()[0] == "on")


def _address(text: str) -> Any:
    return ip_interface(text) if "/" in text else ip_address(text)


def _characteristic(connection: Any, words: str) -> None:
    """Of all transactions to come, as SQLAlchemy sets the isolation level: it takes it back when the connection goes to its pool."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"SET SESSION CHARACTERISTICS AS TRANSACTION {words}")
    connection.commit()
