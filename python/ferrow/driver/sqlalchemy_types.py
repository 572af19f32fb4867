"""How SQLAlchemy's types travel through this driver: a cast around each parameter, and values that are Python objects already."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import types
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import ranges
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.processors import to_decimal_processor_factory, to_float

from ferrow.driver.pep249 import NUMBER
from ferrow.types import Range

# Of lists, too: the type of a list asks that of its items.
_FLOATS = frozenset({700, 701, 1021, 1022})
_LISTS = frozenset({1005, 1007, 1016, 1231})


class _Number:
    """PostgreSQL says what a column is, SQLAlchemy what its values should be."""

    render_bind_cast = True

    def result_processor(self: Any, dialect: Any, coltype: Any) -> Any:
        if coltype in _FLOATS:
            return (
                to_decimal_processor_factory(Decimal, self._effective_decimal_return_scale) if self.asdecimal else None
            )
        return None if self.asdecimal or not (coltype in NUMBER or coltype in _LISTS) else to_float


class _Numeric(_Number, types.Numeric[Any]):
    def bind_processor(self, dialect: Any) -> None:
        return None  # the driver takes numbers of any kind, a float by the digits that it shows


class _Float(_Number, types.Float[Any]):
    def bind_processor(self, dialect: Any) -> Any:
        return to_float


class _Date(types.Date):
    render_bind_cast = True

    def bind_processor(self, dialect: Any) -> Any:
        # The driver refuses what would be lost; as above.
        return lambda value: value.date() if isinstance(value, datetime) else value


class _Decoded:
    render_bind_cast = True

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None


class _JSON(_Decoded, pg.JSON): ...


class _JSONB(_Decoded, pg.JSONB): ...


class _Hstore(_Decoded, pg.HSTORE):
    def bind_processor(self, dialect: Any) -> None:
        return None


def _sent(value: Any) -> Any:
    """SQLAlchemy's range as the driver's; whatever else is given goes as it is."""
    if not isinstance(value, ranges.Range):
        return value
    return Range(empty=True) if value.isempty else Range(value.lower, value.upper, value.bounds)


def _found(value: Range[Any]) -> ranges.Range[Any]:
    if value.isempty:
        return ranges.Range(empty=True)
    return ranges.Range(value.lower, value.upper, bounds=value.bounds)  # type: ignore[arg-type]  # one of the four


class _Range(ranges.AbstractSingleRangeImpl[Any]):
    def bind_processor(self, dialect: Any) -> Any:
        return _sent

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        return lambda value: None if value is None else _found(value)


class _Multirange(ranges.AbstractMultiRangeImpl[Any]):
    def bind_processor(self, dialect: Any) -> Any:
        return lambda value: value if value is None or isinstance(value, str) else [_sent(each) for each in value]

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        return lambda value: None if value is None else ranges.MultiRange([_found(each) for each in value])


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


def _cast(base: type[Any]) -> type[Any]:
    """The type, with a cast around its parameters."""
    return type(f"_{base.__name__}", (base,), {"render_bind_cast": True})


_AS_THEY_ARE = (
    types.String, types.Integer, types.SmallInteger, types.BigInteger, types.Boolean, types.DateTime, types.Time,
    types.LargeBinary, types.ARRAY,
)  # fmt: skip


COLSPECS: dict[type[Any], type[Any]] = {
    **PGDialect.colspecs,
    **{base: _cast(pg.ARRAY if base is types.ARRAY else base) for base in _AS_THEY_ARE},
    types.Date: _Date,
    types.Numeric: _Numeric,
    types.Float: _Float,
    types.JSON: _JSON,
    pg.JSONB: _JSONB,
    types.Interval: _Interval,
    pg.INTERVAL: _Interval,
    types.JSON.JSONIntIndexType: _JSONInt,
    types.JSON.JSONStrIndexType: _JSONStr,
    types.JSON.JSONPathType: _JSONPath,
    pg.HSTORE: _Hstore,
    pg.CITEXT: pg.CITEXT,  # without a cast, which would be that of a string and mind the case
    ranges.AbstractSingleRange: _Range,
    ranges.AbstractMultiRange: _Multirange,
}
"""Which of these stands for which of SQLAlchemy's."""
