"""The rows of parameters that one statement is run with."""

from __future__ import annotations

from ferrow.errors import ProgrammingError
from ferrow.hints import no_rows


def check_rows(rows: object) -> None:
    """Raises ProgrammingError for what is no rows: a single one, a DataFrame."""
    if (wrong := no_rows(rows, "run_many", "run")) is not None:
        raise ProgrammingError(wrong)
