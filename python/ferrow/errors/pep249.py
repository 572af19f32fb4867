"""The classes that PEP 249 names, and what an error of a database carries."""

from __future__ import annotations


class Warning(Exception):  # PEP 249 gives the name
    """Important warnings, such as truncation (PEP 249). Ferrow raises none itself: what would be truncated is an error."""


class Error(Exception):
    """Root of all errors of this package."""


class DatabaseError(Error):
    """An error that has to do with the database.

    Every field is None when the database did not give it. `query` is the statement, where the error is about one, also when
    it was refused before anything was sent. `position` is 1-based, in characters of `query`.
    When the value of a parameter was refused, before anything was sent or by PostgreSQL as no text of its type, `parameter` is its
    1-based number, `row` that of the row in a batch, if that is known, and `reason` the message without that place. An error in a COPY
    into a table has `row` and `column`, also where the server has found it; of data in a text format `row` is the line, headers
    included. `statement` is the 1-based number of a statement of
    `execute_batch`, whose text is `query`. `executed` is True where PostgreSQL has executed the statement and only its result
    could not be read, as with a date that Python has none for: what it changed is kept, outside of a transaction. `where` is
    PostgreSQL's CONTEXT: the line of a COPY, the calls of functions. `internal_query` is a statement that the server made itself,
    such as one of a function, where the error is in that, and `internal_position` is in it. `data_type` is the name of a domain.
    """

    sqlstate: str | None = None
    severity: str | None = None
    detail: str | None = None
    hint: str | None = None
    schema: str | None = None
    table: str | None = None
    column: str | None = None
    constraint: str | None = None
    data_type: str | None = None
    where: str | None = None
    position: int | None = None
    internal_query: str | None = None
    internal_position: int | None = None
    query: str | None = None
    parameter: int | None = None
    row: int | None = None
    statement: int | None = None
    reason: str | None = None
    executed: bool = False

    @property
    def pgcode(self) -> str | None:
        """`sqlstate`, for programs that were written for psycopg2."""
        return self.sqlstate

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
