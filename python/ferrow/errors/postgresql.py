"""Errors that PostgreSQL reports, by SQLSTATE; those of other databases get theirs, too."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ferrow.errors.database import (
    CheckViolation,
    ConnectionLost,
    DeadlockDetected,
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
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from ferrow.hints import of_postgresql

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
    "09": ProgrammingError,
    "0A": NotSupportedError,
    "0B": ProgrammingError,
    "0F": ProgrammingError,
    "0L": ProgrammingError,
    "0P": ProgrammingError,
    "0Z": ProgrammingError,
    "10": DataError,
    "20": ProgrammingError,
    "21": ProgrammingError,
    "22": DataError,
    "23": IntegrityError,
    "24": ProgrammingError,
    "25": ProgrammingError,
    "26": ProgrammingError,
    "27": ProgrammingError,
    "28": OperationalError,
    "2B": ProgrammingError,
    "2D": ProgrammingError,
    "2F": ProgrammingError,
    "34": ProgrammingError,
    "38": ProgrammingError,
    "39": ProgrammingError,
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
    "72": OperationalError,
    "F0": InternalError,
    "HV": OperationalError,
    "P0": ProgrammingError,
    "XX": InternalError,
}

# In any language of the server: only the input of a parameter has a portal and a number in its context.
_PARAMETER = re.compile(r"^\S+ \S+ \S+ \$(\d+)(?: = '\.\.\.')?$")

_FIELDS = {
    "severity": "severity",
    "code": "sqlstate",
    "detail": "detail",
    "hint": "hint",
    "schema": "schema",
    "table": "table",
    "column": "column",
    "constraint": "constraint",
    "data_type": "data_type",
    "where": "where",
    "internal_query": "internal_query",
}
_POSITIONS = ("position", "internal_position")


def from_server(fields: Mapping[str, str], query: str | None = None) -> DatabaseError:
    """The error for an ErrorResponse of PostgreSQL, whose fields have the names of the protocol manual in snake case."""
    code = fields.get("code", "")
    kind = _BY_SQLSTATE.get(code) or _BY_CLASS.get(code[:2], DatabaseError)
    error = kind(fields.get("message", "the server reported an error without a message"))
    for field, attribute in _FIELDS.items():
        if field in fields:
            setattr(error, attribute, fields[field])
    for name in _POSITIONS:
        if (position := fields.get(name, "")).isdecimal():
            setattr(error, name, int(position))
    error.query = query
    if isinstance(error, DataError) and (place := _PARAMETER.search(error.where or "")) is not None:
        error.parameter, error.reason = int(place[1]), str(error.args[0])
    if error.hint is None:
        error.hint = of_postgresql(code, error.position, query or "", fields.get("message", ""))
    return error
