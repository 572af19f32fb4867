"""What the three styles have in common: options and annotations become columns, columns become a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.annotation import Annotation
from ferrow.model.column import Column
from ferrow.model.constraint import CheckConstraint, ForeignKey, Index, UniqueConstraint
from ferrow.model.naming import schema_name, table_name
from ferrow.model.options import JSON, ColumnOptions, RelationOptions
from ferrow.model.relation import Relation
from ferrow.model.table import Table
from ferrow.model.travel import Travel, travel
from ferrow.types import SQLType

_DIRECT = (
    "name", "primary_key", "unique", "index", "unique_index", "index_name", "default", "server_default", "autoincrement", "foreign_key",
    "check",
)  # fmt: skip


def from_metadata(metadata: Iterable[Any]) -> tuple[dict[str, Any], RelationOptions | None]:
    """Options out of `Annotated[int, mapped_column(...), ForeignKey(...)]`; what belongs to other libraries is passed over."""
    given: dict[str, Any] = {}
    relation: RelationOptions | None = None
    for item in metadata:
        if isinstance(item, ColumnOptions):
            given.update(item.given)
        elif isinstance(item, RelationOptions):
            relation = item
        elif isinstance(item, ForeignKey):
            given["foreign_key"] = item
        elif (
            item is JSON or isinstance(item, (JSON, SQLType)) or (isinstance(item, type) and issubclass(item, SQLType))
        ):
            given["type"] = item if item is not JSON and not isinstance(item, JSON) else JSON
    return given, relation


def column_of(
    annotation: Annotation,
    given: Mapping[str, Any],
    *,
    nullable: bool | None = None,
    find: Callable[[], Travel] | None = None,
) -> Column:
    """Make the column. Its type is found on first use, so that a name that is not known (yet) hurts only who needs it."""
    allowed = given.get("nullable")
    if allowed is None:
        allowed = annotation.resolve().nullable if nullable is None else nullable
    elif allowed and given.get("primary_key"):
        raise ModelError(f"{annotation.where}: a primary key cannot be nullable. Leave out nullable=True.")
    return Column(
        annotation.key,
        find or (lambda: travel(annotation, given)),
        nullable=allowed,
        **{option: given[option] for option in _DIRECT if option in given},
    )


def table_for(cls: type, columns: Sequence[Column], relations: Sequence[Relation]) -> Table:
    """Make the table, with what the class declares as `__table_args__` and `__indexes__`."""
    indexes: list[Index] = []
    uniques: list[UniqueConstraint] = []
    checks: list[CheckConstraint] = []
    for argument in getattr(cls, "__table_args__", ()):
        if isinstance(argument, Index):
            indexes.append(argument)
        elif isinstance(argument, UniqueConstraint):
            uniques.append(argument)
        elif isinstance(argument, CheckConstraint):
            checks.append(argument)
        else:
            raise ModelError(
                f"{cls.__qualname__}.__table_args__ holds {argument!r}; it is a tuple of Index, UniqueConstraint and CheckConstraint."
            )
    indexes.extend(_index(cls, entry) for entry in getattr(cls, "__indexes__", ()))
    if not columns:
        raise ModelError(
            f"{cls.__qualname__} has no columns. Declare one, for example id: Mapped[int] = mapped_column(primary_key=True)."
        )
    return Table(
        table_name(cls),
        columns,
        schema=schema_name(cls),
        label=cls.__qualname__.rpartition(".<locals>.")[2],
        indexes=indexes,
        uniques=uniques,
        checks=checks,
        relations=relations,
    )


def _index(cls: type, entry: Any) -> Index:
    """An entry of `__indexes__`: a column, several columns, a mapping with columns/unique/name, or an Index."""
    if isinstance(entry, Index):
        return entry
    if isinstance(entry, str):
        return Index(entry)
    if isinstance(entry, Mapping):
        columns = entry.get("columns", ())
        names = (columns,) if isinstance(columns, str) else tuple(columns)
        return Index(*names, unique=bool(entry.get("unique")), name=entry.get("name"))
    if isinstance(entry, Sequence):
        return Index(*entry)
    raise ModelError(
        f"{cls.__qualname__}.__indexes__ holds {entry!r}; write a column name, a tuple of names, or an Index."
    )


def with_conventional_key(cls: type, fields: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Where no field says so, find the primary key by convention: the one `__primary_key__` names, else a field called `id`."""
    explicit = getattr(cls, "__primary_key__", None)
    if explicit is None and any(given.get("primary_key") for _, given in fields):
        return
    wanted = ("id",) if explicit is None else (explicit,) if isinstance(explicit, str) else tuple(explicit)
    by_key = dict(fields)
    for key in wanted:
        if key in by_key:
            by_key[key]["primary_key"] = True
        elif explicit is not None:
            raise ModelError(
                f"{cls.__qualname__}.__primary_key__ = {explicit!r}: there is no field {key!r}. Fields: {', '.join(by_key)}."
            )
