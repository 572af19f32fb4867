"""One column: what the class says about it, and how its values travel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError

if TYPE_CHECKING:
    from ferrow.model.document_guide import DocumentGuide
    from ferrow.model.foreign_key import ForeignKey
    from ferrow.model.generated import Computed, Identity
    from ferrow.model.table import Table
    from ferrow.model.travel import Travel
    from ferrow.sql import ColumnRef
    from ferrow.types import SQLType


class Column:
    """A column of a `Table`.

    `key` is the attribute on the class, `name` the column in the database. `default` is a value or a callable, None for none;
    `server_default` is SQL text, or a mapping of dialect name to SQL text. `travel` may be a callable that finds type and
    converters on first use: an annotation that cannot be understood matters only to those who need the type. `read_only`: no
    value of the program's is ever stored, as the column is computed or the server always numbers it. `soft_delete`: it says when a
    row was deleted; `on_update`: what every UPDATE sets it to.
    """

    __slots__ = (
        "_autoincrement", "_ref", "_travel", "check", "collation", "comment", "computed", "default", "foreign_key", "identity", "index",
        "index_name", "key", "name", "nullable", "on_update", "primary_key", "read_only", "server_default", "soft_delete", "table", "unique",
        "unique_index", "version",
    )  # fmt: skip

    table: Table  # set by the Table that takes it

    def __init__(
        self,
        key: str,
        travel: Travel | Callable[[], Travel],
        *,
        name: str | None = None,
        nullable: bool = False,
        primary_key: bool = False,
        unique: bool = False,
        index: bool = False,
        unique_index: bool = False,
        index_name: str | None = None,
        default: Any = None,
        server_default: str | Mapping[str, str] | None = None,
        autoincrement: bool | None = None,
        foreign_key: ForeignKey | None = None,
        check: str | Mapping[str, str] | None = None,
        comment: str | None = None,
        collation: str | Mapping[str, str] | None = None,
        identity: Identity | None = None,
        computed: Computed | None = None,
        soft_delete: bool = False,
        on_update: Any = None,
        version: bool = False,
    ) -> None:
        self.key: str = key
        self.name: str = name or key
        self._travel = travel
        self.nullable: bool = nullable and not primary_key
        self.primary_key: bool = primary_key
        self.unique: bool = unique
        self.index: bool = index
        self.unique_index: bool = unique_index
        self.index_name: str | None = index_name
        self.default: Any = default
        self.server_default: str | Mapping[str, str] | None = server_default
        self._autoincrement = True if identity is not None else autoincrement
        self.foreign_key: ForeignKey | None = foreign_key
        self.check: str | Mapping[str, str] | None = check
        self.comment: str | None = comment
        self.collation: str | Mapping[str, str] | None = collation
        self.identity: Identity | None = identity
        self.computed: Computed | None = computed
        self.soft_delete: bool = soft_delete
        self.on_update: Any = on_update
        self.version: bool = version
        self.read_only: bool = computed is not None or (identity is not None and identity.always)
        self._ref: ColumnRef[Any] | None = None

    @property
    def travel(self) -> Travel:
        """Type and converters. Raises ModelError if the annotation cannot be understood."""
        found = self._travel
        if callable(found):
            found = self._travel = found()
            if self.table.schema is not None:
                found.type = found.type.within(self.table.schema)
        return found

    @property
    def type(self) -> SQLType:
        """The SQL type. Raises ModelError if none can be found."""
        return self.travel.type

    @property
    def python(self) -> Any:
        """The Python type of the attribute, without `| None`."""
        return self.travel.python

    @property
    def python_type(self) -> Any:
        """The same as `python`."""
        return self.python

    @property
    def is_json(self) -> bool:
        """Whether it stores JSON documents."""
        return self.type.kind == "json"

    def sql_type(self, dialect: str = "postgresql") -> str:
        """The name of its SQL type in `dialect`: `postgresql`, `sqlite` or `mysql`. Raises NotSupportedError for another one."""
        return self.type.name(dialect)

    @property
    def encode(self) -> Callable[[Any], Any] | None:
        """What turns the attribute's value (never None) into one its SQL type takes, or None if it is one already."""
        return self.travel.encode

    @property
    def decode(self) -> Callable[[Any], Any] | None:
        """What turns a value read from the database (never None) into the attribute's, or None if it is it already."""
        return self.travel.decode

    @property
    def max_length(self) -> int | None:
        """Characters at most, or None."""
        return getattr(self.type, "length", None)

    @property
    def autoincrement(self) -> bool:
        """Whether the server numbers the rows: as declared, else for a single integer primary key without a foreign key."""
        if self._autoincrement and self.type.kind != "int":
            raise ModelError(f"{self!r}: autoincrement is for integer columns, not for {self.type!r}. Leave it out.")
        if self._autoincrement is None:
            self._autoincrement = (
                self.primary_key
                and self.foreign_key is None
                and self.default is None
                and self.server_default is None
                and self.computed is None
                and len(self.table.primary_key) == 1
                and self.type.kind == "int"
            )
        return self._autoincrement

    @property
    def generated(self) -> bool:
        """Whether the server has a value for rows inserted without one."""
        return self.server_default is not None or self.computed is not None or self.autoincrement

    @property
    def ref(self) -> ColumnRef[Any]:
        """The column in SQL expressions."""
        if self._ref is None:
            self._ref = self._make_ref()
        return self._ref

    def _make_ref(self) -> ColumnRef[Any]:
        found, table = self.travel, self.table.ref
        if found.encode is not None:
            if found.type.kind == "json":
                return self._document_ref(found)
            from ferrow.model.encoded import EncodedRef

            return EncodedRef(
                table, self.name, found.type, found.encode, key=self.key, nullable=self.nullable, decode=found.decode
            )
        from ferrow.sql import ColumnRef

        return ColumnRef(table, self.name, found.type, key=self.key, nullable=self.nullable, decode=found.decode)

    def _document_ref(self, found: Travel) -> ColumnRef[Any]:
        from functools import cache

        from ferrow.model.document_ref import DocumentRef

        @cache
        def find() -> DocumentGuide | None:
            from ferrow.model.document_guide import guide

            return guide(f"{self.table.label}.{self.key}", found.python, found.evaluated)

        assert found.encode is not None
        return DocumentRef(
            self.table.ref,
            self.name,
            found.type,
            found.encode,
            find,
            key=self.key,
            nullable=self.nullable,
            decode=found.decode,
        )

    def __repr__(self) -> str:
        return f"<Column {self.table.name}.{self.name}>" if hasattr(self, "table") else f"<Column {self.name}>"
