"""JSON columns whose documents have a class: `User.settings.path(lambda s: s.theme)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.model.encoded import EncodedRef

if TYPE_CHECKING:
    from ferrow.model.document_guide import DocumentGuide
    from ferrow.sql import TableRef
    from ferrow.types import SQLType


class DocumentRef(EncodedRef):
    """A column that knows what its documents are made of."""

    __slots__ = ("_find", "_guide")

    _find: Callable[[], DocumentGuide | None]
    _guide: DocumentGuide | None

    def __init__(
        self,
        table: TableRef,
        name: str,
        type: SQLType,
        encode: Callable[[Any], Any],
        find: Callable[[], DocumentGuide | None],
        *,
        key: str,
        nullable: bool,
    ) -> None:
        """Refer to a column; `find` is called when a path is first asked for."""
        object.__setattr__(self, "_find", find)
        super().__init__(table, name, type, encode, key=key, nullable=nullable)

    def of(self, table: TableRef) -> DocumentRef:
        """Return the same column of another reference to the table."""
        return DocumentRef(table, self.name, self.type, self._encode, self._find, key=self.key, nullable=self.nullable)

    @property
    def guide(self) -> DocumentGuide | None:
        """What is known of the documents."""
        try:
            return self._guide
        except AttributeError:
            found = self._find()
            object.__setattr__(self, "_guide", found)
            return found
