"""How a session is set up. What a user changes in it ends with its connection, which the pool then replaces."""

from __future__ import annotations

from ferrow.wire.mysql.tracked import TRACKED

# Texts are compared by their code points and trailing spaces count, as everywhere else; NO_AUTO_VALUE_ON_ZERO: 0 is a key like
# others; ERROR_FOR_DIVISION_BY_ZERO: what is written is never the NULL of a division by zero; without NO_BACKSLASH_ESCAPES, on which
# the literals rely. SIMULTANEOUS_ASSIGNMENT: SET a = b, b = a swaps.
SQL_MODE = (
    "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ANSI_QUOTES,"
    "ERROR_FOR_DIVISION_BY_ZERO,PIPES_AS_CONCAT,NO_UNSIGNED_SUBTRACTION,SIMULTANEOUS_ASSIGNMENT"
)
COLLATION = "utf8mb4_nopad_bin"

OWN_COLLATION = "utf8mb4_0900_bin"
"""The same on MySQL."""

SETUP = (
    f"SET NAMES utf8mb4 COLLATE {COLLATION}, sql_mode = '{SQL_MODE}', time_zone = '+00:00', autocommit = 1, "
    "div_precision_increment = 16, group_concat_max_len = 1073741824, "
    "@ferrow_there = '', @ferrow_met = 0"  # a variable of no type yet compares as one (see `sql/dialect/mysql_calls.py`)
)
"""One statement, for MariaDB."""

OWN_SETUP = (
    SETUP.replace(COLLATION, OWN_COLLATION).replace(",SIMULTANEOUS_ASSIGNMENT", "").replace(", ", f", {TRACKED}, ", 1)
    + ", explain_json_format_version = 1"
)
"""And for MySQL."""


def setup(version: str) -> str:
    """The one for a server of this version."""
    return SETUP if is_mariadb(version) else OWN_SETUP


def is_mariadb(version: str) -> bool:
    """Whether that is MariaDB's version, or MySQL's."""
    return "mariadb" in version.lower()
