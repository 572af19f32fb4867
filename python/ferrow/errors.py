"""Every error Ferrow raises (PEP 249, section "Exceptions").

`Error` is the root. Errors that a database reported derive from `DatabaseError` and carry what it said: `sqlstate`, `detail`,
`hint`, `constraint`, `table`, `column`, ... (PostgreSQL manual, "Error and Notice Message Fields").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ferrow.hints import of_postgresql, of_sqlite

__all__ = [
    "CheckViolation",
    "CommitUnknown",
    "ConnectionLost",
    "DataError",
    "DatabaseClosed",
    "DatabaseError",
    "DeadlockDetected",
    "Error",
    "ForeignKeyViolation",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "InvalidCursor",
    "ModelError",
    "MultipleResultsFound",
    "NoResultFound",
    "NoSoftDelete",
    "NoValues",
    "NotLoaded",
    "NotNullViolation",
    "NotSupportedError",
    "NotificationsLost",
    "OperationalError",
    "PoolClosed",
    "PoolDeadlock",
    "PoolTimeout",
    "ProgrammingError",
    "QueryCancelled",
    "QueryTimeout",
    "SchemaConflict",
    "SerializationFailure",
    "StaleRow",
    "UniqueViolation",
    "UnknownColumn",
    "Warning",
    "from_server",
    "from_sqlite",
    "nearest",
]


class Warning(Exception):  # PEP 249 gives the name
    """Important warnings, such as truncation (PEP 249). Ferrow raises none itself: what would be truncated is an error."""


class Error(Exception):
    """Root of all errors of this package."""


class DatabaseError(Error):
    """An error that has to do with the database.

    Every field is None when the database did not give it. `position` is 1-based, in characters of `query`.
    When the value of a parameter was refused before anything was sent, `parameter` is its 1-based number, `row` that of the
    row in a batch, and `reason` the message without that place. `statement` is the 1-based number of a statement of
    `execute_batch`, whose text is `query`. `where` is PostgreSQL's CONTEXT: the line of a COPY, the calls of functions.
    """

    sqlstate: str | None = None
    severity: str | None = None
    detail: str | None = None
    hint: str | None = None
    schema: str | None = None
    table: str | None = None
    column: str | None = None
    constraint: str | None = None
    where: str | None = None
    position: int | None = None
    query: str | None = None
    parameter: int | None = None
    row: int | None = None
    statement: int | None = None
    reason: str | None = None

    def __str__(self) -> str:
        text = super().__str__()
        for label, value in (("DETAIL", self.detail), ("HINT", self.hint), ("CONTEXT", self.where)):
            if value:
                text += f"\n{label}: {value}"
        if self.statement is not None:
            text += f"\nIn statement {self.statement} of the batch"
        return text


class InterfaceError(DatabaseError):
    """The interface was used wrongly: a closed connection, a malformed URL. (A DatabaseError, as PostPyro documents.)"""


class DataError(DatabaseError):
    """A value does not fit: out of range, wrong type, not representable without loss."""


class InvalidCursor(DataError):
    """A cursor of keyset pagination that belongs to another query, was changed, or is none."""


class OperationalError(DatabaseError):
    """Something outside the program's control: connection, resources, shutdown."""


class IntegrityError(DatabaseError):
    """A constraint of the database was violated."""


class InternalError(DatabaseError):
    """The database or the protocol is in a state it should never be in."""


class ProgrammingError(DatabaseError):
    """The SQL or the call is wrong: syntax, unknown table, wrong number of parameters."""


class NotSupportedError(DatabaseError):
    """The database or this version cannot do what was asked."""


class UniqueViolation(IntegrityError):
    """SQLSTATE 23505."""


class ForeignKeyViolation(IntegrityError):
    """SQLSTATE 23503."""


class NotNullViolation(IntegrityError):
    """SQLSTATE 23502."""


class CheckViolation(IntegrityError):
    """SQLSTATE 23514."""


class SerializationFailure(OperationalError):
    """SQLSTATE 40001: the transaction may be tried again as a whole."""


class DeadlockDetected(OperationalError):
    """SQLSTATE 40P01: the transaction may be tried again as a whole."""


class QueryCancelled(OperationalError):
    """SQLSTATE 57014, or an interrupted SQLite statement."""


class QueryTimeout(OperationalError):
    """A statement took longer than its `timeout`; it is being cancelled.

    `sent` is False when it never reached the database, because its connection was busy all the time.
    """

    sent: bool = True


class ConnectionLost(OperationalError):
    """The connection ended while it was in use; what was in flight may or may not have happened."""


class NotificationsLost(OperationalError):
    """Notifications were dropped because nobody took them quickly enough: read again what they were about."""


class CommitUnknown(OperationalError):
    """The answer to COMMIT was lost: the transaction may or may not be committed. Look before trying again."""


