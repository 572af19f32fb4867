"""Models that a test declares go with it.

Ferrow knows the models of a program by name and by table, from all its modules; repositories ask all classes that there are. A model
of one test, which garbage collection lets live for some time, would be a second one of its name in the next test, now and then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from weakref import WeakSet

import pytest
from pydantic import BaseModel

from ferrow import Base
from ferrow.model import declare, registry
from ferrow.repository import inferring


@contextmanager
def forgotten() -> Iterator[None]:
    """For the time of one test: what is declared meanwhile is unknown afterwards, but for the contents of modules that stay."""
    with pytest.MonkeyPatch.context() as patch, _registered(patch), _inferred(patch):
        yield


@contextmanager
def _registered(patch: pytest.MonkeyPatch) -> Iterator[None]:
    declared: WeakSet[type] = WeakSet()

    def noting(known: object) -> object:
        def note(cls: type) -> None:
            known(cls)  # type: ignore[operator]
            declared.add(cls)

        return note

    patch.setattr(declare, "register", noting(declare.register))
    patch.setattr(registry, "bound", noting(registry.bound))
    yield
    for cls in declared:
        if not _stays(cls):
            registry._BOUND.discard(cls)
            registry._BY_NAME.get(cls.__name__, {}).pop((cls.__module__, cls.__qualname__), None)


@contextmanager
def _inferred(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Relations that other classes tell."""
    former = _locals()
    asked: WeakSet[type] = WeakSet()
    classes, referring = inferring._classes, inferring.referring

    def noting(model: type) -> list[type]:
        asked.add(model)
        return referring(model)

    patch.setattr(inferring, "_classes", lambda: (cls for cls in classes() if cls not in former))
    patch.setattr(inferring, "referring", noting)
    yield
    for model in asked:
        if "__ferrow_inferred__" in model.__dict__:
            del model.__ferrow_inferred__  # type: ignore[attr-defined]


def _locals() -> WeakSet[type]:
    """The living classes of functions: those of earlier tests."""
    found: WeakSet[type] = WeakSet()
    waiting: list[type] = [object, BaseModel, Base]
    while waiting:
        cls: type
        for cls in type.__subclasses__(waiting.pop()):
            if "<locals>" in cls.__qualname__:
                found.add(cls)
                waiting.append(cls)
    return found


def _stays(cls: type) -> bool:
    try:
        return attrgetter(cls.__qualname__)(sys.modules.get(cls.__module__)) is cls
    except AttributeError:
        return False
