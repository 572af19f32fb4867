"""What goes wrong in the functions: errors of Ferrow, and of the kinds that PicoPG's document names."""

from __future__ import annotations

from ferrow.errors import InterfaceError, ModelError, NoResultFound, ProgrammingError, UnknownColumn


class NotInitialized(InterfaceError, RuntimeError):
    """A function was called before `ConnectionManager.initialize`, or after `close`."""


class AlreadyInitialized(InterfaceError, RuntimeError):
    """`ConnectionManager.initialize` was called a second time, for another database or with other options."""


class InsertFailed(ProgrammingError, RuntimeError):
    """The database took the row and gave none back (a trigger or a rule did that)."""


class UpdateFailed(NoResultFound, RuntimeError):
    """There is no such row to update."""


class UnknownField(UnknownColumn, AttributeError):
    """A filter, an order or a list of fields names a field that the model does not have."""


class FilterConflict(ProgrammingError, ValueError):
    """Both `where` and keywords were given."""


class WrongModel(ProgrammingError, TypeError):
    """`where` is an instance of another model, or nothing that could say which rows are meant."""


class NoPrimaryKey(ModelError, TypeError):
    """A model has no primary key."""
