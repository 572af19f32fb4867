"""Type objects and constructors of PEP 249."""

from __future__ import annotations

from datetime import date, datetime, time

Date = date
Time = time
Timestamp = datetime


def DateFromTicks(ticks: float) -> date:
    """The local date at `ticks` seconds since 1970-01-01 00:00 UTC."""
    return date.fromtimestamp(ticks)


def TimeFromTicks(ticks: float) -> time:
    """The local time of day at `ticks` seconds since 1970-01-01 00:00 UTC."""
    return datetime.fromtimestamp(ticks).time()


def TimestampFromTicks(ticks: float) -> datetime:
    """The local date and time, without a zone, at `ticks` seconds since 1970-01-01 00:00 UTC."""
    return datetime.fromtimestamp(ticks)


def Binary(value: bytes | bytearray | memoryview) -> bytes:
    """A value for a bytea or BLOB column. Raises TypeError for what is no buffer of bytes, text and numbers included."""
    return bytes(memoryview(value))


class TypeObject(frozenset[int]):
    """A set of type codes that equals each of them: `cursor.description[0][1] == STRING`.

    Type codes are PostgreSQL's OIDs, on SQLite too.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other in self if isinstance(other, int) else super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return super().__hash__()


# SELECT typname, oid FROM pg_type. What is not listed compares unequal to all five: bool, uuid, json, arrays, ranges, geometry.
# fmt: off
STRING = TypeObject({
    18, 19, 25, 1042, 1043,    # "char", name, text, char(n), varchar(n)
    142, 705,                  # xml, unknown
    650, 869, 774, 829,        # cidr, inet, macaddr8, macaddr
    790,                       # money, which comes as the server writes it
    1560, 1562,                # bit, varbit
    3614, 3615, 4072,          # tsvector, tsquery, jsonpath
})
BINARY = TypeObject({17})      # bytea
NUMBER = TypeObject({
    20, 21, 23,                # bigint, smallint, integer
    700, 701, 1700,            # real, double precision, numeric
})
DATETIME = TypeObject({
    1082, 1083, 1266,          # date, time, timetz
    1114, 1184, 1186,          # timestamp, timestamptz, interval
})
ROWID = TypeObject({26, 27})   # oid, tid
