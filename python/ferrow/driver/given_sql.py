"""What is given as a statement, checked where nothing else would say what is wrong with it."""

from __future__ import annotations

from ferrow.errors import ProgrammingError
from ferrow.hints import no_statement


def check_sql(sql: object) -> None:
    """Raise ProgrammingError for what is no text."""
    if not isinstance(sql, str):
        raise ProgrammingError(no_statement(sql)) from None
