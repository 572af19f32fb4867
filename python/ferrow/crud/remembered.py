"""Which fields of a Pydantic instance were assigned since the functions read it: what `update` has to write.

Pydantic notes what was given and assigned in one set, which of an instance that was read holds all fields. Here it is a set that
also knows what came later. Instances of a unit of work are left alone, as that knows better.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import repeat
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID
from weakref import WeakKeyDictionary, ref

from ferrow.engine.context import CHAIN, current
from ferrow.engine.following import follow
from ferrow.orm.unit.around import unit_of

if TYPE_CHECKING:
    from ferrow.crud.columns import Columns
    from ferrow.engine.engine import AsyncEngine

AT_MOST = 100
"""Instances of one call that are told apart from what was read: it takes a third of the time of reading them, and who reads thousands
rarely writes them one by one."""

_FIXED = (str, int, float, bytes, Decimal, date, time, timedelta, UUID, Enum, type(None))
"""What can only be replaced; the rest may have been changed inside, which nobody notices."""


class Read(set[str]):
    """The fields of an instance that was read through one engine; `assigned` are those that were set since then."""

    __slots__ = ("_assigned", "_unsettled")

    engine: ClassVar[Any] = staticmethod(lambda: None)
    """Where it was read: each engine has a class of its own, as a value for each instance would cost more."""

    _assigned: set[str]
    _unsettled: set[str]

    @property
    def assigned(self) -> Iterable[str]:
        """Their names."""
        return getattr(self, "_assigned", ())

    @property
    def unsettled(self) -> Iterable[str]:
        """What was written in a transaction of which nobody knows yet, or will ever know, whether it lasts."""
        return getattr(self, "_unsettled", ())

    def settle(self) -> None:
        """The transaction was committed."""
        self._unsettled = set()

    def add(self, name: str, /) -> None:
        """Note a field that is assigned."""
        super().add(name)
        if not self.assigned:
            self._assigned = set()
        self._assigned.add(name)

    def update(self, *names: Iterable[str]) -> None:
        """Note fields that are assigned."""
        for several in names:
            for name in several:
                self.add(name)

    def __copy__(self) -> Read:
        made = type(self)(self)
        if told := {*self.assigned, *self.unsettled}:
            made._assigned = told
        return made

    def __reduce__(self) -> Any:
        # Where it is unpickled nobody knows which database it was read from: it is written whole.
        return set, ([*self],)


_CLASSES: WeakKeyDictionary[AsyncEngine, type[Read]] = WeakKeyDictionary()


def _class_of(engine: AsyncEngine) -> type[Read]:
    found = _CLASSES.get(engine)
    if found is None:
        found = _CLASSES[engine] = type("Read", (Read,), {"__slots__": (), "engine": staticmethod(ref(engine))})
    return found


def remember(engine: AsyncEngine, rows: list[Any]) -> None:
    """Note that these instances, of one model, are as the database has them, unless they are very many."""
    if not rows or len(rows) > AT_MOST:
        return
    model = type(rows[0])
    try:
        place = model.__dict__["__ferrow_remembering__"]
    except KeyError:
        place = _remembering(model, engine)
    if place is None or (CHAIN.get() is not None and unit_of(engine) is not None):
        return
    put, names, read = place
    if read.engine() is not engine:
        put, names, read = _remembering(model, engine)
    if len(rows) == 1:
        put(rows[0], read(names))
    else:  # a loop that does not come back to Python for each row
        deque(map(put, rows, map(read, repeat(names))), 0)


def remember_written(engine: AsyncEngine, rows: list[Any], columns: Columns) -> None:
    """The same of rows that were just written. If that is undone, with the transaction around it, who writes them again means it."""
    remember(engine, rows)
    if CHAIN.get() is None or current(engine) is None:
        return
    keys = [column.key for column in columns]
    for row in rows:
        told = getattr(row, "__pydantic_fields_set__", None)
        if isinstance(told, Read):
            told._unsettled = {*keys}
            follow(engine, told.settle, committed=True)


def _remembering(model: Any, engine: AsyncEngine) -> Any:
    """How it is noted; None for classes that do not tell, or whose assignments pass the set by."""
    found = None
    if hasattr(model, "__pydantic_fields__") and not model.model_config.get("validate_assignment"):
        from pydantic import BaseModel

        from ferrow.model import table_of

        put = BaseModel.__dict__["__pydantic_fields_set__"].__set__
        found = put, frozenset(table_of(model).by_key), _class_of(engine)
    model.__ferrow_remembering__ = found
    return found


def assigned(instance: Any, engine: AsyncEngine | None, key: Columns) -> set[str] | None:
    """The fields that may differ from what `engine` (None: any) read; None if nobody knows.

    An instance that was given another key, or that another database gave, says all that it has of the row it is written to.
    """
    told = getattr(instance, "__pydantic_fields_set__", None)
    if not isinstance(told, Read) or (engine is not None and told.engine() is not engine):
        return None
    since = {*told.assigned, *told.unsettled}
    if any(column.key in since for column in key):
        return None
    return {*since, *[key for key, value in instance.__dict__.items() if not isinstance(value, _FIXED)]}
