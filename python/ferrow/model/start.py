"""How an instance of a typed class starts: its defaults, and what is wrong with the arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, get_origin

from ferrow.errors import ModelError, nearest
from ferrow.model.binding import table_of
from ferrow.model.column import Column
from ferrow.types import Json

Maker = Callable[[], Any]


class Start:
    """A constructor's plan. `template` has every optional key; the value of a key in `makers` is replaced by a call of it."""

    __slots__ = ("known", "makers", "required", "template")

    def __init__(
        self,
        known: frozenset[str],
        required: frozenset[str],
        template: dict[str, Any],
        makers: tuple[tuple[str, Maker], ...],
    ) -> None:
        self.known = known
        self.required = required
        self.template = template
        self.makers = makers


def start_of(cls: type) -> Start:
    """Make the plan and keep it on the class. Raises TypeError for an abstract class."""
    if cls.__dict__.get("__abstract__", False):
        raise TypeError(
            f"{cls.__qualname__} is abstract (__abstract__ = True): make instances of the classes derived from it."
        )
    table = table_of(cls)
    template: dict[str, Any] = {}
    makers: list[tuple[str, Maker]] = []
    required: set[str] = set()
    # A relation may give these, of this object or of its owner.
    given = {key for reference in table.references for key in reference.columns} if table.references else set()
    for column in table.columns:
        if column.default is not None:
            template[column.key], maker = _default(column.default)
            if maker is not None:
                makers.append((column.key, maker))
        elif (empty := _empty_document(column)) is not None:
            template[column.key] = empty
            makers.append((column.key, empty))
        else:
            # Required ones have their place too, so that all instances keep the order of the columns.
            template[column.key] = None
            if _needs_value(column) and column.key not in given:
                required.add(column.key)
    known = frozenset(template).difference([column.key for column in table.computed]) | frozenset(table.relations)
    start = Start(known, frozenset(required), template, tuple(makers))
    cls.__ferrow_start__ = start  # type: ignore[attr-defined]
    return start


def _needs_value(column: Column) -> bool:
    return not column.nullable and not column.generated


def _empty_document(column: Column) -> type[dict[Any, Any]] | type[list[Any]] | None:
    """What a JSON column of a dict or list starts with: empty, since OrmKit's models are made without naming it."""
    if not _needs_value(column):
        return None
    try:
        if not isinstance(column.type, Json):
            return None
    except ModelError:  # an annotation that cannot be understood is for those who need the type
        return None
    python = get_origin(column.python) or column.python
    return python if python is dict or python is list else None


def _default(default: Any) -> tuple[Any, Maker | None]:
    if callable(default):
        return default, default
    if isinstance(default, (list, dict, set, bytearray)):
        from copy import deepcopy

        def copied() -> Any:
            return deepcopy(default)

        return copied, copied
    return default, None


def refuse(cls: type, start: Start, values: Mapping[str, Any]) -> TypeError:
    """The error for arguments that are unknown or missing."""
    name = cls.__qualname__
    for key in values:
        if key not in start.known and key in start.template:
            return TypeError(f"{name}() takes no {key!r}: the database computes it. Leave it out.")
        if key not in start.known:
            return TypeError(f"{name}() has no column or relation {key!r}. {nearest(key, _ordered(cls, start.known))}")
    absent = [key for key in _ordered(cls, start.required) if key not in values]
    return TypeError(
        f"{name}() is missing {_list(absent)}: give {'it' if len(absent) == 1 else 'them'}, "
        f"or declare a default or `| None` for {'it' if len(absent) == 1 else 'them'}."
    )


def refuse_unnamed(cls: type, values: Sequence[Any]) -> TypeError:
    """The error for positional arguments."""
    first = next(iter(table_of(cls).by_key), "name")
    return TypeError(f"{cls.__qualname__}() takes keyword arguments only, as {first}=..., not {values[0]!r:.40}.")


def _ordered(cls: type, keys: Collection[str]) -> list[str]:
    table = table_of(cls)
    return [key for key in (*table.by_key, *table.relations) if key in keys]


def _list(names: list[str]) -> str:
    return ", ".join(map(repr, names))
