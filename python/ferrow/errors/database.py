"""What databases, connections and pools have to say, by the names people catch."""

from __future__ import annotations

from ferrow.errors.pep249 import IntegrityError, InterfaceError, OperationalError


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