class PoolTimeout(OperationalError):
    """No connection became free before the acquire deadline."""


class PoolDeadlock(PoolTimeout):
    """All connections are held by callers that wait for another one, so that waiting for the deadline would be in vain."""


class PoolClosed(InterfaceError):
    """The pool or engine was closed."""


class DatabaseClosed(InterfaceError, RuntimeError):
    """A `Database` of `ferrow.repository` was used after its `close`."""


class NoResultFound(ProgrammingError, LookupError):
    """One row was asked for and there is none."""


class NoValues(ProgrammingError, ValueError):
    """An INSERT or UPDATE that was given nothing to write."""


class StaleRow(OperationalError):
    """A row with a version was changed or deleted by somebody else since it was read: read it again, and decide anew.

    `model` is the class, `key` the primary key (a tuple if it has several columns), `version` the one that was read.
    """

    model: type | None = None
    key: object = None
    version: int | None = None


class MultipleResultsFound(ProgrammingError):
    """One row was asked for and there are several."""


class ModelError(ProgrammingError):
    """A model class is declared in a way that cannot become a table."""


class SchemaConflict(ModelError, ValueError):
    """A table of the database is not what its model says, and nothing that could be added would make it so.

    `differences` are all that was found, those that are in the way and others (see `ferrow.schema.compare`).
    """

    def __init__(self, message: str, differences: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.differences = tuple(differences)


class NoSoftDelete(ModelError, TypeError):
    """Something about soft deletion was asked of a model that has none."""


class UnknownColumn(ProgrammingError):
    """A column name that the model does not have; nothing was sent."""


class NPlusOne(ProgrammingError):
    """One line of the program has sent the same statement again and again, inside `ferrow.testing.no_n_plus_one()`."""


class NPlusOneWarning(UserWarning):
    """The same, on an engine with `detect_n_plus_one=True`."""


class NotLoaded(ProgrammingError, AttributeError):
    """A relation that was not loaded was touched."""


_BY_SQLSTATE: dict[str, type[DatabaseError]] = {
    "23502": NotNullViolation,
    "23503": ForeignKeyViolation,
    "23505": UniqueViolation,
    "23514": CheckViolation,
    "40001": SerializationFailure,
    "40P01": DeadlockDetected,
    "57014": QueryCancelled,
    "57P01": ConnectionLost,
    "57P02": ConnectionLost,
    "57P05": ConnectionLost,
}

# SQLSTATE classes: PostgreSQL manual, appendix "PostgreSQL Error Codes".
_BY_CLASS: dict[str, type[DatabaseError]] = {
    "08": OperationalError,
    "0A": NotSupportedError,
    "21": ProgrammingError,
    "22": DataError,
    "23": IntegrityError,
    "25": ProgrammingError,
    "26": ProgrammingError,
    "28": OperationalError,
    "2D": ProgrammingError,
    "2F": ProgrammingError,
    "34": ProgrammingError,
    "3B": ProgrammingError,
    "3D": OperationalError,
    "3F": ProgrammingError,
    "40": OperationalError,
    "42": ProgrammingError,
    "44": IntegrityError,
    "53": OperationalError,
    "54": OperationalError,
    "55": OperationalError,
    "57": OperationalError,
    "58": OperationalError,
    "F0": InternalError,
    "P0": ProgrammingError,
    "XX": InternalError,
}

_FIELDS = {
    "severity": "severity",
    "code": "sqlstate",
    "detail": "detail",
    "hint": "hint",
    "schema": "schema",
    "table": "table",
    "column": "column",
    "constraint": "constraint",
    "where": "where",
}


def from_server(fields: Mapping[str, str], query: str | None = None) -> DatabaseError:
    """The error for an ErrorResponse of PostgreSQL, whose fields have the names of the protocol manual in snake case."""
    code = fields.get("code", "")
    kind = _BY_SQLSTATE.get(code) or _BY_CLASS.get(code[:2], DatabaseError)
    error = kind(fields.get("message", "the server reported an error without a message"))
    for field, attribute in _FIELDS.items():
        if field in fields:
            setattr(error, attribute, fields[field])
    position = fields.get("position", "")
    if position.isdigit():
        error.position = int(position)
    error.query = query
    if error.hint is None:
        error.hint = of_postgresql(code, error.position, query or "")
    return error


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


def from_sqlite(code: int, message: str, query: str | None = None) -> DatabaseError:
    """The error for an extended SQLite result code (https://sqlite.org/rescode.html)."""
    known = _SQLITE_EXTENDED.get(code)
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
    error.hint = of_sqlite(message)
    error.query = query
    return error


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence for an unknown name: the nearest known one if there is one, and what is known."""
    import difflib

    names = [*known]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return f"{hint}Known: {', '.join(names) if names else 'none'}."
