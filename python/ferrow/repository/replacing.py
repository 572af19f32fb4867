"""Methods of a repository that were replaced on the object: `repo.insert = audited(repo.insert)`."""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any


class Replaceable:
    """What the sync classes need for it: what is set on them counts inside too, where `get_or_create` calls `insert`."""

    __slots__ = ("__dict__",)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        core = None if name == "_core" else getattr(self, "_core", None)
        if core is not None and callable(value) and iscoroutinefunction(getattr(type(core), name, None)):
            core._replaced[name] = _awaited(value)


def _awaited(function: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return call
