"""What the server reports, as errors of ours."""

from __future__ import annotations

import re
from typing import Any

from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError, OperationalError, from_server
from ferrow.hints import of_lacking, of_missing

# PostgreSQL's SQLSTATE for what means the same: MySQL's own are mostly HY000 and 23000 (manual, "Server Error Message Reference").
_STATES = {
    1020: "40001",
    1022: "23505",
    1040: "53300",
    1044: "42501",
    1045: "28P01",
    1048: "23502",
    1049: "3D000",
    1050: "42P07",
    1051: "42P01",
    1052: "42702",
    1054: "42703",
    1060: "42701",
    1059: "42622",
    1061: "42P07",
    1062: "23505",
    1064: "42601",
    1091: "42704",
    1136: "42601",
    1139: "2201B",
    1142: "42501",
    1146: "42P01",
    1149: "42601",
    1193: "42704",
    1153: "54000",
    1169: "23505",
    1205: "55P03",
    1213: "40P01",
    1216: "23503",
    1217: "23503",
    1241: "42601",
    1242: "21000",
    1253: "42P21",
    1264: "22003",
    1265: "22007",
    1267: "42P21",
    1270: "42P21",
    1271: "42P21",
    1273: "42704",
    1290: "25006",
    1292: "22007",
    1300: "22021",
    1305: "42883",
    1317: "57014",
    1364: "23502",
    1365: "22012",
    1366: "22P02",
    1406: "22001",
    1411: "22007",
    1412: "40001",
    1451: "23503",
    1452: "23503",
    1557: "23505",
    1582: "42883",
    1586: "23505",
    1630: "42883",
    1690: "22003",
    1698: "28000",
    1792: "25006",
    1826: "42710",
    1836: "25006",
    1906: "428C9",
    1969: "57014",
    3024: "57014",
    3105: "428C9",
    3140: "22P02",
    3141: "22P02",
    3143: "42601",
    3572: "55P03",
    3730: "23503",
    3819: "23514",
    3854: "22P05",
    4025: "23514",
}
_OTHER_KEY = "/* another unique key */"  # see `sql/dialect/mysql_calls.py`
_SAVEPOINT = re.compile(r"\s*(?:ROLLBACK|RELEASE)\b", re.IGNORECASE)
_UNSET = (
    ": it was not set in this transaction, or is gone, as a statement that commits (CREATE, ALTER, DROP, TRUNCATE and their kind) has ended the "
    "transaction in which it was"
)
_TOO_LARGE = "the statement with its values is longer than the server's max_allowed_packet: send it in several pieces, or have that raised"
_KINDS = {
    "ProgrammingError": "42000",
    "DataError": "22000",
    "IntegrityError": "23000",
    "NotSupportedError": "0A000",
    "InterfaceError": "58000",
}
_GONE = frozenset({1053, 1077, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 2014, 2055})

_FIELDS = (
    re.compile(r"Duplicate entry '.*' for key '(?:(?P<table>[^'.]+)\.)?(?P<constraint>[^']+)'", re.DOTALL),
    re.compile(r"(?:Column|Field) '(?P<column>[^']+)' (?:cannot be null|doesn't have a default)"),
    re.compile(r"\(`[^`]+`\.`(?P<table>[^`]+)`, CONSTRAINT `(?P<constraint>[^`]+)` FOREIGN KEY \(`(?P<column>[^`]+)`"),
    re.compile(r"CONSTRAINT `(?P<constraint>[^`]+)` failed for `[^`]+`\.`(?P<table>[^`]+)`"),
    re.compile(r"Check constraint '(?P<constraint>[^']+)' is violated"),
    re.compile(
        r"(?:Data too long|Out of range value|Incorrect .* value: .*) for column .*?`?(?P<column>[^`'.]+)[`'] at row"
    ),
)
_MISSING = re.compile(r"Table '(?:[^'.]+\.)?([^']+)' doesn't exist")
_LACKING = re.compile(r"Unknown column '(?:[^']+\.)?([^'.]+)' in ")

SYNTAX = 1064
HUNG_UP = frozenset({1153})
"""After these the server has ended the connection, and says nothing of it otherwise."""
DEADLOCK = frozenset({1020, 1213})
"""After these the server has rolled back the whole transaction, and says nothing of it otherwise."""
DOUBTFUL = frozenset({1205, 1206})
"""After these it may have: behind a wait for a lock if it was told to (innodb_rollback_on_timeout), else the statement alone is undone."""


def number(error: BaseException) -> int:
    """The server's number of an error, 0 if it has none."""
    first = error.args[0] if error.args else 0
    return first if isinstance(first, int) else 0


LOST = "the connection to the server was lost: "


def over(loss: str | None) -> InterfaceError:
    """For what is asked of a connection that is closed, or was lost for this reason."""
    if loss is None:
        return InterfaceError("Connection is closed")
    error = InterfaceError(f"Connection is closed: it was lost ({loss})")
    error.__cause__ = ConnectionLost(LOST + loss)
    return error


def translated(error: BaseException, query: str | None = None) -> DatabaseError:
    """Ours for one of a driver's, or of the socket's."""
    code = number(error)
    message = str(error.args[1]) if len(error.args) > 1 else str(error) or type(error).__name__
    if code in _GONE or isinstance(error, OSError | EOFError):
        return ConnectionLost(LOST + message)
    if _kind(error) == "InterfaceError":
        return InterfaceError("Connection is closed" if not message.strip("(), 0'") else message)
    fields: dict[str, Any] = {"message": message, "code": _STATES.get(code, _class(error))}
    if code == 1242 and query is not None and _OTHER_KEY in query:
        fields = {
            "message": "the row that is in the way has another unique key than the one by which rows are recognised here",
            "code": "23505",
        }
    elif code == 1305 and query is not None and _SAVEPOINT.match(query):
        fields = {"message": message + _UNSET, "code": "3B001"}
    for pattern in _FIELDS:
        if found := pattern.search(message):
            fields |= {name: text for name, text in found.groupdict().items() if text}
            break
    made = from_server(fields, query)
    made.hint = _TOO_LARGE if code == 1153 else None  # those of PostgreSQL are about PostgreSQL
    if (missing := _MISSING.match(message)) is not None:
        made.hint = of_missing(missing[1])
    elif (lacking := _LACKING.match(message)) is not None:
        made.hint = of_lacking(lacking[1], query or "")
    return made


def _class(error: BaseException) -> str:
    return _KINDS.get(_kind(error), "58000")


def _kind(error: BaseException) -> str:
    """What PEP 249 calls it: PyMySQL's and mysqlclient's have the names in common, and either may be all that is installed."""
    return next((cls.__name__ for cls in type(error).__mro__ if cls.__name__ in _KINDS), "")


def unreachable(error: BaseException, place: str) -> OperationalError:
    """A server that cannot be reached, or that does not let us in."""
    code = number(error)
    message = str(error.args[1]) if len(error.args) > 1 else str(error)
    made = OperationalError(f"cannot connect to MariaDB at {place}: {message}")
    made.sqlstate = _STATES.get(code)
    return made
