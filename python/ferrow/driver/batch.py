"""What `execute_batch` takes, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ferrow.errors import InterfaceError


def statements(queries: object) -> tuple[str, ...]:
    """The statements of a batch. Raises InterfaceError for what is no list of str; the number of an item counts from 1."""
    if isinstance(queries, str):
        raise InterfaceError(
            "a batch is a list of statements, not one str: write [sql], or call script(sql) for a script"
        )
    if isinstance(queries, (bytes, bytearray, memoryview, Mapping)) or not isinstance(queries, Iterable):
        raise InterfaceError(f"a batch is a list of statements, not {type(queries).__name__}")
    found = tuple(queries)
    for number, sql in enumerate(found, 1):
        if not isinstance(sql, str):
            hint = "; for one statement with many rows of parameters there is run_many()" if number == 1 else ""
            raise InterfaceError(f"statement {number} of the batch is {type(sql).__name__}, not str{hint}")
    return found
