"""The exceptions as attributes of a connection (PEP 249, "Optional DB API Extensions")."""

from __future__ import annotations

from typing import ClassVar

from ferrow import errors


class Errors:
    """What code that is given a connection, and no module, catches: `except conn.IntegrityError`."""

    __slots__ = ()

    Warning: ClassVar[type[errors.Warning]] = errors.Warning
    Error: ClassVar[type[errors.Error]] = errors.Error
    InterfaceError: ClassVar[type[errors.InterfaceError]] = errors.InterfaceError
    DatabaseError: ClassVar[type[errors.DatabaseError]] = errors.DatabaseError
    DataError: ClassVar[type[errors.DataError]] = errors.DataError
    OperationalError: ClassVar[type[errors.OperationalError]] = errors.OperationalError
    IntegrityError: ClassVar[type[errors.IntegrityError]] = errors.IntegrityError
    InternalError: ClassVar[type[errors.InternalError]] = errors.InternalError
    ProgrammingError: ClassVar[type[errors.ProgrammingError]] = errors.ProgrammingError
    NotSupportedError: ClassVar[type[errors.NotSupportedError]] = errors.NotSupportedError
