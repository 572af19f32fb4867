"""SQLAlchemy on this driver: `create_engine("postgresql+ferrow://user:password@host/database")`.

The cursor is PEP 249's and does the work. What is said here is what SQLAlchemy (2.0 or newer) cannot know: that the database decides of
which type a parameter is, so that each gets a cast to the type SQLAlchemy means, and that values come back as Python objects.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import types
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import pg_catalog
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect
from sqlalchemy.engine.processors import to_decimal_processor_factory, to_float

from ferrow.driver.pep249 import NUMBER
from ferrow.errors import CommitUnknown, ConnectionLost, NotSupportedError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_FLOATS = frozenset({700, 701})


class _Compiler(PGCompiler):
    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:
        # SQLAlchemy hands JSON over as text. Given to a json parameter, that would become a JSON string.
        text = f"{sqltext}::text" if isinstance(dbapi_type, types.JSON) else sqltext
        cast: str = super().render_bind_cast(type_, dbapi_type, text)  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
        return cast


class _Number:
    """PostgreSQL says what a column is, SQLAlchemy what its values should be."""

    render_bind_cast = True

    def result_processor(self: Any, dialect: Any, coltype: Any) -> Any:
        if coltype in _FLOATS:
            return (
                to_decimal_processor_factory(Decimal, self._effective_decimal_return_scale) if self.asdecimal else None
            )
        return to_float if coltype in NUMBER and not self.asdecimal else None


class _Numeric(_Number, types.Numeric[Any]):
    def bind_processor(self, dialect: Any) -> Any:
        # The driver refuses what would be rounded; SQLAlchemy's users expect the number that they see.
        return lambda value: Decimal(repr(value)) if isinstance(value, float) else value


class _Float(_Number, types.Float[Any]):
    def bind_processor(self, dialect: Any) -> Any:
        return to_float


class _Decoded:
    render_bind_cast = True

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None


class _JSON(_Decoded, pg.JSON): ...


class _JSONB(_Decoded, pg.JSONB): ...


class _Interval(pg.INTERVAL):
    render_bind_cast = True

    @classmethod
    def adapt_emulated_to_native(cls, interval: Any, **kw: Any) -> _Interval:  # type: ignore[override]  # as in INTERVAL
        return cls(precision=interval.second_precision)


class _JSONInt(types.JSON.JSONIntIndexType):
    __visit_name__ = "json_int_index"
    render_bind_cast = True


class _JSONStr(types.JSON.JSONStrIndexType):
    __visit_name__ = "json_str_index"
    render_bind_cast = True


class _JSONPath(pg.json.JSONPathType):
    def bind_processor(self, dialect: Any) -> Any:
        return lambda value: value if isinstance(value, str) else [str(step) for step in value]


def _vector(base: type[Any]) -> type[Any]:
    """int2vector or oidvector, of which the reflection wants a list: the server writes "1 2"."""

    def process(value: Any) -> Any:
        return [int(part) for part in value.split()] if isinstance(value, str) else value

    return type(f"_{base.__name__}", (base,), {"result_processor": lambda *_: process, "cache_ok": True})


def _cast(base: type[Any]) -> type[Any]:
    """The type, with a cast around its parameters."""
    return type(f"_{base.__name__}", (base,), {"render_bind_cast": True})


_AS_THEY_ARE = (
    types.String, types.Integer, types.SmallInteger, types.BigInteger, types.Boolean, types.Date, types.DateTime, types.Time,
    types.LargeBinary, types.ARRAY,
)  # fmt: skip


class FerrowDialect(PGDialect):
    """`postgresql+ferrow`. What follows `?` in the URL goes to `ferrow.driver.connect`."""

    driver = "ferrow"
    supports_statement_cache = True
    statement_compiler = _Compiler
    colspecs = {  # noqa: RUF012  # as in the base class
        **PGDialect.colspecs,
        **{base: _cast(pg.ARRAY if base is types.ARRAY else base) for base in _AS_THEY_ARE},
        types.Numeric: _Numeric,
        types.Float: _Float,
        types.JSON: _JSON,
        pg.JSONB: _JSONB,
        types.Interval: _Interval,
        pg.INTERVAL: _Interval,
        types.JSON.JSONIntIndexType: _JSONInt,
        types.JSON.JSONStrIndexType: _JSONStr,
        types.JSON.JSONPathType: _JSONPath,
        pg_catalog.INT2VECTOR: _vector(pg_catalog.INT2VECTOR),
        pg_catalog.OIDVECTOR: _vector(pg_catalog.OIDVECTOR),
    }

    def __init__(self, **options: Any) -> None:
        if options.get("json_deserializer") is not None:
            raise NotSupportedError("json_deserializer: values of json columns come decoded from the driver")
        # The database's own placeholders: nothing to translate, and a colon is free to mean a slice.
        super().__init__(**{"paramstyle": "numeric_dollar", **options})  # type: ignore[no-untyped-call]

    @classmethod
    def import_dbapi(cls) -> Any:
        import ferrow.driver

        return ferrow.driver

    def create_connect_args(self, url: URL) -> Any:
        return [url.set(drivername="postgresql").render_as_string(hide_password=False)], {}

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        return isinstance(e, ConnectionLost | CommitUnknown) or (connection is not None and connection.is_closed())

    def do_ping(self, dbapi_connection: Any) -> bool:
        if not dbapi_connection.ping():
            raise ConnectionLost("the server does not answer")
        return True

    def get_isolation_level_values(self, dbapi_conn: Any) -> Any:
        return "AUTOCOMMIT", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"

    def set_isolation_level(self, dbapi_connection: Any, level: Any) -> None:
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level != "AUTOCOMMIT":
            super().set_isolation_level(dbapi_connection, level)  # type: ignore[no-untyped-call]
