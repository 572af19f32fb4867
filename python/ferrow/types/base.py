"""What a column type is: names per database, the Python type, and how its values travel."""

from __future__ import annotations

from typing import Any, ClassVar, Self, cast

from ferrow.errors import NotSupportedError

# One object per distinct type: equality and hashing are identity, which is what makes a type a cheap part of a cache key.
_KNOWN: dict[tuple[Any, ...], SQLType] = {}


class SQLType:
    """One SQL type, immutable. Equal types are the same object: `Numeric(10, 2) is Numeric(10, 2)`.

    Attributes:
        kind: how values are encoded and decoded (`"int"`, `"timestamptz"`, ...; see `ferrow._core.Kinds`).
        python: the Python type of its values (never `NoneType`; every type also takes None).
        oid: the PostgreSQL type's object id, None where there is no fixed one.
        names: the DDL name per dialect.
        ordered: whether `<`, `ORDER BY`, `min` and `max` have a meaning.
    """

    __slots__ = ("__weakref__", "arguments")

    kind: ClassVar[str]
    python: ClassVar[type]
    oid: ClassVar[int | None] = None
    names: ClassVar[dict[str, str]]
    ordered: ClassVar[bool] = True

    arguments: tuple[Any, ...]

    def __new__(cls) -> Self:
        """Return the one object of this type."""
        return cls._known()

    @classmethod
    def _known(cls, *arguments: Any) -> Self:
        # The classes of the arguments belong to the key: True == 1, but Timestamp(True) must not be found by Timestamp(1).
        key = (cls, arguments, tuple(map(type, arguments)))
        found = _KNOWN.get(key)
        if found is None:
            made = object.__new__(cls)
            object.__setattr__(made, "arguments", arguments)
            found = _KNOWN.setdefault(key, made)
        return cast(Self, found)

    def name(self, dialect: str) -> str:
        """Return the type as DDL writes it for `dialect`, `"postgresql"` or `"sqlite"`.

        Raises:
            NotSupportedError: the database has no such type.
        """
        try:
            return self.names[dialect]
        except KeyError:
            msg = f"{self!r} has no type name for {dialect!r}; it is known to {', '.join(self.names) or 'no database'}"
            raise NotSupportedError(msg) from None

    def within(self, schema: str) -> SQLType:
        """Return the type as a column of a table in `schema` has it: only types that are in a schema themselves differ."""
        return self

    def __setattr__(self, attribute: str, value: object) -> None:
        msg = f"{type(self).__name__} is immutable: make another one instead of setting {attribute!r}"
        raise AttributeError(msg)

    def __delattr__(self, attribute: str) -> None:
        msg = f"{type(self).__name__} is immutable: {attribute!r} cannot be deleted"
        raise AttributeError(msg)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.arguments))})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), self.arguments)
