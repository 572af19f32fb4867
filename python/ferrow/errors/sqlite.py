"""Errors that SQLite reports, by result code."""

from __future__ import annotations

from ferrow.errors.database import (
    CheckViolation,
    ForeignKeyViolation,
    NotNullViolation,
    QueryCancelled,
    SerializationFailure,
    UniqueViolation,
)
from ferrow.errors.pep249 import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from ferrow.hints import of_sqlite

_SQLITE_EXTENDED: dict[int, tuple[type[DatabaseError], str]] = {
    275: (CheckViolation, "23514"),
    517: (
        SerializationFailure,
        "40001",
    ),  # SQLITE_BUSY_SNAPSHOT: another has written since this transaction began to read
    787: (ForeignKeyViolation, "23503"),
    1299: (NotNullViolation, "23502"),
    1555: (UniqueViolation, "23505"),
    2067: (UniqueViolation, "23505"),
    2579: (UniqueViolation, "23505"),
}

_SQLITE_PRIMARY: dict[int, type[DatabaseError]] = {
    1: ProgrammingError,  # SQLITE_ERROR: syntax, unknown table or column
    2: InternalError,
    3: OperationalError,
    4: OperationalError,
    5: OperationalError,  # SQLITE_BUSY
    6: OperationalError,  # SQLITE_LOCKED
    7: OperationalError,
    8: OperationalError,  # SQLITE_READONLY
    9: QueryCancelled,  # SQLITE_INTERRUPT
    10: OperationalError,
    11: DatabaseError,  # SQLITE_CORRUPT
    13: OperationalError,
    14: OperationalError,  # SQLITE_CANTOPEN
    18: DataError,  # SQLITE_TOOBIG
    19: IntegrityError,
    20: DataError,  # SQLITE_MISMATCH
    21: InterfaceError,  # SQLITE_MISUSE
    25: ProgrammingError,  # SQLITE_RANGE
    26: DatabaseError,  # SQLITE_NOTADB
}


# What is wrong with a value, of which SQLite's code says no more than of a wrong statement.
_SQLITE_VALUES = {"integer overflow": "22003", "malformed JSON": "22P02"}


def from_sqlite(code: int, message: str, query: str | None = None) -> DatabaseError:
    """The error for an extended SQLite result code (https://sqlite.org/rescode.html)."""
    known = _SQLITE_EXTENDED.get(code)
    if known is None and code == 1 and message in _SQLITE_VALUES:
        known = DataError, _SQLITE_VALUES[message]
    if known is not None:
        error = known[0](message)
        error.sqlstate = known[1]
    else:
        error = _SQLITE_PRIMARY.get(code & 0xFF, DatabaseError)(message)
    _, separator, subject = message.partition("constraint failed: ")
    if separator and known is not None:
        # "UNIQUE constraint failed: users.email" names table and column, "CHECK constraint failed: positive" the constraint.
        table, dot, column = subject.partition(", ")[0].partition(".")
        if dot:
            error.table, error.column = table, column
        else:
            error.constraint = subject
    error.hint = of_sqlite(message, query or "")
    error.query = query
    return error
