"""Every error Ferrow raises (PEP 249, section "Exceptions").

`Error` is the root. Errors that a database reported derive from `DatabaseError` and carry what it said: `sqlstate`, `detail`,
`hint`, `constraint`, `table`, `column`, ... (PostgreSQL manual, "Error and Notice Message Fields").
"""

from __future__ import annotations

from ferrow.errors.database import (
    CheckViolation,
    CommitUnknown,
    ConnectionLost,
    DatabaseClosed,
    DeadlockDetected,
    ForeignKeyViolation,
    NotificationsLost,
    NotNullViolation,
    PoolClosed,
    PoolDeadlock,
    PoolTimeout,
    QueryCancelled,
    QueryTimeout,
    SerializationFailure,
    UniqueViolation,
)
from ferrow.errors.miscounted import miscounted
from ferrow.errors.model import (
    InvalidCursor,
    ModelError,
    MultipleResultsFound,
    NoResultFound,
    NoSoftDelete,
    NotLoaded,
    NoValues,
    NPlusOne,
    NPlusOneWarning,
    SchemaConflict,
    StaleRow,
    UnknownColumn,
)
from ferrow.errors.nearest import nearest
from ferrow.errors.pep249 import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,
)
from ferrow.errors.postgresql import from_server
from ferrow.errors.shown import shown
from ferrow.errors.sqlite import from_sqlite

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
    "NPlusOne",
    "NPlusOneWarning",
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
    "miscounted",
    "nearest",
    "shown",
]

for _name in __all__:
    globals()[_name].__module__ = __name__  # tracebacks give the name by which an error is imported
