"""What stands on the right of a column's or relation's declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError, nearest
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
        self.given: dict[str, Any] = given

    def __repr__(self) -> str:
        return f"mapped_column({', '.join(f'{name}={value!r}' for name, value in self.given.items())})"


class RelationOptions:
    """What `relationship(...)` was given."""

    __slots__ = ("back_populates", "cascade", "foreign_keys", "lazy", "order_by", "remote_side", "secondary", "uselist")

    def __init__(
        self,
        back_populates: str | None,
        foreign_keys: tuple[str, ...] | None,
        lazy: str,
        uselist: bool | None,
        secondary: str | type | None,
        remote_side: tuple[str, ...] | None = None,
        order_by: tuple[str, ...] = (),
        cascade: frozenset[str] = frozenset({"save"}),
    ) -> None:
        self.back_populates: str | None = back_populates
        self.cascade: frozenset[str] = cascade
        self.foreign_keys: tuple[str, ...] | None = foreign_keys
        self.lazy: str = lazy
        self.uselist: bool | None = uselist
        self.secondary: str | type | None = secondary
        self.remote_side: tuple[str, ...] | None = remote_side
        self.order_by: tuple[str, ...] = order_by

    def __repr__(self) -> str:
        given = [
            f"{name}={value!r}" for name in self.__slots__ if (value := getattr(self, name)) not in (None, (), "select")
        ]
        return f"relationship({', '.join(given)})"


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
    soft_delete: bool = False,
    on_update: Any | Callable[[], Any] = None,
    version: bool = False,
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
        soft_delete: the column says when a row was deleted, NULL for those that were not: queries leave the others out, and what
            deletes sets it. It takes None, and is a datetime or a date.
        on_update: what every UPDATE of this library that does not speak of the column sets it to: a value, an expression
            (`func.now()`), or a callable that gives one of them for each call.
        version: an int that counts how often the row was changed, from 1 on. An instance is then only written or deleted while
            its row has the version that was read; else StaleRow is raised.

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
        ("soft_delete", soft_delete, False),
        ("on_update", on_update, None),
        ("version", version, False),
    ):
        if value is not default_value:
            given[option] = value
    if version and default is None:
        given["default"] = 1
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


LAZY = ("select", "raise", "noload", "selectin", "joined", "subquery")
"""What an attribute that no load option speaks of does: three that are not there, three ways to be loaded anyway."""

CASCADE = ("save", "delete", "orphan")
"""What can be done to related objects with what is done to their owner."""


def relationship(
    *,
    back_populates: str | None = None,
    foreign_keys: Sequence[Any] | str | None = None,
    lazy: str = "select",
    uselist: bool | None = None,
    secondary: str | type | None = None,
    remote_side: Sequence[Any] | str | None = None,
    order_by: Sequence[Any] | str | None = None,
    cascade: str | Sequence[str] = "save",
) -> Any:
    """Describe a relation: `posts: Mapped[list["Post"]] = relationship(back_populates="author")`.

    Args:
        back_populates: the attribute of the other side; where one side says which columns are meant, the other need not.
        foreign_keys: the foreign key columns to use when there are several between the two tables: names ("author_id",
            "Post.author_id") or columns (`Post.author_id`). With `secondary`, columns of the junction, that of this side first.
        lazy: what happens without a load option. "select" and "raise" (default: "select"): touching the relation raises NotLoaded;
            "noload": it is empty; "selectin", "subquery" and "joined": it is loaded by every query.
        uselist: whether it holds a collection; default: whether the annotation says so. False makes a has-many relation one-to-one.
        secondary: the junction of a many-to-many relation: a model, or the name of its table.
        remote_side: columns of the other row, where a model refers to itself both ways: "id" for the row referred to.
        order_by: columns of the target, `-` before a name for the largest first, that a loaded collection is sorted by.
            Default: its primary key.
        cascade: what happens to related objects with their owner, as words ("save, delete"; default: "save"; "" for nothing).
            "save": new ones are inserted with it; "delete": they are deleted with it; "orphan": one that is taken out of the
            collection is deleted.

    Raises:
        ModelError: another `lazy` or `cascade`, or columns that are neither names nor columns. What cannot be told before the other model exists
            is said on first use.
    """
    if lazy not in LAZY:
        raise ModelError(f"relationship(lazy={lazy!r}) is not understood. {nearest(str(lazy), LAZY)}")
    if secondary is not None and not isinstance(secondary, (str, type)):
        raise ModelError(f"relationship(secondary={secondary!r}): give a model, or the name of the junction table.")
    return RelationOptions(
        back_populates,
        _columns("foreign_keys", foreign_keys),
        lazy,
        uselist,
        secondary,
        _columns("remote_side", remote_side),
        _columns("order_by", order_by) or (),
        _cascade(cascade),
    )


def _cascade(given: Any) -> frozenset[str]:
    """The words, from text with commas or a list of them."""
    words = given.replace(",", " ").split() if isinstance(given, str) else given
    if not isinstance(words, (list, tuple, set, frozenset)):
        raise ModelError(f"relationship(cascade={given!r}): give words, as cascade='save, delete'.")
    for word in words:
        if word not in CASCADE:
            raise ModelError(
                f"relationship(cascade={given!r}): {word!r} is not understood. {nearest(str(word), CASCADE)}"
            )
    return frozenset(words)


def _columns(option: str, given: Any) -> tuple[str, ...] | None:
    """Names of columns, from names and columns alike."""
    if given is None:
        return None
    names = []
    for one in given if isinstance(given, (list, tuple)) else (given,):
        key = one if isinstance(one, str) else getattr(one, "key", None)
        if not isinstance(key, str) or not key:
            raise ModelError(f"relationship({option}={given!r}): give names of columns, as {option}='author_id'.")
        names.append(key)
    if not names:
        raise ModelError(f"relationship({option}={given!r}) names no column; leave it out.")
    return tuple(names)
