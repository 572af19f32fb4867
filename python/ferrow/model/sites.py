"""Where instances were read: remembered for each while somebody looks for N+1 queries, which is in tests and development."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import ref

elsewhere: list[Callable[[Any], str | None]] = []
"""Who else may know: units of work, and the last lines that read objects of the class (`ferrow.orm.sites`)."""

_sites: dict[int, tuple[Any, str]] = {}


def remember(instances: Any, site: str) -> None:
    """These were read at `site`. Instances that cannot be referred to weakly are left out."""
    for instance in instances:
        key = id(instance)
        try:
            _sites[key] = (ref(instance, lambda _, key=key: _sites.pop(key, None)), site)  # type: ignore[misc]
        except TypeError:
            return


def site_of(instance: Any) -> str | None:
    """Where an instance was read, as `file:line`, if that is known."""
    found = _sites.get(id(instance))
    if found is not None and found[0]() is instance:
        return found[1]
    return next((site for ask in elsewhere if (site := ask(instance)) is not None), None)
