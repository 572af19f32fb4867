"""What the three styles have in common: options and annotations become columns, columns become a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ferrow.errors import ModelError, nearest
from ferrow.model.annotation import Annotation
from ferrow.model.column import Column
from ferrow.model.constraint import CheckConstraint, UniqueConstraint
from ferrow.model.described import Described
from ferrow.model.index import Index, IndexTypeError, UnknownIndexColumn, index_of
from ferrow.model.naming import Convention, comment_of, naming_of, plural, schema_name, table_name
from ferrow.model.options import JSON, ColumnOptions, RelationOptions
from ferrow.model.reference import ForeignKeyConstraint
from ferrow.model.relation import Relation
from ferrow.model.table import Table
from ferrow.model.travel import Travel, travel
from ferrow.model.visible import visible_of
from ferrow.types import SQLType

_DIRECT = (
    "name", "primary_key", "unique", "index", "unique_index", "index_name", "default", "server_default", "autoincrement", "foreign_key",
    "check", "comment", "collation", "identity", "computed", "soft_delete", "on_update", "version",
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
        elif isinstance(item, Described) and item.option is not None:
            given[item.option] = item
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
    _agree(annotation, given)
    return Column(
        annotation.key,
        find or (lambda: travel(annotation, given)),
        nullable=allowed,
        **{option: given[option] for option in _DIRECT if option in given},
    )


def _agree(annotation: Annotation, given: Mapping[str, Any]) -> None:
    """Raises ModelError if two options both say where the values come from."""
    sources = ("computed", "identity", "default", "server_default")
    said = [option for option in sources if given.get(option) is not None]
    # `None` as a dataclass's default is no default: the field is filled in later.
    if len(said) > 1 and said != ["default", "server_default"]:
        raise ModelError(
            f"{annotation.where} has both {said[0]} and {said[1]}, and its value can only come from one of them. Leave one out."
        )
    if "computed" in said and (given.get("primary_key") or given.get("autoincrement")):
        raise ModelError(f"{annotation.where}: a computed column cannot be a primary key. Leave out one of the two.")


def table_for(
    cls: type, columns: Sequence[Column], relations: Sequence[Relation], convention: Convention = plural
) -> Table:
    """Make the table, with what the class and its bases declare as `__table_args__`, `__indexes__` and `__comment__`."""
    found: dict[type, list[Any]] = {Index: [], UniqueConstraint: [], CheckConstraint: [], ForeignKeyConstraint: []}
    for argument in _arguments(cls):
        if type(argument) not in found:
            raise ModelError(
                f"{cls.__qualname__}.__table_args__ holds {argument!r}; it is a tuple of Index, UniqueConstraint, "
                "CheckConstraint and ForeignKeyConstraint."
            )
        if argument not in found[type(argument)]:
            found[type(argument)].append(argument)
    if not columns:
        raise ModelError(
            f"{cls.__qualname__} has no columns. Declare one, for example id: Mapped[int] = mapped_column(primary_key=True)."
        )
    return Table(
        table_name(cls, convention),
        columns,
        schema=schema_name(cls),
        label=_label(cls),
        indexes=[*found[Index], *_indexes(cls, columns)],
        uniques=found[UniqueConstraint],
        checks=found[CheckConstraint],
        references=found[ForeignKeyConstraint],
        relations=relations,
        comment=comment_of(cls),
        naming=naming_of(cls),
        visible=visible_of(cls, columns),
    )


def _label(cls: type) -> str:
    return cls.__qualname__.rpartition(".<locals>.")[2]


def _indexes(cls: type, columns: Sequence[Column]) -> Iterator[Index]:
    """What `__indexes__` says."""
    where = f"{cls.__qualname__}.__indexes__"
    entries = getattr(cls, "__indexes__", ()) or ()
    if isinstance(entries, (str, Mapping)) or not isinstance(entries, Iterable):
        raise IndexTypeError(
            f"{where} is {entries!r}; it is a list of indexes, for example ['email', ('name', 'age')]."
        )
    known = [column.key for column in columns]
    for entry in entries:
        index = index_of(where, entry)
        unknown = [key for key in (*index.columns, *index.include) if key not in known]
        if unknown:
            raise UnknownIndexColumn(
                f"Index column(s) not found in model: {', '.join(unknown)}. {where} holds {entry!r}, and {_label(cls)} has no column "
                f"{unknown[0]!r}. {nearest(unknown[0], known)}"
            )
        yield index


def _arguments(cls: type) -> Iterator[Any]:
    """What `__table_args__` says, of mixins and bases too: two mixins that have indexes both mean it."""
    for base in reversed(cls.__mro__):
        said = base.__dict__.get("__table_args__", ())
        yield from said if isinstance(said, (tuple, list)) else (said,)


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
