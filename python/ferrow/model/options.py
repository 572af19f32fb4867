"""What stands on the right of a column's or relation's declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError
from ferrow.model.foreign_key import ForeignKey

if TYPE_CHECKING:
    from ferrow.model.generated import Computed, Identity
    from ferrow.types import SQLType


class JSON:
    """Marks a column that stores a JSON document: JSONB on PostgreSQL, text on SQLite. `mapped_column(JSON)`."""


class ColumnOptions:
    """The options that were given, by name; what was not given can still come from the annotation."""

    __slots__ = ("given",)

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    def __repr__(self) -> str:
        return f"mapped_column({', '.join(f'{name}={value!r}' for name, value in self.given.items())})"


class RelationOptions:
    """What `relationship(...)` was given."""

    __slots__ = ("back_populates", "foreign_keys", "lazy", "secondary", "uselist")

    def __init__(
        self,
        back_populates: str | None,
        foreign_keys: tuple[str, ...] | None,
        lazy: str,
        uselist: bool | None,
        secondary: str | None,
    ) -> None:
        self.back_populates = back_populates
        self.foreign_keys = foreign_keys
        self.lazy = lazy
        self.uselist = uselist
        self.secondary = secondary


def mapped_column(
    *args: SQLType | type[Any] | ForeignKey | Identity | Computed,
    name: str | None = None,
    type_: SQLType | type[Any] | None = None,
    primary_key: bool = False,
    nullable: bool | None = None,
    unique: bool = False,
    index: bool = False,
    default: Any | Callable[[], Any] = None,
    server_default: str | Mapping[str, str] | None = None,
    autoincrement: bool | None = None,
    max_length: int | None = None,
    precision: int | None = None,
    scale: int | None = None,
    timezone: bool | None = None,
    foreign_key: ForeignKey | str | None = None,
    check: str | Mapping[str, str] | None = None,
    comment: str | None = None,
    collation: str | Mapping[str, str] | None = None,
    native_enum: bool | None = None,
    enum_name: str | None = None,
) -> Any:
    """Describe a column: `id: Mapped[int] = mapped_column(primary_key=True)`.

    Args:
        *args: a `ForeignKey`, `Identity`, `Computed`, `JSON`, or an SQL type, in any order.
        name: the column's name in the database; default: the attribute's name.
        type_: the SQL type (`Numeric(10, 2)`, `Integer`) or a Python type; default: inferred from the annotation.
        primary_key: part of the primary key (several make a composite one); never NULL.
        nullable: whether NULL is allowed; default: whether the annotation allows None.
        unique: no two rows have the same value.
        index: create an index named `ix_<table>_<column>`.
        default: a value, or a callable called without arguments for each new instance; lists, dicts and sets are copied.
            None means no default.
        server_default: SQL text, used as it is, that the server evaluates for rows inserted without a value; a mapping
            gives one per dialect ({"postgresql": "now()", "sqlite": "..."}).
        autoincrement: the server numbers the rows. Default: for a single integer primary key that is not a foreign key.
        max_length: characters of a text column: VARCHAR(max_length).
        precision, scale: digits, and digits after the point, of a numeric column.
        timezone: True stores an aware datetime (TIMESTAMPTZ), False a naive one; default False.
        foreign_key: a `ForeignKey`, or its "table.column".
        check: SQL text, used as it is, of a condition every row fulfils; a mapping gives one per dialect.
        comment: what PostgreSQL's catalogue says about the column; SQLite keeps no comments.
        collation: how texts are compared and sorted, by its name in the database; a mapping gives one per dialect, and those it
            does not name keep theirs ({"postgresql": "de-DE-x-icu"}).
        native_enum: False stores an enumeration of texts as text with a CHECK, also on PostgreSQL; default: as an enumerated type.
        enum_name: that type's name; default: the name of the class, in lower case.

    Raises ModelError for arguments that contradict each other or cannot be understood.
    """
    given: dict[str, Any] = {}
    for arg in args:
        _positional(given, arg)
    if type_ is not None:
        _positional(given, type_)
    if foreign_key is not None:
        _once(given, "foreign_key", foreign_key if isinstance(foreign_key, ForeignKey) else ForeignKey(foreign_key))
    if server_default is not None and not isinstance(server_default, (str, Mapping)):
        raise ModelError(
            f"server_default={server_default!r} is not SQL text. Write server_default={str(server_default)!r}."
        )
    # Only what differs from the default is kept: the rest may come from `Annotated[int, mapped_column(...)]`.
    for option, value, default_value in (
        ("name", name, None),
        ("primary_key", primary_key, False),
        ("nullable", nullable, None),
        ("unique", unique, False),
        ("index", index, False),
        ("default", default, None),
        ("server_default", server_default, None),
        ("autoincrement", autoincrement, None),
        ("max_length", max_length, None),
        ("precision", precision, None),
        ("scale", scale, None),
        ("timezone", timezone, None),
        ("check", check, None),
        ("comment", comment, None),
        ("collation", collation, None),
        ("native_enum", native_enum, None),
        ("enum_name", enum_name, None),
    ):
        if value is not default_value:
            given[option] = value
    return ColumnOptions(given)


def _positional(given: dict[str, Any], arg: object) -> None:
    option = getattr(type(arg), "option", None)
    if option is not None:
        _once(given, option, arg)
    elif arg is JSON or isinstance(arg, JSON):
        _once(given, "type", JSON)
    elif isinstance(arg, str):
        raise ModelError(
            f"mapped_column({arg!r}): text is not understood here. For the column's name write name={arg!r}, "
            f"for a foreign key ForeignKey({arg!r})."
        )
    elif arg is not None:
        _once(given, "type", arg)


def _once(given: dict[str, Any], option: str, value: object) -> None:
    if option in given:
        raise ModelError(
            f"mapped_column(...) was given two {option.replace('_', ' ')}s: {given[option]!r} and {value!r}."
        )
    given[option] = value


def relationship(
    *,
    back_populates: str | None = None,
    foreign_keys: Sequence[str] | str | None = None,
    lazy: str = "select",
    uselist: bool | None = None,
    secondary: str | None = None,
) -> Any:
    """Describe a relation: `posts: Mapped[list["Post"]] = relationship(back_populates="author")`.

    Args:
        back_populates: the attribute of the other side.
        foreign_keys: names of the foreign key columns to use when there are several between the two tables.
        lazy: what touching the unloaded relation does; stored for the faces.
        uselist: whether it holds a list; default: whether the annotation says so.
        secondary: name of the junction table of a many-to-many relation.
    """
    keys = (foreign_keys,) if isinstance(foreign_keys, str) else foreign_keys
    return RelationOptions(back_populates, None if keys is None else tuple(keys), lazy, uselist, secondary)
