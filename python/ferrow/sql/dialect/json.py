"""The questions about JSON that a dialect answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from ferrow.types import SQLType


class JsonAnswers(ABC):
    """How a database looks into documents. Operands are texts of SQL; `document` has been asked about each of them."""

    null: ClassVar[str]
    """JSON's null as a document."""

    @abstractmethod
    def document(self, operand: str, type: SQLType) -> str:
        """Return an expression of a JSON type in the form the other answers work on."""

    @abstractmethod
    def path(self, base: str, type: SQLType, steps: Sequence[tuple[str, str]]) -> str:
        """Return the value at the end of a path, NULL where there is none and for JSON's null.

        Each step is `"key"` (of an object), `"index"` (of an array) or `"either"` (digits), and the placeholder of its value.
        """

    @abstractmethod
    def value(self, what: str, document: str) -> str:
        """Return a document as a value of SQL, NULL where it is of another type.

        `what` is text, collated (a text to be compared), int, float, number, decimal (also a text that is a number), bool,
        length (of an array or object) or type (its name).
        """

    @abstractmethod
    def order(self, document: str) -> str:
        """Return what sorts: texts, then numbers, false, true, arrays, objects. NULL for NULL."""

    @abstractmethod
    def contains(self, outer: str, inner: str) -> str:
        """Return whether `outer` contains `inner`, as PostgreSQL's `@>` has it."""

    @abstractmethod
    def has(self, document: str, key: str) -> str:
        """Return whether the document is an object that has the key."""

    @abstractmethod
    def number(self, operand: str) -> str:
        """Return a decimal as a document."""
