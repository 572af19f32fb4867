"""Columns whose values the database makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ferrow.errors import ModelError
from ferrow.model.constraint import sql_text
from ferrow.model.described import Described


class Identity(Described):
    """The server numbers the rows: `id: Mapped[int] = mapped_column(Identity(start=1000), primary_key=True)`.

    Args:
        always: a number given by the program is refused, before it is sent.
        start: the first number; default 1.
        increment: the distance between two; default 1. Not 0.

    On SQLite only the primary key can be numbered, in steps of 1: anything else is a NotSupportedError when the table is created.
    Raises ModelError for numbers that are none.
    """

    __slots__ = ("always", "start", "increment")
    option: ClassVar[str | None] = "identity"

    def __init__(self, always: bool = False, *, start: int | None = None, increment: int | None = None) -> None:
        for word, number in (("start", start), ("increment", increment)):
            # They become SQL text.
            if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
                raise ModelError(f"Identity({word}={number!r}): a whole number is needed.")
        if increment == 0:
            raise ModelError("Identity(increment=0) would give every row the same number.")
        self.always: bool = always
        self.start: int | None = start
        self.increment: int | None = increment


class Computed(Described):
    """The server computes the column from others of the row: `total: Mapped[int] = mapped_column(Computed("price * amount"))`.

    It is never sent; inserted and updated instances are given its value. `sql` is SQL text, used as it is; a mapping gives one per
    dialect. `stored=False` computes it when it is read (SQLite, PostgreSQL 18). Raises ModelError for what is not SQL text.
    """

    __slots__ = ("sql", "stored")
    option: ClassVar[str | None] = "computed"

    def __init__(self, sql: str | Mapping[str, str], *, stored: bool = True) -> None:
        self.sql: str | Mapping[str, str] = sql_text("Computed", sql)
        self.stored: bool = stored
