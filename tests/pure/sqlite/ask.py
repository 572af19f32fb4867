"""Short forms of what these tests ask of a connection."""

from collections.abc import Sequence
from typing import Any

from ferrow._core import Kinds, Shape, SqliteConnection

TUPLES = Shape.tuples()

# A kind and how a column of it is declared, as ferrow's own types do.
DECLARED = {
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "float": "DOUBLE PRECISION",
    "text": "TEXT",
    "bytes": "BLOB",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMPTZ",
    "uuid": "UUID",
    "decimal": "DECIMAL_TEXT COLLATE decimal",
    "json": "JSON_TEXT",
    "oid": "INTEGER",
}


def rows(db: SqliteConnection, sql: str, params: Any = None, kinds: Sequence[str | None] | None = None) -> list[Any]:
    return db.run(sql, params, TUPLES, None if kinds is None else Kinds(kinds)).rows


def value(db: SqliteConnection, sql: str, params: Any = None, kinds: Sequence[str | None] | None = None) -> Any:
    return rows(db, sql, params, kinds)[0][0]


def stored(db: SqliteConnection, kind: str, given: Any) -> tuple[Any, str, Any]:
    """Write `given` into a column of the kind: what comes back, its storage class, and its stored form."""
    db.script(f"CREATE TABLE IF NOT EXISTS t_{kind} (x {DECLARED[kind]})")
    rows(db, f"DELETE FROM t_{kind}")
    rows(db, f"INSERT INTO t_{kind} VALUES (?)", [given], [kind])
    shape = Shape.tuples(Kinds([kind, "text", "any"]))
    return db.run(f"SELECT x, typeof(x), +x FROM t_{kind}", None, shape).rows[0]
