"""How a database works with lists: array columns and parameters on PostgreSQL, JSON texts on SQLite."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from ferrow.types import SQLType


class Lists(ABC):
    """The answers of one dialect about lists."""

    crowded: ClassVar[bool] = False
    """Whether its subqueries bring columns of their own, so that others must carry their table's name."""

    @abstractmethod
    def compare(self, operation: str, left: str, right: str, item: SQLType) -> str:
        """Return whether the left list has all elements of the right one (`contains`) or one of them (`overlaps`).

        NULL elements match nothing, not even each other; how often an element occurs does not matter.
        """

    @abstractmethod
    def length(self, operand: str) -> str:
        """Return the number of elements."""

    @abstractmethod
    def element(self, operand: str, index: str, item: SQLType, *, backwards: bool) -> str:
        """Return the element at a 0-based index, or at one counted from the end: -1 is the last."""

    @abstractmethod
    def quantified(
        self, operand: str, operator: str, items: str, item: SQLType, comparable: str, *, every: bool
    ) -> str:
        """Return whether `operand operator x` holds for any element x, or for every one.

        `comparable` is a template that makes an element compare as its type does.
        """

    @abstractmethod
    def quantified_query(self, operand: str, operator: str, query: str, *, every: bool) -> str:
        """Return the same about the rows of a query of one column."""
