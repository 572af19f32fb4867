"""JSON documents."""

from __future__ import annotations

from typing import ClassVar, Self, cast

from ferrow.types.base import SQLType


class Json(SQLType):
    """Anything JSON can hold <-> jsonb (`binary=True`, the default) or json on PostgreSQL, text on SQLite.

    A `str` is a JSON string, not JSON text. Python's None is SQL NULL, not JSON's null. `python` is `object`, as a document may
    be a dict, list, str, number or bool. jsonb does not keep the order or duplicates of keys; json does.
    """

    __slots__ = ()
    kind = "json"
    python = object
    oid: ClassVar[int | None] = 3802
    names: ClassVar[dict[str, str]] = {"postgresql": "jsonb", "sqlite": "JSON_TEXT", "mysql": "json"}
    ordered = False
    binary: ClassVar[bool] = True

    def __new__(cls, binary: bool = True) -> Self:
        """Make the type; with `binary=False` it is `PlainJson()`, PostgreSQL's json, which keeps the text as written."""
        return cast(Self, cls._known() if binary else PlainJson())


class PlainJson(Json):
    """JSON kept as its text; what `Json(binary=False)` returns."""

    __slots__ = ()
    oid: ClassVar[int | None] = 114
    names: ClassVar[dict[str, str]] = {"postgresql": "json", "sqlite": "JSON_TEXT", "mysql": "json"}
    binary = False

    def __new__(cls) -> Self:
        """Make the type."""
        return cls._known()
