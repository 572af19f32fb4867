"""Classes become tables: `Table`, `Column` and the adapters for typed classes, dataclasses and Pydantic models.

Nothing above this room knows which of the three styles a class is written in: it asks `table_of`, `shape_of` and `writer`.
Names are imported on first use, so that declaring a model does not load what only writing or reading needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.model.aliased import aliased as aliased
    from ferrow.model.base import Base as Base
    from ferrow.model.binding import shape_of as shape_of
    from ferrow.model.binding import table_of as table_of
    from ferrow.model.binding import writer as writer
    from ferrow.model.column import Column as Column
    from ferrow.model.constraint import CheckConstraint as CheckConstraint
    from ferrow.model.constraint import UniqueConstraint as UniqueConstraint
    from ferrow.model.export import from_dict as from_dict
    from ferrow.model.export import to_dict as to_dict
    from ferrow.model.foreign_key import ForeignKey as ForeignKey
    from ferrow.model.generated import Computed as Computed
    from ferrow.model.generated import Identity as Identity
    from ferrow.model.index import Index as Index
    from ferrow.model.mapped import Mapped as Mapped
    from ferrow.model.mixins import SoftDeleteMixin as SoftDeleteMixin
    from ferrow.model.mixins import TimestampMixin as TimestampMixin
    from ferrow.model.mixins import VersionMixin as VersionMixin
    from ferrow.model.options import JSON as JSON
    from ferrow.model.options import mapped_column as mapped_column
    from ferrow.model.options import relationship as relationship
    from ferrow.model.reference import ForeignKeyConstraint as ForeignKeyConstraint
    from ferrow.model.relation import Relation as Relation
    from ferrow.model.table import Table as Table
    from ferrow.model.writing import Insertion as Insertion
    from ferrow.model.writing import Writer as Writer

_HOME = {
    "aliased": "aliased",
    "Base": "base",
    "shape_of": "binding",
    "table_of": "binding",
    "writer": "binding",
    "Column": "column",
    "CheckConstraint": "constraint",
    "UniqueConstraint": "constraint",
    "from_dict": "export",
    "to_dict": "export",
    "ForeignKey": "foreign_key",
    "Computed": "generated",
    "Identity": "generated",
    "Index": "index",
    "Mapped": "mapped",
    "SoftDeleteMixin": "mixins",
    "TimestampMixin": "mixins",
    "VersionMixin": "mixins",
    "JSON": "options",
    "mapped_column": "options",
    "relationship": "options",
    "ForeignKeyConstraint": "reference",
    "Relation": "relation",
    "Table": "table",
    "Insertion": "writing",
    "Writer": "writing",
}

__all__ = [
    "Base", "Mapped", "mapped_column", "relationship", "ForeignKey", "JSON", "Index", "UniqueConstraint", "CheckConstraint",
    "ForeignKeyConstraint", "Identity", "Computed", "SoftDeleteMixin", "TimestampMixin", "VersionMixin", "to_dict", "from_dict",
    "aliased", "Table", "Column", "Relation", "table_of", "shape_of", "writer", "Writer", "Insertion",
]  # fmt: skip

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
