"""The arguments of calls that take one instance, or many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError, ProgrammingError
from ferrow.model.binding import is_model

if TYPE_CHECKING:
    from ferrow.orm.generic import M


_MANY = {"load": "load_for"} | {
    call: f"{call}_all" for call in ("insert", "update", "remove", "upsert", "create_or_update", "add")
}
_NEW = ("insert", "upsert", "create_or_update", "add")


def single(value: Any, call: str) -> None:
    """Raise ModelError for what newcomers hand to `call` in the place of an instance."""
    if "__ferrow_binding__" in type(value).__dict__:  # a model that was used before: as nearly always
        return
    if isinstance(value, type):
        name = value.__name__
        fix = f": session.{call}({name}(...))" if call in _NEW else f" {name}"
        raise ModelError(f"{call}() takes an instance, not the class{fix}")
    if is_model(type(value)):
        return
    if isinstance(value, (list, tuple, set, frozenset)):
        many = f"; for several there is {_MANY[call]}()" if call in _MANY else ""
        raise ModelError(f"{call}() takes one instance, not a {type(value).__name__}{many}")
    if isinstance(value, Mapping):
        raise ModelError(
            f"{call}() takes an instance of a model, not a {type(value).__name__}: make one, Model(**values)"
        )


def several(instances: Iterable[M], call: str) -> list[M]:
    """The argument of `call` as a list. A single Pydantic instance, which is iterable itself, is refused as well.

    Raises:
        ModelError: a single instance.
    """
    if is_model(type(instances)):
        raise ModelError(
            f"{call}() takes several instances, in a list for example, and got one {type(instances).__name__}; "
            f"for one there is {_ONE.get(call) or call.removesuffix('_all')}()"
        )
    return list(instances)


def distinct(members: Sequence[Any], call: str) -> None:
    """Raise ProgrammingError if one of the instances is there twice."""
    if len(set(map(id, members))) == len(members):
        return
    seen: dict[int, int] = {}
    for place, one in enumerate(members):
        if (first := seen.setdefault(id(one), place)) != place:
            raise ProgrammingError(
                f"{call}() was given the same {type(one).__name__} at index {first} and at {place}: each row needs an instance of its own"
            )


_ONE = {many: call for call, many in _MANY.items()}
