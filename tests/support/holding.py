"""Ways in which a program may hold an instance, or what it is made of, and no more than that."""

from __future__ import annotations

import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from types import FrameType
from typing import Any

Held = Callable[[], Any]
"""Gives back what was held."""


def _generator(one: Any) -> Held:
    def running() -> Iterator[Any]:
        yield
        yield one

    held = running()
    next(held)
    return lambda: next(held)


def _frame(one: Any) -> Held:
    def here(one: Any) -> FrameType:
        return sys._getframe()

    frame = here(one)
    return lambda: frame.f_locals["one"]


def _traceback(one: Any) -> Held:
    def fails(one: Any) -> None:
        raise ZeroDivisionError

    try:
        fails(one)
    except ZeroDivisionError as error:
        caught = error
    return lambda: caught.__traceback__.tb_next.tb_frame.f_locals["one"]  # type: ignore[union-attr]


def _cycle(one: Any) -> Held:
    held: dict[str, Any] = {"one": one}
    held["itself"] = held
    return lambda: held.pop("one")


def _iterator(one: Any) -> Held:
    held = chain([one], [])
    return lambda: next(held)


def _weakly(one: Any) -> Held:
    """Whoever looks for it later expects it to be there as long as the unit of work."""
    return weakref.ref(one)


def _attributes(one: Any) -> Held:
    """The attributes of an instance, not the instance: what is set there is set in it."""
    held = vars(one)

    class View:
        def __setattr__(self, name: str, value: Any) -> None:
            held[name] = value

        def __getattr__(self, name: str) -> Any:
            return held[name]

    return View


INSTANCES: dict[str, Callable[[Any], Held]] = {
    "deque": lambda one: deque([one]).pop,
    "tuple": lambda one: partial((lambda held: held[0]), (one,)),
    "set of methods": lambda one: partial((lambda held: next(iter(held)).__self__), {one.__init__}),
    "iterator": _iterator,
    "generator": _generator,
    "frame": _frame,
    "traceback": _traceback,
    "cycle": _cycle,
    "weakly": _weakly,
    "attributes": _attributes,
}
"""By name: what holds an instance."""


PARTS: dict[str, Callable[[Any], Callable[[int], Any]]] = {
    "document": lambda one: partial(one.document.__setitem__, "more"),
    "inside a document": lambda one: one.document["list"].append,
    "inside a list of a document": lambda one: one.document["deep"][0].append,
    "method of a document": lambda one: partial(lambda update, value: update(more=value), one.document.update),
    "view of a document": lambda one: partial(
        lambda view, value: dict(view)["list"].append(value), one.document.items()
    ),
    "list": lambda one: partial(lambda tags, value: tags.append(str(value)), one.tags),
}
"""By name: what holds a part of an instance, as a function that changes it in place."""
