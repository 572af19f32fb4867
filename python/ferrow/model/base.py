"""`Base`: models as typed classes."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from ferrow.model import introspection
from ferrow.model.declare import declare
from ferrow.model.naming import default_name

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.relation import Relation


# `mapped_column` is deliberately not a field specifier: with any right-hand side a column is optional in the constructor for
# type checkers, without one it is required. Types of arguments are those that `Mapped.__set__` takes.
@dataclass_transform(kw_only_default=True, eq_default=False)
class Base:
    """Base class of typed models.

        class User(Base):
            __tablename__ = "users"                                  # default: the class name in lower case, with an s

            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
            age: Mapped[int | None] = mapped_column(default=None)

    The constructor takes keywords only. What is not given becomes the column's default (a callable is called for each
    instance), else None if the column may be NULL or the server generates it; otherwise it is a TypeError, as is an unknown
    name. Rows from the database become instances without the constructor being called.

    Instances are equal only to themselves. With `__abstract__ = True`, or without any columns, a class has no table and only
    passes on what it has.

    Attributes:
        __columns__, __relationships__: the columns and relations by attribute name.
        __primary_key__: the attribute of the primary key, a tuple of several, None without one.
        __hints__: the types that `Mapped[...]` names, by attribute.
        __soft_delete__: whether rows are marked instead of deleted.
    """

    __abstract__: ClassVar[bool] = True
    __tablename__: ClassVar[str]

    if TYPE_CHECKING:
        __columns__: ClassVar[dict[str, Column]]
        __relationships__: ClassVar[dict[str, Relation]]
        __primary_key__: ClassVar[str | tuple[str, ...] | None]
        __hints__: ClassVar[dict[str, Any]]
        __soft_delete__: ClassVar[bool]
    else:
        __columns__ = introspection.ClassProperty(introspection.columns)
        __relationships__ = introspection.ClassProperty(introspection.relationships)
        __primary_key__ = introspection.ClassProperty(introspection.primary_key)
        __hints__ = introspection.ClassProperty(introspection.hints)
        __soft_delete__ = introspection.ClassProperty(introspection.soft_delete)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        named = "__tablename__" in cls.__dict__ or "__table_name__" in cls.__dict__
        if "__abstract__" not in cls.__dict__:
            # A project's own base class, say, with methods only.
            cls.__abstract__ = not declare(cls) and not named
        else:
            declare(cls)
        if not named and not cls.__abstract__:
            cls.__tablename__ = default_name(cls)

    def __init__(self, /, *unnamed: Any, **values: Any) -> None:
        if unnamed:
            from ferrow.model.start import refuse_unnamed

            raise refuse_unnamed(type(self), unnamed)
        start = type(self).__dict__.get("__ferrow_start__")
        if start is None:
            from ferrow.model.start import start_of

            start = start_of(type(self))
        if not start.required <= values.keys() <= start.known:
            from ferrow.model.start import loosened

            start = loosened(type(self), start, values)
        values = start.template | values
        for key, make in start.makers:
            if values[key] is make:
                values[key] = make()
        # One assignment of a whole dictionary: attributes set one by one cost twice as much.
        self.__dict__ = values

    def load(self, *relations: Any) -> Awaitable[Self]:
        """Load relations of this object now: `await user.load("posts")`, in sync code `user.load("posts")`, which is done when it returns.

        Works where the object belongs to a unit of work, the block of the session that read or inserted it; anywhere else
        `session.load(user, "posts")` does. For many objects `session.load_for(users, "posts")` takes one statement, not one each.

        Args:
            relations: names, names with dots between them, attributes of the class, or load options.

        Raises:
            ProgrammingError: the object belongs to no session whose block is open here; no relations.
            UnknownColumn: no such relation; names the nearest.
        """
        from ferrow.model.above import load

        return load(self, relations)

    def to_dict(self, include_relationships: bool = False) -> dict[str, Any]:
        """Return the values by attribute name, in the order of the columns; attributes that are not set are left out.

        With `include_relationships` loaded relations are added, their objects as dicts.
        """
        from ferrow.model.export import to_dict

        return to_dict(self, include_relationships)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make an instance from `data`, ignoring keys that are not columns. Raises TypeError if a required one is missing."""
        from ferrow.model.export import from_dict

        return from_dict(cls, data)

    def __repr__(self) -> str:
        from ferrow.model.export import shown

        return shown(self)

    def _repr_html_(self) -> str:
        """Every column and its value, for notebooks."""
        from ferrow.model.notebook import instance

        return instance(self)
