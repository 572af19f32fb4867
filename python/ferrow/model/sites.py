"""Where instances were read: remembered only while somebody looks for N+1 queries, which is in tests and development."""

from __future__ import annotations

from typing import Any
from weakref import ref

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
    return found[1] if found is not None and found[0]() is instance else None
