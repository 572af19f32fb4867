"""What is wrong with a model, a query or a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ferrow.errors.pep249 import DataError, OperationalError, ProgrammingError


class InvalidCursor(DataError):
    """A cursor of keyset pagination that belongs to another query, was changed, or is none."""


class NoResultFound(ProgrammingError, LookupError):
    """One row was asked for and there is none."""


class NoValues(ProgrammingError, ValueError):
    """An INSERT or UPDATE that was given nothing to write."""


class StaleRow(OperationalError):
    """A row with a version was changed or deleted by somebody else since it was read: read it again, and decide anew.

    `model` is the class, `key` the primary key (a tuple if it has several columns), `version` the one that was read.
    """

    model: type | None = None
    key: object = None
    version: int | None = None


class MultipleResultsFound(ProgrammingError):
    """One row was asked for and there are several."""


class ModelError(ProgrammingError):
    """A model class is declared in a way that cannot become a table."""


class SchemaConflict(ModelError, ValueError):
    """A table of the database is not what its model says, and nothing that could be added would make it so.

    `differences` are all that was found, those that are in the way and others (see `ferrow.schema.compare`).
    """

    def __init__(self, message: str, differences: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.differences: tuple[Any, ...] = tuple(differences)


class NoSoftDelete(ModelError, TypeError):
    """Something about soft deletion was asked of a model that has none."""


class UnknownColumn(ProgrammingError):
    """A column name that the model does not have; nothing was sent."""


class NPlusOne(ProgrammingError):
    """One line of the program has sent the same statement again and again, inside `ferrow.testing.no_n_plus_one()`."""


class NPlusOneWarning(UserWarning):
    """The same, on an engine with `detect_n_plus_one=True`."""


class NotLoaded(ProgrammingError, AttributeError):
    """A relation that was not loaded was touched."""
