"""What a text must not say inside a transaction that a block began, and will end."""

from __future__ import annotations

from ferrow.driver.given_sql import check_sql
from ferrow.errors import ProgrammingError

_ENDS = ("COMMIT", "ROLLBACK")


def leave_to_block(sql: str) -> None:
    """Refuse what the wire takes for the end that the block itself asks for; it refuses all other words for that.

    Raises ProgrammingError.
    """
    check_sql(sql)
    if len(sql) < 100 and (command := sql.strip(" \t\r\n\f\v;").upper()) in _ENDS:
        error = ProgrammingError(
            f"{command} was not run: it would end the transaction of a transaction() block, or of begin(), behind their back, and what follows "
            f"would commit by itself: leave the block (an exception rolls it back), or call {command.lower()}() of the transaction"
        )
        error.query = sql
        raise error
