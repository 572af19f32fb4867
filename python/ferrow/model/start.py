"""How an instance of a typed class starts: its defaults, and what is wrong with the arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, get_origin

from ferrow.errors import ModelError, nearest
from ferrow.model.binding import table_of
from ferrow.model.column import Column
from ferrow.model.owner import written
from ferrow.model.table import Table
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
        self.known: frozenset[str] = known
        self.required: frozenset[str] = required
        self.template: dict[str, Any] = template
        self.makers: tuple[tuple[str, Maker], ...] = makers


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
    given = _foreign(table) if table.relations else frozenset()  # a relation may give these
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
    if isinstance(default, (list, dict, set, bytearray)) or _is_record(default):
        from copy import deepcopy

        def copied() -> Any:
            return deepcopy(default)

        return copied, copied
    return default, None


def _is_record(value: Any) -> bool:
    """Whether it is a document of a class, which an instance may change as it may a dict."""
    return hasattr(type(value), "__dataclass_fields__") or hasattr(type(value), "__pydantic_fields__")


def loosened(cls: type, start: Start, values: Mapping[str, Any]) -> Start:
    """The plan for arguments that do not fit, if only foreign keys are missing that an owner may give: `User(posts=[Post(title="x")])`.

    Raises TypeError for all other arguments.
    """
    missing = start.required - values.keys()
    foreign = _foreign(table_of(cls))
    if not (missing and missing <= foreign and values.keys() <= start.known and _owned(cls)):
        raise refuse(cls, start, values)
    found = Start(start.known, start.required - foreign, start.template, start.makers)
    cls.__ferrow_start__ = found  # type: ignore[attr-defined]
    return found


def _foreign(table: Table) -> frozenset[str]:
    return frozenset([key for reference in table.references for key in reference.columns])


def _owned(cls: type) -> bool:
    """Whether a relation of any model leads here."""
    from ferrow.model.registry import everyone

    for model in everyone():
        try:
            if any(relation.target is cls for relation in table_of(model).relations.values()):
                return True
        except ModelError:  # one that cannot be understood yet
            continue
    return False


def refuse(cls: type, start: Start, values: Mapping[str, Any]) -> TypeError:
    """The error for arguments that are unknown or missing."""
    name = cls.__qualname__
    for key in values:
        if key not in start.known and key in start.template:
            return TypeError(f"{name}() takes no {key!r}: the database computes it. Leave it out.")
        if key not in start.known and (declared := _plain(cls, key)) is not None:
            return TypeError(
                f"{name}() has no column or relation {key!r}: it is declared without Mapped. Write {key}: Mapped[{declared}]."
            )
        if key not in start.known:
            return TypeError(f"{name}() has no column or relation {key!r}. {nearest(key, _ordered(cls, start.known))}")
    absent = [key for key in _ordered(cls, start.required) if key not in values]
    return TypeError(
        f"{name}() is missing {_list(absent)}: give {'it' if len(absent) == 1 else 'them'}, "
        f"or declare a default or `| None` for {'it' if len(absent) == 1 else 'them'}."
    )


def _plain(cls: type, key: str) -> str | None:
    """The annotation of an attribute that is no column because it lacks `Mapped`; None without annotation, and for a ClassVar."""
    for base in cls.__mro__:
        text = written(base, key)
        if text is not None:
            return None if "ClassVar" in text else text
    return None


def refuse_unnamed(cls: type, values: Sequence[Any]) -> TypeError:
    """The error for positional arguments."""
    first = next(iter(table_of(cls).by_key), "name")
    return TypeError(f"{cls.__qualname__}() takes keyword arguments only, as {first}=..., not {values[0]!r:.40}.")


def _ordered(cls: type, keys: Collection[str]) -> list[str]:
    table = table_of(cls)
    return [key for key in (*table.by_key, *table.relations) if key in keys]


def _list(names: list[str]) -> str:
    return ", ".join(map(repr, names))
