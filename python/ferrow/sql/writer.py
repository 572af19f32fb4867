"""Writes shapes as SQL text in one dialect. No values are in sight here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from ferrow.errors import NotSupportedError
from ferrow.sql.shape import Level, type_of
from ferrow.types import SQLType

if TYPE_CHECKING:
    from ferrow.sql.dialect.base import Dialect


class Writer:
    """One statement being written.

    Attributes:
        dialect: who answers how things are said.
        qualify: whether columns carry their table's name.
        defined: the common table expressions in sight, by name.
    """

    __slots__ = ("defined", "dialect", "qualify")

    def __init__(self, dialect: Dialect, *, qualify: bool) -> None:
        self.dialect: Dialect = dialect
        self.qualify: bool = qualify
        self.defined: dict[str, Any] = {}

    def write(self, shape: Any) -> str:
        """Return the text of a shape whose holes are numbered."""
        return cast(str, shape[0].write(self, *shape[1:]) if type(shape) is tuple else shape.write(self))

    def inner(self, shape: Any, level: Level) -> str:
        """Return the text, in parentheses if it binds less tightly than `level`."""
        text = self.write(shape)
        return f"({text})" if type(shape) is tuple and shape[0].level < level else text

    def name(self, identifier: str) -> str:
        """Return an identifier, quoted where the dialect needs it."""
        return self.dialect.quote(identifier)

    def named(self, identifier: str, schema: str | None) -> str:
        """Return the identifier of a function behind its schema, if it has one."""
        if schema is not None and not self.dialect.function_schemas:
            msg = f"{self.dialect.name} has no schemas of functions: call({identifier!r}) without schema={schema!r}"
            raise NotSupportedError(msg)
        return self.dialect.function(identifier) if schema is None else f"{self.name(schema)}.{self.name(identifier)}"

    def type_of(self, shape: Any) -> SQLType:
        """Return the type an expression yields."""
        return type_of(shape)

    def comparable(self, shape: Any, common: SQLType | None = None, level: Level = Level.CONCAT) -> str:
        """Return an expression ready to be compared or sorted as a `common` type (its own, when not given).

        Where a database does not compare a type the way its values mean, the dialect adds what makes it so.
        """
        own = self.type_of(shape)
        said = self.dialect.comparable(own, common or own, leaf=type(shape) is not tuple and shape.stored)
        return self.inner(shape, level) if said is None else said.format(self.inner(shape, Level.ATOM))

    def sortable(self, shape: Any, common: SQLType | None = None, level: Level = Level.CONCAT) -> str:
        """Return an expression ready for `<`, `>` and ORDER BY, as `comparable` does for `=`."""
        own = self.type_of(shape)
        said = self.dialect.sortable(own, common or own, leaf=type(shape) is not tuple and shape.stored)
        return self.inner(shape, level) if said is None else said.format(self.inner(shape, Level.ATOM))

    def clauses(self, known: Mapping[str, Callable[[Writer, Any], str]], order: Sequence[str], shape: Any) -> str:
        """Return the clauses of a statement in `order`, those that are empty left out."""
        before = self.defined
        text = " ".join([text for name in order if (text := known[name](self, shape))])
        self.defined = before
        return text
