"""Models that a test declares go with it.

Ferrow knows the models of a program by name and by table, from all its modules. A model of one test, which garbage collection
lets live for some time, would be a second one of its name in the next test, now and then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

import pytest

from ferrow.model import declare, registry


@contextmanager
def forgotten() -> Iterator[None]:
    """For the time of one test: what is declared meanwhile is unknown afterwards, but for the contents of modules that stay."""
    declared: WeakSet[type] = WeakSet()

    def noting(known: object) -> object:
        def note(cls: type) -> None:
            known(cls)  # type: ignore[operator]
            declared.add(cls)

        return note

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(declare, "register", noting(declare.register))
        patch.setattr(registry, "bound", noting(registry.bound))
        yield
    for cls in declared:
        if not _stays(cls):
            registry._BOUND.discard(cls)
            registry._BY_NAME.get(cls.__name__, {}).pop((cls.__module__, cls.__qualname__), None)


def _stays(cls: type) -> bool:
    return getattr(sys.modules.get(cls.__module__), cls.__qualname__, None) is cls
