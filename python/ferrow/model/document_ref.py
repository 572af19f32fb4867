"""JSON columns whose documents have a class: `User.settings.path(lambda s: s.theme)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.model.encoded import EncodedRef

if TYPE_CHECKING:
    from ferrow.model.document_guide import DocumentGuide
    from ferrow.sql import Source
    from ferrow.types import SQLType


class DocumentRef(EncodedRef):
    """A column that knows what its documents are made of."""

    __slots__ = ("_find",)

    _find: Callable[[], DocumentGuide | None]

    def __init__(
        self,
        table: Source,
        name: str,
        type: SQLType,
        encode: Callable[[Any], Any],
        find: Callable[[], DocumentGuide | None],
        *,
        key: str,
        nullable: bool,
        decode: Callable[[Any], Any] | None = None,
    ) -> None:
        """Refer to a column; `find` is called when a path is first asked for, and gives the same guide each time."""
        object.__setattr__(self, "_find", find)
        super().__init__(table, name, type, encode, key=key, nullable=nullable, decode=decode)

    def of(self, table: Source, name: str | None = None) -> DocumentRef:
        """Return the same column of another source, called `name` there if not by its own name."""
        return DocumentRef(
            table,
            name or self.name,
            self.type,
            self._encode,
            self._find,
            key=self.key if name is None else name,
            nullable=self.nullable,
            decode=self.decode,
        )

    @property
    def guide(self) -> DocumentGuide | None:
        """What is known of the documents."""
        return self._find()
